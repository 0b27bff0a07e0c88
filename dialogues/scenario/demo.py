"""The demo of `make run`: the case as if it had happened a few weeks ago, and a conference that takes questions now."""

from __future__ import annotations

from datetime import date, datetime

from dialogues.scenario import open_now
from dialogues.scenario.accounts import PASSWORD
from dialogues.scenario.loader import load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import day_of

# Today is this day of the play, or one of the six after it: three to four weeks after the conference. Most has been
# answered or promised, CH18 is late; five reports lie with the province, one of them before its leader.
STANDS_AT = date(2020, 1, 24)


def weeks_until(today: date) -> int:
    """By how many whole weeks the case is moved; the days of the week stay what they were."""
    return (today - STANDS_AT).days // 7


def load_demo(now: datetime) -> Cast:
    """Load the demo as it stands at *now*. What lies ahead has not happened: its turn is somebody's."""
    weeks = weeks_until(day_of(now))
    return load(until=now, weeks=weeks, password=PASSWORD, more=lambda cast: open_now.steps(cast, now))
