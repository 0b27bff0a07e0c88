"""The frame: places, person, language, theme, headers; my work and search."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frame")]
ENGLISH = {"accept-language": "en-US,en"}


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(person(full_name="Trần Thị Mai Hoa"))
    return client


def test_my_work(member: Client) -> None:
    page = member.get("/").text
    assert page[: page.index("</main>")].count("btn-primary") == 2  # the page's action and the first row
    assert "Câu hỏi &lt;b&gt;một&lt;/b&gt;" in page
    assert 'class="due late"' in page
    assert 'id="hidden"' not in page
    assert "Chưa theo dõi" in page
    assert 'class="t new"' in page


def test_nothing_to_do(member: Client, settings: Any) -> None:
    settings.HOME_PANELS = ["tests.web.fakes.nothing"]
    assert 'class="empty"' in member.get("/").text


def test_home_needs_login(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/login/?next=/"


@pytest.mark.parametrize(("text", "found"), [("cai cach", "Thấy cai cach"), ("<i>\x00", "&lt;i&gt;"), ("", 'name="q"')])
def test_search(member: Client, text: str, found: str) -> None:
    answer = member.get("/search/", {"q": text})
    assert answer.status_code == 200
    assert found in answer.text


def test_places(member: Client) -> None:
    page = member.get("/menu/").text
    side = page[page.index('class="side"') : page.index("</nav>")]
    assert "Send" not in side
    assert '<span class="n">35</span>' in side
    bar = page[page.index('class="tabbar"') :]
    bar = bar[: bar.index("</nav>")]
    assert bar.count("<a ") == 5
    assert "Plans" not in bar
    assert 'aria-current="page"' in bar


def test_a_place_that_gives_way_is_left_out_of_a_full_bar_only() -> None:
    from cchc.web.navigation import NavEntry, Navigation

    places = [NavEntry(name, f"/{name}/", "home", phone=name, gives_way=name == "c") for name in "abcde"]
    assert [entry.phone for entry in Navigation(places).phone] == ["a", "b", "d", "e"]
    assert [entry.phone for entry in Navigation(places[:4]).phone] == ["a", "b", "c", "d"]


def test_the_longest_address_is_the_active_place() -> None:
    from cchc.web.navigation import collect

    def active(path: str) -> list[str]:
        return [entry.url for entry in collect(None, path).entries if entry.active]

    assert active("/") == ["/"]
    assert active("/items/7/") == ["/items/"]
    assert active("/items/new/") == ["/items/new/"]
    assert active("/itemsx/") == []
    assert active("/elsewhere/") == []


def test_who_is_here(member: Client) -> None:
    page = member.get("/").text
    assert ">MH</span>" in page
    assert "Công an phường An Thịnh" in page
    assert '<span class="n">4</span>' in page


def test_the_frame_costs_no_query_of_its_own(member: Client) -> None:
    member.get("/")
    with CaptureQueriesContext(connection) as queries:
        member.get("/")
    assert {query["sql"].split('FROM "')[-1].split('"')[0] for query in queries} <= {
        "organization_session",
        "organization_person",
    }


def test_headers(client: Client) -> None:
    headers = client.get("/login/").headers
    assert headers["Cache-Control"].endswith("no-store") or "no-store" in headers["Cache-Control"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Content-Language"] == "vi"
    assert "Access-Control-Allow-Origin" not in headers


def test_alive_without_database(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/healthz").text == "ok"
    assert len(queries) == 0


def test_vietnamese_whatever_the_browser_says(client: Client) -> None:
    page = client.get("/login/", headers=ENGLISH)
    assert '<html lang="vi" data-bs-theme="light">' in page.text


def test_a_guest_chooses_language_and_theme(client: Client) -> None:
    answer = client.post("/settings/language/", {"language": "en", "next": "/login/?next=/x/"})
    assert answer.headers["Location"] == "/login/?next=/x/"
    client.post("/settings/theme/", {"theme": "dark"})
    assert '<html lang="en" data-bs-theme="dark">' in client.get("/login/").text
    assert client.cookies["cchc_theme"]["httponly"]


def test_cookies_are_named_alike_and_kept_from_scripts(member: Client) -> None:
    member.post("/settings/language/", {"language": "en"})
    member.post("/settings/theme/", {"theme": "dark"})
    member.post("/probe/form/", {"text": "x"})
    assert set(member.cookies) == {"cchc_session", "cchc_language", "cchc_theme", "cchc_messages"}
    for cookie in member.cookies.values():
        assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"], cookie["domain"]) == (
            True,
            "Lax",
            "/",
            "",
        )


def test_a_person_keeps_them_on_another_machine(member: Client) -> None:
    member.post("/settings/language/", {"language": "en"})
    member.post("/settings/theme/", {"theme": "dark"})
    member.cookies.pop("cchc_theme")
    member.cookies.pop("cchc_language")
    assert '<html lang="en" data-bs-theme="dark">' in member.get("/").text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_switches_return_only_here(client: Client, target: str) -> None:
    assert client.post("/settings/theme/", {"theme": "dark", "next": target}).headers["Location"] == "/"


@pytest.mark.parametrize(("name", "value"), [("theme", "pink"), ("language", "fr"), ("theme", ""), ("language", "")])
def test_unknown_choices(client: Client, name: str, value: str) -> None:
    assert client.post(reverse(name), {name: value}).status_code == 400
    assert client.get(reverse(name)).status_code == 405


def test_every_choice_is_a_form_that_needs_no_script(member: Client) -> None:
    page = member.get("/").text
    assert page.count(f'action="{reverse("theme")}"') == 1
    assert page.count(f'action="{reverse("language")}"') == 1
    assert f'href="{reverse("menu")}"' in page
