"""How states look: one table for every place that shows one (tone and glyph never differ by reader, words may)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.domain.explain import Basis
from cchc.organization.enums import Role
from cchc.web import markup
from dialogues.domain.library import Promise, promise_of
from dialogues.enums import AnswerMode, Audience, EscalationState, ItemState, PracticeState, SurveyState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cchc.workdays.domain.calendar import Calendar
    from cchc.workflow.models import Obligation
    from dialogues.models import Escalation, Item, Practice, Survey

S, E = ItemState, EscalationState


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
# An escalation as the unit above sees it.
ESCALATION_STATES: dict[str, Shown] = {
    E.DRAFT: Shown(E.DRAFT.label, "is-prep", "s2", 1),
    E.PROPOSED: Shown(E.PROPOSED.label, "is-wait", "s3", 1),
    E.SENT: Shown(E.SENT.label, "is-up", "sup", 2),
    E.OUTSIDE: Shown(E.OUTSIDE.label, "is-up", "sout", 3),
    E.RECEIVED: Shown(E.RECEIVED.label, "is-up", "s1", 3),
    E.ASSIGNED: Shown(E.ASSIGNED.label, "is-prep", "s2", 3),
    E.PRESENTED: Shown(E.PRESENTED.label, "is-wait", "s3", 3),
    E.JOINED: Shown(E.JOINED.label, "", "smerge", 3),
    E.RETURNED: Shown(E.RETURNED.label, "is-wait", "sq", 2),
    E.FORWARDED: Shown(E.FORWARDED.label, "is-up", "sout", 3),
    E.RULED: Shown(E.RULED.label, "is-done", "s4", 5),
    E.DELEGATED: Shown(E.DELEGATED.label, "is-done", "s4", 5),
    E.REFUSED: Shown(E.REFUSED.label, "", "sx", 5),
    E.WITHDRAWN: Shown(E.WITHDRAWN.label, "", "sx", 5),
}
# What happens inside of the unit above is one thing to the sender: another sign would tell of advice and of joining.
BEING_CONSIDERED = Shown(_("Being considered above"), "is-up", "sup", 3)
CONSIDERED = (E.RECEIVED, E.ASSIGNED, E.PRESENTED, E.JOINED)
# What the asker may expect, in one line; nothing where his own buttons say it.
NEXT_FOR_ASKER: dict[str, StrOrPromise] = {
    S.SUBMITTED: _("Next the secretary accepts it. Until then it can be edited or withdrawn."),
    **dict.fromkeys((S.ACCEPTED, S.ASSIGNED, S.PREPARED, S.ANSWERED), _("You are told as soon as it is answered.")),
    **dict.fromkeys((S.ESCALATED, S.RULED), _("You are told as soon as the unit above has given its opinion.")),
    **dict.fromkeys((S.PROMISED, S.REPORTED), _("You are told as soon as what was promised is done.")),
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


SURVEY_STATES: dict[str, Shown] = {
    SurveyState.DRAFT: Shown(SurveyState.DRAFT.label, "", "s0", 1),
    SurveyState.OPEN: Shown(SurveyState.OPEN.label, "is-prep", "s2", 2),
    SurveyState.CLOSED: Shown(SurveyState.CLOSED.label, "is-done", "s4", 3),
}
PRACTICE_STATES: dict[str, Shown] = {
    PracticeState.DRAFT: Shown(PracticeState.DRAFT.label, "", "s0", 1),
    PracticeState.PROPOSED: Shown(PracticeState.PROPOSED.label, "is-wait", "s3", 2),
    PracticeState.RETURNED: Shown(PracticeState.RETURNED.label, "is-wait", "sq", 1),
    PracticeState.PUBLISHED: Shown(PracticeState.PUBLISHED.label, "is-done", "s4", 3),
    PracticeState.REJECTED: Shown(PracticeState.REJECTED.label, "", "sx", 3),
    PracticeState.RETIRED: Shown(PracticeState.RETIRED.label, "", "sx", 3),
}
PROMISES: dict[str, Shown] = {
    Promise.KEPT: Shown(Promise.KEPT.label, "is-done", "s4", 5),
    Promise.LATE: Shown(Promise.LATE.label, "is-late", "slate", 5),
    Promise.OPEN: Shown(Promise.OPEN.label, "is-prep", "clock", 5),
}


def number(value: Decimal) -> str:
    """2,4 for 2.40."""
    plain = f"{value:f}"
    return str(number_format(Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain), use_l10n=True))


def survey_badge(survey: Survey) -> SafeString:
    shown = SURVEY_STATES[survey.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def practice_badge(practice: Practice) -> SafeString:
    shown = PRACTICE_STATES[practice.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def promise(item: Item) -> SafeString:
    """Whether what the last answer promised was done in time; nothing where nothing was promised. Wants `answer`."""
    kind = promise_of(item, timezone.localdate())
    if kind is None or item.answer is None:
        return markup.NOTHING
    shown = PROMISES[kind]
    day = item.answer.done_on if kind == Promise.KEPT else item.answer.promised_on
    words = f"{shown.label} ({day:%d/%m/%Y})" if day else shown.label
    return markup.state_badge(words, shown.tone, shown.glyph)


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


def escalation_basis(escalation: Escalation, turn: Obligation) -> Basis | None:
    """What the due date of an opinion was counted from (the rules are those of dialogues.domain.escalation_term)."""
    if turn.term is not None or escalation.sent_at is None:
        return None
    if turn.kind == "advise":
        return Basis(_("The day set for the advice, or 3 working days before the opinion is due"), turn.started_on)
    if turn.kind == "supplement":
        return Basis(_("The day that the unit above set"), turn.started_on)
    if escalation.requested_on:
        return Basis(_("The day by which the sender wished an opinion"), turn.started_on)
    return Basis(_("15 working days from sending"), timezone.localdate(escalation.sent_at))


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


def of_escalation(state: str, sender: bool) -> Shown:
    """A state of an escalation, for its sender or for the unit above."""
    return BEING_CONSIDERED if sender and state in CONSIDERED else ESCALATION_STATES[state]


def escalation_badge(state: str, sender: bool) -> SafeString:
    shown = of_escalation(state, sender)
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def turn(obligation: Obligation | None, mine: bool = False, host: int | None = None) -> SafeString:
    """Whose turn it is; a person is never named here. Wants `unit` loaded.

    The host's secretary and leader are named by their role, those of another unit than *host* by that unit.
    """
    if obligation is None:
        return markup.NOTHING
    if mine or _by_role(obligation, host):
        unit = obligation.unit
        return markup.turn(whose(obligation, host), mine, of="user", title=unit.name if unit else "")
    assert obligation.unit is not None
    return markup.turn(obligation.unit.short_name, title=obligation.unit.name)


def whose(obligation: Obligation, host: int | None = None) -> StrOrPromise:
    """The short words for whose turn it is."""
    if obligation.unit is None or _by_role(obligation, host):
        return ROLES.get(obligation.role, ROLES[""])
    return obligation.unit.short_name


def _by_role(obligation: Obligation, host: int | None) -> bool:
    at_home = host is None or obligation.unit_id == host
    return obligation.unit_id is None or (obligation.role in ROLES and at_home)
