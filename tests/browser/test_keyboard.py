"""With the keyboard alone: past the frame, to the form, through it, and sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from dialogues.models import Item
from tests.browser.conftest import Visit
from tests.browser.hands import open_item
from tests.browser.stage import LEADER, OFFICER, SECRETARY, Stage, words


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until *target* has the focus; each place on the way shows that it has it."""
    for _press in range(most):
        page.keyboard.press("Tab")
        ring = page.evaluate("""() => {
          const at = document.activeElement, style = getComputedStyle(at);
          // The picker inside of a date field has the focus, and a ring of the browser's own.
          return !at.matches(":focus") || style.outlineStyle !== "none" || style.boxShadow !== "none";
        }""")
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Not reached by {most} tabs: {target}")


def test_an_officer_asks(visit: Visit, stage: Stage) -> None:
    text, page = words(), visit(OFFICER)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.goto(f"/ask/to/{stage.conference.code}/")
    tab_to(page, page.locator("input[name=identity]").first)
    page.keyboard.press("Space")
    tab_to(page, page.locator("#id_text"))
    page.keyboard.type(text)
    tab_to(page, page.get_by_role("button", name="Gửi", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã gửi: CH-")
    assert Item.objects.filter(text=text).count() == 1


def test_the_menu_of_the_person_and_the_search_key(visit: Visit, stage: Stage) -> None:
    page = visit(OFFICER)
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Tìm mã, nội dung, văn bản")).to_be_focused()
    menu = page.locator("header .me")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Thông tin của tôi")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_a_step_by_its_dialog(visit: Visit, stage: Stage) -> None:
    item, page = stage.item(), visit(SECRETARY)
    open_item(page, item)
    button = page.locator("#abar [data-action=decline]:visible")
    tab_to(page, button, 90)
    page.keyboard.press("Enter")
    box = page.locator("#move")
    expect(box.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(button).to_be_focused()
    assert stage.state(item) == "submitted"


def test_what_is_refused_can_be_reached_and_says_why(visit: Visit, stage: Stage) -> None:
    page = visit(SECRETARY)
    open_item(page, stage.item("accepted"))
    locked = page.locator("#abar [aria-disabled=true]").first
    tab_to(page, locked, 90)
    expect(locked).to_have_accessible_description("Đưa ra hội trường: Hội nghị chưa khai mạc hoặc đã kết thúc.")
    before = page.url
    page.keyboard.press("Enter")
    expect(page).to_have_url(before)


def test_the_leader_answers(visit: Visit, stage: Stage) -> None:
    item, page = stage.item("prepared"), visit(LEADER)
    open_item(page, item)
    tab_to(page, page.get_by_role("textbox", name="Trả lời của lãnh đạo"), 90)
    page.keyboard.type("Đã chỉ đạo trả kết quả ngay trong ngày.")
    tab_to(page, page.get_by_label("Kết quả"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.locator("#abar [data-action=answer]"), 90)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Trả lời")
    assert stage.state(item) == "answered"
