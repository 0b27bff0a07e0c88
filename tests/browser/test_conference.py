"""A conference from its preparation to the refused closing, and what the office does beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from dialogues.models import Conference
from tests.browser.conftest import Visit
from tests.browser.stage import ADMINISTRATOR, LEADER, SECRETARY, Stage

TITLE = "Hội nghị đối thoại với cán bộ, chiến sĩ về giải quyết thủ tục cư trú"


def moment(ahead: timedelta) -> str:
    """As a field for day and hour takes it."""
    at: datetime = timezone.localtime(timezone.now() + ahead)
    return f"{at:%Y-%m-%dT%H:%M}"


def go_on(page: Page, action: str) -> None:
    """Press the step of the action bar, and confirm it on its page."""
    page.locator(f"#abar [data-action='{action}']:visible").click()
    page.locator(f".abar button[data-action='{action}']").click()


def test_from_preparation_to_the_refused_closing(visit: Visit, stage: Stage) -> None:
    page = visit(SECRETARY)
    page.goto("/conferences/")
    page.get_by_role("link", name="Lập hội nghị").click()
    page.get_by_label("Tên hội nghị").fill(TITLE)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(page.get_by_label("Tên hội nghị")).to_have_value(TITLE)
    page.locator("#id_chair").select_option(label="Trung tá Đinh Viết Hoạch, Trưởng Công an thị xã")
    page.get_by_label("Địa điểm").fill("Hội trường tầng 3")
    page.get_by_label("Bắt đầu").fill(moment(timedelta(days=10)))
    page.get_by_label("Kết thúc").fill(moment(timedelta(days=10, hours=3)))
    page.locator("#id_opens_at").fill(moment(timedelta(hours=-1)))
    page.get_by_label("Nhận câu hỏi đến").fill(moment(timedelta(days=10)))
    page.get_by_role("checkbox", name="Cán bộ, chiến sĩ").check()
    page.get_by_role("checkbox", name="Tất cả đội").check()
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    go_on(page, "open")
    conference = Conference.objects.get(title=TITLE)
    assert conference.state == "collecting"
    item = stage.item("answered", conference=conference)
    go_on(page, "start")
    expect(page.get_by_role("main")).to_contain_text("Diễn ra")
    leader = visit(LEADER)
    leader.goto(page.url)
    go_on(leader, "conclude")
    page.goto(f"/conferences/{conference.code}/")
    # Something is owed: the button is locked, its reason stands beside it, and its page lists what is owed.
    locked = page.locator("#abar [aria-disabled='true']").filter(has_text="Đóng hội nghị")
    expect(locked).to_be_visible()
    page.get_by_role("link", name="Xem việc còn phải làm").click()
    expect(page.get_by_role("main")).to_contain_text(item.title)
    conference.refresh_from_db()
    assert conference.state == "concluded"
    stage.move(stage.move(item, "publish"), "confirm")
    page.goto(f"/conferences/{conference.code}/")
    go_on(page, "close")
    expect(page.get_by_role("status")).to_contain_text("Đã đóng hội nghị")
    conference.refresh_from_db()
    assert conference.state == "closed"


def test_every_number_of_the_sum_opens_its_rows(visit: Visit, stage: Stage) -> None:
    conference = Conference.objects.get(state="concluded", code__endswith="-01")
    page = visit(LEADER)
    page.goto(f"/conferences/{conference.code}/")
    terms = [(link.inner_text(), link.get_attribute("href") or "") for link in page.locator("#reconciliation a").all()]
    numbers = [int(text.split()[0].replace(".", "")) for text, _address in terms]
    assert numbers[0] == sum(numbers[1:]) == 35
    for number, (text, address) in zip(numbers[1:], terms[1:], strict=True):
        if number:
            page.goto(address)
            rows = page.locator("#items tbody tr")
            expect(rows).to_have_count(min(number, 25)), text


def test_units_come_by_a_table_with_a_preview(visit: Visit, stage: Stage) -> None:
    page = visit(ADMINISTRATOR)
    page.goto("/units/import/")
    table = (
        "code,name,short_name,kind,parent\nNA-THU-01,Tổ thử nghiệm,Tổ TN,{kind},NA-PV01\n"
        "NA-PV01,Phòng Tham mưu,PV01,division,CATNA\n"
    )

    def give(text: str) -> None:
        page.locator("input[type=file]").set_input_files(
            {"name": "don-vi.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        page.get_by_role("button", name="Đọc và xem trước").click()

    give(table.format(kind="khong_co"))
    expect(page.get_by_role("alert")).to_contain_text("1 dòng")
    expect(page.locator("[data-mark='error']")).to_have_count(1)
    expect(page.get_by_role("button", name="Ghi bảng")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("link", name="Chọn bảng khác").click()
    give(table.format(kind="group"))
    expect(page.get_by_role("row", name="Tổ thử nghiệm")).to_contain_text("Mới")
    expect(page.get_by_role("row", name="Phòng Tham mưu")).to_contain_text("Đã có")
    page.get_by_role("button", name="Ghi bảng").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert stage.unit("NA-THU-01").parent == stage.unit("NA-PV01")
