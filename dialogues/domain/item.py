"""The flow of an item: every state of design.md §3, whose turn it is, and every move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import ASKER, CLOCK, SYSTEM, Asker
from cchc.workflow.engine import Refused
from cchc.workflow.flow import Fork, Move, Owed, Sentence, Transition, Waits, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.domain import answer as answers
from dialogues.domain.escalation_report import refer
from dialogues.domain.intake import give_number, submit
from dialogues.enums import AnswerKind, ConferenceState, ItemState
from dialogues.models import Item

S = ItemState


# --- guards: the sentence why not, or "" -----------------------------------------------------------------------------
def _in_session(item: Item) -> Sentence:
    return "" if item.conference.state == ConferenceState.IN_SESSION else _("The conference is not in session.")


def _leads_nobody(item: Item) -> Sentence:
    return _("Others are merged into this one; separate them first.") if item.merged.exists() else ""


def _lead_unanswered(item: Item) -> Sentence:
    assert item.merged_into is not None
    answered = item.merged_into.answer is not None and item.merged_into.answer.published_at is not None
    return _("The lead item has been answered, and this one with it.") if answered else ""


def _has_lead_unit(item: Item) -> Sentence:
    return "" if item.lead_unit_id else _("No unit has been assigned to prepare this.")


def _not_contested(item: Item) -> Sentence:
    return _("An answer can be contested once; that has been done.") if item.contested_at else ""


def _classified(item: Item) -> Sentence:
    return "" if item.topic_id and item.field_id else _("Choose the content and the field first.")


# --- effects: set fields, do not save ---------------------------------------------------------------------------------
def classify(item: Item, move: Move) -> None:
    """Set what is given of `kind`, `title`, `topic` and `field`. Another kind means another code: it names the kind."""
    kind = move.data.get("kind", item.kind)
    if kind != item.kind:
        item.kind, item.number = kind, None
        give_number(item)
    for name in ("title", "topic", "field"):
        if name in move.data:
            setattr(item, name, move.data[name])


def _assign(item: Item, move: Move) -> None:
    lead: Unit = move.data["lead_unit"]
    item.lead_unit = lead
    item.prepare_by = move.data.get("due")
    item.first_prepare_by = item.first_prepare_by or _prepare_due(item, timezone.localtime(move.at).date())
    item.coordinating.set(unit for unit in move.data.get("coordinating", ()) if unit.pk != lead.pk)


def _merge(item: Item, move: Move) -> None:
    lead: Item = move.data["lead"]
    if lead.pk == item.pk or lead.conference_id != item.conference_id or lead.state not in MERGE_LEADS:
        raise Refused(
            _("These two cannot be merged: choose an open item of the same conference that is no duplicate itself.")
        )
    item.merged_into = lead


def _unmerge(item: Item, move: Move) -> None:
    item.merged_into = None


def _take_to_floor(item: Item, move: Move) -> None:
    item.on_floor = True


def _contest(item: Item, move: Move) -> None:
    item.contested_at = item.reopened_at = move.at
    item.prepare_by = item.first_prepare_by = None
    item.answer = None


def _escalate(item: Item, move: Move) -> None:
    """Tell the asker that it goes up, and put it into a report: a new one, or `report` that is in preparation."""
    answers.give_holding_reply(item, move)
    refer(item, move)


def _bring_back(item: Item, move: Move) -> None:
    """The referral was withdrawn: the unit's own draft is before the leader again, as a new round."""
    answers.take_back(item, move)


def _reopen(item: Item, move: Move) -> None:
    item.reopened_at = move.at
    item.proper_channel = ""
    item.prepare_by = item.first_prepare_by = None
    item.answer = None


# --- who is told, besides those whose turn it becomes
def askers(item: Item) -> Iterable[Person]:
    """Everybody who asked this or the same, and those with the same concern: whom an answer must reach."""
    family = Q(items__pk=item.pk) | Q(items__merged_into=item.pk)
    return Person.objects.filter(family | Q(supports__item=item.pk) | Q(supports__item__merged_into=item.pk)).distinct()


