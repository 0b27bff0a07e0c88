"""What follow-up puts into "my work"."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import MANAGE_CALENDAR
from cchc.web.panels import Button, Notice, Piece
from cchc.workdays.domain.day import next_year_is_empty


def home_panels(person: Person, at: datetime) -> list[Piece]:
    today = timezone.localtime(at).date()
    if not (access.holds(person, MANAGE_CALENDAR) and next_year_is_empty(today)):
        return []
    year = today.year + 1
    words = _("The calendar of %(year)d is still empty: terms are counted without its public holidays.") % {
        "year": year
    }
    return [Notice(words, "cal", button=Button(_("Enter the public holidays"), reverse("day_seed", args=[year])))]
