"""What follow-up puts into "my work"."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.followup.domain import frame
from cchc.followup.domain.handover import Waiting, waiting
from cchc.followup.operation import operation
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import MANAGE_CALENDAR
from cchc.web.panels import Button, Due, Notice, Panel, Piece, Row
from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import next_year_is_empty

SHOWN = 5


def home_panels(person: Person, at: datetime, most: int) -> list[Piece]:
    today = timezone.localtime(at).date()
    return [*_empty_calendar(person, today), *_left_behind(person, today), *operation(person, at)]


def _left_behind(person: Person, today: date) -> list[Piece]:
    """Units that have ended and still owe something: who takes over?"""
    if not frame.left(person):
        return []
    rows = [
        Row(
            each.unit.name,
            reverse("handover_unit", args=[each.unit.code]),
            glyph="sx",
            state=_("Has ended"),
            meta=(ngettext("%(n)d duty", "%(n)d duties", each.count) % {"n": each.count}, _goes_to(each)),
            due=Due(each.earliest, calendar().between(today, each.earliest)),
            button=Button(_("Hand over"), reverse("handover_unit", args=[each.unit.code])),
        )
        for each in waiting(person, today)[:SHOWN]
    ]
    return [Panel("left", _("To be handed over"), rows, more_url=reverse("handover_queue"))]


def _goes_to(left: Waiting) -> str:
    names = ", ".join(unit.short_name for unit in left.suggested)
    return _("successor: %(units)s") % {"units": names} if names else _("no successor recorded")


def _empty_calendar(person: Person, today: date) -> list[Piece]:
    if not (access.holds(person, MANAGE_CALENDAR) and next_year_is_empty(today)):
        return []
    year = today.year + 1
    words = _("The calendar of %(year)d is still empty: terms are counted without its public holidays.") % {
        "year": year
    }
    return [Notice(words, "cal", button=Button(_("Enter the public holidays"), reverse("day_seed", args=[year])))]
