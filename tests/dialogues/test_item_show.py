"""The page of one item, as each reader sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cchc.workflow.engine import perform
from dialogues.domain.answer import rate
from dialogues.domain.reader import reader_of
from dialogues.enums import Identity, ItemState
from dialogues.models import Item
from tests.dialogues.factories import ANSWERED, conference_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db

DRAFTED = "Đề xuất bỏ đối chiếu với hồ sơ đã có dữ liệu."
GIVEN = "Đồng ý với đề xuất của đơn vị"


def page(client: Client, person: Any, item: Item) -> str:
    client.force_login(person)
    answer = client.get(f"/items/{item.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_state_has_a_page_for_those_who_see_it(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    for state in ItemState.values:
        item = item_at(force, state, conference=conference)
        for role in (
            "officer",
            "unit_chief",
            "secretary",
            "leader",
            "provincial_secretary",
            "stranger",
            "administrator",
        ):
            client.force_login(person := getattr(force, role))
            seen = Item.objects.visible_to(person).filter(pk=item.pk).exists()
            answer = client.get(f"/items/{item.pk}/")
            assert answer.status_code == (200 if seen else 404), (state, role)
            if not seen:
                assert item.title not in answer.content.decode()


def test_who_may_not_see_it_gets_what_does_not_exist(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    for person in (force.stranger, force.administrator, force.next_leader):
        client.force_login(person)
        found = client.get(f"/items/{item.pk}/")
        missing = client.get("/items/00000000-0000-4000-8000-000000000000/")
        assert (found.status_code, found.content) == (404, missing.content)


def test_the_draft_is_for_those_at_work_and_the_answer_for_all(client: Client, force: Force) -> None:
    item = item_at(force, "answered", conference=conference_at(force, "in_session"))
    for person in (force.unit_chief, force.secretary, force.leader, force.ward_chief):  # the ward coordinates
        assert DRAFTED in page(client, person, item)
        assert GIVEN in page(client, person, item)
    asker = page(client, force.officer, item)
    assert DRAFTED not in asker
    assert GIVEN not in asker
    move(item, "publish", force)
    for person in (force.officer, force.ward_officer):
        text = page(client, person, item)
        assert GIVEN in text
        assert DRAFTED not in text


def test_who_asked_is_told_to_those_who_work_on_it_alone(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    name = force.officer.full_name
    for person in (force.unit_chief, force.secretary, force.leader):
        assert name in page(client, person, item)
    others = page(client, force.ward_officer, item)
    assert name not in others
    assert force.secretary.full_name not in others  # a title, not a name
    assert force.leader.positions.get().title in others


def test_without_a_name_nobody_reads_one_nor_the_hour(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    item = item_at(force, "assigned", conference=conference, identity=Identity.ANONYMOUS, author=None, unit=None)
    for person in (force.unit_chief, force.secretary, force.leader):
        text = page(client, person, item)
        assert force.officer.full_name not in text
        assert "18/12/2019, 00:00" not in text


def test_the_bar_offers_what_the_flow_offers(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force, "in_session"))
    text = page(client, force.leader, item)
    assert 'form="answer-form"' in text  # the form stands on the page
    assert f"/items/{item.pk}/do/escalate/" in text
    assert f"/items/{item.pk}/do/send_back/" in text
    assert "do/publish" not in text
    assert "/do/" not in page(client, force.secretary, item)


def test_a_refused_step_says_why_on_the_page(client: Client, force: Force) -> None:
    item = item_at(force, "accepted", conference=conference_at(force))
    client.force_login(force.secretary)
    answer = client.get(f"/items/{item.pk}/")
    refused = {offer.action: str(offer.reason) for offer in answer.context["offers"] if offer.reason}
    assert refused["take_to_floor"] in answer.content.decode()
    assert 'aria-describedby="why-take_to_floor"' in answer.content.decode()


def test_duplicates_stand_with_their_lead_and_point_to_it(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    duplicate = item_at(force, "merged", conference=conference, by=force.ward_officer, unit=force.ward)
    lead = duplicate.merged_into
    assert lead is not None
    text = page(client, force.secretary, lead)
    assert duplicate.title in text
    assert f"/items/{duplicate.pk}/" in text
    assert f"/items/{lead.pk}/" in page(client, force.ward_officer, duplicate)


def test_a_promise_tells_both_its_days_and_how_its_date_was_counted(client: Client, force: Force) -> None:
    item = item_at(force, "promised", conference=conference_at(force, "in_session"))
    first = item.answer.promised_on
    later = first + timedelta(days=60)
    perform(item, "extend", by=force.leader, at=ANSWERED, note="Chờ kinh phí.", to=later)
    client.force_login(force.officer)
    answer = client.get(f"/items/{item.pk}/")
    counted = answer.context["counted"]
    text = answer.content.decode()
    assert counted.obligation.first_due_on <= counted.obligation.due_on
    assert [extension.reason for extension in counted.extensions] == ["Chờ kinh phí."]
    assert "Chờ kinh phí." in text
    assert f"{first:%d/%m/%Y}" in text
    assert f"{later:%d/%m/%Y}" in text


def test_earlier_rounds_stay(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    item = move(move(item, "contest", force), "prepare", force, text="Dự thảo lần hai.")
    item = move(item, "answer", force, text="Trả lời lần hai.")
    text = page(client, force.secretary, item)
    assert GIVEN in text
    assert "Trả lời lần hai." in text
    asker = page(client, force.officer, item)
    assert GIVEN in asker
    assert "Trả lời lần hai." not in asker
    assert "Dự thảo lần hai." not in asker


def test_what_the_leader_changed_is_marked_for_those_inside(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force, "in_session"))
    item = move(item, "answer", force, text="Đề xuất <b>giữ</b> đối chiếu với hồ sơ đã có dữ liệu.")
    client.force_login(force.leader)
    assert "?compare=1" in client.get(f"/items/{item.pk}/").content.decode()
    text = client.get(f"/items/{item.pk}/?compare=1").content.decode()
    assert "<del>bỏ </del>" in text
    assert "<ins>&lt;b&gt;giữ&lt;/b&gt; </ins>" in text
    move(item, "publish", force)
    client.force_login(force.officer)
    assert "<del>" not in client.get(f"/items/{item.pk}/?compare=1").content.decode()


def test_those_inside_may_look_at_the_public_history(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    client.force_login(force.secretary)
    full, public = (client.get(f"/items/{item.pk}/{query}").context["timeline"] for query in ("", "?public=1"))
    assert len(public) < len(full)
    assert force.unit_chief.full_name not in {line.actor for line in public}


def test_what_askers_say_of_the_answer_names_nobody(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    rate(item.answer, asked=item, stars=4, on_topic=True, comment="Đúng điều tôi hỏi.", on=timezone.localdate())
    assert "Đúng điều tôi hỏi." in page(client, force.leader, item)
    assert f"/items/{item.pk}/rate/" in page(client, force.officer, item)
    assert "/rate/" not in page(client, force.ward_officer, item)


def test_a_rating_that_is_refused_keeps_what_was_typed(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    client.force_login(force.officer)
    answer = client.post(f"/items/{item.pk}/rate/", {"on_topic": "yes", "comment": "Cần ghi rõ thời hạn."})
    assert (answer.status_code, set(answer.context["may_rate"].errors)) == (400, {"stars"})
    assert 'href="#id_stars"' in answer.content.decode()
    assert "Cần ghi rõ thời hạn." in answer.content.decode()
    whole = {"stars": "4", "on_topic": "yes", "comment": "Cần ghi rõ thời hạn."}
    assert client.post(f"/items/{item.pk}/rate/", whole).status_code == 302


def test_asked_before_is_found_at_an_earlier_conference(client: Client, force: Force) -> None:
    words = "Hồ sơ xác nhận cư trú nộp trực tuyến vẫn phải mang bản giấy khai sinh đến đối chiếu, vì sao?"
    before = item_at(force, "published", conference=conference_at(force, "in_session"), text=words)
    now = item_at(
        force, "submitted", conference=conference_at(force, "in_session"), text=words.replace("vì sao", "bao giờ bỏ")
    )
    client.force_login(force.secretary)
    assert f"/items/{now.pk}/earlier/" in client.get(f"/items/{now.pk}/").content.decode()
    part = client.get(f"/items/{now.pk}/earlier/").content.decode()
    assert f"/items/{before.pk}/" in part
    assert f"/items/{now.pk}/" not in part


def test_support_is_given_once_and_taken_back(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    client.force_login(force.ward_officer)
    address = f"/items/{item.pk}/support/"
    assert client.post(address, {"next": "/items/?pill=all"}).url == "/items/?pill=all"
    assert item.supports.count() == 1
    assert client.get(f"/items/{item.pk}/").context["item"].starred
    assert client.post(address, {"next": "https://evil.example/"}).url == f"/items/{item.pk}/"
    assert item.supports.count() == 0
    assert client.get(address).status_code == 405
    client.force_login(force.stranger)
    assert client.post(address).status_code == 404


def test_a_reader_is_inside_by_his_post_alone(force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    inside = {name for name, person in force.people.items() if reader_of(item, person).inside}
    assert inside == {"unit_chief", "ward_chief", "secretary", "leader", "deputy", "idle_deputy"}
    assert {name for name, person in force.people.items() if reader_of(item, person).asker} == {"officer"}


@pytest.mark.parametrize(("role", "state", "queries"), [
    ("leader", "prepared", 12), ("secretary", "closed", 11), ("ward_officer", "published", 12),
    ("officer", "published", 12),
])  # fmt: skip
def test_the_page_costs_the_same_whatever_happened_to_it(
    client: Client, force: Force, django_assert_max_num_queries: Any, role: str, state: str, queries: int
) -> None:
    item = item_at(force, state, conference=conference_at(force, "in_session"))
    client.force_login(getattr(force, role))
    address = f"/items/{item.pk}/"
    client.get(address)
    with django_assert_max_num_queries(queries) as before:
        client.get(address)
    for _each in range(2):  # twice more in its history
        if state == "prepared":
            item = move(move(item, "send_back", force), "prepare", force)
        elif state == "closed":
            item = move(item, "reopen", force)
            for action in ("assign", "prepare", "answer", "publish", "confirm"):
                item = move(item, action, force)
    with django_assert_max_num_queries(queries) as after:
        client.get(address)
    assert len(after) == len(before)
