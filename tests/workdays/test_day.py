from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import seed, seeded_years
from cchc.workdays.models import Day

pytestmark = pytest.mark.django_db
HOLIDAYS_2020 = [
    date(2020, 1, 1),
    *(date(2020, 1, day) for day in (23, 24, 27, 28, 29)),
    date(2020, 4, 2),
    date(2020, 4, 30),
    date(2020, 5, 1),
    date(2020, 9, 2),
]


def test_2020_is_seeded_as_the_case_has_it() -> None:
    seed([2020])
    assert [day.date for day in Day.objects.all() if day.date.weekday() < 5] == HOLIDAYS_2020
    assert not Day.objects.filter(kind="working").exists()


def test_the_swapped_days_come_with_their_papers() -> None:
    seed([2026])
    off, worked = Day.objects.get(date=date(2026, 1, 2)), Day.objects.get(date=date(2026, 1, 10))
    assert (off.kind, worked.kind) == ("off", "working")
    assert off.source == worked.source == "Công văn số 12729/VPCP-KGVX ngày 25/12/2025"
    current = calendar()
    assert not current.is_working(date(2026, 1, 2))
    assert current.is_working(date(2026, 1, 10))
    assert current.is_working(date(2026, 8, 22))
    assert not current.is_working(date(2026, 8, 31))
    assert not current.is_working(date(2026, 11, 24))


def test_seeding_again_adds_nothing_and_keeps_what_a_person_wrote() -> None:
    years = seeded_years(date(2026, 11, 22))
    assert (years[0], years[-1]) == (2018, 2028)
    assert seed(years) > 100
    edited = Day.objects.get(date=date(2028, 1, 24))
    edited.kind, edited.name = "working", "Theo thông báo mới"
    edited.save()
    assert seed(years) == 0
    edited.refresh_from_db()
    assert (edited.kind, edited.name) == ("working", "Theo thông báo mới")


def test_each_year_is_seeded_apart() -> None:
    seed([2018])
    assert {day.date.year for day in Day.objects.all()} == {2018}
    call_command("seed_workdays", "2019", verbosity=0)
    assert Day.objects.get(date=date(2019, 1, 5)).kind == "working"


def test_the_calendar_follows_every_change_of_the_table() -> None:
    monday = date(2024, 7, 1)
    assert calendar().is_working(monday)
    day = Day.objects.create(date=monday, kind="off", name="Nghỉ tại địa phương")
    assert not calendar().is_working(monday)
    Day.objects.filter(pk=day.pk).update(kind="working")  # changes no changed_at
    assert calendar().is_working(monday)
    Day.objects.filter(pk=day.pk).update(kind="off", date=date(2024, 7, 2))
    assert calendar().is_working(monday)
    assert not calendar().is_working(date(2024, 7, 2))
    Day.objects.all().delete()
    assert calendar().is_working(date(2024, 7, 2))


def test_the_calendar_is_read_once_while_nothing_changes(django_assert_num_queries: object) -> None:
    seed([2020])
    first = calendar()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert calendar() is first


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(IntegrityError):
        Day.objects.create(date=date(2024, 7, 1), kind="half", name="x")


def test_no_day_stands_twice() -> None:
    Day.objects.create(date=date(2024, 7, 1), kind="off", name="x")
    with pytest.raises(IntegrityError):
        Day.objects.create(date=date(2024, 7, 1), kind="working", name="y")
