""" "My work" of escalations: what awaits each side, what a host has sent up, and what lies before the unit above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.utils.translation import ngettext

from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import markup
from cchc.web.panels import Button, Due, Empty, Panel, Row
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.models import Obligation
from dialogues import permissions, presentation
from dialogues.domain.escalation_list import DUE_BELOW, UNITS, WAITING
from dialogues.domain.escalation_reader import titles
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Escalation, Item
from dialogues.models.escalation import OPEN

S = EscalationState
SHOWN = 5
# The button of a row that awaits me, by what is owed.
STEPS = {
    "report": T("Write"),
    "send": T("Sign"),
    "receive": T("Acknowledge"),
    "route": T("Route"),
    "advise": T("Advise"),
    "rule": T("Decide"),
    "supplement": T("Supplement"),
    "pursue": T("Record"),
}


def waiting(turns: Iterable[int], person: Person, today: date, days: Calendar) -> dict[int | None, Row]:
    """The rows of what awaits *person*, by obligation; what only waits on another is not his to do."""
    found = list(Escalation.objects.filter(turn__in=list(turns)).exclude(state__in=WAITING).for_list())
    made = rows(found, person, today, days, step=True)
    return {each.turn_id: row for each, row in zip(found, made, strict=True)}


def rows(
    escalations: Sequence[Escalation], person: Person, today: date, days: Calendar, *, step: bool = False
) -> list[Row]:
    """Escalations as lines of work, in the words of the reader's side; with the next *step* as a button."""
    own, told = set(access.places(person, permissions.READ_ITEMS).ids), titles(escalations, person)
    return [_row(each, told[each.pk], each.host_id in own, today, days, step) for each in escalations]


def _row(escalation: Escalation, title: str, sender: bool, today: date, days: Calendar, step: bool) -> Row:
    shown, turn = presentation.of_escalation(escalation.state, sender), escalation.turn
    address = reverse("escalation_show", args=[escalation.pk])
    button = Button(STEPS[turn.kind], address) if step and turn and turn.kind in STEPS else None
    other = escalation.receiver if sender else escalation.host
    return Row(
        title,
        address,
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=escalation.code,
        meta=(other.short_name, shown.label),
        due=due_of(turn, today, days),
        button=button,
    )


def due_of(turn: Obligation | None, today: date, days: Calendar) -> Due | None:
    return Due(turn.due_on, days.between(today, turn.due_on)) if turn else None


def referred(person: Person, today: date, days: Calendar) -> Panel:
    """What the host has referred upward: replies that the leader has yet to relay first, then by due date."""
    relay = Exists(Item.objects.filter(escalation=OuterRef("pk"), state=ItemState.RULED))
    first = Case(When(state__in=OPEN, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = Escalation.objects.sent_by(person).filter(Q(state__in=OPEN) | relay).for_list()
    found = found.annotate(due_on=DUE_BELOW, first=first).order_by("first", F("due_on").asc(nulls_last=True), "id")
    lines = [_referred_row(each, today, days) for each in found[:SHOWN]]
    return Panel("referred", _("Referred upward"), lines, more_url=reverse("escalation_list") if lines else "")


def _referred_row(escalation: Any, today: date, days: Calendar) -> Row:
    shown = presentation.of_escalation(escalation.state, sender=True)
    address = reverse("escalation_show", args=[escalation.pk])
    sent = escalation.sent_at and _("sent on %(day)s") % {"day": markup.day(timezone.localdate(escalation.sent_at))}
    due = Due(escalation.due_on, days.between(today, escalation.due_on)) if escalation.due_on else None
    button = Button(_("Relay") if escalation.state not in OPEN else _("See"), address)
    return Row(
        escalation.title, address, glyph=shown.glyph, tone=shown.tone, state=shown.label, code=escalation.code,
        meta=(shown.label, sent or ""), due=due, button=button,
    )  # fmt: skip


def inbox(person: Person, today: date, days: Calendar) -> Panel:
    """The open issues before the unit above, the soonest due first."""
    open_ones = Escalation.objects.received_by(person).leading().filter(state__in=OPEN)
    found: list[Any] = list(open_ones.for_list().annotate(unit_count=UNITS).order_by("turn__due_on", "id")[:SHOWN])
    told = titles(found, person)
    lines = []
    for each in found:
        n, shown = each.unit_count, presentation.of_escalation(each.state, sender=False)
        units = ngettext("%(n)d unit", "%(n)d units", n) % {"n": n} if n > 1 else each.host.short_name
        address = f"{reverse('escalation_inbox')}?pill=all&show={each.pk}"
        lines.append(
            Row(
                told[each.pk], address, glyph=shown.glyph, tone=shown.tone, state=shown.label, code=each.code,
                meta=(units, shown.label), due=due_of(each.turn, today, days),
            )
        )  # fmt: skip
    return Panel(
        "inbox",
        _("Units ask for an opinion"),
        lines,
        more_url=f"{reverse('escalation_inbox')}?pill=all" if lines else "",
        empty=Empty(_("No unit asks for an opinion"), _("What units report upward appears here."), icon="inbox"),
    )
