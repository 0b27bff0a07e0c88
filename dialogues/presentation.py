"""How states look: one table for every place that shows one (tone and glyph never differ by reader, words may)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.domain.explain import Basis
from cchc.organization.enums import Role
from cchc.web import markup
from dialogues.enums import AnswerMode, Audience, ItemState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cchc.workdays.domain.calendar import Calendar
    from cchc.workflow.models import Obligation
    from dialogues.models import Item

S = ItemState


@dataclass(frozen=True)
class Shown:
    """A state as people see it; *asker* are the words for those outside of the unit's work. *step* is of four."""

    label: StrOrPromise
    tone: str
    glyph: str
    step: int
    asker: StrOrPromise = ""


IN_WORK = _("Being worked on")

ITEM_STATES: dict[str, Shown] = {
    S.DRAFT: Shown(pgettext_lazy("item", "Draft"), "", "s0", 1),
    S.SUBMITTED: Shown(_("Newly received"), "", "s0", 1),
    S.ACCEPTED: Shown(_("Accepted, to be assigned"), "is-prep", "s1", 2, _("Accepted")),
    S.ASSIGNED: Shown(_("Being prepared"), "is-prep", "s2", 2),
    S.PREPARED: Shown(_("Awaiting the leader's answer"), "is-wait", "s3", 3),
    S.ESCALATED: Shown(_("Referred upward"), "is-up", "sup", 3),
    S.RULED: Shown(_("Ruling received"), "is-up", "sup", 3),
    S.ANSWERED: Shown(_("Answered, to be published"), "is-wait", "s3", 3, _("Awaiting the leader's answer")),
    S.PUBLISHED: Shown(_("Answered in writing"), "is-done", "s4", 5),
    S.PROMISED: Shown(_("Answered, promise pending"), "is-done", "s4", 5),
    S.REPORTED: Shown(_("Answered, report to be checked"), "is-wait", "s3", 5, _("Answered, promise pending")),
    S.CLOSED: Shown(pgettext_lazy("item", "Closed"), "", "s4", 5),
    S.MERGED: Shown(pgettext_lazy("item", "Merged"), "", "smerge", 2),
    S.DECLINED: Shown(_("Not accepted"), "", "sx", 5),
    S.WITHDRAWN: Shown(pgettext_lazy("item", "Withdrawn"), "", "sx", 5),
}
STEPS = (_("received"), _("assigned"), _("leader's answer"), _("answered"))
LIVE = _("Answered in the hall")

# One of an audience, as rows name who asked.
ASKERS: dict[str, StrOrPromise] = {
    Audience.OFFICERS: pgettext_lazy("asker", "Officer"),
    Audience.CITIZENS: pgettext_lazy("asker", "Citizen"),
    Audience.BUSINESSES: pgettext_lazy("asker", "Business"),
}
# Short names for whose turn it is when no unit is named.
ROLES: dict[str, StrOrPromise] = {
    Role.SECRETARY: _("Secretary"),
    Role.LEADER: _("Leader"),
    "": _("The asker"),
}


def due_basis(item: Item, turn: Obligation, days: Calendar) -> Basis | None:
    """What a due date that is no plain term was counted from (the rules are those of dialogues.domain.item)."""
    if turn.term is not None:
        return None
    if turn.kind == "fulfil":
        return Basis(_("The day that the answer promised"), turn.started_on)
    if turn.kind == "prepare" and item.prepare_by:
        return Basis(_("The day that the secretary set"), turn.started_on)
    met, term = timezone.localtime(item.conference.starts_at).date(), item.conference.answer_term
    text = _("%(term)s working days from the conference on %(met)s, at least 3 from the beginning of this step")
    from_conference = days.due(met, term) >= days.due(turn.started_on, 3)
    return Basis(text % {"term": term, "met": markup.day(met)}, met if from_conference else turn.started_on)


def words(item: Item, inside: bool = True) -> StrOrPromise:
    """The state of *item* in words; the reader inside of the unit's work is told more. Wants `answer` loaded."""
    if item.state == S.PUBLISHED and item.answer and item.answer.mode == AnswerMode.LIVE:
        return LIVE
    shown = ITEM_STATES[item.state]
    return shown.label if inside else shown.asker or shown.label


def badge(item: Item, inside: bool = True) -> SafeString:
    shown = ITEM_STATES[item.state]
    return markup.state_badge(words(item, inside), shown.tone, shown.glyph)


def dots(item: Item) -> SafeString:
    """Where an item is on its way, for whoever sent it."""
    step = ITEM_STATES[item.state].step
    return markup.dots(step, len(STEPS), STEPS[min(step, len(STEPS)) - 1])


def turn(obligation: Obligation | None, mine: bool = False) -> SafeString:
    """Whose turn it is; a person is never named here. Wants `unit` loaded."""
    if obligation is None:
        return markup.NOTHING
    unit = obligation.unit
    if mine or unit is None or obligation.role in ROLES:
        return markup.turn(ROLES.get(obligation.role, ROLES[""]), mine, of="user", title=unit.name if unit else "")
    return markup.turn(unit.short_name, title=unit.name)
