"""Loading the case of Thái Hòa through the domain's own functions, each step at its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import seed, seeded_years
from cchc.workflow.actors import CLOCK
from cchc.workflow.engine import perform
from dialogues.domain.item import expired
from dialogues.domain.topic import seed_taxonomy
from dialogues.scenario import (
    conclusion,
    conference,
    escalations,
    handovers,
    items,
    ninh_thuan,
    organization,
    satisfaction,
)
from dialogues.scenario.script import Cast, Step, play
from dialogues.scenario.source import day_of, moment, read

More = Callable[[Cast], Iterable[Step]]


@transaction.atomic
def load(
    *, until: datetime, weeks: int = 0, password: str | None = None, more: More | None = None, chapters: bool = True
) -> Cast:
    """Play the case up to *until* and return who and what it brought; *weeks* moves all of it to later weeks.

    Everything has a date: the units end when the play reaches the day (Nghĩa Hòa on 1/2/2020, with its work handed
    over; the town's police on 1/3/2025), so a load until 2020 leaves the town in being. *more* adds steps of its own;
    without *chapters* the other domains add none, and the second case, the survey and the conclusion are left out.
    Without *password* nobody can sign in.
    """
    seed(seeded_years(day_of(until)))
    seed_taxonomy()
    source, cast = read(weeks), Cast()
    steps = [
        *organization.steps(source, cast, password),
        *conference.steps(source, cast),
        *items.steps(source, cast),
        *escalations.steps(source, cast),
        *handovers.steps(source, cast),
        *_clock(source, day_of(until)),
        *(conclusion.steps(source, cast) if chapters else ()),
        *(ninh_thuan.steps(source, cast, password) if chapters else ()),
        *(satisfaction.steps(source, cast) if chapters else ()),
        *(
            step
            for name in (settings.SCENARIO_CHAPTERS if chapters else ())
            for step in import_string(name)(source, cast)
        ),
        *(more(cast) if more else ()),
    ]
    play(steps, until)
    return cast


def _clock(source: dict[str, Any], last: date) -> Iterator[Step]:
    """What the clock does after midnight of every working day: close what its asker let pass."""
    day: date = source["conference"]["date"]
    while day <= min(last, source["meta"]["as_of"]):
        day = calendar().due(day, 1)
        at = moment(day, 0, 15)
        yield Step(at, lambda at=at: _expire(at))  # type: ignore[misc]


def _expire(at: datetime) -> None:
    for item in expired(at):
        perform(item, "expire", by=CLOCK, at=at)


def end_of(day: date) -> datetime:
    """The last moment of a day in Vietnam."""
    return moment(day + timedelta(days=1), 0) - timedelta(microseconds=1)
