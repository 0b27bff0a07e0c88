"""The table of exceptional days: seeding it year by year."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import holidays
from django.utils.translation import gettext as _
from django.utils.translation import override

from cchc.workdays.models import Day

FIRST_SEEDED_YEAR = 2018
# The Government announces the days of the next year toward the end of this one; from this month on one is warned.
WARN_FROM = 11
# Swapped days with their papers, as the Government announced them; the holidays package misses some (02/01/2026).
_SWAPPED = Path(__file__).resolve().parent.parent / "data" / "swapped_days.csv"


def seeded_years(today: date) -> range:
    """The years that a new installation knows: from the first one of the register to two years ahead."""
    return range(FIRST_SEEDED_YEAR, today.year + 3)


def seed(years: Iterable[int]) -> int:
    """Add the public holidays and swapped days of `years` that the table does not have; return how many were added.

    A date that stands in the table is left as it is, so a person's change survives every later seeding.
    """
    return len(Day.objects.bulk_create(missing(years), ignore_conflicts=True))


def missing(years: Iterable[int]) -> list[Day]:
    """The public holidays and swapped days of `years` that do not stand in the table, unsaved."""
    known = set(Day.objects.values_list("date", flat=True))
    with override("vi"):  # the names are stored, in the language of the papers
        official = _official_days(frozenset(years))
    return [day for day in official if day.date not in known]


def next_year_is_empty(today: date) -> bool:
    """Whether it is time to enter the next year's days, from WARN_FROM on, and none stands in the table."""
    return today.month >= WARN_FROM and not Day.objects.standing().of_year(today.year + 1).exists()


def _official_days(years: frozenset[int]) -> list[Day]:
    national = holidays.country_holidays("VN", years=years, language="vi")
    days = {day: Day(date=day, kind=Day.Kind.OFF, name=name, source=_law(day)) for day, name in national.items()}
    for day in national.weekend_workdays:
        days[day] = Day(date=day, kind=Day.Kind.WORKING, name=_("Make-up working day"))
    with _SWAPPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            days[day] = Day(date=day, kind=row["kind"], name=row["name"], source=row["source"])
    return [days[day] for day in sorted(days) if day.year in years]


def _law(day: date) -> str:
    return _("Labor Code 2019, Article 112") if day.year >= 2021 else _("Labor Code 2012, Article 115")
