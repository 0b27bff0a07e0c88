"""Directives: told to a unit, carried out, reported with evidence, accepted by the issuer (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import SYSTEM, Actor
from cchc.workflow.engine import Refused, extend, perform
from cchc.workflow.flow import Move, Owed, Sentence, Transition, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.enums import DirectiveState
from dialogues.models import Directive, Update
from dialogues.models.directive import ENDED, OPEN, UNDER_WAY

S = DirectiveState
UPDATE = "dialogues.update"  # what evidence belongs to
TAKE_UP_TERM, ACCEPT_TERM = 2, 3  # working days


# --- guards -----------------------------------------------------------------------------------------------------------
def _no_time_asked(directive: Directive) -> Sentence:
    return _("More time has been asked for already.") if directive.asked_until else ""


def _time_asked(directive: Directive) -> Sentence:
    return "" if directive.asked_until else _("Nobody has asked for more time.")


def _something_reported(directive: Directive) -> Sentence:
    """What was reported on the way, a first draft say, may be returned too."""
    if directive.state == S.REPORTED or directive.percent:
        return ""
    return _("Nothing has been reported yet.")


# --- effects ----------------------------------------------------------------------------------------------------------
def _issue(directive: Directive, move: Move) -> None:
    directive.due_on = directive.first_due_on = calendar().roll(directive.due_on)
    directive.issued_at = move.at


def _update(directive: Directive, move: Move) -> None:
    """Keep a report: `percent` done and `text`."""
    _report(directive, move, move.data["percent"])


def _done(directive: Directive, move: Move) -> None:
    """Keep the last report: `text`. Time that was asked for is needed no more."""
    _report(directive, move, 100, final=True)
    directive.done_on = timezone.localdate(move.at)
    directive.asked_until, directive.asked_reason = None, ""


def _report(directive: Directive, move: Move, percent: int, *, final: bool = False) -> None:
    assert move.by is not None
    Update.objects.create(
        directive=directive,
        percent=percent,
        text=move.data["text"].strip(),
        by=move.by,
        capacity=move.capacity[:150],
        at=move.at,
        final=final,
    )
    directive.percent = percent


def _return(directive: Directive, move: Move) -> None:
    directive.done_on = None


def _assign(directive: Directive, move: Move) -> None:
    """Give it to another `lead` unit; the first deadline stays."""
    lead: Unit = move.data["lead"]
    if lead.pk == directive.lead_id:
        raise Refused(_("This unit leads it already."))
    directive.coordinating.remove(lead)
    directive.lead = lead
    directive.asked_until, directive.asked_reason = None, ""


def _close(directive: Directive, move: Move) -> None:
    directive.done_on = directive.asked_until = None
    directive.asked_reason = ""


def _reopen(directive: Directive, move: Move) -> None:
    directive.done_on = None


# --- the deadline: the first one stays --------------------------------------------------------------------------------
def _later(directive: Directive, to: date) -> date:
    due = calendar().roll(to)
    if due <= directive.due_on:
        raise Refused(_("Choose a later day than the present one."))
    return due


def _extend(directive: Directive, move: Move) -> None:
    """Move the deadline to `until`; whoever asked for more time has got it."""
    due = _later(directive, move.data["until"])
    _set_due(directive, due, move.note, move)


def _ask_time(directive: Directive, move: Move) -> None:
    """Ask for more time, until the day `until`."""
    directive.asked_until, directive.asked_reason = _later(directive, move.data["until"]), move.note[:500]


def _grant_time(directive: Directive, move: Move) -> None:
    assert directive.asked_until is not None
    _set_due(directive, directive.asked_until, move.note or directive.asked_reason, move)


def _set_due(directive: Directive, due: date, reason: str, move: Move) -> None:
    assert move.by is not None
    if directive.turn and directive.turn.kind == "carry_out":
        extend(directive.turn, due, reason=reason[:500], by=move.by, at=move.at)
    directive.due_on, directive.asked_until, directive.asked_reason = due, None, ""


def _deny_time(directive: Directive, move: Move) -> None:
    directive.asked_until, directive.asked_reason = None, ""


# --- due dates and who is told ----------------------------------------------------------------------------------------
def _deadline(directive: Directive, start: date) -> date:
    return directive.due_on


def _take_up(directive: Directive, start: date) -> date:
    return min(calendar().due(start, TAKE_UP_TERM), max(directive.due_on, start))


def units(directive: Directive) -> Iterable[Person]:
    """The chiefs of the lead and the coordinating units."""
    found = list(role_holders(Role.UNIT_CHIEF, directive.lead))
    for unit in directive.coordinating.all():
        found += role_holders(Role.UNIT_CHIEF, unit)
    return found


def lead_chief(directive: Directive) -> Iterable[Person]:
    return role_holders(Role.UNIT_CHIEF, directive.lead)


def issuer(directive: Directive) -> Iterable[Person]:
    return [*role_holders(Role.LEADER, directive.host), *role_holders(Role.SECRETARY, directive.host)]


_ISSUE, _CARRY_OUT = permissions.ISSUE_CONCLUSION, permissions.CARRY_OUT
_AT_WORK = (S.IN_PROGRESS, S.RETURNED)

# fmt: off
DIRECTIVE_FLOW = flow("dialogues.directive", [
    Transition("issue", (S.DRAFT,), S.ISSUED, SYSTEM, _("Issue"), _("issued it"), "send", effect=_issue, notify=units),
    Transition("take_up", (S.ISSUED,), S.IN_PROGRESS, _CARRY_OUT, _("Take up"), _("took it up"), "check",
               notify=issuer),
    Transition("update", _AT_WORK, None, _CARRY_OUT, _("Report progress"), _("reported progress"), "chart",
               effect=_update),
    Transition("report", (S.ISSUED, *_AT_WORK), S.REPORTED, _CARRY_OUT, _("Report done"), _("reported it done"),
               "flag", effect=_done, notify=issuer),
    Transition("accept", (S.REPORTED,), S.ACCEPTED, _ISSUE, _("Accept the result"), _("accepted the result"), "check",
               notify=units),
    Transition("return", (S.REPORTED, S.IN_PROGRESS), S.RETURNED, _ISSUE, _("Return"), _("returned it"), "back",
               guard=_something_reported, effect=_return, notify=lead_chief, note_required=True, primary=False),
    Transition("ask_time", UNDER_WAY, None, _CARRY_OUT, _("Ask for more time"), _("asked for more time"), "clock",
               guard=_no_time_asked, effect=_ask_time, notify=issuer, note_required=True, primary=False),
    Transition("grant_time", UNDER_WAY, None, _ISSUE, _("Grant more time"), _("granted more time"), "check",
               guard=_time_asked, effect=_grant_time, notify=lead_chief, primary=False),
    Transition("deny_time", UNDER_WAY, None, _ISSUE, _("Deny more time"), _("denied more time"), "sx",
               guard=_time_asked, effect=_deny_time, notify=lead_chief, note_required=True, primary=False),
    Transition("extend", UNDER_WAY, None, _ISSUE, _("Extend"), _("extended the term"), "clock", effect=_extend,
               notify=lead_chief, note_required=True, primary=False),
    Transition("assign", UNDER_WAY, S.ISSUED, _ISSUE, _("Give to another unit"), _("gave it to another unit"), "users",
               effect=_assign, notify=units, note_required=True, primary=False),
    Transition("close", OPEN, S.CLOSED, _ISSUE, _("End without result"), _("ended it without result"), "sx",
               effect=_close, notify=units, note_required=True, danger=True, primary=False),
    Transition("reopen", ENDED, S.IN_PROGRESS, _ISSUE, _("Reopen"), _("reopened it"), "back", effect=_reopen,
               notify=lead_chief, note_required=True, primary=False),
    Transition("end", OPEN, S.CLOSED, SYSTEM, _("End"), _("ended it with what ordered it"), "sx", effect=_close,
               notify=units),
], title=_("Directives"), owes={
    S.ISSUED: Owed("take_up", _("Take up the directive"), Role.UNIT_CHIEF, unit=lambda d: d.lead, due=_take_up),
    S.IN_PROGRESS: Owed("carry_out", _("Carry out the directive"), Role.UNIT_CHIEF, unit=lambda d: d.lead,
                        due=_deadline, first=lambda d: d.first_due_on),
    S.RETURNED: Owed("carry_out", _("Carry out the directive"), Role.UNIT_CHIEF, unit=lambda d: d.lead,
                     due=_deadline, first=lambda d: d.first_due_on),
    S.REPORTED: Owed("accept", _("Accept or return the result"), Role.LEADER, within=ACCEPT_TERM),
}, verbs={"create": _("wrote it down"), "edit": _("edited it"), "remove": _("removed it"), "hand_over": HANDED_OVER})
# fmt: on


@transaction.atomic
def report(
    directive: Directive, action: str, files: Sequence[Checked] = (), *, by: Actor, at: datetime,
    seen: int | None = None, **told: Any,
) -> Directive:  # fmt: skip
    """Make the move *action* ("update" with `percent` and `text`, "report" with `text`) and keep its evidence with it.

    Raises Refused as the engine does, and when the disk is full.
    """
    moved = perform(directive, action, by=by, at=at, seen=seen, **told)
    made = moved.updates.order_by("-id")[0]
    assert isinstance(by, Person)
    try:
        for checked in files:
            attach(subject_type=UPDATE, subject_id=made.pk, checked=checked, by=by, at=at)
    except OSError as error:
        raise Refused(_("The server has no room for files now; send the text and add the file later.")) from error
    return moved


def issue_all(directives: Any, *, at: datetime) -> None:
    """Issue the drafts among *directives*, in their order: with the conclusion or the plan that orders them."""
    for directive in directives.filter(state=S.DRAFT).order_by("number"):
        perform(directive, "issue", by=SYSTEM, at=at)


@transaction.atomic
def end_all(directives: Any, *, at: datetime, note: str) -> None:
    """End what is still open among *directives*, as what ordered them has been cancelled."""
    for directive in directives.open().order_by("number"):
        perform(directive, "end", by=SYSTEM, at=at, note=note)
