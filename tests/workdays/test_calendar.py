"""Counting, without a database: every promise against a day-by-day oracle."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc.workdays.domain.calendar import Calendar, calendar, supposing

NEAR = st.dates(date(2019, 12, 1), date(2020, 6, 30))
CALENDARS = st.dictionaries(NEAR, st.booleans(), max_size=60).map(
    lambda days: Calendar.of((day, worked, "x") for day, worked in days.items())
)
TERMS = st.integers(0, 40)


def step(calendar: Calendar, day: date, days: int) -> date:
    """Walk day by day; the first day is not counted."""
    while days:
        day += timedelta(days=1)
        days -= calendar.is_working(day)
    return day


@given(CALENDARS, NEAR, st.integers(1, 40))
def test_due_is_what_walking_day_by_day_gives(calendar: Calendar, start: date, days: int) -> None:
    assert calendar.due(start, days) == step(calendar, start, days)


@given(CALENDARS, NEAR, TERMS)
def test_a_term_ends_on_a_working_day(calendar: Calendar, start: date, days: int) -> None:
    assert calendar.is_working(calendar.due(start, days))
    assert calendar.is_working(calendar.roll(start))


@given(CALENDARS, NEAR, NEAR, TERMS)
def test_who_starts_later_ends_no_sooner(calendar: Calendar, one: date, other: date, days: int) -> None:
    first, second = sorted((one, other))
    assert calendar.due(first, days) <= calendar.due(second, days)
    assert calendar.due(first, days + 1) < calendar.due(first, days + 2)


@given(CALENDARS, NEAR, st.integers(1, 40))
def test_between_undoes_due(calendar: Calendar, start: date, days: int) -> None:
    due = calendar.due(start, days)
    assert calendar.between(start, due) == days
    assert calendar.between(due, start) == -days


@given(CALENDARS, NEAR, NEAR)
def test_between_counts_the_working_days(calendar: Calendar, one: date, other: date) -> None:
    start, end = sorted((one, other))
    span = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert calendar.between(start, end) == sum(map(calendar.is_working, span))


@given(CALENDARS, NEAR, NEAR)
def test_every_day_of_a_span_is_worked_or_skipped_with_a_reason(calendar: Calendar, one: date, other: date) -> None:
    start, end = sorted((one, other))
    skipped = calendar.skipped(start, end)
    assert len(skipped) + calendar.between(start, end) == (end - start).days
    assert all(day.reason and not calendar.is_working(day.date) for day in skipped)


@given(CALENDARS, NEAR, TERMS)
def test_before_counts_back(calendar: Calendar, end: date, days: int) -> None:
    day = calendar.before(end, days)
    assert calendar.is_working(day)
    assert calendar.between(day, end) == days


@given(CALENDARS, NEAR, TERMS)
def test_before_is_what_walking_back_gives(calendar: Calendar, end: date, days: int) -> None:
    day = end
    while not calendar.is_working(day) or days:
        days -= calendar.is_working(day)
        day -= timedelta(days=1)
    assert calendar.before(end, calendar.between(day, end)) == day


@given(CALENDARS, NEAR)
def test_roll_is_the_first_working_day_from_then_on(calendar: Calendar, day: date) -> None:
    rolled = calendar.roll(day)
    assert rolled == calendar.due(day, 0) >= day
    skipped = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert calendar.is_working(rolled) and not any(map(calendar.is_working, skipped))


@given(CALENDARS, NEAR, TERMS, TERMS)
def test_a_longer_term_ends_later(calendar: Calendar, start: date, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert calendar.due(start, shorter) <= calendar.due(start, longer)
    assert calendar.before(start, longer) <= calendar.before(start, shorter)


@given(CALENDARS, st.dictionaries(NEAR, st.none() | st.booleans(), max_size=20), NEAR, st.integers(1, 40))
def test_a_changed_calendar_counts_like_one_made_so(
    calendar: Calendar, changes: dict[date, bool | None], start: date, days: int
) -> None:
    changed = calendar.changed({day: None if worked is None else (worked, "y") for day, worked in changes.items()})
    for day, worked in changes.items():
        assert changed.is_working(day) == (day.weekday() < 5 if worked is None else worked)
    untouched = {day: entry for day, *entry in calendar.exceptions if day not in changes}
    assert {day: entry for day, *entry in changed.exceptions if day not in changes} == untouched
    assert changed.due(start, days) == step(changed, start, days)


@given(CALENDARS, NEAR, NEAR, TERMS)
def test_a_day_that_becomes_off_moves_only_terms_that_reach_it(
    calendar: Calendar, off: date, start: date, days: int
) -> None:
    """The rule by which a change of the calendar reads few rows of the ledger."""
    due, changed = calendar.due(start, days), calendar.changed({off: (False, "y")})
    if off > due or off < start:
        assert changed.due(start, days) == due
    else:
        assert changed.due(start, days) >= due


def test_a_supposed_calendar_holds_within_its_block_only() -> None:
    outer, inner = Calendar(), TET_2020
    with supposing(outer):
        with pytest.raises(ZeroDivisionError), supposing(inner):
            assert calendar() is inner
            1 / 0  # noqa: B018
        assert calendar() is outer


TET_2020 = Calendar.of((date(2020, 1, day), False, "Tết Nguyên đán") for day in (23, 24, 27, 28, 29))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2020, 1, 2), 0, date(2020, 1, 2)),
        (date(2020, 1, 4), 0, date(2020, 1, 6)),
        (date(2020, 1, 2), 1, date(2020, 1, 3)),
        (date(2020, 1, 3), 1, date(2020, 1, 6)),
        (date(2020, 1, 4), 1, date(2020, 1, 6)),
        (date(2020, 1, 2), 15, date(2020, 1, 30)),
    ],
)
def test_terms_known_by_heart(start: date, days: int, due: date) -> None:
    assert TET_2020.due(start, days) == due


def test_a_calendar_day_term_that_ends_at_tet_ends_after_it() -> None:
    assert TET_2020.roll(date(2020, 1, 25)) == date(2020, 1, 30)
    assert TET_2020.roll(date(2020, 1, 22)) == date(2020, 1, 22)


def test_the_note_names_the_holidays() -> None:
    reasons = {day.date.day: day.reason for day in TET_2020.skipped(date(2020, 1, 22), date(2020, 1, 30))}
    assert sorted(reasons) == [23, 24, 25, 26, 27, 28, 29]
    assert reasons[23] == "Tết Nguyên đán" != reasons[25]


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError):
        TET_2020.due(date(2020, 1, 2), -1)
    with pytest.raises(ValueError):
        TET_2020.before(date(2020, 1, 2), -1)


def test_a_term_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        TET_2020.due(date(9999, 12, 30), 5)
    with pytest.raises(OverflowError):
        TET_2020.before(date(1, 1, 2), 5)
