"""An inspection in the browser: a finding with its evidence, and a document handed in on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from cchc.documents.models import Attachment
from dialogues.models import Finding, Request
from tests.browser.conftest import Visit
from tests.browser.inspections import INSPECTOR, visited
from tests.browser.stage import CHIEF, Stage
from tests.browser.window import PHONE
from tests.dialogues.inspecting import photo


def _photo(name: str) -> dict[str, str | bytes]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(name).read()}


def test_an_inspector_records_a_finding_with_evidence(visit: Visit, stage: Stage) -> None:
    made = visited(stage)
    page = visit(INSPECTOR)
    page.goto(f"/conferences/{made.code}/inspection/")
    page.locator("#findings > header a.btn-primary").click()
    page.locator("[data-action=save]").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    page.locator("input[name=kind][value=weakness]").check()
    page.locator("#id_text").fill("Chưa niêm yết số điện thoại phản ánh.")
    page.locator("#id_files").set_input_files([_photo("niem-yet.jpg")])
    page.locator("[data-action=save]").click()
    line = page.locator("#findings article", has_text="số điện thoại phản ánh")
    expect(line.get_by_role("link", name="niem-yet.jpg")).to_be_visible()
    finding = Finding.objects.get(conference=made, text__contains="phản ánh")
    assert finding.recorded_by.username == INSPECTOR
    assert Attachment.objects.of("dialogues.finding", [finding.pk]).count() == 1


def test_a_chief_hands_in_a_document_on_a_phone(visit: Visit, stage: Stage) -> None:
    made = visited(stage)
    request = Request.objects.get(conference=made)
    page = visit(CHIEF, size=PHONE)
    page.goto("/")
    page.locator(f"a[href='/requests/{request.pk}/']").first.click()
    page.locator(".abar a[href$='/do/hand_in/']").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#id_files").set_input_files([_photo("trang-1.jpg"), _photo("trang-2.jpg")])
    page.locator("[data-action=hand_in]").click()
    expect(page.locator("#files").get_by_role("link")).to_have_count(2)
    request.refresh_from_db()
    assert request.state == Request.State.HANDED_IN
    desk = visit(INSPECTOR)
    desk.goto(f"/requests/{request.pk}/")
    expect(desk.locator("#files").get_by_role("link", name="trang-2.jpg")).to_be_visible()
    desk.locator(".abar a[href$='/do/ask_again/']").first.click()
    desk.locator("#id_note").fill("Ảnh trang 2 bị mờ.")
    desk.locator("[data-action=ask_again]").click()
    expect(desk.locator(".abar")).not_to_contain_text("mờ")
    page.reload()
    expect(page.locator("main")).to_contain_text("Ảnh trang 2 bị mờ.")
    expect(page.locator(".abar a[href$='/do/hand_in/']").first).to_be_visible()
