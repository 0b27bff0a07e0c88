"""The page of one escalation, for its sender and for the unit above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cchc.documents.domain.attachment import attachments_of
from cchc.followup.domain.explain import Explained, explain
from cchc.organization import access
from cchc.web import markup
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.engine import offers
from cchc.workflow.flow import Offer
from dialogues import permissions, presentation
from dialogues.domain.escalation_page import issue_of, members_of, openable
from dialogues.domain.escalation_reader import (
    NOUN,
    EscalationReader,
    Sent,
    events_for,
    reader_of,
    replies_to,
    sent_reports,
)
from dialogues.domain.escalation_report import matters
from dialogues.enums import EscalationState
from dialogues.models import Escalation
from dialogues.models.escalation import AT_SENDER
from dialogues.views.escalation_edit import may_write
from dialogues.views.escalation_history import timeline
from dialogues.views.escalation_move import draft_key, empty_form, visible_escalation

S = EscalationState
# These have their form on the page itself; the bar's button sends it.
EMBEDDED = ("rule", "advise")
# Done from the bar at once: nothing is asked.
DIRECT = "receive"
# Steps by which something is said to the sender.
SAID = frozenset({"rule", "delegate_back", "refuse", "return_for_information", "forward_up", "record_reply", "follow"})
# Stand beside the request for more time, and only where there is one.
ABOUT_TIME = ("grant_time", "deny_time")


@dataclass(frozen=True)
class BarOffer:
    """An offer as the action bar draws it: *form* is the id of the form on the page that its button sends."""

    offer: Offer
    form: str
    dialog: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.offer, name)


@require_safe
def escalation_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    escalation, days = visible_escalation(request, pk), calendar()
    reader = reader_of(escalation, request.user)
    reports = sent_reports([escalation, *members_of(escalation, reader)], recalled=reader.sender)
    rounds = reports.get(escalation.pk, [])
    events = events_for(escalation, reader)
    steps = {event.action for event in events}
    units = [unit for unit in (escalation.division, escalation.lead and escalation.lead.division) if unit]
    context = {
        **issue_context(request, escalation, reader, {pk: found[0] for pk, found in reports.items()}, days),
        **(_for_sender(request, escalation) if reader.sender else {}),
        "rounds": rounds,
        "opened": openable(escalation, reader, rounds),
        "replies": replies_to(escalation) if steps & SAID else [],
        "child": _child(escalation) if reader.above and "forward_up" in steps else None,
        "explained": _explained(escalation, reader, days),
        "timeline": timeline(escalation, events, reader, units),
    }
    return render(request, "dialogues/escalation_show.html", context)


def issue_context(
    request: HttpRequest, escalation: Escalation, reader: EscalationReader, last: dict[Any, Sent], days: Calendar
) -> dict[str, Any]:
    """What stands on the page and beside the inbox alike: the head, the advice, the units, the bar."""
    today = timezone.localdate()
    sent = last.get(escalation.pk)
    issue = issue_of(escalation, last, today, days) if reader.reads_advice else None
    mine = escalation.turn is not None and escalation.turn.is_owed_by(request.user)
    return {
        "escalation": escalation,
        "reader": reader,
        "title": escalation.title if reader.sender or sent is None else sent.title,
        "badge": presentation.escalation_badge(escalation.state, sender=not reader.reads_advice),
        "turn": presentation.turn(
            escalation.turn, mine, escalation.host_id if reader.sender else escalation.receiver_id
        ),
        "due": due_chip(escalation, reader, days),
        "sent": sent,
        "issue": issue,
        "wished": escalation.requested_on if reader.sender else sent and sent.requested_on,
        "base": reverse("escalation_show", args=[escalation.pk]) + "do/",
        **_bar(request, escalation, reader, mine),
    }


def due_chip(escalation: Escalation, reader: EscalationReader, days: Calendar) -> SafeString:
    """When the present step is due; to the sender, when the opinion is, for the steps above are not told him."""
    today, day = timezone.localdate(), escalation.turn.due_on if escalation.turn else None
    if not reader.reads_advice and escalation.state in (S.SENT, *presentation.CONSIDERED, S.FORWARDED):
        day = escalation.answer_by
    return markup.due(Due(day, days.between(today, day))) if day else markup.NOTHING


def _bar(request: HttpRequest, escalation: Escalation, reader: EscalationReader, mine: bool) -> dict[str, Any]:
    """The buttons, and the form of whoever's turn it is to write."""
    found = offers(escalation, request.user)
    action = next((each.action for each in found if each.action in EMBEDDED and mine and not each.reason), "")
    return {
        "offers": [
            BarOffer(each, f"{action}-form" if each.action == action else "", each.action != action)
            for each in found
            if each.action not in ABOUT_TIME and not (each.reason and members_of(escalation, reader))
        ],
        "time_offers": [each for each in found if each.action in ABOUT_TIME and escalation.asked_until],
        "direct": DIRECT,
        "form_action": action,
        "form": empty_form(request, escalation, action) if action else None,
        "draft_key": draft_key(escalation, action),
        "may_take_out": access.can(request.user, permissions.RECEIVE, escalation.receiver),
    }


def _for_sender(request: HttpRequest, escalation: Escalation) -> dict[str, Any]:
    """The report that is being written: with its items and files as they are now."""
    if escalation.state not in AT_SENDER:
        return {}
    items = matters(escalation).select_related("conference").defer("search").order_by("code")
    return {
        "may_write": may_write(request, escalation),
        "writing": True,
        "items": list(items if escalation.parent_id else escalation.items.defer("search").order_by("code", "id")),
        "files": attachments_of(NOUN, [escalation.pk]).get(str(escalation.pk), []),
    }


def _child(escalation: Escalation) -> Escalation | None:
    return escalation.children.select_related("receiver").order_by("-year", "-number").first()


def _explained(escalation: Escalation, reader: EscalationReader, days: Calendar) -> Explained | None:
    """How the day of the present turn came about, for the side whose step it is."""
    turn = escalation.turn
    own = turn is not None and turn.subject_id == str(escalation.pk)
    of_sender = escalation.state in (*AT_SENDER, S.OUTSIDE)
    if turn is None or not own or not (reader.sender if of_sender else reader.reads_advice):
        return None
    return explain(turn, days, presentation.escalation_basis(escalation, turn))
