"""The years that the register was tried on (domain.md §4), as the seed knows them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import missing, next_year_is_empty, seed
from cchc.workdays.models import Day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(date(2020, 1, 23), date(2020, 1, 29), id="Tet 2020"),
        pytest.param(date(2026, 2, 14), date(2026, 2, 22), id="Tet 2026"),
        pytest.param(date(2026, 8, 29), date(2026, 9, 2), id="National Day 2026, with the swapped 31/8"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), id="Culture Day 2026"),
        pytest.param(date(2026, 1, 1), date(2026, 1, 4), id="New Year 2026, with the swapped 2/1"),
    ],
)
def test_a_holiday_is_passed_over_whole(first: date, last: date) -> None:
    seed([first.year])
    days, eve = calendar(), first - timedelta(days=1)
    assert days.is_working(eve) and days.is_working(last + timedelta(days=1))
    assert [day.date for day in days.skipped(eve, last)] == [
        first + timedelta(days=n) for n in range((last - first).days + 1)
    ]
    assert days.due(eve, 1) == last + timedelta(days=1)
    assert days.roll(first) == days.roll(last) == last + timedelta(days=1)
    assert any(days.name(day.date) for day in days.skipped(eve, last))


@pytest.mark.parametrize(
    ("friday", "made_up", "for_day"),
    [
        (date(2026, 1, 9), date(2026, 1, 10), date(2026, 1, 2)),
        (date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 31)),
        (date(2025, 4, 25), date(2025, 4, 26), date(2025, 5, 2)),
        (date(2024, 5, 3), date(2024, 5, 4), date(2024, 4, 29)),
        (date(2019, 5, 3), date(2019, 5, 4), date(2019, 4, 29)),
        (date(2019, 1, 4), date(2019, 1, 5), date(2018, 12, 31)),
    ],
)
def test_a_make_up_saturday_counts_for_the_weekday_off(friday: date, made_up: date, for_day: date) -> None:
    seed([friday.year, for_day.year])
    days = calendar()
    assert made_up.weekday() == 5 and for_day.weekday() < 5
    assert days.due(friday, 1) == made_up
    assert not days.is_working(for_day)


def test_fifteen_days_from_the_conference_of_thai_hoa_end_after_tet() -> None:
    seed([2020])
    assert calendar().due(date(2020, 1, 2), 15) == date(2020, 1, 30)


def test_fifteen_days_from_before_tet_2026_end_in_march() -> None:
    seed([2026])
    assert calendar().due(date(2026, 2, 13), 15) == date(2026, 3, 13)


def test_a_withdrawn_day_counts_as_its_weekday_does_and_is_not_seeded_again() -> None:
    seed([2026])
    Day.objects.filter(date__in=[date(2026, 11, 24), date(2026, 8, 22)]).update(withdrawn=True)
    assert calendar().is_working(date(2026, 11, 24))
    assert not calendar().is_working(date(2026, 8, 22))
    assert missing([2026]) == []


def test_an_empty_next_year_is_noticed_from_november_on() -> None:
    assert not next_year_is_empty(date(2026, 10, 31))
    assert next_year_is_empty(date(2026, 11, 1))
    assert next_year_is_empty(date(2026, 12, 31))
    entered = Day.objects.create(date=date(2027, 2, 4), kind="off", name="x")
    assert not next_year_is_empty(date(2026, 11, 1))
    Day.objects.filter(pk=entered.pk).update(withdrawn=True)
    assert next_year_is_empty(date(2026, 11, 1))
