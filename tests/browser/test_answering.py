"""The chief prepares, hands back and reports; the leader answers, sends back, extends and accepts; two at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dialogues.models import Item
from tests.browser.conftest import Visit
from tests.browser.hands import dialog, done, open_item, press, send
from tests.browser.stage import CHIEF, DEPUTY, LEADER, OFFICER, PREPARED, Stage
from tests.browser.window import DESKTOP, PHONE

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
ANSWER = "Công an thị xã đã chỉ đạo: kết quả gửi cho người dân ngay trong ngày ký."


@SIZES
def test_the_chief_prepares_with_a_file(visit: Visit, stage: Stage, size: Any) -> None:
    item, page = stage.item("assigned"), visit(CHIEF, size)
    open_item(page, item)
    press(page, "prepare")
    expect(page.get_by_text("Cần soạn nội dung").or_(page.get_by_text("chỗ cần sửa")).first).to_be_visible()
    page.get_by_label("Dự thảo của đơn vị").fill(PREPARED)
    page.locator("input[type=file]").set_input_files(
        {"name": "phu-luc.txt", "mimeType": "text/plain", "buffer": "Phụ lục".encode()}
    )
    page.locator("main").get_by_role("button", name="Trình dự thảo").last.click()
    done(page, "Trình dự thảo")
    expect(page.locator("#prepared")).to_have_text(PREPARED)
    with page.expect_download() as loading:
        page.get_by_role("link", name="phu-luc.txt").click()
    assert loading.value.suggested_filename == "phu-luc.txt"
    assert stage.state(item) == "prepared"


def test_the_chief_hands_back_with_a_reason(visit: Visit, stage: Stage) -> None:
    item, page = stage.item("assigned"), visit(CHIEF)
    open_item(page, item)
    box = dialog(page, "hand_back")
    send(box)
    page.wait_for_url("**/do/hand_back/")
    page.get_by_label("Lý do").fill("Việc này do Đội Cảnh sát giao thông phụ trách.")
    page.locator("main").get_by_role("button", name="Trả lại thư ký").click()
    done(page, "Trả lại thư ký")
    assert stage.state(item) == "accepted"


@SIZES
def test_the_leader_answers_in_progress_only_with_a_date(visit: Visit, stage: Stage, size: Any) -> None:
    item, page = stage.item("prepared"), visit(LEADER, size)
    open_item(page, item)
    page.get_by_role("button", name="Lấy từ dự thảo").click()
    field = page.get_by_role("textbox", name="Trả lời của lãnh đạo")
    expect(field).to_have_value(PREPARED)
    field.fill(ANSWER)
    page.get_by_label("Kết quả").select_option("in_progress")
    press(page, "answer")
    expect(page.get_by_role("alert").first).to_contain_text("Trả lời có lộ trình thì phải ghi ngày làm xong.")
    expect(field).to_have_value(ANSWER)
    page.get_by_label("Làm xong trước ngày").fill(stage.working_day(20))
    page.locator("main").get_by_role("button", name="Trả lời", exact=True).click()
    done(page, "Trả lời")
    item = Item.objects.get(pk=item.pk)
    assert item.state == "answered"
    assert item.answer and item.answer.promised_on and item.answer.promised_on.isoformat() == stage.working_day(20)


def test_the_leader_sends_back_extends_and_accepts(visit: Visit, stage: Stage) -> None:
    page, item = visit(LEADER), stage.item("prepared")
    open_item(page, item)
    box = dialog(page, "send_back")
    box.get_by_label("Lý do").fill("Cần nêu rõ căn cứ.")
    send(box)
    done(page, "Trả lại đơn vị")
    assert stage.state(item) == "assigned"
    box = dialog(page, "extend")
    box.get_by_label("Hạn mới").fill(stage.working_day(60))
    box.get_by_label("Lý do").fill("Chờ cơ quan phối hợp.")
    send(box)
    done(page, "Gia hạn")
    expect(page.locator("#item-head")).to_contain_text("gia hạn")
    reported = stage.item("reported")
    open_item(page, reported)
    press(page, "accept_report")
    done(page, "Chấp nhận kết quả")
    assert stage.state(reported) == "closed"


def test_the_chief_reports_a_promise_done(visit: Visit, stage: Stage) -> None:
    item, page = stage.item("promised"), visit(CHIEF)
    open_item(page, item)
    box = dialog(page, "report")
    box.get_by_label("Việc đã làm").fill("Đã lắp bảng điện tử tại bộ phận một cửa.")
    box.get_by_label("Ngày làm xong").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    send(box)
    # Not done before the day: refused on a page of its own, and the text is still there.
    page.wait_for_url("**/do/report/")
    expect(page.get_by_label("Việc đã làm")).to_have_value("Đã lắp bảng điện tử tại bộ phận một cửa.")
    page.get_by_label("Ngày làm xong").fill(timezone.localdate().isoformat())
    page.locator("main").get_by_role("button", name="Báo cáo kết quả").click()
    done(page, "Báo cáo kết quả")
    assert stage.state(item) == "reported"


def test_two_leaders_at_once_and_the_second_loses_nothing(visit: Visit, stage: Stage) -> None:
    item = stage.item("prepared")
    first, second = visit(LEADER), visit(DEPUTY)
    for page in (first, second):
        open_item(page, item)
        page.get_by_label("Kết quả").select_option("explained")
    first.get_by_role("textbox", name="Trả lời của lãnh đạo").fill(ANSWER)
    second.get_by_role("textbox", name="Trả lời của lãnh đạo").fill("Nội dung của người thứ hai.")
    press(first, "answer")
    done(first, "Trả lời")
    press(second, "answer")
    told = second.get_by_role("alert")
    expect(told).to_contain_text("Nội dung này vừa có thay đổi.")
    expect(told).to_contain_text("Đinh Viết Hoạch")
    expect(told).to_contain_text(ANSWER)
    expect(second.get_by_role("textbox", name="Trả lời của lãnh đạo")).to_have_value("Nội dung của người thứ hai.")
    assert Item.objects.get(pk=item.pk).answer.text == ANSWER  # type: ignore[union-attr]


@SIZES
def test_the_asker_is_told_confirms_and_rates(visit: Visit, stage: Stage, size: Any) -> None:
    item, page = stage.item("published"), visit(OFFICER, size)
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Thông báo").click()
    page.get_by_role("main").get_by_role("button", name=item.code).first.click()
    send(dialog(page, "confirm"))
    done(page, "Xác nhận đã trả lời")
    assert stage.state(item) == "closed"
    page.locator("input[name=stars][value='4']").check()
    page.locator("input[name=on_topic]").first.check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("4/5")).to_be_visible()


def test_answering_and_confirming_without_javascript(visit: Visit, stage: Stage) -> None:
    item = stage.item("prepared")
    page = visit(LEADER, java_script_enabled=False)
    open_item(page, item)
    page.get_by_role("textbox", name="Trả lời của lãnh đạo").fill(ANSWER)
    page.get_by_label("Kết quả").select_option("resolved")
    press(page, "answer")
    expect(page.get_by_text("Đã thực hiện: Trả lời")).to_be_visible()
    secretary = visit("van.ntt", PHONE, java_script_enabled=False)
    open_item(secretary, item)
    press(secretary, "publish")
    secretary.locator("main").get_by_role("button", name="Công bố trả lời").click()
    asker = visit(OFFICER, PHONE, java_script_enabled=False)
    open_item(asker, item)
    press(asker, "confirm")
    asker.locator("main").get_by_role("button", name="Xác nhận đã trả lời").click()
    assert stage.state(item) == "closed"
