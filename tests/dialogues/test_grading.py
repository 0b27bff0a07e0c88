"""Gradings by others: once for each unit, year and group; drawn and listed; corrected with what stood there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cchc.web.charts import Place, ranks
from cchc.workflow.engine import NotAllowed, Refused
from cchc.workflow.models import Event
from dialogues.domain import grading as gradings
from dialogues.models import Grading
from tests.dialogues.pages import signed_in, text_of
from tests.dialogues.results import AT
from tests.factories import Force

PEERS = "Các cơ quan Trung ương đóng trên địa bàn tỉnh"


def graded(force: Force, **fields: Any) -> Grading:
    fields = {"unit": force.town, "year": 2018, "group": PEERS, "grade": "Tốt", "rank": 1, "group_size": 5, **fields}
    return gradings.register(by=force.secretary, at=AT, **fields)


def typed(force: Force, **changes: Any) -> dict[str, Any]:
    return {"unit": force.town.code, "year": "2019", "group": PEERS, "grade": "Tốt", "rank": "2", "group_size": "5",
            "wording": "vị trí 2/5", "document": "Quyết định 12/QĐ-UBND", **changes}  # fmt: skip


def test_registered_drawn_and_corrected(force: Force) -> None:
    client = signed_in(force.secretary)
    assert client.get(reverse("grading_create"), {"unit": force.town.code}).status_code == 200
    graded(force, year=2017, rank=3, wording="vị thứ 3/5")
    assert client.post(reverse("grading_create"), typed(force)).status_code == 302
    page = client.get(reverse("grading_unit", args=[force.town.code]))
    (history,) = page.context["histories"]
    assert [row.place for row in history.rows] == ["3/5", "2/5"]
    assert "2017" in history.chart
    assert "vị thứ 3/5" in text_of(page)
    made = Grading.objects.get(year=2019)
    edit = reverse("grading_edit", args=[made.pk])
    assert client.post(edit, typed(force, rank="1")).status_code == 302
    event = Event.objects.of(made).newest_first()[0]
    assert (event.action, event.data["before"]) == ("edit", {"rank": "2"})
    assert client.get(reverse("grading_unit", args=[force.ward.code])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"rank": "6"},
        {"rank": ""},
        {"group_size": ""},
        {"year": "1812"},
        {"grade": ""},
        {"unit": "CATX2"},
        {"year": "2018"},
    ],
)
def test_what_cannot_be_is_refused_with_nothing_lost(force: Force, wrong: dict[str, Any]) -> None:
    graded(force)
    page = signed_in(force.secretary).post(reverse("grading_create"), typed(force, **wrong))
    assert page.status_code == 400
    assert "12/QĐ-UBND" in text_of(page)
    assert Grading.objects.count() == 1


def test_a_grade_without_a_rank_is_possible(force: Force) -> None:
    assert graded(force, rank=None, group_size=None).place == ""
    page = signed_in(force.officer).get(reverse("grading_unit", args=[force.town.code]))
    assert page.context["histories"][0].chart == ""


def test_who_registers(force: Force) -> None:
    with pytest.raises(NotAllowed):
        gradings.register(by=force.officer, at=AT, unit=force.town, year=2018, group=PEERS, grade="Tốt")
    with pytest.raises(NotAllowed):
        gradings.register(by=force.secretary, at=AT, unit=force.province, year=2018, group=PEERS, grade="Tốt")
    made = gradings.register(
        by=force.provincial_secretary, at=AT, unit=force.next_town, year=2018, group=PEERS, grade="Khá"
    )
    with pytest.raises(NotAllowed):
        gradings.change(made, by=force.secretary, at=AT, grade="Tốt")
    with pytest.raises(NotAllowed):  # nor by moving one's own to another unit
        gradings.change(graded(force), by=force.secretary, at=AT, unit=force.next_town)
    assert signed_in(force.leader).get(reverse("grading_create")).status_code == 404
    assert signed_in(force.secretary).get(reverse("grading_edit", args=[made.pk])).status_code == 404
    assert signed_in(force.stranger).get(reverse("grading_unit", args=[force.town.code])).status_code == 404


def test_once_for_each_unit_year_and_group(force: Force) -> None:
    made = graded(force)
    with pytest.raises(Refused):
        graded(force)
    graded(force, group="Công an các huyện, thành, thị")
    for fields in ({"rank": 6}, {"rank": 0}, {"group_size": None}, {"year": 1812}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grading.objects.filter(pk=made.pk).update(**fields)


def test_the_first_rank_stands_on_top() -> None:
    drawn = ranks([Place("2017", 3, 5), Place("2018", 1, 5)], "2017: 3/5; <2018>")
    assert 'points="36.0,74.0 444.0,26.0"' in drawn
    assert "&lt;2018&gt;" in drawn
    assert 'cx="240.0"' in ranks([Place("2018", 1, 1)], "")


def test_the_list_is_filtered(force: Force) -> None:
    graded(force)
    graded(force, year=2017, grade="Khá")
    client = signed_in(force.officer)

    def found(**chosen: Any) -> list[int]:
        return [row.year for row in client.get(reverse("grading_list"), chosen).context["page"]]

    assert found() == [2018, 2017]
    assert found(q="kha") == found(year=2017) == [2017]
    assert found(q="khong co") == []
    assert len(found(year="x")) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    for year in range(number):
        graded(force, year=2015 + year)
    client = signed_in(force.secretary)
    for address, most in ((reverse("grading_list"), 6), (reverse("grading_unit", args=[force.town.code]), 7)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
