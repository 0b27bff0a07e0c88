"""The editor of tasks: rows come, go and move without JavaScript; nothing that was typed is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cchc.web.domain import draft as drafts
from commitments.domain.draft import save_tasks
from commitments.models import Commitment, Task
from tests.commitments.factories import AT, campaign, commitment_at, tasks
from tests.dialogues.directing import directive_at
from tests.dialogues.factories import item_at
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
ROW = {
    "text": "Trả kết quả trước hạn", "measure": "Tỷ lệ hồ sơ", "measure_unit": "%", "direction": "at_least",
    "target": "95,5", "due_on": "2020-11-30", "weight": "60", "item": "", "copied_from": "",
}  # fmt: skip


def typed(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form with these rows, numbered from 1."""
    found: dict[str, Any] = {"rows": [str(number) for number in range(1, len(rows) + 1)], "_do": "save", **more}
    for number, row in enumerate(rows, 1):
        found |= {f"task-{number}-{name}": value for name, value in {**ROW, **row}.items()}
    return found


def address(commitment: Commitment) -> str:
    return reverse("commitment_tasks", args=[commitment.pk])


@pytest.fixture
def draft(force: Force) -> Commitment:
    return campaign(force).commitments.get(unit=force.qlhc)


def shown(response: Any) -> list[Any]:
    return [form["text"].value() for form in response.context["rows"].forms]


# --- Saving -----------------------------------------------------------------------------------------------------------
def test_tasks_are_saved_in_their_order(force: Force, draft: Commitment) -> None:
    client = signed_in(force.unit_chief)
    assert client.get(address(draft)).status_code == 200
    data = typed({"text": "Một"}, {"text": "Hai", "weight": "40"}, seen=draft.moves)
    data["rows"] = ["2", "1"]
    assert client.post(address(draft), data).status_code == 302
    assert [(t.place, t.text, t.target, t.due_on, t.weight) for t in draft.tasks.all()] == [
        (1, "Hai", Decimal("95.5"), date(2020, 11, 30), Decimal(40)),
        (2, "Một", Decimal("95.5"), date(2020, 11, 30), Decimal(60)),
    ]  # fmt: skip


def test_weights_need_not_sum_to_100_yet_and_empty_rows_are_left_out(force: Force, draft: Commitment) -> None:
    empty = dict.fromkeys(ROW, "") | {"direction": "at_least"}
    response = signed_in(force.unit_chief).post(address(draft), typed({"weight": "10"}, empty, seen=draft.moves))
    assert response.status_code == 302
    assert draft.tasks.get().weight == 10


BAD = [
    {"text": ""}, {"text": "x" * 301}, {"measure": ""}, {"measure_unit": "x" * 31}, {"direction": "song"},
    {"target": "-1"}, {"target": "nhiều"}, {"target": "0", "direction": "at_most"}, {"target": "9" * 20},
    {"due_on": "hôm qua"}, {"weight": "0"}, {"weight": "100,5"}, {"weight": "1e400"}, {"item": "x"},
    {"copied_from": "9" * 40}, {"text": "Chữ 🙂 lạ"},
]  # fmt: skip


@pytest.mark.parametrize("changes", BAD)
def test_bad_input_is_refused_and_kept(force: Force, draft: Commitment, changes: dict[str, str]) -> None:
    data = typed({"text": "Việc thứ nhất", **changes}, {"text": "Việc thứ hai"}, seen=draft.moves)
    response = signed_in(force.unit_chief).post(address(draft), data)
    assert response.status_code == 400
    assert "Việc thứ hai" in text_of(response)
    assert not draft.tasks.exists()


def test_more_than_the_most_are_refused(force: Force, draft: Commitment) -> None:
    data = typed(*[{"weight": "1"}] * 31, seen=draft.moves)
    assert signed_in(force.unit_chief).post(address(draft), data).status_code == 400


def test_the_secretary_may_help_and_others_may_not(force: Force, draft: Commitment) -> None:
    data = typed({}, seen=draft.moves)
    for who in (force.officer, force.leader, force.ward_chief, force.stranger):
        assert signed_in(who).get(address(draft)).status_code == 404
        assert signed_in(who).post(address(draft), data).status_code == 404
    assert signed_in(force.secretary).post(address(draft), data).status_code == 302


def test_the_second_editor_sees_both_and_may_insist(force: Force, draft: Commitment) -> None:
    seen = draft.moves
    save_tasks(draft, tasks(100), by=force.secretary, at=AT)
    client = signed_in(force.unit_chief)
    response = client.post(address(draft), typed({"text": "Lời của tôi"}, seen=seen))
    assert response.status_code == 409
    text = text_of(response)
    assert "Lời của tôi" in text and "Nhiệm vụ 1" in text
    assert client.post(address(draft), typed({"text": "Lời của tôi"}, seen=response.context["seen"])).status_code == 302
    assert draft.tasks.get().text == "Lời của tôi"


