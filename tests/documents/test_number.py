"""The register of numbers: from 01 each year, each once, by whomever and at whatever moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cchc.documents.domain.register import LETTERS, mark_of, next_number, take_number
from cchc.documents.models import Document, Register
from cchc.documents.printing import issue
from cchc.workflow.engine import Refused
from tests.dialogues.factories import MET, conference_at
from tests.documents.issuing import DAY, draft, issued
from tests.factories import Force


@pytest.mark.parametrize(
    ("number", "series", "symbol", "drafter", "written"),
    [
        (3, "TB", "CATX", "TH", "03/TB-CATX-TH"),
        (12, "BB", "CATX", "", "12/BB-CATX"),
        (112, LETTERS, "CATX", "TH", "112/CATX-TH"),
        (9, LETTERS, "CATX", "", "09/CATX"),
        (None, "TB", "CATX", "TH", "…/TB-CATX-TH"),
        (None, "", "CATX", "TH", ""),
    ],
)
def test_how_a_number_is_written(number: int | None, series: str, symbol: str, drafter: str, written: str) -> None:
    assert mark_of(number, series, symbol, drafter) == written


def test_numbers_follow_one_another_in_each_unit_year_and_series(force: Force) -> None:
    with transaction.atomic():
        taken = [take_number(force.town, 2020, "TB") for _each in range(3)]
        assert taken == [1, 2, 3]
        assert take_number(force.town, 2020, "BB") == take_number(force.town, 2021, "TB") == 1
        assert take_number(force.province, 2020, "TB") == 1
    assert next_number(force.town, 2020, "TB") == 4 and next_number(force.ward, 2020, "TB") == 1


def test_a_number_may_be_typed_and_is_given_once(force: Force) -> None:
    conference = conference_at(force)
    first = issued(force, conference=conference, number=37)
    assert first.mark == "37/GM-CATX" and next_number(force.town, 2020, "GM") == 38
    with pytest.raises(Refused, match="38"):
        issued(force, conference=conference, number=37)
    assert issued(force, conference=conference, number=5).number == 5  # one that was left out before
    assert issued(force, conference=conference).number == 38


def test_the_first_of_january_begins_anew(force: Force) -> None:
    conference = conference_at(force)
    later = datetime(2021, 1, 4, 8, 0, tzinfo=timezone.get_default_timezone())
    assert [issued(force, conference=conference).mark for _each in range(2)] == ["01/GM-CATX", "02/GM-CATX"]
    assert issued(force, conference=conference, at=later, day=date(2021, 1, 4)).mark == "01/GM-CATX"
    # A paper of the old year that is entered late stands in the register of its own day.
    assert issued(force, conference=conference, at=later, day=date(2020, 12, 31)).mark == "03/GM-CATX"


@pytest.mark.django_db(transaction=True)
def test_at_once_never_the_same_number(force: Force) -> None:
    """Fifty pairs reach for the next number at the same moment; each pair gets two, one after the other."""
    together = Barrier(2)

    def take(year: int) -> int:
        together.wait(20)
        with transaction.atomic():
            return take_number(force.town, year, "TB")

    def work() -> list[int]:
        try:
            return [take(year) for year in range(2001, 2051)]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = (each.result(60) for each in [pool.submit(work), pool.submit(work)])
    assert all({first, second} == {1, 2} for first, second in zip(one, other, strict=True))
    assert list(Register.objects.values_list("last", flat=True)) == [2] * 50


@pytest.mark.django_db(transaction=True)
def test_two_papers_issued_at_once(force: Force) -> None:
    conference = conference_at(force)
    drafts = [draft(force, conference=conference) for _each in range(6)]
    together = Barrier(2)

    def work(own: list[Document]) -> None:
        try:
            for each in own:
                together.wait(20)
                issue(each, by=force.leader, at=MET, day=DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(work, drafts[:3]), pool.submit(work, drafts[3:])]:
            each.result(60)
    assert sorted(Document.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
