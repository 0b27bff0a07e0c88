""" "My work" of escalations: what awaits each side, what a host has sent up, and what lies before the unit above."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
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
from dialogues.domain.escalation_list import DUE_BELOW, UNITS, WAITING, sends
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


@dataclass(frozen=True)
class Referrals:
    """The escalations of the page, read at once: by turn those that await me, mine that went up, those before me."""

    awaited: dict[int | None, Any]
    sent: list[Any]
    received: list[Any]
    titles: dict[Any, str]
    relays: bool  # answers with what came back

    @classmethod
    def of(cls, person: Person, turns: Collection[int]) -> Referrals:
        """*turns*: the obligations that await *person*."""
        known = list(_below(person, turns)) if turns or sends(person) else []
        received = list(_above(person)) if access.holds(person, permissions.READ_RECEIVED) else []
        awaited = {each.turn_id: each for each in known if each.awaited}
        sent = sorted(
            (each for each in known if each.sent and not each.awaited),
            key=lambda each: (each.first, each.due_on or date.max),
        )
        return cls(
            awaited,
            sent[:SHOWN],
            received,
            titles([*known, *received], person),
            access.holds(person, permissions.ANSWER),
        )

    def waiting(self, person: Person, today: date, days: Calendar) -> dict[int | None, Row]:
        """The rows of what awaits *person*, by obligation."""
        own = set(access.places(person, permissions.READ_ITEMS).ids)
        return {
            turn: _row(each, self.titles[each.pk], each.host_id in own, today, days, step=True)
            for turn, each in self.awaited.items()
        }

    def referred(self, today: date, days: Calendar) -> Panel:
        """What the host has referred upward: replies that the leader has yet to relay first, then by due date."""
        lines = [_referred_row(each, self.relays, today, days) for each in self.sent]
        return Panel("referred", _("Referred upward"), lines, more_url=reverse("escalation_list") if lines else "")

    def inbox(self, today: date, days: Calendar) -> Panel:
        """The open issues before the unit above, the soonest due first."""
        lines = [_issue_row(each, self.titles[each.pk], today, days) for each in self.received]
        return Panel(
            "inbox",
            _("Units ask for an opinion"),
            lines,
            more_url=f"{reverse('escalation_inbox')}?pill=all" if lines else "",
            empty=Empty(_("No unit asks for an opinion"), _("What units report upward appears here."), icon="inbox"),
        )


def _below(person: Person, turns: Collection[int]) -> Any:
    """What awaits *person*, then the first that his host has sent up; what only waits on another is nobody's to do."""
    awaited = Q(turn__in=list(turns)) & ~Q(state__in=WAITING)
    relay = Exists(Item.objects.filter(escalation=OuterRef("pk"), state=ItemState.RULED))
    sent = access.within(person, permissions.READ_ITEMS, "host") & (Q(state__in=OPEN) | relay)
    rows = Escalation.objects.filter(awaited | sent).for_list()
    rows = rows.annotate(due_on=DUE_BELOW, awaited=Q(awaited), sent=Q(sent), first=Q(state__in=OPEN))
    # Of those that do not await him so many as the panel shows: the shown ones are among them.
    return rows.order_by("-awaited", "first", F("due_on").asc(nulls_last=True), "id")[: len(turns) + SHOWN]


def _above(person: Person) -> Any:
    open_ones = Escalation.objects.received_by(person).leading().filter(state__in=OPEN)
    return open_ones.for_list().annotate(unit_count=UNITS).order_by("turn__due_on", "id")[:SHOWN]


# What `found` reads of an escalation.
FOUND_BY = ("title", "code", "state", "host__short_name", "receiver__short_name", "turn__due_on", "told")


def found(person: Person, today: date, days: Calendar) -> Callable[[Any], Row]:
    """How an escalation that was searched for is shown, in the words of the reader's side; with its title as `told`."""
    own = set(access.places(person, permissions.READ_ITEMS).ids)
    return lambda each: _row(each, each.told, each.host_id in own, today, days)


def rows(escalations: Sequence[Escalation], person: Person, today: date, days: Calendar) -> list[Row]:
    """Escalations as lines of a list, in the words of the reader's side."""
    own, told = set(access.places(person, permissions.READ_ITEMS).ids), titles(escalations, person)
    return [_row(each, told[each.pk], each.host_id in own, today, days) for each in escalations]


def _row(escalation: Escalation, title: str, sender: bool, today: date, days: Calendar, *, step: bool = False) -> Row:
    """With the next *step* as a button."""
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


def _referred_row(escalation: Any, relays: bool, today: date, days: Calendar) -> Row:
    shown = presentation.of_escalation(escalation.state, sender=True)
    address = reverse("escalation_show", args=[escalation.pk])
    sent = escalation.sent_at and _("sent on %(day)s") % {"day": markup.day(timezone.localdate(escalation.sent_at))}
    due = Due(escalation.due_on, days.between(today, escalation.due_on)) if escalation.due_on else None
    button = Button(_("Relay") if relays and escalation.state not in OPEN else _("See"), address)
    return Row(
        escalation.title, address, glyph=shown.glyph, tone=shown.tone, state=shown.label, code=escalation.code,
        meta=(shown.label, sent or ""), due=due, button=button,
    )  # fmt: skip


def _issue_row(escalation: Any, title: str, today: date, days: Calendar) -> Row:
    n, shown = escalation.unit_count, presentation.of_escalation(escalation.state, sender=False)
    units = ngettext("%(n)d unit", "%(n)d units", n) % {"n": n} if n > 1 else escalation.host.short_name
    return Row(
        title,
        f"{reverse('escalation_inbox')}?pill=all&show={escalation.pk}",
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=escalation.code,
        meta=(units, shown.label),
        due=due_of(escalation.turn, today, days),
    )
