"""The exceptional days of a year as a list: what each does, by which paper, and who entered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cchc.workdays.domain.year import Mark, mark_of
from cchc.workdays.models import Day
from cchc.workflow.flow import Sentence
from cchc.workflow.history import who
from cchc.workflow.models import Event

# Label, tone and glyph of the badge.
LOOKS: dict[Mark, tuple[Sentence, str, str]] = {
    Mark.OFF: (_("Day off"), "is-done", "s4"),
    Mark.MADE_UP: (_("Worked weekend day"), "is-prep", "s2"),
    Mark.NAMED: (_("Holiday on a weekend"), "", "s1"),
    Mark.WORKED: (_("Worked"), "", "s0"),
}


@dataclass(frozen=True)
class Entry:
    """*by* and *at* of the last change; "" and None for what came with the installation."""

    day: Day
    mark: Mark
    by: str
    at: datetime | None

    @property
    def label(self) -> Sentence:
        return _("Withdrawn") if self.day.withdrawn else LOOKS[self.mark][0]

    @property
    def tone(self) -> str:
        return "" if self.day.withdrawn else LOOKS[self.mark][1]

    @property
    def glyph(self) -> str:
        return "sx" if self.day.withdrawn else LOOKS[self.mark][2]


def entries_of(year: int) -> list[Entry]:
    """Every entry of *year* in order of date, withdrawn ones included."""
    listed = list(Day.objects.of_year(year))
    ids = [str(day.pk) for day in listed]
    events = Event.objects.filter(subject_type=Day._meta.label_lower, subject_id__in=ids).select_related("actor")
    last = {event.subject_id: event for event in events.order_by("subject_id", "-seq").distinct("subject_id")}
    return [_entry(day, last.get(str(day.pk))) for day in listed]


def _entry(day: Day, event: Event | None) -> Entry:
    return Entry(day, mark_of(day.date, day.kind), who(event) if event else "", event.at if event else None)
