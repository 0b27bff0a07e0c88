"""Pages of papers: name, who opens it, where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cchc.documents.domain.document import begin_document, begin_replacement, edit_document
from cchc.documents.models import Document
from cchc.documents.printing import issue
from dialogues.documents.kinds import INVITATION, MINUTES
from dialogues.models import Conference
from tests.browser.pledges import person
from tests.browser.stage import LEADER, OFFICER, SECRETARY, Stage

Address = Callable[[Stage], str]


def past() -> Conference:
    return Conference.objects.get(state="concluded", code__endswith="-01")


def paper(kind: str, *, out: bool = False) -> Document:
    """A paper about the conference that is over, made when it is asked for first."""
    states = ("issued", "replaced") if out else ("draft",)
    found = Document.objects.filter(kind=kind, state__in=states, replaces=None).first()
    if found is None:
        at, by, wanted = timezone.now(), person(SECRETARY), MINUTES if kind == "minutes" else INVITATION
        found = begin_document(wanted, past(), past().host, past().pk, by=by, at=at)
        if out:
            found = edit_document(found, by=by, at=at, place="Thái Hòa")
            found = issue(found, by=person(LEADER), at=at, day=timezone.localdate(at))
            begin_replacement(found, by=by, at=at)
    return found


def _paper(kind: str, after: str = "", *, out: bool = False) -> Address:
    return lambda stage: f"/papers/{paper(kind, out=out).pk}/{after}"


PLACES: tuple[tuple[Any, ...], ...] = (
    ("document_list", SECRETARY, lambda stage: paper("minutes") and "/papers/"),
    ("papers none", SECRETARY, lambda stage: "/papers/?year=2019&kind=notice"),
    ("document_subject", SECRETARY, lambda stage: f"/papers/about/dialogues.conference/{past().pk}/"),
    ("papers of a conference, read", OFFICER, lambda stage: f"/papers/about/dialogues.conference/{past().pk}/"),
    ("document_show", SECRETARY, _paper("minutes")),
    ("paper issued", SECRETARY, _paper("invitation", out=True)),
    ("document_edit", SECRETARY, _paper("minutes", "edit/")),
    ("document_lines", SECRETARY, _paper("minutes", "edit/course/")),
    ("document_pages", LEADER, _paper("minutes", "pages/")),
    ("document_move", LEADER, _paper("minutes", "do/issue/")),
    ("paper discard", SECRETARY, _paper("minutes", "do/discard/")),
    ("letterhead_list", SECRETARY, lambda stage: "/papers/letterhead/"),
    ("letterhead_edit", SECRETARY, lambda stage: "/papers/letterhead/CATX/"),
)
NO_PAGES = "document_create document_comment document_replace document_pdf document_docx".split()
