"""The ladder turned round: which due dates a morning is about, against an oracle that tries every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.followup.domain.ladder import DEFAULT, Rung
from cchc.followup.domain.morning import by_due, falls_on, last_due, reached
from cchc.workdays.domain.calendar import Calendar

START = date(2020, 1, 1)
DAYS = [START + timedelta(days=number) for number in range(366)]
TET = Calendar.of((date(2020, 1, day), False, "Tết Nguyên đán") for day in range(23, 30))
calendars = st.dictionaries(st.sampled_from(DAYS), st.booleans(), max_size=40).map(
    lambda known: Calendar.of((day, worked, "") for day, worked in known.items())
)
ladder = st.lists(st.integers(-20, 60), unique=True, max_size=8).map(
    lambda offsets: tuple(Rung(offset, ("owner",)) for offset in offsets)
)


def working(days: Calendar, day: date) -> date:
    return days.roll(day)


@settings(deadline=None, max_examples=60)
@given(calendars, ladder, st.sampled_from(DAYS[100:250]), st.integers(1, 40))
def test_against_every_day(days: Calendar, rungs: tuple[Rung, ...], start: date, span: int) -> None:
    since, day = working(days, start), working(days, start + timedelta(days=span))
    expected = {}
    for due in (start + timedelta(days=number) for number in range(-140, 140)):
        passed = [rung for rung in rungs if falls_on(days, due, rung.offset) <= day]
        highest = max(passed, key=lambda rung: rung.offset, default=None)
        if highest and falls_on(days, due, highest.offset) > since:
            expected[due] = highest
    assert reached(days, rungs, since, day) == expected


@settings(deadline=None, max_examples=60)
@given(calendars, st.integers(-20, 60), st.sampled_from(DAYS[100:250]))
def test_the_last_due_date(days: Calendar, offset: int, day: date) -> None:
    found = last_due(days, day, offset)
    assert falls_on(days, found, offset) <= day < falls_on(days, found + timedelta(days=1), offset)


def test_each_stage_is_reached_on_one_morning_across_tet() -> None:
    due = date(2020, 1, 31)  # Friday, two working days after the holidays of 23 to 29 January
    told = {}
    day = date(2020, 1, 10)
    while day < date(2020, 2, 28):
        tomorrow = TET.due(day, 1)
        for found, rung in reached(TET, DEFAULT, day, tomorrow).items():
            if found == due:
                told[rung.offset] = tomorrow.isoformat()
        day = tomorrow
    assert told == {
        -3: "2020-01-21", -1: "2020-01-30", 0: "2020-01-31", 1: "2020-02-03", 3: "2020-02-05", 5: "2020-02-07",
        10: "2020-02-14",
    }  # fmt: skip


def test_a_ladder_of_its_own_is_about_other_days() -> None:
    known = {"": DEFAULT, "a:b": (Rung(-5, ("owner",)),), "a:silent": ()}
    found = by_due(Calendar(), known, date(2020, 3, 9), date(2020, 3, 10))
    assert list(found) == sorted(found)
    assert {due: {kind: rung.offset for kind, rung in stages.items()} for due, stages in found.items()} == {
        date(2020, 2, 25): {"": 10}, date(2020, 3, 3): {"": 5}, date(2020, 3, 5): {"": 3}, date(2020, 3, 9): {"": 1},
        date(2020, 3, 10): {"": 0}, date(2020, 3, 11): {"": -1}, date(2020, 3, 13): {"": -3},
        date(2020, 3, 14): {"": -3}, date(2020, 3, 15): {"": -3}, date(2020, 3, 17): {"a:b": -5},
    }  # fmt: skip
