"""Good practices: written, reviewed, published, taken over, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cchc.workflow.engine import NotAllowed, Refused
from cchc.workflow.models import Event, Obligation
from dialogues.domain import practice as practices
from dialogues.domain.practice import Measured
from dialogues.enums import PracticeState
from dialogues.models import Adoption, Field, Practice, Topic
from tests.dialogues.factories import taxonomy
from tests.dialogues.pages import signed_in, text_of
from tests.dialogues.results import AT, NOTED, practice_at, step
from tests.dialogues.test_item_offers import agrees_with, rows
from tests.factories import Force

DAY = date(2020, 1, 3)


def show(practice: Practice) -> str:
    return reverse("practice_show", args=[practice.pk])


# --- Buttons and moves ------------------------------------------------------------------------------------------------
def test_buttons_of_a_practice(force: Force) -> None:
    lines = [line for state in PracticeState.values for line in rows(state, practice_at(force, state), force)]
    agrees_with("practice_offers.txt", lines)


@pytest.mark.parametrize(
    ("state", "action", "target"),
    [
        ("draft", "propose", "proposed"), ("proposed", "withdraw", "draft"), ("proposed", "publish", "published"),
        ("proposed", "send_back", "returned"), ("proposed", "reject", "rejected"), ("returned", "propose", "proposed"),
        ("rejected", "reconsider", "proposed"), ("published", "retire", "retired"), ("retired", "resume", "published"),
    ],
)  # fmt: skip
def test_every_move_by_its_page(force: Force, state: str, action: str, target: str) -> None:
    practice = practice_at(force, state)
    client = signed_in(force.unit_chief if action in ("propose", "withdraw") else force.secretary)
    address = reverse("practice_move", args=[practice.pk, action])
    assert f'href="{address}"' in text_of(client.get(show(practice)))
    assert client.get(address).status_code == 200
    if action in NOTED:
        assert client.post(address, {"seen": practice.moves, "note": " "}).status_code == 400
    typed = {"seen": practice.moves, "note": "Lý do", "recognized_on": "2020-01-07", "document": "15/QĐ-CATX"}
    assert client.post(address, typed).status_code == 302
    practice.refresh_from_db()
    assert practice.state == target
    if action == "publish":
        assert (practice.recognized_on, practice.document) == (date(2020, 1, 7), "15/QĐ-CATX")


def test_whose_turn_it_is(force: Force) -> None:
    practice = practice_at(force, "proposed")
    owed = Obligation.objects.open().get(subject_id=str(practice.pk))
    assert (owed.kind, owed.role, owed.unit) == ("review_practice", "secretary", force.town)
    assert show(practice) in text_of(signed_in(force.secretary).get(reverse("home")))
    practice = step(practice, "send_back", force)
    owed = Obligation.objects.open().get(subject_id=str(practice.pk))
    assert (owed.kind, owed.role, owed.unit) == ("complete_practice", "unit_chief", force.qlhc)
    assert show(practice) in text_of(signed_in(force.unit_chief).get(reverse("home")))
    step(step(practice, "propose", force), "publish", force)
    assert not Obligation.objects.open().filter(subject_id=str(practice.pk)).exists()


def test_where_no_secretary_sits_the_command_above_reviews(force: Force) -> None:
    assert practices.reviewing(force.qlhc, DAY) == force.town
    assert practices.reviewing(force.ward, DAY) == force.town  # a command of its own, without a secretary
    assert practices.reviewing(force.next_team, DAY) == force.province
    assert practices.reviewing(force.pv01, DAY) == force.province


# --- Writing ----------------------------------------------------------------------------------------------------------
def typed(force: Force, **changes: Any) -> dict[str, Any]:
    taxonomy()
    return {
        "name": "Trả kết quả tại thôn", "unit": force.qlhc.code,
        "topic": Topic.objects.get(set__code="30c", code="tthc").pk,
        "field": Field.objects.get(code="tiep_dan").pk, "started_on": "2018-08-10", "problem": "Ít người lên trụ sở",
        "method": "Mỗi tháng hai phiên", "m1_name": "Số kết quả tồn", "m1_measure_unit": "kết quả", "m1_before": "186",
        "m1_after": "21,5", **changes,
    }  # fmt: skip


def test_written_by_an_officer_for_his_unit(force: Force) -> None:
    client = signed_in(force.officer)
    assert client.get(reverse("practice_create")).status_code == 200
    assert client.post(reverse("practice_create"), typed(force)).status_code == 302
    made = Practice.objects.get()
    measure = made.measures.get()
    assert (made.unit, made.host, made.state) == (force.qlhc, force.town, "draft")
    assert (measure.before, measure.after) == (Decimal(186), Decimal("21.5"))
    edit = reverse("practice_edit", args=[made.pk])
    assert client.get(edit).context["form"].initial["m1_name"] == "Số kết quả tồn"
    assert client.post(edit, typed(force, name="Tên khác", m1_name="", m1_before="", m1_after="", m1_measure_unit="",
                                   seen=made.moves)).status_code == 302  # fmt: skip
    assert not made.measures.exists()
    stale = client.post(edit, typed(force, name="Cũ", seen=made.moves))
    assert stale.status_code == 409
    assert "Cũ" in text_of(stale)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"unit": "CATX2"}, {"topic": "0"}, {"started_on": "0018-01-01"}, {"m1_after": ""},
        {"m2_before": "5"}, {"m1_before": "x"}, {"method": ""},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_nothing_lost(force: Force, wrong: dict[str, Any]) -> None:
    page = signed_in(force.officer).post(reverse("practice_create"), typed(force, **wrong))
    assert page.status_code == 400
    assert "Ít người lên trụ sở" in text_of(page)
    assert not Practice.objects.exists()


@pytest.mark.parametrize("state", ["proposed", "published", "rejected", "retired"])
def test_what_is_under_review_stays_as_it_is(force: Force, state: str) -> None:
    practice = practice_at(force, state)
    with pytest.raises(Refused):
        practices.change(practice, by=force.unit_chief, at=AT, name="Khác")
    edit = reverse("practice_edit", args=[practice.pk])
    assert signed_in(force.unit_chief).get(edit).status_code == 302


# --- Taking over ------------------------------------------------------------------------------------------------------
def test_another_units_chief_takes_it_over_and_gives_it_up(force: Force) -> None:
    practice, client = practice_at(force), signed_in(force.ward_chief)
    address = reverse("practice_adopt", args=[practice.pk])
    assert f'href="{address}"' in text_of(client.get(show(practice)))
    assert client.get(address).context["form"].initial["unit"] == force.ward.pk
    assert client.post(address, {"unit": force.ward.code}).status_code == 400  # neither day
    planned = {"unit": force.ward.code, "due_on": "2020-03-31", "note": "Chờ mẫu phiếu"}
    assert client.post(address, planned).status_code == 302
    assert client.get(show(practice)).context["adopted"] == 0
    assert client.post(address, {"unit": force.ward.code, "adopted_on": "2020-01-03"}).status_code == 302
    assert client.post(address, {"unit": force.ward.code, "adopted_on": "2020-01-03"}).status_code == 409
    assert client.get(show(practice)).context["adopted"] == 1
    adoption = Adoption.objects.get()
    assert (adoption.unit, adoption.adopted_on, adoption.due_on, adoption.note) == (
        force.ward, DAY, date(2020, 3, 31), "Chờ mẫu phiếu",
    )  # fmt: skip
    end = reverse("practice_end", args=[practice.pk, adoption.pk])
    assert client.post(end, {"on": "2020-01-02", "note": "Đổi mẫu"}).status_code == 409  # before it began
    assert client.post(end, {"on": "2020-01-09", "note": ""}).status_code == 400
    assert client.post(end, {"on": "2020-01-09", "note": "Đổi mẫu"}).status_code == 302
    assert client.post(end, {"on": "2020-01-09", "note": "Đổi mẫu"}).status_code == 409
    assert client.get(show(practice)).context["adopted"] == 0
    actions = Event.objects.of(practice).order_by("seq").values_list("action", flat=True)
    assert list(actions)[-3:] == ["plan_adoption", "adopt", "end_adoption"]
    assert client.post(address, {"unit": force.ward.code, "adopted_on": "2020-01-10"}).status_code == 302  # again


def test_who_may_not_take_it_over(force: Force) -> None:
    practice = practice_at(force)
    for by, unit, problem in (
        (force.officer, force.qlhc, NotAllowed), (force.ward_chief, force.qlhc, NotAllowed),
        (force.ward_chief, force.town, NotAllowed), (force.unit_chief, force.qlhc, Refused),
    ):  # fmt: skip
        with pytest.raises(problem):
            practices.adopt(practice, unit, by=by, at=AT, adopted_on=DAY)
    with pytest.raises(Refused):
        practices.adopt(practice, force.ward, by=force.ward_chief, at=AT, adopted_on=AT.date() + timedelta(days=1))
    with pytest.raises(Refused):
        practices.adopt(practice_at(force, "retired"), force.ward, by=force.ward_chief, at=AT, adopted_on=DAY)
    assert signed_in(force.officer).get(reverse("practice_adopt", args=[practice.pk])).status_code == 404
    made = practices.adopt(practice, force.ward, by=force.ward_chief, at=AT, adopted_on=DAY)
    end = reverse("practice_end", args=[practice.pk, made.pk])
    assert signed_in(force.unit_chief).get(end).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"adopted_on": None, "due_on": None}, {"ended_on": DAY, "end_note": ""}, {"ended_on": date(2019, 1, 1)}],
)
def test_the_database_refuses_what_cannot_be(force: Force, fields: dict[str, Any]) -> None:
    made = practices.adopt(practice_at(force), force.ward, by=force.ward_chief, at=AT, adopted_on=DAY)
    fields = {"end_note": "x" if "ended_on" in fields else "", **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=made.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(practice=made.practice, unit=made.unit, due_on=DAY)


# --- Who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "draft", "proposed", "published"),
    [
        ("officer", 200, 200, 200), ("secretary", 200, 200, 200), ("leader", 404, 404, 200),
        ("ward_chief", 404, 404, 200), ("stranger", 404, 404, 200), ("provincial_secretary", 200, 200, 200),
        ("administrator", 404, 404, 404),
    ],
)  # fmt: skip
def test_who_sees_a_practice(force: Force, who: str, draft: int, proposed: int, published: int) -> None:
    client = signed_in(getattr(force, who))
    found = [client.get(show(practice_at(force, state))).status_code for state in ("draft", "proposed", "published")]
    assert found == [draft, proposed, published]


def test_the_list_is_filtered_and_counts_who_uses_it(force: Force) -> None:
    one = practice_at(force, measures=[Measured("Số lần đến", Decimal("2.4"), Decimal("1.3"), "lần")])
    other = practice_at(force, "proposed", name="Sổ tay điện tử", unit=force.qlhc)
    practices.adopt(one, force.ward, by=force.ward_chief, at=AT, adopted_on=DAY)
    practices.adopt(one, force.th, by=force.secretary, at=AT, due_on=DAY)
    client = signed_in(force.secretary)

    def found(**chosen: Any) -> list[tuple[str, int]]:
        lines = client.get(reverse("practice_list"), chosen).context["lines"]
        return sorted((line.practice.name, line.adopted) for line in lines)

    assert found() == [(one.name, 1), (other.name, 0)]
    assert found(q="so tay") == found(state="proposed") == [(other.name, 0)]
    assert found(topic=one.topic_id, unit="QLHC", q="lan den") == [(one.name, 1)]
    assert found(field=1) == []
    assert len(found(topic="x", state="?")) == 2
    assert "2,4" in text_of(client.get(show(one)))


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    made = [practice_at(force) for _each in range(number)]
    for unit in (force.ward, force.th)[:number]:
        practices.adopt(made[0], unit, by=force.secretary, at=AT, adopted_on=DAY)
    client = signed_in(force.secretary)
    for address, most in ((reverse("practice_list"), 8), (show(made[0]), 10)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
