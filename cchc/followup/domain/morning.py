"""Which due dates a morning's reminders are about: the ladder turned round, so that the index answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from cchc.workdays.domain.calendar import Calendar

from .ladder import Rung, Rungs

# No stage lies further from its due date than this, with every holiday of a year between (ladder.EARLIEST, LATEST).
REACH = timedelta(days=150)
_DAY = timedelta(days=1)


def falls_on(days: Calendar, due: date, offset: int) -> date:
    """The working day on which the stage of *offset* working days after (before, if negative) *due* is reached."""
    return days.before(due, -offset) if offset < 0 else days.due(due, offset)


def last_due(days: Calendar, day: date, offset: int) -> date:
    """The last due date whose stage of *offset* is reached on or before *day*: falls_on turned round."""
    low, high = day - REACH, day + REACH  # the stage of low is reached, that of high is not
    while high - low > _DAY:
        middle = low + (high - low) // 2
        if falls_on(days, middle, offset) <= day:
            low = middle
        else:
            high = middle
    return low


def reached(days: Calendar, rungs: Rungs, since: date, day: date) -> dict[date, Rung]:
    """The due dates of which *rungs* remind after *since* up to *day*, each with the highest stage it has reached."""
    found: dict[date, Rung] = {}
    above: date | None = None
    for rung in sorted(rungs, key=lambda each: -each.offset):
        until = last_due(days, day, rung.offset)
        after = last_due(days, since, rung.offset)
        first = max(after, above) if above else after
        for number in range(1, (until - first).days + 1):
            found[first + timedelta(days=number)] = rung
        above = until
    return found


def by_due(days: Calendar, ladders: Mapping[str, Rungs], since: date, day: date) -> dict[date, dict[str, Rung]]:
    """What `reached` says for every ladder: by due date, soonest first, the stage by kind of obligation."""
    found: dict[date, dict[str, Rung]] = {}
    for kind, rungs in ladders.items():
        for due, rung in reached(days, rungs, since, day).items():
            found.setdefault(due, {})[kind] = rung
    return dict(sorted(found.items()))
