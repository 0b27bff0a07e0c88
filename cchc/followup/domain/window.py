"""When something may leave the app: within the hours of settings.SENDING_HOURS, on working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from cchc.workdays.domain.calendar import calendar

# For so long after the window opens, what is for the digest still goes into today's.
DIGEST_OPEN = timedelta(hours=1)


def opening(day: date) -> datetime:
    """The moment at which sending begins on *day*."""
    return timezone.make_aware(datetime.combine(day, time(int(settings.SENDING_HOURS[:2]))))


def is_open(at: datetime) -> bool:
    """Whether something may be sent at this moment."""
    local = timezone.localtime(at)
    first, last = (int(hour) for hour in settings.SENDING_HOURS.split("-"))
    return _is_sending_day(local.date()) and first <= local.hour < last


def sending_from(at: datetime) -> datetime:
    """*at* itself when something may be sent then, or the next moment when it may."""
    if is_open(at):
        return at
    day = timezone.localdate(at)
    while opening(day) < at or not _is_sending_day(day):
        day += timedelta(days=1)
    return opening(day)


def digest_day(at: datetime) -> date:
    """The morning whose digest takes what is told *at*."""
    first = sending_from(at)
    day = timezone.localdate(first)
    return day if first < opening(day) + DIGEST_OPEN else next_day(day)


def next_day(day: date) -> date:
    """The sending day after *day*."""
    return timezone.localdate(sending_from(opening(day + timedelta(days=1))))


def _is_sending_day(day: date) -> bool:
    return settings.SENDING_EVERY_DAY or calendar().is_working(day)
