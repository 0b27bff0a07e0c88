"""Asking by a conference's link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dialogues.domain import intake
from dialogues.enums import Audience
from dialogues.models import Conference, Item
from tests.dialogues.asking import TEXT, code_on, one_window, open_now, typed_by_guest
from tests.factories import Force


# --- guests ---
def test_the_link_becomes_a_cookie_and_writes_nothing(client: Client, conference: Conference) -> None:
    with connection.execute_wrapper(only_reads):
        answer = client.get(reverse("guest_enter", args=[conference.guest_key]))
    assert answer.headers["Location"] == reverse("guest_ask")
    cookie = client.cookies["cchc_guest"]
    assert cookie["httponly"]
    assert conference.guest_key not in cookie.value
    with connection.execute_wrapper(only_reads):
        assert client.get(reverse("guest_ask")).status_code == 200


def only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")), sql
    return execute(sql, params, many, context)


def test_a_wrong_link_is_not_there(client: Client, force: Force) -> None:
    draft = open_now(force, "draft")
    for key in ("sai", "a" * 22, draft.guest_key):
        assert client.get(reverse("guest_enter", args=[key])).status_code == 404
    assert client.get("/g/%00/").status_code == 404
    assert client.get(reverse("guest_ask")).headers["Location"] == reverse("guest_conferences")


def test_a_new_link_makes_the_old_cookie_void(guest: Client, conference: Conference) -> None:
    assert guest.get(reverse("guest_ask")).status_code == 200
    Conference.objects.update(guest_key="moi" * 8)
    assert guest.get(reverse("guest_ask")).status_code == 302
    answer = guest.post(reverse("guest_ask"), typed_by_guest())
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()


FORGED = ["", "x", "x:y:z", signing.dumps({"a": 1}), signing.dumps({"conference": "1"}, salt="dialogues.other")]


@pytest.mark.parametrize("value", FORGED, ids=["nothing", "a letter", "nonsense", "unsalted", "another salt"])
def test_a_forged_cookie_is_none(client: Client, conference: Conference, value: str) -> None:
    client.cookies["cchc_guest"] = value
    assert client.get(reverse("guest_ask")).status_code == 302


def test_a_named_guest(guest: Client, conference: Conference) -> None:
    fields = typed_by_guest(asker_contact="0912 345 678", locality="Phường Hòa Bình", audience="businesses")
    answer = guest.post(reverse("guest_ask"), fields)
    item = Item.objects.get()
    assert answer.status_code == 200
    assert intake.track(code_on(answer)) == item
    assert (item.asker_name, item.asker_contact, item.locality) == ("Lê Thị Hồng", "0912345678", "Phường Hòa Bình")
    assert (item.author, item.audience, item.channel) == (None, "businesses", "web_advance")


def test_a_guest_without_a_name_leaves_none(guest: Client, conference: Conference) -> None:
    fields = typed_by_guest(identity="anonymous", asker_contact="hong@example.vn", locality="Phường Hòa Bình")
    assert guest.post(reverse("guest_ask"), fields).status_code == 200
    item = Item.objects.get()
    assert (item.asker_name, item.asker_contact, item.locality, item.unit) == ("", "", "", None)


def test_a_guest_is_of_an_invited_group(client: Client, force: Force) -> None:
    conference = open_now(force, audiences=[Audience.OFFICERS, Audience.CITIZENS])
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    for audience in ("officers", "businesses", "x", ""):
        assert client.post(reverse("guest_ask"), typed_by_guest(audience=audience)).status_code == 400
    assert client.post(reverse("guest_ask"), typed_by_guest()).status_code == 200


def test_a_conference_for_officers_only_says_so(client: Client, force: Force) -> None:
    conference = open_now(force, audiences=[Audience.OFFICERS])
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    assert client.get(reverse("guest_ask")).status_code == 200
    assert client.post(reverse("guest_ask"), typed_by_guest()).status_code == 409
    assert not Item.objects.exists()


def test_the_window_of_guests(client: Client, force: Force) -> None:
    now = timezone.now()
    closed = open_now(force, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    client.get(reverse("guest_enter", args=[closed.guest_key]))
    page = client.get(reverse("guest_ask"))
    assert page.status_code == 200
    assert f"{timezone.localtime(closed.closes_at):%H:%M}" in page.content.decode()
    answer = client.post(reverse("guest_ask"), typed_by_guest())
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()


def test_one_browser_may_send_five_in_a_minute(guest: Client, conference: Conference, monkeypatch: Any) -> None:
    one_window(monkeypatch)
    codes = [guest.post(reverse("guest_ask"), typed_by_guest()).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    answer = guest.post(reverse("guest_ask"), typed_by_guest())
    assert TEXT in answer.content.decode()
    assert Item.objects.count() == 5
    # the neighbor in the hall is another browser behind the same address
    neighbor = Client()
    neighbor.get(reverse("guest_enter", args=[conference.guest_key]))
    assert neighbor.post(reverse("guest_ask"), typed_by_guest()).status_code == 200


def test_a_whole_hall_may_send_and_a_flood_may_not(conference: Conference, monkeypatch: Any) -> None:
    one_window(monkeypatch)
    monkeypatch.setattr("dialogues.views.guest.HALL_AN_HOUR", 3)
    codes = []
    for _ in range(4):
        client = Client()
        client.get(reverse("guest_enter", args=[conference.guest_key]))
        codes.append(client.post(reverse("guest_ask"), typed_by_guest()).status_code)
    assert codes == [200, 200, 200, 429]


def test_a_pasted_link_opens_the_conference(client: Client, conference: Conference) -> None:
    address = reverse("guest_conferences")
    assert client.get(address).status_code == 200
    pasted = f" https://doithoai.example/g/{conference.guest_key}/ "
    assert client.post(address, {"key": pasted}).headers["Location"] == reverse("guest_ask")
    for wrong in ("", "sai", "\x00", "a" * 22, "x" * 9999):
        assert client.post(address, {"key": wrong}).status_code == 400


def test_wrong_links_are_counted(client: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.guest.WRONG_KEYS_AN_HOUR", 3)
    address = reverse("guest_conferences")
    assert [client.post(address, {"key": "a" * 22}).status_code for _ in range(4)] == [400, 400, 400, 429]
