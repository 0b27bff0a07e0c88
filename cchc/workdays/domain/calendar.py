"""Counting working days: Saturdays, Sundays and the exceptional days of the table are off.

Source of the rules: Civil Code 2015, Articles 147 and 148 (the first day is not counted; a term that ends on a day off
ends with the next working day); Labor Code 2019, Article 112 (public holidays).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, Self

from django.db import connection
from django.utils.translation import gettext as _

from cchc.workdays.models import Day

_DAY = timedelta(days=1)


class Skipped(NamedTuple):
    """A day that a count passed over, and why."""

    date: date
    reason: str


@dataclass(frozen=True)
class Calendar:
    """An immutable view of the exceptional days. Counting takes no longer over years than over days."""

    exceptions: tuple[tuple[date, bool, str], ...] = ()  # (date, is it worked?, name)

    @classmethod
    def load(cls) -> Self:
        """The calendar of the table as it is now."""
        return cls.of(
            (day, kind == Day.Kind.WORKING, name)
            for day, kind, name in Day.objects.standing().order_by("date").values_list("date", "kind", "name")
        )

    @classmethod
    def of(cls, exceptions: Iterable[tuple[date, bool, str]]) -> Self:
        """A calendar from (date, is it worked?, name), one per date, in any order."""
        return cls(tuple(sorted(exceptions)))

    def changed(self, days: Mapping[date, tuple[bool, str] | None]) -> Self:
        """This calendar with other entries, (is it worked?, name), for *days*; None removes the entry of that day."""
        entries = {**self._by_date, **days}
        return self.of((day, *entry) for day, entry in entries.items() if entry is not None)

    def is_working(self, day: date) -> bool:
        known = self._by_date.get(day)
        return known[0] if known else day.weekday() < 5

    def due(self, start: date, days: int) -> date:
        """The last day of a term of `days` working days that runs from `start`, which is not counted.

        Zero days end on `start` itself, or on the next working day when `start` is off.
        """
        if days < 0:
            raise ValueError("a term cannot be negative; before() counts back")
        if days == 0:
            return self.roll(start)
        return self._nth(self._worked_until(start.toordinal()) + days)

    def before(self, end: date, days: int) -> date:
        """The last working day from which `days` working days are left until `end`; the opposite of due()."""
        if days < 0:
            raise ValueError("a term cannot be negative; due() counts forward")
        return self._nth(self._worked_until(end.toordinal()) - days)

    def roll(self, day: date) -> date:
        """Where a term counted in calendar days ends: `day`, or the next working day when `day` is off."""
        while not self.is_working(day):
            day += _DAY
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        return self._worked_until(end.toordinal()) - self._worked_until(start.toordinal())

    def skipped(self, start: date, end: date) -> list[Skipped]:
        """The days off after `start` up to and including `end`, for a note on how a date was counted."""
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return [Skipped(day, self.name(day) or _("Weekend")) for day in span if not self.is_working(day)]

    def name(self, day: date) -> str:
        """The name of an exceptional day, "" for an ordinary one."""
        known = self._by_date.get(day)
        return known[1] if known else ""

    @cached_property
    def _by_date(self) -> dict[date, tuple[bool, str]]:
        return {day: (worked, name) for day, worked, name in self.exceptions}

    @cached_property
    def _off(self) -> list[int]:
        return [day.toordinal() for day, worked, _name in self.exceptions if not worked and day.weekday() < 5]

    @cached_property
    def _worked(self) -> list[int]:
        return [day.toordinal() for day, worked, _name in self.exceptions if worked and day.weekday() >= 5]

    def _worked_until(self, ordinal: int) -> int:
        """Working days from the first Monday of the calendar (ordinal 1) up to and including `ordinal`."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._off, ordinal) + bisect_right(self._worked, ordinal)

    def _nth(self, number: int) -> date:
        """The working day that is the `number`th since the first Monday."""
        low, high = 1, date.max.toordinal()
        while low < high:
            middle = (low + high) // 2
            if self._worked_until(middle) < number:
                low = middle + 1
            else:
                high = middle
        if self._worked_until(low) != number:
            raise OverflowError("the date is out of range")
        return date.fromordinal(low)


_cached: tuple[str, Calendar] = ("", Calendar())
_supposed: ContextVar[Calendar | None] = ContextVar("supposed_calendar", default=None)


@contextmanager
def supposing(calendar: Calendar) -> Iterator[None]:
    """Within this block calendar() returns *calendar*: what would be due if the days were these?"""
    token = _supposed.set(calendar)
    try:
        yield
    finally:
        _supposed.reset(token)


def calendar() -> Calendar:
    """The current calendar: one small query; the days are read again only when any process has changed them."""
    supposed = _supposed.get()
    return marked()[1] if supposed is None else supposed


def marked() -> tuple[str, Calendar]:
    """The current calendar with its fingerprint."""
    global _cached
    found = _cached  # other threads may set it meanwhile
    while (mark := fingerprint()) != found[0]:  # asked again after loading: the days may change in between
        found = _cached = (mark, Calendar.load())
    return found


def fingerprint() -> str:
    """Differs whenever the days that stand in the table do."""
    # A digest of the rows and not max(changed_at): a transaction that began earlier may commit later.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(hashtextextended(date || kind || name, 0)) FROM workdays_day WHERE NOT withdrawn"
        )
        return str(cursor.fetchone())
