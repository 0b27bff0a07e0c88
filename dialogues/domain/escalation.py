"""The flow of an escalation: from the report of a unit to the ruling that goes back into its items (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, perform
from cchc.workflow.flow import Fork, Move, Owed, Sentence, Transition, Waits, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.domain import escalation_term as term
from dialogues.domain.escalation_report import WITHOUT_ACCOUNTS, begin_report, freeze, unit_above
from dialogues.enums import EscalationState, ItemState, ReplyKind
from dialogues.models import Escalation, Item, Reply
from dialogues.models.escalation import AT_RECEIVER, AT_SENDER

S, R = EscalationState, ReplyKind
REPLIED_STATE = {
    R.RULED: S.RULED,
    R.DELEGATED_BACK: S.DELEGATED,
    R.REFUSED: S.REFUSED,
    R.RETURNED_FOR_INFORMATION: S.RETURNED,
}


# --- guards: the sentence why not, or "" ------------------------------------------------------------------------------
def _complete(escalation: Escalation) -> Sentence:
    if not escalation.text.strip() or not escalation.report_number.strip():
        return _("Write the report and give it its number first.")
    return ""


def _leads_nobody(escalation: Escalation) -> Sentence:
    return _("Others are joined to this one; take them out first.") if escalation.members.exists() else ""


# --- effects: set fields, do not save ---------------------------------------------------------------------------------
def _send(escalation: Escalation, move: Move) -> None:
    term.set_day(escalation, move)
    freeze(escalation, move)
    escalation.sent_at = move.at
    escalation.items.filter(escalated_at=None).update(escalated_at=move.at)


def _recall(escalation: Escalation, move: Move) -> None:
    """What was never read was never sent: the unit above sees it no more, nor what it first learnt of by it."""
    if not escalation.was_returned:
        escalation.items.filter(escalated_at=escalation.sent_at).update(escalated_at=None)
        escalation.sent_at = escalation.answer_by = escalation.first_answer_by = None


def _withdraw(escalation: Escalation, move: Move) -> None:
    for item in _waiting_items(escalation):
        perform(item, "bring_back", by=SYSTEM, at=move.at, note=move.note)
    if escalation.parent:
        perform(escalation.parent, "come_back", by=SYSTEM, at=move.at)


def _join(escalation: Escalation, move: Move) -> None:
    """Put this one behind the issue `lead`. The earlier of the two days holds for both."""
    lead = Escalation.objects.select_for_update(of=("self",)).get(pk=move.data["lead"].pk)
    if lead.pk == escalation.pk or lead.receiver_id != escalation.receiver_id or lead.state not in AT_RECEIVER:
        raise Refused(_("These two cannot be joined: choose an open issue that was sent to the same unit."))
    escalation.lead = lead
    term.join_days(escalation, lead, move)


def _take_out(escalation: Escalation, move: Move) -> None:
    assert escalation.lead is not None
    term.part_days(escalation, escalation.lead, move)
    escalation.lead = None


def _assign(escalation: Escalation, move: Move) -> None:
    """Ask `division` for its advice, by the day `due` if one is given."""
    division: Unit = move.data["division"]
    if not division.is_within(escalation.receiver):
        raise Refused(_("Choose a unit that serves the one to which this was sent."))
    escalation.division, escalation.advise_by = division, move.data.get("due")


def _advise(escalation: Escalation, move: Move) -> None:
    """Keep the advice `text`, or the advice that stands when there is none."""
    if text := move.data.get("text", "").strip():
        escalation.advice, escalation.advised_by, escalation.advised_at = text, move.by, move.at


def _reply(kind: ReplyKind) -> Any:
    """The effect that keeps a reply of *kind*: its `text`, the `document` and the day `done_by`."""

    def effect(escalation: Escalation, move: Move) -> None:
        _keep(escalation, move, kind)

    return effect


def _keep(escalation: Escalation, move: Move, kind: ReplyKind, *, outside: bool = False) -> Reply:
    assert move.by is not None
    escalation.asked_until, escalation.asked_reason = None, ""
    right, unit = (
        (permissions.REPORT_UP, escalation.host) if outside else (permissions.ASK_FOR_MORE, escalation.receiver)
    )
    post = access.post_for(move.by, right, unit, timezone.localdate(move.at))
    return Reply.objects.create(
        escalation=escalation,
        kind=kind,
        text=move.data["text"],
        document=move.data.get("document", ""),
        done_by=move.data.get("done_by"),
        given_by=move.by,
        capacity=move.capacity[:150],
        acting_kind=post.acting_kind if post else "",
        given_at=move.at,
        outside=outside,
    )


def _finally(kind: ReplyKind) -> Any:
    """The effect of a reply that ends the matter: kept once, it goes into every joined item, and back to a parent."""

    def effect(escalation: Escalation, move: Move) -> None:
        _keep(escalation, move, kind)
        _spread(escalation, move)

    return effect


def _spread(escalation: Escalation, move: Move) -> None:
    for member in escalation.members.filter(state=S.JOINED).order_by("pk"):
        perform(member, "follow", by=SYSTEM, at=move.at)
    _into_items(escalation, move)
    if escalation.parent:
        perform(escalation.parent, "come_back", by=SYSTEM, at=move.at)


def _into_items(escalation: Escalation, move: Move) -> None:
    for item in _waiting_items(escalation):
        perform(item, "rule", by=SYSTEM, at=move.at)


def _waiting_items(escalation: Escalation) -> list[Item]:
    return list(escalation.items.filter(state=ItemState.ESCALATED).order_by("pk"))


def _record_reply(escalation: Escalation, move: Move) -> None:
    """What came on paper from one who works without the app: its `kind` besides what every reply has."""
    kind = ReplyKind(move.data["kind"])
    if kind not in REPLIED_STATE:
        raise Refused(_("Choose what the reply says."))
    _keep(escalation, move, kind, outside=True)
    if kind != R.RETURNED_FOR_INFORMATION:
        _spread(escalation, move)


def _forward(escalation: Escalation, move: Move) -> None:
    """Refer it further to the unit `to` (the one above unless given), as a report of the receiver's own."""
    _keep(escalation, move, R.FORWARDED_UP)
    receiver: Unit = escalation.receiver
    begin_report(
        host=receiver,
        receiver=move.data.get("to") or unit_above(receiver),
        title=escalation.title,
        reason=escalation.reason,
        bodies=escalation.bodies,
        text=escalation.text,
        parent=escalation,
        by=move.by,
        at=move.at,
    )


