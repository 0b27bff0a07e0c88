"""The scripts in a real browser, under the real content policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as project
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cchc.embedded import chromium
from cchc.web.models import Draft
from tests.factories import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frame")]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the tests' own queries are none of its business.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path=chromium.find(), args=FLAGS.split())
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the console said."""
    return []


@pytest.fixture
def page(live_server: Any, client: Any, browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """Signed in, on the frame's pages. Fails when the console complains."""
    client.force_login(person(full_name="Trần Thị Mai Hoa"))
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.wait_for_load_state("networkidle")  # an autosave under way would ask the database after the test
    context.close()
    assert complaints == []


def test_typing_is_saved_and_an_anonymous_choice_forgets_it(page: Page) -> None:
    page.goto("/probe/form/")
    page.fill("#secret", "mat khau")
    page.fill("#text", "Vì sao?")
    expect(page.locator("[data-saved]")).to_contain_text(":")
    assert [draft.data for draft in Draft.objects.all()] == [{"text": ["Vì sao?"]}]
    expect(page.locator("#count")).to_have_text("7/2.000")
    page.reload()
    assert page.input_value("#text") == "Vì sao?"
    with page.expect_response("**/drafts/probe/"):
        page.check("input[value=anonymous]")
    page.fill("#text", "Vì sao, không tên?")
    page.locator("#text").blur()
    page.wait_for_timeout(100)
    assert Draft.objects.count() == 0
    # htmx notes the address of the page, and that is all.
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert stored == '[{},{"htmx-current-path-for-history":"/probe/form/"}]'


def test_a_saved_draft_lets_the_page_go_without_a_question(page: Page) -> None:
    page.goto("/probe/form/")
    page.fill("#text", "Một")
    expect(page.locator("[data-saved]")).to_contain_text(":")
    page.goto("/menu/")
    assert page.url.endswith("/menu/")


def test_sending_shows_the_result_and_drops_the_draft(page: Page) -> None:
    page.goto("/probe/form/")
    page.fill("#text", "Một")
    page.click("#send")
    expect(page.locator("#toasts")).to_contain_text("Đã gửi.")
    assert Draft.objects.count() == 0


def test_a_question_before_what_cannot_be_undone(page: Page) -> None:
    page.goto("/probe/form/")
    page.click("#merge")
    expect(page.locator("#dialog")).to_contain_text("Three of them.")
    expect(page.locator("#dialog-yes")).to_have_text("Merge three")
    page.click("#dialog-no")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#merge")).to_be_focused()
    page.click("#merge")
    page.click("#dialog-yes")
    expect(page.locator("#toasts")).to_contain_text("Đã gửi.")


def test_the_draft_is_taken_beneath_what_is_written(page: Page) -> None:
    page.goto("/probe/form/")
    page.click("#take")
    expect(page.locator("#text")).to_have_value("Prepared\nin two lines")
    page.fill("#text", "Mine")
    page.click("#take")
    expect(page.locator("#text")).to_have_value("Mine\n\nPrepared\nin two lines")


def test_a_fetched_form_opens_its_dialog(page: Page) -> None:
    page.goto("/probe/form/")
    page.click("#part")
    expect(page.locator("#reason")).to_be_focused()


def test_what_htmx_cannot_fetch_is_said_in_the_page(page: Page, complaints: list[str]) -> None:
    page.goto("/probe/form/")
    page.route("**/probe/part/", lambda route: route.fulfill(status=409, body="no"))
    page.click("#part")
    expect(page.locator("#request-note")).to_be_visible()
    expect(page.locator("#move")).to_be_hidden()
    complaints.clear()  # the browser's own line about the 409


def test_slash_goes_to_the_search_field_but_not_while_typing(page: Page) -> None:
    page.goto("/probe/form/")
    page.focus("#text")
    page.keyboard.type("a/b")
    assert page.input_value("#text") == "a/b"
    page.locator("#text").blur()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


@pytest.mark.parametrize("path", ["/", "/menu/", "/search/?q=x", "/search/?q=cai+cach", "/probe/form/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(page: Page, path: str, theme: str) -> None:
    page.goto(path)
    if theme == "dark":
        page.locator("[data-theme-switch] button").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    for width, height in ((1366, 768), (390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