# --- due dates
def answer_due(item: Item, start: date) -> date:
    """The written answer is due within the conference's term from the day it met, or in 3 working days if later."""
    met = timezone.localtime(item.conference.starts_at).date()
    days = calendar()
    return max(days.due(met, item.conference.answer_term), days.due(start, 3))


def _prepare_due(item: Item, start: date) -> date:
    return calendar().roll(max(item.prepare_by, start)) if item.prepare_by else answer_due(item, start)


def _promise_due(item: Item, start: date) -> date:
    assert item.answer is not None and item.answer.promised_on is not None
    return calendar().roll(max(item.answer.promised_on, start))


# --- targets that depend
def _after_publishing(item: Item) -> str:
    assert item.answer is not None
    return S.PROMISED if item.answer.kind == AnswerKind.IN_PROGRESS and item.lead_unit_id else S.PUBLISHED


def _after_contest(item: Item) -> str:
    return S.ASSIGNED if item.lead_unit_id else S.ACCEPTED


MERGE_LEADS = (S.SUBMITTED, S.ACCEPTED, S.ASSIGNED, S.PREPARED)
SUBMITTER = Asker("submitter", instead=permissions.ASK_FOR_OTHERS)

# fmt: off
ITEM_FLOW = flow("dialogues.item", [
    Transition("submit", (S.DRAFT,), S.SUBMITTED, SUBMITTER, _("Submit"), _("submitted it"), "send", effect=submit),
    Transition("accept", (S.SUBMITTED,), S.ACCEPTED, permissions.TRIAGE, _("Accept"), _("accepted it"), "check",
               effect=classify, notify=askers),
    Transition("assign", (S.ACCEPTED, S.ASSIGNED), S.ASSIGNED, permissions.TRIAGE, _("Assign"), _("assigned it"),
               "users",
               guard=_classified, effect=_assign),
    Transition("take_to_floor", (S.ACCEPTED, S.ASSIGNED), S.PREPARED, permissions.TRIAGE, _("Take to the floor"),
               _("took it to the floor"), "mic", guard=_in_session, effect=_take_to_floor, primary=False),
    Transition("merge", (S.SUBMITTED, S.ACCEPTED, S.ASSIGNED), S.MERGED, permissions.TRIAGE, _("Merge"),
               _("merged it"), "smerge",
               guard=_leads_nobody, effect=_merge, notify=askers, primary=False),
    Transition("decline", (S.SUBMITTED, S.ACCEPTED), S.DECLINED, permissions.TRIAGE, _("Decline"), _("declined it"),
               "sx",
               guard=_leads_nobody, effect=answers.give_decline, notify=askers, note_required=True,
               primary=False),
    Transition("unmerge", (S.MERGED,), S.ACCEPTED, permissions.TRIAGE, _("Separate"), _("separated it again"), "back",
               guard=_lead_unanswered, effect=_unmerge, notify=askers, primary=False),
    Transition("prepare", (S.ASSIGNED,), S.PREPARED, permissions.PREPARE, _("Submit the draft"),
               _("prepared an answer"), "doc",
               effect=answers.prepare),
    Transition("hand_back", (S.ASSIGNED,), S.ACCEPTED, permissions.PREPARE, _("Hand back"), _("handed it back"), "back",
               note_required=True, primary=False),
    Transition("answer", (S.PREPARED, S.RULED), S.ANSWERED, permissions.ANSWER, _("Answer"), _("answered it"), "edit",
               effect=answers.give),
    Transition("escalate", (S.ACCEPTED, S.PREPARED), S.ESCALATED, permissions.ANSWER, _("Refer upward"),
               _("referred it upward"), "up",
               effect=_escalate, notify=askers, primary=False),
    Transition("rule", (S.ESCALATED,), S.RULED, SYSTEM, _("Rule"), _("recorded the reply from above"), "flag"),
    Transition("bring_back", (S.ESCALATED,), S.PREPARED, SYSTEM, _("Bring back"),
               _("recorded that the referral was withdrawn"), "back", effect=_bring_back),
    Transition("send_back", (S.PREPARED, S.RULED), S.ASSIGNED, permissions.ANSWER, _("Send back"), _("sent it back"),
               "back",
               guard=_has_lead_unit, note_required=True, primary=False),
    Transition("publish", (S.ANSWERED,), Fork(_after_publishing, (S.PUBLISHED, S.PROMISED)), permissions.PUBLISH,
               _("Publish the answer"), _("published the answer"), "send", effect=answers.publish, notify=askers),
    Transition("take_back", (S.ANSWERED,), S.PREPARED, permissions.ANSWER, _("Take back"), _("took the answer back"),
               "back",
               effect=answers.take_back, primary=False),
    Transition("confirm", (S.PUBLISHED,), S.CLOSED, ASKER, _("Confirm"), _("confirmed the answer"), "check"),
    Transition("contest", (S.PUBLISHED, S.PROMISED), Fork(_after_contest, (S.ASSIGNED, S.ACCEPTED)), ASKER,
               _("Not answered yet"), _("contested the answer"), "back", guard=_not_contested, effect=_contest,
               note_required=True, primary=False),
    Transition("expire", (S.PUBLISHED,), S.CLOSED, CLOCK, _("Close"), _("closed it after the term"), "check"),
    Transition("report", (S.PROMISED,), S.REPORTED, permissions.PREPARE, _("Report done"),
               _("reported the promise done"), "flag",
               effect=answers.report_done),
    Transition("accept_report", (S.REPORTED,), S.CLOSED, permissions.ANSWER, _("Accept the report"),
               _("accepted the report"), "check",
               notify=askers),
    Transition("return_report", (S.REPORTED,), S.PROMISED, permissions.ANSWER, _("Return the report"),
               _("returned the report"), "back",
               effect=answers.return_report, note_required=True, primary=False),
    Transition("extend", (S.ASSIGNED, S.PROMISED), None, permissions.EXTEND, _("Extend"), _("extended the term"),
               "clock",
               effect=answers.extend_due, notify=askers, note_required=True, primary=False),
    Transition("withdraw", (S.SUBMITTED,), S.WITHDRAWN, ASKER, _("Withdraw"), _("withdrew it"), "sx",
               guard=_leads_nobody,
               danger=True, primary=False),
    Transition("reopen", (S.CLOSED, S.DECLINED), S.ACCEPTED, permissions.REOPEN, _("Reopen"), _("reopened it"), "back",
               effect=_reopen, notify=askers, note_required=True, primary=False),
], title=_("Questions and proposals"), owes={
    S.SUBMITTED: Owed("triage", _("Accept and classify"), Role.SECRETARY, within=1),
    S.ACCEPTED: Owed("assign", _("Assign"), Role.SECRETARY, within=3),
    S.ASSIGNED: Owed("prepare", _("Prepare an answer"), Role.UNIT_CHIEF, unit=lambda item: item.lead_unit,
                     due=_prepare_due, reads=("conference",),
                     first=lambda item: item.first_prepare_by),
    S.PREPARED: Owed("answer", _("Answer"), Role.LEADER, due=answer_due, reads=("conference",)),
    S.ESCALATED: Waits(lambda item: item.escalation),
    S.RULED: Owed("answer", _("Relay the ruling"), Role.LEADER, within=3),
    S.ANSWERED: Owed("publish", _("Publish the answer"), Role.SECRETARY, within=1),
    S.PUBLISHED: Owed("confirm", _("Confirm the answer"), person=lambda item: item.author, within=10),
    S.PROMISED: Owed("fulfil", _("Keep the promise"), Role.UNIT_CHIEF, unit=lambda item: item.lead_unit,
                     due=_promise_due, reads=("answer",),
                     first=lambda item: item.answer.first_promised_on),
    S.REPORTED: Owed("check", _("Check the report"), Role.LEADER, within=3),
}, verbs={
    "create": _("wrote it"), "edit": _("edited it"), "attach": _("added a file"),
    "record_result": _("recorded the result"),
    "support": _("has the same concern"),
    "discard": _("threw the draft away"),
    "hand_over": HANDED_OVER,
})
# fmt: on


def expired(at: datetime) -> list[Item]:
    """Published items whose askers kept silent through their term."""
    today = timezone.localtime(at).date()
    return list(Item.objects.filter(state=S.PUBLISHED, turn__due_on__lt=today).order_by("turn__due_on", "id"))