def _come_back(escalation: Escalation, move: Move) -> None:
    """The next level's reply is before the leader here, who relays it."""
    child = _child(escalation)
    said = child.last_reply if child else None
    if said:
        escalation.advice, escalation.advised_by, escalation.advised_at = said.text, said.given_by, move.at


# --- targets that depend, and the turns of those that wait
def _again(escalation: Escalation) -> str:
    """Where a report goes that comes back to its writer: it keeps apart what was only asked for more."""
    return S.RETURNED if escalation.was_returned else S.DRAFT


def _sent_to(escalation: Escalation) -> str:
    return S.OUTSIDE if escalation.receiver.kind in WITHOUT_ACCOUNTS else S.SENT


def _back_to_advice(escalation: Escalation) -> str:
    return S.ASSIGNED if escalation.division_id else S.RECEIVED


def _as_replied(escalation: Escalation) -> str:
    reply = escalation.last_reply
    assert reply is not None
    return REPLIED_STATE[ReplyKind(reply.kind)]


def _child(escalation: Escalation) -> Escalation | None:
    return escalation.children.order_by("-year", "-number").first()


def _pass_on(escalation: Escalation) -> None:
    """Whose turn this is, is whose turn its items are, those joined to it, and what was forwarded as it."""
    escalation.items.filter(state=ItemState.ESCALATED).update(turn=escalation.turn)
    waiting = Escalation.objects.filter(
        Q(lead=escalation, state=S.JOINED) | Q(pk=escalation.parent_id, state=S.FORWARDED)
    )
    # Asked again of each row at the writing: one that has been taken out meanwhile has a turn of its own.
    waiting.update(turn=escalation.turn)
    for each in waiting:
        _pass_on(each)


# --- who is told, besides those whose turn it becomes
def sender(escalation: Escalation) -> Iterable[Person]:
    """The leader and the secretary of the unit that asked."""
    return [*role_holders(Role.LEADER, escalation.host), *role_holders(Role.SECRETARY, escalation.host)]


