"""What inspections put into the frame: documents that await one's unit, search results, subjects by their id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.bell import Link
from cchc.followup.domain.explain import Basis
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.panels import Button, Due, Panel, Piece, Row
from cchc.web.search import FoldedVector, matching
from cchc.web.sought import Sought
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import awaiting
from dialogues import permissions
from dialogues import presentation_inspection as shown
from dialogues.domain.request import REQUEST
from dialogues.models import Finding, Request


def home_panels(person: Person, at: datetime, most: int) -> list[Piece]:
    """The documents that my unit is asked for: they join what awaits me of the rest (cchc.web.panels.home_of)."""
    turns = [turn for turn, kind in awaiting(person, most).items() if kind == REQUEST]
    if not turns:
        return []
    today, days = timezone.localdate(at), calendar()
    rows = Request.objects.filter(turn__in=turns).select_related("turn", "conference")
    return [Panel("waiting", _("Awaits me"), [_row(each, today, days, step=True) for each in rows], primary=True)]


def _row(request: Request, today: date, days: Calendar, *, step: bool = False) -> Row:
    address, turn, looks = reverse("request_show", args=[request.pk]), request.turn, shown.REQUEST_STATES[request.state]
    left = days.between(today, turn.due_on) if turn else 0
    return Row(
        request.text, address, glyph=looks.glyph, tone=looks.tone, state=looks.label, code=request.conference.code,
        meta=(looks.label,), due=Due(turn.due_on, left) if turn else None,
        button=Button(pgettext_lazy("button", "Hand in"), address) if step else None,
    )  # fmt: skip


def sought(person: Person, text: str, today: date, days: Calendar) -> list[Sought]:
    """Documents asked for and findings that have all words of *text*."""
    if not (access.holds(person, permissions.READ_INSPECTION) or access.holds(person, permissions.HAND_IN)):
        return []
    key, title, words = "found-inspections", _("Inspections"), FoldedVector("text")
    asked = matching(Request.objects.visible_to(person).alias(search=words), text).order_by("-due_on", "id")
    known = matching(Finding.objects.visible_to(person).alias(search=words), text).order_by("-id")
    of_request = ("text", "state", "conference__code", "turn__due_on")
    return [
        Sought(key, title, asked, of_request, lambda each: _row(each, today, days)),
        Sought(key, title, known, ("text", "kind", "number", "conference__code"), _found_row),
    ]


def _found_row(finding: Finding) -> Row:
    address = reverse("conference_inspection", args=[finding.conference.code])
    return Row(
        finding.text, f"{address}#{finding.code}", glyph="flag", code=finding.code, meta=(finding.get_kind_display(),)
    )  # fmt: skip


# --- subjects by their id: for files, notices and due dates ---
def visible_request(person: Any, pk: str) -> Request | None:
    return _one(Request.objects.visible_to(person), pk)


def visible_finding(person: Any, pk: str) -> Finding | None:
    return Finding.objects.visible_to(person).filter(pk=pk).first() if pk.isdecimal() else None


def _one(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def request_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    rows = Request.objects.visible_to(person).filter(pk__in=list(ids)).only("text")
    return {str(each.pk): Link(each.text, reverse("request_show", args=[each.pk])) for each in rows}


def request_due_basis(obligation: Obligation) -> Basis | None:
    request = _one(Request.objects.all(), obligation.subject_id)
    return shown.request_basis(request, obligation) if request else None
