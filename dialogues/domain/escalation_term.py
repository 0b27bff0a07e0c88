"""By when an opinion is due: the day wished or set, one for all that are joined, moved only with a reason."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, extend, perform
from cchc.workflow.flow import Move, Sentence
from dialogues.enums import EscalationState, ReplyKind
from dialogues.models import Escalation

S = EscalationState
# Working days: the report within 5 of the leader's word, an opinion within 15 when no day is wished (domain.md §4).
REPORT_TERM, OPINION_TERM = 5, 15


# --- due dates of the flow
def issue_day(escalation: Escalation) -> date:
    """The earliest of its own day and those of the reports joined to it."""
    days = [escalation.answer_by, *(each.answer_by for each in escalation.members.all() if each.state == S.JOINED)]
    return min(day for day in days if day)


def opinion_due(escalation: Escalation, start: date) -> date:
    """The day of the opinion, never before the day on which the turn comes."""
    return calendar().roll(max(issue_day(escalation), start))


def advice_due(escalation: Escalation, start: date) -> date:
    """The day set for the advice, or 3 working days before the opinion is due; one working day at least."""
    days = calendar()
    wished = days.roll(escalation.advise_by) if escalation.advise_by else days.before(opinion_due(escalation, start), 3)
    return max(wished, days.due(start, 1))


def supplement_due(escalation: Escalation, start: date) -> date:
    """The day that the unit above set for what it asked for, or the term of a report."""
    asked = [reply for reply in escalation.replies.all() if reply.kind == ReplyKind.RETURNED_FOR_INFORMATION]
    if not asked or asked[-1].done_by is None:
        return calendar().due(start, REPORT_TERM)
    return calendar().roll(max(asked[-1].done_by, start))


def first_day(escalation: Escalation) -> date | None:
    return escalation.first_answer_by


# --- effects and guards
def set_day(escalation: Escalation, move: Move) -> None:
    """At each sending: the day wished, or 15 working days; never earlier than a day that was agreed before."""
    today, days, wished = timezone.localdate(move.at), calendar(), escalation.requested_on
    if wished and wished < today:
        raise Refused(_("The day by which an opinion is wished has passed; choose another."))
    asked = days.roll(wished) if wished else days.due(today, OPINION_TERM)
    escalation.answer_by = max(asked, escalation.answer_by or asked)
    escalation.first_answer_by = escalation.first_answer_by or asked


def join_days(escalation: Escalation, lead: Escalation, move: Move) -> None:
    """The earlier of the two days holds for both: *lead* gets that of *escalation* if it is the earlier one."""
    assert lead.turn is not None and escalation.answer_by is not None
    if lead.state != S.ASSIGNED and escalation.answer_by < lead.turn.due_on:
        _move_turn(lead, escalation.answer_by, _("Another unit asks the same by an earlier day."), move)


def part_days(escalation: Escalation, lead: Escalation, move: Move) -> None:
    """*lead* has its own day again, or the earliest of those still joined to it, when *escalation* leaves it."""
    if lead.state not in (S.RECEIVED, S.PRESENTED) or lead.turn is None:
        return
    others = lead.members.filter(state=S.JOINED).exclude(pk=escalation.pk).values_list("answer_by", flat=True)
    day = min(day for day in (lead.answer_by, *others) if day)
    if day > lead.turn.due_on:
        _move_turn(lead, day, _("The report that was due earlier has been taken out."), move)


def _move_turn(lead: Escalation, day: date, why: Sentence, move: Move) -> None:
    assert lead.turn is not None and move.by is not None
    if calendar().roll(day) != lead.turn.due_on:
        extend(lead.turn, day, reason=str(why), by=move.by, at=move.at)


def extend_day(escalation: Escalation, move: Move) -> None:
    """The superior takes until a later day `to` for the whole issue; first days stay, the reason is the note."""
    day = _later(escalation, move)
    for member in escalation.members.filter(state=S.JOINED, answer_by__lt=day).order_by("pk"):
        perform(member, "move_day", by=SYSTEM, at=move.at, note=move.note, to=day)
    _postpone(escalation, day, move.note, move)


def move_day(escalation: Escalation, move: Move) -> None:
    """A report that is joined to another follows its later day `to`."""
    escalation.answer_by = move.data["to"]


def ask_time(escalation: Escalation, move: Move) -> None:
    escalation.asked_until, escalation.asked_reason = _later(escalation, move), move.note[:500]


def grant_time(escalation: Escalation, move: Move) -> None:
    """The sender agrees for his own report: if others are joined to it, the earliest of their days still holds."""
    assert escalation.asked_until is not None
    day, reason = escalation.asked_until, escalation.asked_reason
    escalation.asked_until, escalation.asked_reason = None, ""
    _postpone(escalation, day, reason, move)


def deny_time(escalation: Escalation, move: Move) -> None:
    escalation.asked_until, escalation.asked_reason = None, ""


def time_asked(escalation: Escalation) -> Sentence:
    return "" if escalation.asked_until else _("Nobody has asked for more time.")


def no_time_asked(escalation: Escalation) -> Sentence:
    return _("More time has been asked for; the unit has yet to say.") if escalation.asked_until else ""


def _later(escalation: Escalation, move: Move) -> date:
    """The working day of `to`. Raises Refused when it is not after the day that holds now, or has passed."""
    assert escalation.turn is not None
    day = calendar().roll(move.data["to"])
    now = issue_day(escalation) if escalation.state == S.ASSIGNED else escalation.turn.due_on
    if day <= now or day < timezone.localdate(move.at):
        raise Refused(_("An extension must lead to a later date."))
    return day


def _postpone(escalation: Escalation, day: date, reason: str, move: Move) -> None:
    """Let the day of *escalation* be no earlier than *day*, and the open turn follow; advice keeps its own day."""
    assert escalation.turn is not None and escalation.answer_by is not None and move.by is not None
    escalation.answer_by = max(escalation.answer_by, day)
    due = calendar().roll(issue_day(escalation))
    if escalation.state != S.ASSIGNED and due > escalation.turn.due_on:
        extend(escalation.turn, due, reason=reason[:500], by=move.by, at=move.at)
