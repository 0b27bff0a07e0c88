"""Asking: an officer by account, an officer without a name, a guest by the link in the hall."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cchc.organization.models import Session
from dialogues.models import Item
from tests.browser.conftest import Visit
from tests.browser.stage import COLLEAGUE, LEADER, OFFICER, Stage, words
from tests.browser.window import DESKTOP, PHONE

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi", exact=True).click()


@SIZES
def test_an_officer_asks_by_name(visit: Visit, stage: Stage, size: Any) -> None:
    page, text = visit(OFFICER, size), words()
    page.goto("/")
    if size is PHONE:
        page.get_by_role("navigation", name="Điều hướng nhanh").get_by_role("link", name="Gửi").click()
    else:
        page.get_by_role("navigation", name="Điều hướng chính").get_by_role("link", name="Gửi câu hỏi, ý kiến").click()
    expect(page).to_have_url(re.compile("/ask/"))
    page.goto(f"/ask/to/{stage.conference.code}/")  # which it is already, when no other one takes questions
    send(page)
    summary = page.get_by_role("alert").filter(has_text="cần sửa")
    expect(summary).to_be_focused()
    page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?").fill(text)
    page.get_by_role("radio", name="Ghi tên").check()
    page.get_by_role("radio", name="Ý kiến").check()
    send(page)
    expect(page.get_by_role("status")).to_contain_text("Đã gửi: YK-")
    expect(page.get_by_text(text).first).to_be_visible()
    expect(page.locator("#item-head")).to_contain_text("Mới tiếp nhận")
    item = Item.objects.get(text=text)
    assert (item.author.username if item.author else "", item.kind) == (OFFICER, "opinion")
    page.goto(f"/ask/to/{stage.conference.code}/")
    expect(page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?")).to_have_value("")


@SIZES
def test_what_was_answered_before_is_offered_while_typing(visit: Visit, stage: Stage, size: Any) -> None:
    said = "Phiếu hẹn in từ phần mềm không có chỗ ghi số điện thoại của cán bộ thụ lý, có được ghi tay thêm không?"
    page = visit(COLLEAGUE, size)
    page.goto(f"/ask/to/{stage.conference.code}/")
    page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?").fill(said)
    similar = page.locator("#similar")
    expect(similar).to_contain_text("Ghi thêm số điện thoại của cán bộ thụ lý trên phiếu hẹn")
    expect(similar).to_contain_text("không ghi số cá nhân của cán bộ")
    similar.get_by_role("button", name="Đây là điều").click()
    expect(page.get_by_role("status")).to_contain_text("CH-02")
    assert not Item.objects.filter(text=said).exists()


def test_a_draft_survives_a_reload(visit: Visit, stage: Stage) -> None:
    page, text = visit(COLLEAGUE), words()
    address = f"/ask/to/{stage.conference.code}/"
    page.goto(address)
    page.get_by_role("radio", name="Ghi tên").check()
    field = page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?")
    with page.expect_response(lambda answer: "text=H" in (answer.request.post_data or "") and "draft" in answer.url):
        field.fill(text)
    expect(page.locator("[data-saved]")).to_contain_text("Tự lưu lúc")
    page.goto(address)
    expect(field).to_have_value(text)
    expect(page.get_by_role("radio", name="Ghi tên")).to_be_checked()
    # Without a name nothing is kept, not even what was kept before.
    page.get_by_role("radio", name="Không để tên").check()
    expect(page.locator("[data-saved]")).to_contain_text("không giữ gì")
    page.goto(address)
    expect(field).to_have_value("")


@SIZES
def test_the_text_survives_the_end_of_the_session(visit: Visit, stage: Stage, size: Any) -> None:
    page, text = visit(OFFICER, size, fresh=True), words()
    mine = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "cchc_session")
    page.goto(f"/ask/to/{stage.conference.code}/")
    page.get_by_role("radio", name="Ghi tên").check()
    Session.objects.filter(session_key=mine).delete()
    page.locator("form#ask").evaluate("form => delete form.dataset.draft")
    page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?").fill(text)
    send(page)
    expect(page.get_by_role("status").first).to_contain_text("Phiên làm việc đã kết thúc")
    page.locator(f"form:has(input[value='{OFFICER}']) button").click()
    expect(page.get_by_role("textbox", name="Nội dung")).to_have_value(text)
    page.locator("main").get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi: CH-")
    assert Item.objects.filter(text=text).count() == 1


@SIZES
def test_an_officer_asks_without_a_name_and_rates_the_answer(visit: Visit, stage: Stage, size: Any) -> None:
    page, text = visit(OFFICER, size), words()
    page.goto(f"/ask/to/{stage.conference.code}/")
    page.get_by_label("Đồng chí muốn hỏi hoặc góp ý điều gì?").fill(text)
    page.get_by_role("radio", name="Không để tên").check()
    send(page)
    shown = page.locator("#code")
    expect(shown).to_have_text(CODE)
    code = shown.inner_text()
    item = Item.objects.get(text=text)
    assert item.author is None
    for action in ("accept", "assign", "prepare", "answer", "publish"):
        item = stage.move(item, action)
    tracked = visit(size=size)
    track(tracked, code.lower().replace("-", " "))
    expect(tracked.get_by_role("heading", name="Trả lời", exact=True)).to_be_visible()
    tracked.get_by_role("button", name="Đã rõ, đóng lại").click()
    expect(tracked.get_by_role("status").first).to_contain_text("Đã")
    assert stage.state(item) == "closed"
    rate(tracked)


def track(page: Page, code: str) -> None:
    page.goto("/login/")
    page.get_by_role("link", name="Tra cứu mã").click()
    page.get_by_label("Mã theo dõi").fill(code)
    page.get_by_role("button", name="Xem kết quả").click()


def rate(page: Page) -> None:
    page.locator("input[name=stars][value='5']").check()
    page.locator("input[name=on_topic]").first.check()
    page.locator("#id_comment").fill("Trả lời rõ, có thời hạn.")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("status").first).to_contain_text("đánh giá")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_guest_asks_by_the_link_on_the_phone(visit: Visit, stage: Stage, script: bool) -> None:
    text = words()
    page = visit(size=PHONE, java_script_enabled=script)
    page.goto(f"/g/{stage.conference.guest_key}/")
    assert stage.conference.guest_key not in page.url
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("cần sửa")
    page.get_by_label("Ông/Bà muốn hỏi điều gì?").fill(text)
    page.get_by_role("radio", name="Không để lại tên").check()
    page.get_by_role("radio", name="Công dân").check()
    send(page)
    code = page.locator("#code").inner_text()
    assert CODE.fullmatch(code)
    assert Item.objects.get(text=text).audience == "citizens"
    track(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    expect(page.get_by_text("Mới tiếp nhận").first).to_be_visible()


def test_the_poster_in_the_hall_leads_to_the_form(visit: Visit, stage: Stage) -> None:
    page = visit(LEADER)
    page.goto(f"/conferences/{stage.conference.code}/")
    page.get_by_role("link", name="Áp phích").click()
    expect(page.get_by_role("img", name="QR")).to_be_visible()
    link = page.locator("main p", has_text="/g/").inner_text()
    guest = visit(size=PHONE)
    guest.goto(link)
    expect(guest.get_by_label("Ông/Bà muốn hỏi điều gì?")).to_be_visible()
