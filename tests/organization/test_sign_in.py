"""Signing in, and what strangers, closed accounts and old sessions can not do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.organization import sessions
from cchc.organization.domain import person as people
from cchc.organization.domain.session import sweep
from cchc.organization.models import Session
from tests.factories import AT, Force

PASSWORD = "bốn con thuyền trôi"
LOGIN = "/login/"


@pytest.fixture
def officer(force: Force) -> Any:
    people.set_password(force.officer, PASSWORD, by=None, at=AT)
    return force.officer


def sign_in(
    client: Client, username: str = "an.nv", password: str = PASSWORD, address: str = "127.0.0.9", **more: str
) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def passwords(old: str, new: str) -> dict[str, str]:
    return {"old_password": old, "new_password": new, "new_password_again": new}


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def test_name_and_password(client: Client, officer: Any) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    session = Session.objects.get()
    assert (session.person, session.address) == (officer, "127.0.0.9")
    assert session.expire_date - session.began_at == timedelta(hours=8)


def test_capitals_in_the_name_and_split_letters_in_the_password_do_not_matter(client: Client, officer: Any) -> None:
    import unicodedata

    assert sign_in(client, "AN.NV", unicodedata.normalize("NFD", PASSWORD)).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("an.nv", "sai"), ("khong.ai", PASSWORD), ("an.nv", "Bốn con thuyền trôi")]
)
def test_wrong_is_refused_in_the_same_words(client: Client, officer: Any, username: str, password: str) -> None:
    answer = sign_in(client, username, password)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert page.count('id="refusal"') == 1
    assert not is_signed_in(client)
    known = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", sign_in(Client(), "an.nv", "sai").content.decode())
    unknown = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", sign_in(Client(), "khong.ai", "sai").content.decode())
    assert re.sub(r'"X-CSRFToken": "\w+"', "", known) == re.sub(r'"X-CSRFToken": "\w+"', "", unknown)


def test_an_unknown_name_costs_one_hash_too(client: Client, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, word, salt: hashed.append(word) or encode(self, word, salt)
    )
    sign_in(client, "khong.ai", "sai")
    unknown = len(hashed)
    hashed.clear()
    sign_in(client, "an.nv", "sai")
    assert unknown == len(hashed) == 1


def test_a_closed_account_is_refused_and_its_session_dead(client: Client, officer: Any) -> None:
    sign_in(client)
    people.disable(officer, by=None, at=AT)
    assert client.get("/account/").status_code == 302
    assert sign_in(Client()).status_code == 400


def test_an_old_cookie_is_dead_after_sign_out_and_after_a_new_password(client: Client, officer: Any) -> None:
    sign_in(client)
    stolen = client.cookies["cchc_session"].value
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies["cchc_session"] = stolen
    assert not is_signed_in(thief)

    sign_in(client)
    thief.cookies["cchc_session"] = client.cookies["cchc_session"].value
    assert is_signed_in(thief)
    people.set_password(officer, "hoàn toàn khác hẳn", by=None, at=AT)
    assert not is_signed_in(thief)


def test_sign_out_needs_a_post(client: Client, officer: Any) -> None:
    sign_in(client)
    assert client.get("/logout/").status_code == 405
    assert is_signed_in(client)


def test_five_failures_lock_the_name_for_that_address_only(client: Client, officer: Any) -> None:
    """A stranger cannot lock a leader (security.md, faults 26 and V6 6.1.1)."""
    answers = [sign_in(Client(), password="sai", address="127.0.0.9").status_code for _try in range(7)]
    assert answers[:4] == [400] * 4
    assert answers[5:] == [429] * 2
    assert sign_in(Client(), address="127.0.0.9").status_code == 429, "the right password comes too late from there"
    assert sign_in(Client(), address="127.0.0.10").status_code == 302


def test_capitals_are_not_another_name_for_the_lock(client: Client, officer: Any) -> None:
    for name in ("an.nv", "AN.NV", "An.Nv", "aN.nV", "an.NV"):
        sign_in(Client(), name, "sai")
    assert sign_in(Client()).status_code == 429


def test_an_address_that_fails_with_many_names_has_to_wait(client: Client, officer: Any) -> None:
    for number in range(60):
        assert sign_in(Client(), f"ten{number}", "sai").status_code == 400
    assert sign_in(Client()).status_code == 429
    assert sign_in(Client(), address="127.0.0.10").status_code == 302


def test_a_spoofed_forwarded_address_does_not_help(client: Client, officer: Any) -> None:
    for number in range(6):
        client.post(LOGIN, {"username": "an.nv", "password": "sai"}, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert client.post(LOGIN, {"username": "an.nv", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "///x"]
)
def test_next_stays_on_this_site(client: Client, officer: Any, target: str) -> None:
    assert sign_in(client, next=target)["Location"] == "/"
    assert client.get(LOGIN, {"next": target})["Location"] == "/"


def test_next_leads_back(client: Client, officer: Any) -> None:
    answer = client.get("/account/sessions/")
    assert answer["Location"] == "/login/?next=/account/sessions/"
    assert 'name="next" value="/account/sessions/"' in client.get(answer["Location"]).content.decode()
    assert sign_in(client, next="/account/sessions/")["Location"] == "/account/sessions/"


def test_sitting_still_ends_the_session(
    client: Client, officer: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IDLE_MINUTES = 30
    sign_in(client)
    begun = timezone.now()
    at = lambda minutes: monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=minutes))  # noqa: E731
    at(29)
    assert is_signed_in(client)
    at(58)
    assert is_signed_in(client), "a request in between keeps it alive"
    at(58 + 36)
    assert not is_signed_in(client)
    assert not Session.objects.exists()


def test_eight_hours_are_the_longest(client: Client, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client)
    begun = timezone.now()
    for minutes in range(0, 8 * 60 - 1, 60):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        assert is_signed_in(client)
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(hours=8, seconds=1))
    assert not is_signed_in(client)
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(hours=1))
    assert not is_signed_in(client), "a clock that jumps back does not raise the dead"


def test_at_most_five_devices(officer: Any) -> None:
    devices = [Client() for _each in range(6)]
    for device in devices:
        sign_in(device)
    assert [is_signed_in(device) for device in devices] == [False, True, True, True, True, True]


def test_the_list_of_devices_shows_no_key_and_ends_them(client: Client, officer: Any) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/115.0"})
    sign_in(client), sign_in(other)
    page = client.get(reverse("session_list")).content.decode()
    assert "Firefox, Windows" in page
    for session in Session.objects.all():
        assert session.session_key not in page
    key = other.cookies["cchc_session"].value
    client.post(reverse("session_end"), {"session": sessions.public_id(key)})
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_nobody_ends_the_session_of_another(client: Client, officer: Any, force: Force) -> None:
    sign_in(client)
    stranger = Client()
    stranger.force_login(force.stranger)
    key = client.cookies["cchc_session"].value
    stranger.post(reverse("session_end"), {"session": sessions.public_id(key)})
    stranger.post(reverse("session_end"), {"session": "others"})
    assert is_signed_in(client)


def test_a_new_password_needs_the_old_one_and_ends_the_other_devices(client: Client, officer: Any) -> None:
    other = Client()
    sign_in(client), sign_in(other)
    new = "tám quả cam ngọt lịm"
    refused = client.post(reverse("password_change"), passwords("sai", new))
    assert refused.status_code == 400
    assert new not in refused.content.decode()
    changed = client.post(reverse("password_change"), passwords(PASSWORD, new))
    assert changed.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize(
    "weak",
    [
        "ngắn",
        "congan123456",
        "CongAnThiXa2020",
        "cchc-cchc-2026",
        "nguyenvanan1990",
        "qlhc113113113",
        "AnThinh20202021",
        "passwordpassword",
    ],
)
def test_words_of_the_force_are_no_password(client: Client, officer: Any, weak: str) -> None:
    sign_in(client)
    assert client.post(reverse("password_change"), passwords(PASSWORD, weak)).status_code == 400


@pytest.mark.parametrize(
    "good", ["quả cam con gà nướng", "x" * 5 + "7%kẹo Ñ ✓ lạc" * 3, "Ư" * 100 + "rất dài nhưng được"]
)
def test_long_and_strange_passwords_are_fine(client: Client, officer: Any, good: str) -> None:
    sign_in(client)
    assert client.post(reverse("password_change"), passwords(PASSWORD, good)).status_code == 302
    assert sign_in(Client(), password=good).status_code == 302
    assert sign_in(Client(), password=good[:-1]).status_code == 400, "nothing is cut off"


def test_a_one_time_code_opens_nothing_but_the_choice_of_a_password(client: Client, officer: Any) -> None:
    code = people.give_code(officer, by=None, at=timezone.now())
    assert sign_in(Client()).status_code == 400, "the old password is gone"
    assert sign_in(client, password=code).status_code == 302
    assert client.get("/account/")["Location"] == reverse("password_change")
    assert sign_in(Client(), password=code).status_code == 400, "it works once"
    new = "chín con trâu gặm cỏ"
    assert client.post(reverse("password_change"), passwords("", new)).status_code == 302
    assert is_signed_in(client)
    assert sign_in(Client(), password=new).status_code == 302


def test_a_one_time_code_lasts_a_day(client: Client, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = people.give_code(officer, by=None, at=timezone.now() - timedelta(hours=24))
    assert sign_in(client, password=code).status_code == 400


def test_what_a_guest_left_in_the_browser_is_not_taken_along(client: Client, officer: Any) -> None:
    session = client.session
    session["receipt"] = "CH-ABCD"
    session.save()
    sign_in(client)
    assert "receipt" not in client.session


def test_what_is_over_is_swept_away(client: Client, officer: Any) -> None:
    from django.core.cache import cache

    sign_in(client)
    cache.set("import:unit:1:x", ["row"], 3600)
    assert sweep(timezone.now() + timedelta(minutes=59)) == 0
    assert is_signed_in(client)
    assert cache.get("import:unit:1:x")
    assert sweep(timezone.now() + timedelta(hours=9)) == 1
    assert cache.get("import:unit:1:x") is None


def test_demo_accounts_stand_on_the_demo_only(client: Client, officer: Any, settings: Any) -> None:
    settings.DEMO_ACCOUNTS = "tests.organization.test_sign_in.demo_accounts"
    assert "Phạm Văn Dũng" not in client.get(LOGIN).content.decode()
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert 'name="username" value="dung.pv"' in page


def demo_accounts() -> list[Any]:
    from types import SimpleNamespace

    return [SimpleNamespace(role="Lãnh đạo", name="Phạm Văn Dũng", username="dung.pv", password="demo")]


def test_every_page_but_the_open_ones_asks_to_sign_in(client: Client, db: None) -> None:
    for page in ("/", "/account/", "/account/password/", "/account/sessions/"):
        assert client.get(page)["Location"].startswith("/login/?next=")


def test_a_fragment_asks_without_moving_the_page(client: Client, db: None) -> None:
    for how in (client.get, client.post):
        answer = how("/account/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")


Asked = Callable[[], Any]
