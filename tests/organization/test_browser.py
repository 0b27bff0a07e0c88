"""The organization's pages in a real browser: signing in, typing on after a lost session, no complaint from axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cchc.embedded import chromium
from cchc.organization.domain import person as people
from cchc.organization.models import Person, Session
from tests.factories import AT, Force
from tests.factories import force as build_force

pytestmark = pytest.mark.django_db(transaction=True)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
PASSWORD = "bốn con thuyền trôi"
SEND = "main form button.btn-primary"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path=chromium.find(), args=list(FLAGS))
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def standing(transactional_db: None) -> Force:
    made = build_force()
    for each in (made.administrator, made.officer):
        people.set_password(each, PASSWORD, by=None, at=AT)
    return made


def opened(browser: Browser, live_server: Any, **options: Any) -> Page:
    page = browser.new_context(base_url=live_server.url, viewport=DESK, **options).new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, username: str = "minh.hv") -> None:
    page.goto("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.locator(SEND).first.click()
    page.wait_for_url("**/")


def test_a_demo_account_needs_one_click_and_no_script(
    browser: Browser, live_server: Any, standing: Force, settings: Any
) -> None:
    settings.DEMO, settings.DEMO_ACCOUNTS = True, "tests.organization.test_browser.demo_accounts"
    page = opened(browser, live_server, java_script_enabled=False)
    page.goto("/account/sessions/")
    page.get_by_role("button", name="Nguyễn Văn An").click()
    expect(page).to_have_url(f"{live_server.url}/account/sessions/")


def demo_accounts() -> list[Any]:
    from types import SimpleNamespace

    return [
        SimpleNamespace(
            role="Cán bộ", name="Nguyễn Văn An", username="an.nv", password=PASSWORD, title="Cán bộ", unit="QLHC"
        )
    ]


def test_what_was_typed_goes_on_after_signing_in_again(browser: Browser, live_server: Any, standing: Force) -> None:
    page = opened(browser, live_server)
    sign_in(page)
    page.goto("/people/new/")
    page.fill("#id_full_name", "Lê Thị Ánh")
    page.fill("#id_username", "anh.lt")
    Session.objects.all().delete()
    page.locator(SEND).click()
    expect(page.locator("main .note.gold")).to_be_visible()
    page.fill("#id_username", "minh.hv")
    page.fill("#id_password", PASSWORD)
    page.locator(SEND).first.click()
    page.locator(SEND).click()
    page.wait_for_url("**/people/*/")
    assert Person.objects.get(username="anh.lt").full_name == "Lê Thị Ánh"


def test_a_unit_is_found_while_typing(browser: Browser, live_server: Any, standing: Force) -> None:
    page = opened(browser, live_server)
    sign_in(page)
    page.goto("/units/new/")
    page.fill("#id_parent", "an thinh")
    expect(page.locator("datalist option").first).to_have_attribute("value", "CATX - Công an thị xã An Thịnh")
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, live_server: Any, standing: Force, theme: str) -> None:
    Person.objects.update(theme=theme)
    page = opened(browser, live_server)
    page.context.add_cookies([{"name": "cchc_theme", "value": theme, "url": live_server.url}])
    page.goto("/login/")
    found = {"login": problems(page)}
    sign_in(page)
    officer = standing.officer.pk
    for address in (
        *(
            "/units/",
            "/units/?q=khong+co",
            "/units/new/",
            "/units/u/TH/",
            "/units/u/TH/edit/",
            "/units/u/TH/succession/",
        ),
        *(
            "/people/",
            "/people/new/",
            f"/people/{officer}/",
            f"/people/{officer}/code/",
            f"/people/{officer}/posts/new/",
        ),
        *("/people/import/", "/account/", "/account/password/", "/account/sessions/"),
    ):
        page.goto(address)
        found[address] = problems(page)
    table = "full_name,unit,role\nLê Thị Ánh,QLHC,vua\nNguyễn Văn An,QLHC,officer\n"
    page.goto("/people/import/")
    page.set_input_files("#id_file", {"name": "bang.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.locator(SEND).click()
    page.wait_for_url("**/import/*/")
    found["preview"] = problems(page)
    page.goto("/people/new/")
    page.locator(SEND).click()
    found["refused"] = problems(page)
    assert {address: what for address, what in found.items() if what} == {}


def problems(page: Page) -> list[str]:
    """What axe finds on the desk and on the phone, and a page that is wider than the phone."""
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        result = Axe().run(page).response["violations"]
        found += [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in result]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"wider than {size['width']}")
    return found
