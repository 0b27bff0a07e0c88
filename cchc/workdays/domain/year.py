"""A year of the calendar as twelve tables."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cchc.workdays.domain.calendar import Calendar
from cchc.workdays.models import Day


class Mark(StrEnum):
    WORKED = ""
    WEEKEND = "we"
    OFF = "off"
    MADE_UP = "work"
    NAMED = "named"  # a weekend that is a holiday too


@dataclass(frozen=True)
class Cell:
    date: date
    mark: Mark
    name: str
    today: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell | None]]  # Monday first; None beside the month


def months(year: int, days: Calendar, today: date) -> list[Month]:
    return [_month(date(year, number, 1), days, today) for number in range(1, 13)]


def working_days(year: int, days: Calendar) -> int:
    return days.between(date(year - 1, 12, 31), date(year, 12, 31))


def mark_of(day: date, kind: str) -> Mark:
    """How an entry of *kind* changes its day."""
    if kind == Day.Kind.WORKING:
        return Mark.MADE_UP if day.weekday() >= 5 else Mark.WORKED
    return Mark.NAMED if day.weekday() >= 5 else Mark.OFF


def _month(first: date, days: Calendar, today: date) -> Month:
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return Month(
        first, [[_cell(day, days, today) if day.month == first.month else None for day in week] for week in weeks]
    )


def _cell(day: date, days: Calendar, today: date) -> Cell:
    name, worked = days.name(day), days.is_working(day)
    mark = mark_of(day, Day.Kind.WORKING if worked else Day.Kind.OFF)
    return Cell(day, Mark.WEEKEND if mark == Mark.NAMED and not name else mark, name, day == today)
