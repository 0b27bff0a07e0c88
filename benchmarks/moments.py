"""Times as minutes since 1970, and what they are in the database and on the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from cchc.workdays.domain.calendar import calendar


@cache
def at(minute: int) -> str:
    """A minute since 1970, as the database reads it."""
    return str(datetime.fromtimestamp(minute * 60, UTC))


@cache
def day(minute: int) -> date:
    """The day in Vietnam of a minute since 1970."""
    return date(1970, 1, 1) + timedelta(minutes=minute + 7 * 60)


@cache
def due(start: date, days: int) -> date:
    return calendar().due(start, days)


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