def receiver(escalation: Escalation) -> Iterable[Person]:
    """The secretary above, who follows what was received."""
    return role_holders(Role.PROVINCIAL_SECRETARY, escalation.receiver)


def _both(escalation: Escalation) -> Iterable[Person]:
    return [*sender(escalation), *receiver(escalation)]


def _whoever_knows(escalation: Escalation) -> Iterable[Person]:
    return _both(escalation) if escalation.sent_at else sender(escalation)


_REPLY = (S.RECEIVED, S.PRESENTED)

# fmt: off
ESCALATION_FLOW = flow("dialogues.escalation", [
    Transition("propose", (S.DRAFT, S.RETURNED), S.PROPOSED, permissions.REPORT_UP, _("Present for signature"),
               _("presented the report for signature"), "send", guard=_complete),
    Transition("send", (S.DRAFT, S.PROPOSED, S.RETURNED), Fork(_sent_to, (S.SENT, S.OUTSIDE)), permissions.SEND_UP,
               _("Send the report"), _("sent the report"), "up", guard=_complete, effect=_send, notify=sender),
    Transition("send_back", (S.PROPOSED,), Fork(_again, (S.DRAFT, S.RETURNED)), permissions.SEND_UP,
               _("Send back to the secretary"), _("sent the report back"), "back", note_required=True, primary=False),
    Transition("recall", (S.SENT,), Fork(_again, (S.DRAFT, S.RETURNED)), permissions.SEND_UP, _("Take the report back"),
               _("took the report back unread"), "back", effect=_recall, notify=_both, primary=False),
    Transition("withdraw", (S.DRAFT, S.PROPOSED, S.SENT, S.RETURNED), S.WITHDRAWN, permissions.SEND_UP,
               _("Withdraw"), _("withdrew it"), "sx", effect=_withdraw, notify=_whoever_knows, note_required=True,
               danger=True, primary=False),
    Transition("empty", (S.DRAFT,), S.WITHDRAWN, SYSTEM, _("Withdraw"), _("was left without items"), "sx"),
    # The unit was merged into the one that it asked: nothing is left to send (dialogues.domain.handover).
    Transition("fall_back", AT_SENDER, S.WITHDRAWN, SYSTEM, _("Decide here"),
               _("left it to be decided without asking: both units are one"), "back", effect=_withdraw),
    Transition("receive", (S.SENT,), S.RECEIVED, permissions.RECEIVE, _("Acknowledge"), _("acknowledged receipt"),
               "check", notify=sender),
    Transition("assign", (S.RECEIVED, S.ASSIGNED, S.PRESENTED), S.ASSIGNED, permissions.RECEIVE,
               _("Ask a division for advice"), _("asked a division for advice"), "users", effect=_assign),
    Transition("advise", (S.ASSIGNED,), S.PRESENTED, permissions.ADVISE, _("Submit the advice"), _("gave its advice"),
               "doc", effect=_advise, notify=receiver),
    Transition("present", (S.RECEIVED,), S.PRESENTED, permissions.RECEIVE, _("Present to the leader"),
               _("presented it to the leader"), "send", effect=_advise),
    Transition("rule", _REPLY, S.RULED, permissions.RULE, _("Rule"), _("ruled on it"), "flag",
               effect=_finally(R.RULED), notify=_both),
    Transition("delegate_back", _REPLY, S.DELEGATED, permissions.RULE, _("Leave to the unit"),
               _("left it to the unit"), "back", effect=_finally(R.DELEGATED_BACK), notify=_both, primary=False),
    Transition("ask_again", (S.PRESENTED,), Fork(_back_to_advice, (S.ASSIGNED, S.RECEIVED)), permissions.RULE,
               _("Ask for advice again"), _("asked for advice again"), "back", note_required=True, primary=False),
    Transition("return_for_information", _REPLY, S.RETURNED, permissions.ASK_FOR_MORE, _("Ask for more information"),
               _("asked for more information"), "help", guard=_leads_nobody, effect=_reply(R.RETURNED_FOR_INFORMATION),
               notify=_both, primary=False),
    Transition("forward_up", _REPLY, S.FORWARDED, permissions.RULE, _("Refer further up"), _("referred it further up"),
               "up", effect=_forward, notify=_both, primary=False),
    Transition("come_back", (S.FORWARDED,), S.PRESENTED, SYSTEM, _("Come back"), _("came back from the next level"),
               "flag", effect=_come_back, notify=receiver),
    Transition("refuse", _REPLY, S.REFUSED, permissions.RULE, _("Do not take up"), _("did not take it up"), "sx",
               effect=_finally(R.REFUSED), notify=_both, primary=False),
    Transition("join", (S.RECEIVED,), S.JOINED, permissions.RECEIVE, _("Join with the same issue"),
               _("joined it with the same issue"), "smerge", guard=_leads_nobody, effect=_join, primary=False),
    Transition("take_out", (S.JOINED,), S.RECEIVED, permissions.RECEIVE, _("Take out of the issue"),
               _("took it out of the issue"), "back", effect=_take_out, primary=False),
    Transition("follow", (S.JOINED,), Fork(_as_replied, (S.RULED, S.DELEGATED, S.REFUSED)), SYSTEM, _("Follow"),
               _("got the reply"), "flag", effect=_into_items, notify=sender),
    Transition("record_reply", (S.OUTSIDE,), Fork(_as_replied, (S.RULED, S.DELEGATED, S.REFUSED, S.RETURNED)),
               permissions.REPORT_UP, _("Record the reply"), _("recorded the reply"), "doc", effect=_record_reply,
               notify=sender),
    Transition("move_day", (S.JOINED,), None, SYSTEM, _("Move the day"), _("got a later day for the opinion"),
               "clock", effect=term.move_day, notify=sender),
    Transition("extend", AT_RECEIVER, None, permissions.RULE, _("Extend"), _("extended the term"), "clock",
               effect=term.extend_day, notify=_both, note_required=True, primary=False),
    Transition("ask_time", AT_RECEIVER, None, permissions.RECEIVE, _("Ask for more time"), _("asked for more time"),
               "clock", guard=term.no_time_asked, effect=term.ask_time, notify=sender, note_required=True,
               primary=False),
    Transition("grant_time", AT_RECEIVER, None, permissions.SEND_UP, _("Grant more time"), _("granted more time"),
               "check", guard=term.time_asked, effect=term.grant_time, notify=receiver, primary=False),
    Transition("deny_time", AT_RECEIVER, None, permissions.SEND_UP, _("Deny more time"), _("denied more time"), "sx",
               guard=term.time_asked, effect=term.deny_time, notify=receiver, note_required=True, primary=False),
], title=_("Reports asking for an opinion"), owes={
    S.DRAFT: Owed("report", _("Write the report"), Role.SECRETARY, within=term.REPORT_TERM),
    S.PROPOSED: Owed("send", _("Sign and send the report"), Role.LEADER, within=2),
    S.SENT: Owed("receive", _("Acknowledge the report"), Role.PROVINCIAL_SECRETARY, unit=lambda e: e.receiver,
                 within=1),
    S.OUTSIDE: Owed("pursue", _("Pursue and record the reply"), Role.SECRETARY, due=term.opinion_due,
                    first=term.first_day, reads=("members",)),
    S.RECEIVED: Owed("route", _("Route or present it"), Role.PROVINCIAL_SECRETARY, unit=lambda e: e.receiver,
                     due=term.opinion_due, first=term.first_day, reads=("members",)),
    S.ASSIGNED: Owed("advise", _("Give advice"), Role.UNIT_CHIEF, unit=lambda e: e.division, due=term.advice_due,
                     reads=("members",)),
    S.PRESENTED: Owed("rule", _("Rule on the referral"), Role.PROVINCIAL_LEADER, unit=lambda e: e.receiver,
                      due=term.opinion_due, first=term.first_day, reads=("members",)),
    S.RETURNED: Owed("supplement", _("Give the information asked for"), Role.SECRETARY, due=term.supplement_due,
                     reads=("replies",)),
    S.JOINED: Waits(lambda e: e.lead),
    S.FORWARDED: Waits(_child),
}, turned=_pass_on, verbs={
    "create": _("began the report"), "edit": _("edited the report"), "attach": _("added a file"),
    "take_in": _("took in another item"), "hand_over": HANDED_OVER,
})
# fmt: on
