"""What the search box finds of the dialogue: whatever has the words and may be seen, kind by kind."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cchc.organization.models import Person
from cchc.web.panels import Row
from cchc.web.search import FoldedVector, matching
from cchc.web.sought import FOUND, Sought
from cchc.workdays.domain.calendar import Calendar, calendar
from dialogues import directives, home, home_escalation, inspections, results
from dialogues.domain import escalation_list
from dialogues.domain import escalation_reader as escalations
from dialogues.domain.item_list import ItemList, Pill, Wanted
from dialogues.models import Conference, Item, Plan


def sought(person: Person, text: str, at: datetime) -> list[Sought]:
    """Whatever has all words of *text*, accents and case ignored, and *person* may see."""
    today, days = timezone.localdate(at), calendar()
    return [
        _items(person, text, today, days),
        *_escalations(person, text, today, days),
        *directives.sought(person, text, today, days),
        _conferences(person, text),
        _plans(person, text),
        *results.sought(person, text),
        *inspections.sought(person, text, today, days),
    ]


def _items(person: Person, text: str, today: date, days: Calendar) -> Sought:
    listed = ItemList(person, Wanted(pill=Pill.ALL, text=text), today)
    first = listed.rows().order_by(*listed.order).firsts(FOUND)
    return Sought(
        "found-items",
        _("Questions and opinions"),
        Item.objects.for_list().filter(pk__in=first).order_by(*listed.order),
        ("title", "code", "state", "audience", "turn__due_on", "answer__mode", "merged_count"),
        lambda item: home.item_row(item, today, days),
        f"{reverse('item_list')}?{urlencode({'pill': Pill.ALL.value, 'q': text})}",
    )


def _escalations(person: Person, text: str, today: date, days: Calendar) -> list[Sought]:
    if not (escalation_list.sends(person) or escalation_list.receives(person)):
        return []
    rows = escalations.with_told(escalation_list.found_by(person, text), person)
    show = home_escalation.found(person, today, days)
    return [Sought("found-escalations", _("Referred upward"), rows, home_escalation.FOUND_BY, show)]


def _conferences(person: Person, text: str) -> Sought:
    vector = FoldedVector("code", "title", "venue")
    rows = matching(Conference.objects.visible_to(person).newest_first().alias(search=vector), text)
    fields = ("code", "title", "host__short_name")
    return Sought("found-conferences", _("Dialogue conferences"), rows, fields, _conference_row)


def _conference_row(conference: Conference) -> Row:
    address = reverse("conference_show", args=[conference.code])
    return Row(conference.title, address, glyph="cal", code=conference.code, meta=(conference.host.short_name,))


def _plans(person: Person, text: str) -> Sought:
    vector = FoldedVector("number", "abstract")
    rows = matching(Plan.objects.visible_to(person).newest_first().alias(search=vector), text)
    return Sought("found-plans", _("Plans"), rows, ("number", "abstract", "issuer__name", "issuer_name"), _plan_row)


def _plan_row(plan: Plan) -> Row:
    address = reverse("plan_show", args=[plan.pk])
    return Row(plan.abstract, address, glyph="doc", code=plan.number, meta=(plan.issued_by,))
