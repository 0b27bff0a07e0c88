"""The secretary: accepts and classifies, assigns, merges and separates, declines, enters slips, publishes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dialogues.models import Item
from tests.browser.conftest import Visit
from tests.browser.hands import dialog, done, open_item, press, send
from tests.browser.stage import LEAD_UNIT, OTHER_UNIT, SECRETARY, Stage, words
from tests.browser.window import DESKTOP, PHONE

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@SIZES
def test_accepts_classifies_and_assigns(visit: Visit, stage: Stage, size: Any) -> None:
    item, page = stage.item(), visit(SECRETARY, size)
    open_item(page, item)
    box = dialog(page, "accept")
    box.get_by_label("Tiêu đề").fill("Thời hạn trả kết quả hồ sơ nộp qua mạng")
    send(box)
    # Refused on its own page, with what was typed.
    expect(page.get_by_role("alert").first).to_contain_text("chỗ cần sửa")
    expect(page.get_by_label("Tiêu đề")).to_have_value("Thời hạn trả kết quả hồ sơ nộp qua mạng")
    page.get_by_label("Nội dung CCHC").select_option(index=2)
    page.get_by_label("Lĩnh vực nghiệp vụ").select_option(index=1)
    page.locator("main").get_by_role("button", name="Tiếp nhận").click()
    done(page, "Tiếp nhận")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thời hạn trả kết quả hồ sơ nộp qua mạng")
    box = dialog(page, "assign")
    box.get_by_label("Đơn vị chủ trì").select_option(str(stage.unit(LEAD_UNIT).pk))
    box.get_by_role("group", name="Đơn vị phối hợp").get_by_label(stage.unit(OTHER_UNIT).name).check()
    box.get_by_label("Hạn trình dự thảo").fill(stage.working_day(5))
    send(box)
    done(page, "Phân công")
    expect(page.locator("#item-head")).to_contain_text("Đang chuẩn bị")
    item.refresh_from_db()
    assert (item.state, item.lead_unit, item.coordinating.get()) == (
        "assigned", stage.unit(LEAD_UNIT), stage.unit(OTHER_UNIT),
    )  # fmt: skip
    assert item.turn and item.turn.due_on.isoformat() == stage.working_day(5)


def test_merges_two_and_separates_them(visit: Visit, stage: Stage) -> None:
    text = words()
    lead, other = stage.item("accepted", text), stage.item("accepted", f"{text} Xin hỏi lại.")
    page = visit(SECRETARY)
    open_item(page, other)
    box = dialog(page, "merge")
    box.get_by_role("searchbox").fill(text[:12])
    box.get_by_role("button", name="Tìm kiếm").click()
    expect(box.get_by_role("radio")).to_have_count(1)
    box.get_by_label(lead.code).check()
    expect(box).to_contain_text("1 người hỏi")
    send(box)
    done(page, "Gộp")
    expect(page.locator("#item-head")).to_contain_text("Đã gộp")
    page.locator("main").get_by_role("link", name=lead.code).first.click()
    expect(page.get_by_role("link", name="Gộp 1 câu trùng")).to_be_visible()
    open_item(page, other)
    press(page, "unmerge")
    done(page, "Tách ra")
    assert (stage.state(other), stage.state(lead)) == ("accepted", "accepted")


def test_declines_with_the_reason_and_the_right_channel(visit: Visit, stage: Stage) -> None:
    item, page = stage.item(), visit(SECRETARY)
    open_item(page, item)
    box = dialog(page, "decline")
    box.get_by_role("radio", name="Khiếu nại").check()
    send(box)
    expect(page.get_by_text("Cần ghi lý do").first).to_be_visible()
    expect(page.get_by_role("radio", name="Khiếu nại")).to_be_checked()
    page.get_by_label("Lý do (người hỏi sẽ đọc)").fill("Nội dung là khiếu nại, đề nghị gửi đơn theo Luật Khiếu nại.")
    page.locator("main").get_by_role("button", name="Không tiếp nhận").click()
    done(page, "Không tiếp nhận")
    expect(page.get_by_text("đề nghị gửi đơn theo Luật Khiếu nại").first).to_be_visible()
    assert stage.state(item) == "declined"


def test_enters_a_paper_slip(visit: Visit, stage: Stage) -> None:
    text, page = words(), visit(SECRETARY)
    page.goto(f"/conferences/{stage.conference.code}/")
    page.get_by_role("link", name="Nhập phiếu giấy, ý kiến hộ").click()
    page.get_by_role("radio", name="Phiếu giấy").check()
    page.locator("#id_received_on").fill(timezone.localdate().isoformat())
    page.get_by_role("radio", name="Công dân").check()
    page.get_by_role("radio", name="Có, nhập tên").check()
    page.locator("#id_asker_name").fill("Lê Thị Hồng")
    page.locator("#id_text").fill(text)
    page.get_by_role("button", name="Nhập nội dung").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CH-")
    expect(page.locator("#code")).to_be_visible()
    item = Item.objects.get(text=text)
    assert (item.channel, item.asker_name, item.audience) == ("paper", "Lê Thị Hồng", "citizens")


@SIZES
def test_publishes_one(visit: Visit, stage: Stage, size: Any) -> None:
    item, page = stage.item("answered"), visit(SECRETARY, size)
    open_item(page, item)
    send(dialog(page, "publish"))
    done(page, "Công bố trả lời")
    expect(page.locator("#item-head")).to_contain_text("rả lời bằng văn bản")
    assert stage.state(item) == "published"


def test_publishes_several_at_once(visit: Visit, stage: Stage) -> None:
    text = words()
    items, page = [stage.item("answered", text), stage.item("answered", f"{text} Xin cảm ơn.")], visit(SECRETARY)
    page.goto("/items/?pill=mine")
    page.get_by_role("searchbox", name="Tìm trong danh sách này").fill(text[:12])
    page.keyboard.press("Enter")
    expect(page.locator("#items tbody tr")).to_have_count(2)
    for item in items:
        page.get_by_role("checkbox", name=item.code).check()
    page.get_by_role("button", name="Công bố mục đã chọn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Công bố 2 câu trả lời?")
    page.get_by_role("button", name="Công bố 2 câu").click()
    done(page, "Đã công bố 2 câu trả lời")
    assert {stage.state(item) for item in items} == {"published"}


def test_a_filtered_list_has_its_own_address(visit: Visit, stage: Stage) -> None:
    page = visit(SECRETARY)
    page.goto("/items/")
    page.get_by_role("searchbox", name="Tìm trong danh sách này").fill("can cuoc")
    page.keyboard.press("Enter")
    rows, found = page.locator("#items tbody tr"), "Làm thẻ căn cước tại nhà cho người già yếu"
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(found)
    page.get_by_role("navigation", name="Lọc theo tình trạng").get_by_role("link", name="Đã gộp").click()
    expect(rows.filter(has_text="Làm căn cước cho người nằm liệt giường")).to_be_visible()
    elsewhere = visit(SECRETARY)
    elsewhere.goto(page.url)
    expect(elsewhere.locator("#items tbody tr")).to_have_text(rows.all_inner_texts(), use_inner_text=True)
    page.go_back()
    expect(rows).to_contain_text(found)
