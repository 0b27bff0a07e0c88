"""The ladder's pages: who may, what is refused, consent before a stage goes, and back to the default."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cchc.followup.domain.ladder import DEFAULT, Rung, kinds, ladders
from cchc.followup.models import Ladder
from tests.factories import Force

pytestmark = pytest.mark.django_db
KIND = "dialogues.item:prepare"
GENERAL = {
    "offset_0": "-3", "to_0": "owner", "offset_1": "-1", "to_1": "owner", "offset_2": "0", "to_2": "owner",
    "offset_3": "1", "to_3": ["owner", "chief"], "offset_4": "3", "to_4": "secretary",
    "offset_5": "5", "to_5": "leader", "offset_6": "10", "to_6": "above", "offset_7": "", "offset_8": "",
}  # fmt: skip


@pytest.fixture
def keeper(force: Force, client: Client) -> Client:
    client.force_login(force.provincial_secretary)
    return client


def test_who_may_see_and_change_it(force: Force, client: Client) -> None:
    for name in ("officer", "unit_chief", "secretary", "leader", "inspector", "provincial_leader"):
        client.force_login(force.people[name])
        assert [client.get(url).status_code for url in ("/reminders/", "/reminders/general/")] == [403, 403]
        assert client.post("/reminders/general/", GENERAL).status_code == 403
    for name in ("administrator", "provincial_secretary"):
        client.force_login(force.people[name])
        assert [client.get(url).status_code for url in ("/reminders/", "/reminders/general/")] == [200, 200]


def test_every_kind_of_work_stands_in_the_list(keeper: Client, django_assert_num_queries: Any) -> None:
    keeper.get("/reminders/")
    with django_assert_num_queries(7):
        page = keeper.get("/reminders/")
    groups = page.context["groups"]
    assert all(str(group.title) for group in groups)
    assert len({group.title for group in groups}) == len(groups)
    lines = [line for group in groups for line in group.lines]
    assert [line.key for line in lines] == list(kinds())
    assert len(page.context["general"].steps) == len(DEFAULT)
    assert {line.key for line in lines if line.own} == {"dialogues.item:confirm"}
    assert keeper.get("/reminders/dialogues.item:nothing/").status_code == 404


def test_a_stage_is_added_and_moved(keeper: Client, force: Force) -> None:
    typed = {**GENERAL, "offset_0": "-5", "offset_7": "20", "to_7": ["leader", "above"], "consent": "1"}
    saved = keeper.post(f"/reminders/{KIND}/", typed)
    assert (saved.status_code, saved.url) == (302, "/reminders/")
    assert ladders()[KIND] == (Rung(-5, ("owner",)), *DEFAULT[1:], Rung(20, ("leader", "above")))
    assert ladders()[""] == DEFAULT
    assert Ladder.objects.get().changed_by == force.provincial_secretary


def test_before_a_stage_goes_it_is_asked(keeper: Client) -> None:
    typed = {**GENERAL, "offset_6": "", "to_6": []}
    asked = keeper.post("/reminders/general/", typed)
    assert (asked.status_code, len(asked.context["removed"])) == (200, 1)
    assert not Ladder.objects.exists()
    page = asked.content.decode()
    assert 'name="consent"' in page and 'name="offset_3" value="1"' in page
    back = keeper.post("/reminders/general/", {**typed, "consent": "1", "back": "1"})
    assert (back.status_code, back.context["form"]["offset_6"].value()) == (200, "")
    assert not Ladder.objects.exists()
    assert keeper.post("/reminders/general/", {**typed, "consent": "1"}).status_code == 302
    assert ladders()[""] == DEFAULT[:-1]


def test_nobody_need_be_reminded_of_a_kind(keeper: Client) -> None:
    nothing = {f"offset_{number}": "" for number in range(9)}
    assert len(keeper.post(f"/reminders/{KIND}/", nothing).context["removed"]) == len(DEFAULT)
    keeper.post(f"/reminders/{KIND}/", {**nothing, "consent": "1"})
    assert ladders()[KIND] == ()


REFUSED = [
    ({"offset_0": "-21"}, "offset_0"),
    ({"offset_6": "61"}, "offset_6"),
    ({"offset_0": "ba"}, "offset_0"),
    ({"offset_1": "-3"}, "__all__"),
    ({"to_4": []}, "__all__"),
    ({"to_0": "leader"}, "__all__"),
    ({"to_8": ["owner"]}, "offset_8"),
    ({"to_0": "everybody"}, "to_0"),
]


@pytest.mark.parametrize(("typed", "where"), REFUSED)
def test_what_is_refused_keeps_what_was_typed(keeper: Client, typed: dict[str, Any], where: str) -> None:
    refused = keeper.post("/reminders/general/", {**GENERAL, **typed})
    assert refused.status_code == 400
    assert set(refused.context["form"].errors) == {where}
    for name, value in typed.items():
        assert refused.context["form"][name].value() in (value, [value])
    assert not Ladder.objects.exists()


def test_back_to_the_default_is_asked_first(keeper: Client) -> None:
    keeper.post(f"/reminders/{KIND}/", {**GENERAL, "offset_0": "-5", "consent": "1"})
    asked = keeper.get(f"/reminders/{KIND}/reset/")
    assert (asked.status_code, len(asked.context["words"])) == (200, len(DEFAULT))
    assert KIND in ladders()
    assert keeper.post(f"/reminders/{KIND}/reset/").status_code == 302
    assert KIND not in ladders()