def test_after_the_signature_the_typed_rows_are_still_shown(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")
    client = signed_in(force.unit_chief)
    assert client.get(address(signed)).status_code == 409
    response = client.post(address(signed), typed({"text": "Lời của tôi"}, seen=signed.moves))
    assert response.status_code == 409
    assert "Lời của tôi" in text_of(response)
    assert signed.tasks.count() == 2


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_a_damaged_counter_is_a_conflict(force: Force, draft: Commitment, seen: str) -> None:
    response = signed_in(force.unit_chief).post(address(draft), typed({}, seen=seen))
    assert response.status_code == 409


# --- Rows -------------------------------------------------------------------------------------------------------------
def test_rows_are_added_moved_and_removed_by_the_server(force: Force, draft: Commitment) -> None:
    client = signed_in(force.unit_chief)
    rows = ({"text": "Một", "target": "chưa rõ"}, {"text": "Hai"}, {"text": "Ba"})

    def do(step: str) -> list[Any]:
        response = client.post(address(draft), typed(*rows, seen=draft.moves, _do=step))
        assert response.status_code == 200
        assert "chưa rõ" in text_of(response) or "remove:1" in step
        return shown(response)

    assert do("add") == ["Một", "Hai", "Ba", ""]
    assert do("up:3") == ["Một", "Ba", "Hai"]
    assert do("up:1") == do("down:3") == do("up:9") == do("sing") == ["Một", "Hai", "Ba"]
    assert do("down:1") == ["Hai", "Một", "Ba"]
    assert do("remove:1") == ["Hai", "Ba"]
    assert not draft.tasks.exists()


def test_what_was_typed_comes_back_from_the_draft(force: Force, draft: Commitment) -> None:
    client = signed_in(force.unit_chief)
    key = f"commitment-{draft.pk}"
    data = {name: value for name, value in typed({"text": "Đang gõ"}, {"text": "dở"}).items() if name != "_do"}
    assert client.post(reverse("draft_save", args=[key]), data).status_code == 200
    assert shown(client.get(address(draft))) == ["Đang gõ", "dở"]
    client.post(address(draft), typed({"text": "Xong"}, seen=draft.moves))
    assert drafts.find(drafts.Owner(person_id=force.unit_chief.pk), key) is None


# --- Taken over -------------------------------------------------------------------------------------------------------
def test_last_years_tasks_are_taken_over_into_this_year(force: Force) -> None:
    last = commitment_at(force, "in_force")
    this = campaign(force, code="CK-2021", year=2021).commitments.get(unit=force.qlhc)
    client = signed_in(force.unit_chief)
    response = client.post(address(this), typed({"text": "Mới"}, seen=this.moves, _do="copy", copy=last.pk))
    assert shown(response) == ["Mới", "Nhiệm vụ 1", "Nhiệm vụ 2"]
    assert response.context["rows"].forms[1]["due_on"].value() == "2021-12-10"
    first = last.tasks.first()
    saved = typed({"copied_from": first.pk, "weight": "100"}, seen=this.moves)
    assert client.post(address(this), saved).status_code == 302
    assert this.tasks.get().copied_from == first


def test_another_units_tasks_are_not_taken(force: Force) -> None:
    opened = campaign(force)
    other = save_tasks(opened.commitments.get(unit=force.ward), tasks(100), by=force.ward_chief, at=AT)
    mine = opened.commitments.get(unit=force.qlhc)
    client = signed_in(force.unit_chief)
    response = client.post(address(mine), typed({}, seen=mine.moves, _do="copy", copy=other.pk))
    assert len(shown(response)) == 1
    saved = typed({"copied_from": other.tasks.get().pk}, seen=mine.moves)
    assert client.post(address(mine), saved).status_code == 302
    assert Task.objects.get(commitment=mine).copied_from is None


def test_a_promise_becomes_a_task(force: Force, draft: Commitment) -> None:
    item = item_at(force, "promised")
    client = signed_in(force.unit_chief)
    assert list(client.get(address(draft)).context["promised"]) == [item]
    response = client.post(address(draft), typed(seen=draft.moves, _do="item", item=item.pk))
    row = response.context["rows"].forms[0]
    assert (row["text"].value(), row["item"].value()) == (item.title, str(item.pk))
    assert date.fromisoformat(row["due_on"].value()) == item.answer.promised_on
    saved = typed({"item": item.pk, "weight": "100"}, seen=draft.moves)
    assert client.post(address(draft), saved).status_code == 302
    assert draft.tasks.get().item == item
    page = text_of(client.get(reverse("commitment_show", args=[draft.pk])))
    assert reverse("item_show", args=[item.pk]) in page


def test_promises_of_other_units_are_not_offered(force: Force) -> None:
    item_at(force, "promised")
    ward = campaign(force).commitments.get(unit=force.ward)
    assert signed_in(force.ward_chief).get(address(ward)).context["promised"] == []


# --- From a directive -------------------------------------------------------------------------------------------------
def test_a_directive_is_taken_into_the_tasks_and_both_pages_show_it(force: Force, draft: Commitment) -> None:
    told = directive_at(force, "in_progress", title="Niêm yết thủ tục tại 12 điểm")
    other = directive_at(force, "in_progress", lead=force.ward)
    client = signed_in(force.unit_chief)
    page = client.get(address(draft))
    assert page.context["told"] == [told]
    chosen = {**typed(seen=draft.moves), "_do": "directive", "directive": str(told.pk)}
    (row,) = client.post(address(draft), chosen).context["rows"].forms
    assert (row["text"].value(), row["due_on"].value()) == (told.title, told.due_on.isoformat())
    rows = (
        {"text": told.title, "directive": str(told.pk)},
        {"text": "Khác", "weight": "40", "directive": str(other.pk)},
    )
    assert client.post(address(draft), typed(*rows, seen=draft.moves)).status_code == 302
    assert [task.directive for task in draft.tasks.all()] == [told, None]  # another unit's is not taken
    shown_at = reverse("directive_show", args=[told.pk])
    assert f'href="{shown_at}"' in text_of(client.get(reverse("commitment_show", args=[draft.pk])))
    (panel,) = client.get(shown_at).context["panels"]
    assert [row.url for row in panel.rows] == [reverse("commitment_show", args=[draft.pk])]
    assert signed_in(force.ward_officer).get(shown_at).context["panels"] == []
