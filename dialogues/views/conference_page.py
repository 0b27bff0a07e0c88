"""A conference's page: the overview with its reconciliation line, its items and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import offers
from cchc.workflow.flow import Offer
from dialogues import permissions
from dialogues.domain import conference as conferences
from dialogues.enums import Audience, ConclusionState, ConferenceState, Outcome
from dialogues.models import Conclusion, Conference, Item
from dialogues.presentation_inspection import MOVES
from dialogues.views.conference_frame import frame, load, steps_of
from dialogues.views.conference_history import timeline
from dialogues.views.conference_link import guest_link
from dialogues.views.item import is_part, item_table


@dataclass(frozen=True)
class Step:
    label: Any
    kind: str  # "ok", "now" or ""


@dataclass(frozen=True)
class Term:
    """One number of the reconciliation line, and the rows that it counts."""

    key: str
    label: Any
    number: int
    url: str


@require_safe
def conference_show(request: HttpRequest, code: str) -> HttpResponse:
    at, conference = timezone.now(), load(request, code)
    shared = frame(request, conference, "show", at)
    steers = shared["may_prepare"] or access.can(request.user, permissions.DIRECT_CONFERENCE, conference.host)
    audiences = list(conference.audiences.all())
    guests = any(each.audience in (Audience.CITIZENS, Audience.BUSINESSES) for each in audiences)
    open_now, moves = conference.takes_questions(at), _offers(conference, request.user)
    context = {
        **shared,
        "steps": steps(shared["step"], steps_of(conference)),
        "warnings": conferences.warnings(conference, at) if steers else [],
        "audiences": audiences,
        "invited": list(conference.invited.in_order()),
        "terms": reconciliation(request, conference),
        # Whoever sees only some of the items is told that the line counts only those.
        "whole": access.can(request.user, permissions.READ_ITEMS, conference.host),
        "open_now": open_now,
        "offers": moves,
        "base": f"{reverse('conference_show', args=[conference.code])}do/",
        "owed": next((each for each in moves if each.action == "close" and each.reason), None),
        "may_conclude": _awaits_conclusion(conference, request.user),
        "not_yet": at < conference.opens_at,
        "may_ask": open_now and access.can(request.user, permissions.ASK, conference.host),
        "link": guest_link(request, conference) if guests and steers and _link_is_of_use(conference) else None,
    }
    return render(request, "dialogues/conference_show.html", context)


def _awaits_conclusion(conference: Conference, person: Person) -> bool:
    """It has met, and whoever writes its conclusion has not begun to."""
    writes = conference.state == ConferenceState.CONCLUDED and access.can(
        person, permissions.WRITE_CONCLUSION, conference.host
    )
    standing = Conclusion.objects.filter(conference=conference).exclude(state=ConclusionState.CANCELLED)
    return writes and not standing.exists()


def _offers(conference: Conference, person: Person) -> list[Offer]:
    """The buttons; of an inspection by the names they have there."""
    found = offers(conference, person)
    if not conference.is_inspection:
        return found
    return [replace(each, label=MOVES.get(each.action, each.label)) for each in found]


def _link_is_of_use(conference: Conference) -> bool:
    return conference.state in (ConferenceState.DRAFT, ConferenceState.COLLECTING, ConferenceState.IN_SESSION)


def steps(step: int, labels: Iterable[Any]) -> list[Step]:
    """The six steps with how far they are; nothing is marked for a cancelled conference."""
    return [
        Step(label, "ok" if number < step else "now" if number == step else "")
        for number, label in enumerate(labels, 1)
    ]


def reconciliation(request: HttpRequest, conference: Conference) -> list[Term]:
    """Received, then the terms that add up to it; each opens exactly the rows that it counts."""
    counts = Item.objects.visible_to(request.user).filter(conference=conference).counts()
    address = reverse("conference_items", args=[conference.code])

    def opening(**chosen: str) -> str:
        return f"{address}?{urlencode({'pill': 'all', **chosen})}"

    received = Term("all", pgettext("outcome", "received"), sum(counts.values()), opening())
    terms = [
        Term(outcome.value, _within(outcome.label), counts[outcome.value], opening(outcome=outcome.value))
        for outcome in Outcome
    ]
    return [received, *terms]


def _within(label: Any) -> str:
    """A label as it stands within a sentence."""
    return f"{str(label)[:1].lower()}{str(label)[1:]}"


@require_safe
def conference_items(request: HttpRequest, code: str) -> HttpResponse:
    conference, days = load(request, code), calendar()
    table = item_table(request, days, conference)
    if is_part(request):
        return render(request, "dialogues/_item_table.html", {"table": table, "conference": conference})
    context = {**frame(request, conference, "items", timezone.now(), days), "table": table}
    return render(request, "dialogues/conference_items.html", context)


@require_safe
def conference_history(request: HttpRequest, code: str) -> HttpResponse:
    conference = load(request, code)
    shared = frame(request, conference, "history", timezone.now())
    inside = shared["may_prepare"] or access.can(request.user, permissions.READ_ITEMS, conference.host)
    return render(
        request, "dialogues/conference_history.html", {**shared, "entries": timeline(conference, inside=inside)}
    )
