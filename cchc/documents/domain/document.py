"""A paper from its first draft to its issue: the flow, and what else is done to a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cchc.documents.domain.letterhead import Head, head_of
from cchc.documents.domain.register import mark_of, take_number
from cchc.documents.domain.signers import Signer, signer_of, signers
from cchc.documents.enums import DocumentState
from cchc.documents.kinds import PaperKind
from cchc.documents.models import Comment, Document
from cchc.documents.models.paper import keep
from cchc.documents.permissions import ISSUE_PAPERS, PREPARE_PAPERS, READ_DRAFT_PAPERS
from cchc.documents.typed import dump
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import NotAllowed, Refused, begin, hold, moved_on, perform, record
from cchc.workflow.flow import Move, Sentence, Transition, flow
from cchc.workflow.handing import VERB as HANDED_OVER

S = DocumentState
EDITABLE = ("title", "place", "drafter", "recipients", "signer", "content")
# Makes the pages: (all that they say, the moment that the file names) -> PDF. The domain knows no renderer.
Press = Callable[[Document, dict[str, Any], datetime], bytes]
# Makes what they say of a document: (document, its head, its lines of signature, number or None, day) -> plain data.
Compose = Callable[[Document, Head, Signer, int | None, date | None], dict[str, Any]]


def _complete(document: Document) -> Sentence:
    kind = document.of_kind
    if kind.dated and not document.place.strip():
        return _("Type the place that stands before the date first.")
    if not kind.signed_by_two and document.signer_id is None:
        return _("Choose who signs first.")
    return ""


def _issue(document: Document, move: Move) -> None:
    """Give it a number (the wanted `number`, or the next) and the `day`; freeze what `compose` and `press` make."""
    compose, press = move.data["compose"].value, move.data["press"].value
    day: date = move.data["day"]
    if day > timezone.localdate(move.at):
        raise Refused(_("A paper bears no day that is still to come."))
    if document.signer and document.signer not in signers(document.host, day):
        raise Refused(_("Whoever was chosen to sign may not sign on that day; choose again."))
    head = head_of(document.host)
    number = None
    if document.series:
        number = take_number(document.host, day.year, document.series, move.data.get("number"))
        document.number, document.year = number, day.year
        document.mark = mark_of(number, document.series, head.symbol, document.drafter)
    document.day, document.issued_at, document.issued_by = day, move.at, move.by
    printed = compose(document, head, signer_of(document.signer, document.host, day), number, day)
    document.printed = printed
    document.paper = keep(press(document, printed, move.at), move.at)
    if document.replaces:
        hold(Document.objects.filter(pk=document.replaces.pk))
    document.of_kind.follows(document, move)
    if document.replaces:
        perform(document.replaces, "replace", by=SYSTEM, at=move.at, by_paper=document)


def _writer(document: Document) -> Iterable[Person]:
    return [document.written_by]


DOCUMENT_FLOW = flow("documents.document", [
    Transition("issue", (S.DRAFT,), S.ISSUED, ISSUE_PAPERS, _("Issue the paper"), _("issued it"), "check",
               guard=_complete, effect=_issue, notify=_writer),
    Transition("discard", (S.DRAFT,), S.DISCARDED, PREPARE_PAPERS, _("Discard the draft"), _("discarded the draft"),
               "sx", danger=True, primary=False),
    Transition("replace", (S.ISSUED,), S.REPLACED, SYSTEM, _("Replace"), _("was replaced by a new paper"), "refresh"),
], owes={}, verbs={"create": _("began it"), "edit": _("edited it"), "comment": _("commented on it"),
                     "hand_over": HANDED_OVER})  # fmt: skip


@transaction.atomic
def begin_document(
    kind: PaperKind, subject: Any, host: Unit, subject_id: UUID, *, by: Person, at: datetime
) -> Document:
    """The first draft about *subject*, with what the system knows. Raises NotAllowed; Refused with the objection."""
    _may(by, PREPARE_PAPERS, host)
    if reason := kind.objection(subject):
        raise Refused(str(reason))
    with override("vi"):  # papers are Vietnamese, whatever language the page has
        made = kind.begin(subject, by, at)
    head = head_of(host)
    post = None if kind.signed_by_two else signers(host, timezone.localdate(at)).first()
    document = Document(
        kind=kind.key, host=host, subject_type=kind.subjects.type, subject_id=subject_id, title=made.title[:500],
        place=head.place or _last_place(host), drafter=head.drafter, recipients="\n".join(made.recipients), signer=post,
        content=dump(made.content), series=kind.symbol, written_by=by, begun_at=at,
    )  # fmt: skip
    return begin(document, by=by, at=at)


def _last_place(host: Unit) -> str:
    last = Document.objects.filter(host=host).exclude(place="").newest_first().values_list("place", flat=True).first()
    return last or ""


@transaction.atomic
def begin_replacement(document: Document, *, by: Person, at: datetime) -> Document:
    """A draft that takes the place of an issued paper once it is issued itself; the issued one is never changed."""
    old = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _may(by, PREPARE_PAPERS, old.host)
    if old.state != S.ISSUED or old.replacement:
        raise moved_on(old)
    made = Document(
        replaces=old, kind=old.kind, host=old.host, subject_type=old.subject_type, subject_id=old.subject_id,
        title=old.title, place=old.place, drafter=old.drafter, recipients=old.recipients, signer=old.signer,
        content=old.content, series=old.series, written_by=by, begun_at=at,
    )  # fmt: skip
    return begin(made, by=by, at=at)


@transaction.atomic
def edit_document(document: Document, *, by: Person, at: datetime, seen: int | None = None, **fields: Any) -> Document:
    """Change *fields* (EDITABLE) of a draft. Raises NotAllowed, and MovedOn when it changed since *seen*."""
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"not a field of a draft: {', '.join(sorted(unknown))}")
    now = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _may(by, PREPARE_PAPERS, now.host)
    if now.state != S.DRAFT or (seen is not None and seen != now.moves):
        raise moved_on(now)
    changed = [name for name, value in fields.items() if getattr(now, name) != value]
    if changed:
        for name in changed:
            setattr(now, name, fields[name])
        now.moves += 1
        now.save()
        record(now, "edit", by=by, at=at, data={"fields": changed})
    return now


@transaction.atomic
def comment(document: Document, text: str, *, by: Person, at: datetime) -> Comment:
    """Say *text* to a draft. Raises MovedOn once it is issued."""
    now = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _may(by, READ_DRAFT_PAPERS, now.host)
    if now.state != S.DRAFT:
        raise moved_on(now)
    record(now, "comment", by=by, at=at)
    return Comment.objects.create(document=now, text=text, by=by, at=at)


def _may(by: Person, right: Any, host: Unit) -> None:
    if not access.can(by, right, host):
        raise NotAllowed(_("This step is not among your rights here."))
