"""The chief registers tasks and signs on a phone; the leader confirms several in a row; anybody checks the paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commitments.models import Commitment
from dialogues.scenario.accounts import PASSWORD
from tests.browser.conftest import Visit
from tests.browser.hands import press
from tests.browser.pledges import pledge
from tests.browser.stage import CHIEF, LEADER, Stage
from tests.browser.window import DESKTOP, PHONE

TEAM = "TH-DQLHC"  # whose chief is CHIEF
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def state(commitment: Commitment) -> str:
    return str(Commitment.objects.values_list("state", flat=True).get(pk=commitment.pk))


def fill_row(page: Page, number: int, text: str, weight: str) -> None:
    for name, value in (
        ("text", text), ("measure", "Tỷ lệ hồ sơ"), ("target", "95"), ("measure_unit", "%"),
        ("due_on", "2030-11-30"), ("weight", weight),
    ):  # fmt: skip
        page.locator(f"#id_task-{number}-{name}").fill(value)


def sign_here(page: Page, password: str = PASSWORD) -> None:
    page.locator("#id_has_read").check()
    page.locator("#id_password").fill(password)
    page.locator("main form [data-action]").click()


def test_the_chief_registers_and_signs_on_a_phone(visit: Visit, stage: Stage) -> None:
    page, drafted = visit(CHIEF, PHONE), pledge(TEAM, "empty")
    page.goto(f"/commitments/{drafted.pk}/tasks/")
    fill_row(page, 1, "Trả kết quả trước hạn", "60")
    page.locator("[data-add]").click()
    fill_row(page, 2, "Trực sáng thứ Bảy", "30")
    total = page.locator("[data-sum=tasks]")
    expect(total).to_have_text("90/100")
    page.locator("#id_task-2-weight").fill("40")
    expect(total).to_have_text("100/100")
    page.locator("[data-row]").nth(1).locator("[data-up]").click()
    page.locator(".abar button").last.click()
    page.wait_for_url(re.compile(rf"/{drafted.pk}/$"))
    assert [task.text for task in drafted.tasks.all()] == ["Trực sáng thứ Bảy", "Trả kết quả trước hạn"]

    press(page, "sign")
    sign_here(page, "sai mật khẩu")
    expect(page.locator("#e-password")).to_be_visible()
    expect(page.locator("#id_password")).to_have_value("")
    assert state(drafted) == "draft"
    sign_here(page)
    page.wait_for_url(re.compile(rf"/{drafted.pk}/$"))
    assert state(drafted) == "signed_by_chief"


@SIZES
def test_the_leader_confirms_one_after_the_other(visit: Visit, stage: Stage, size: Any) -> None:
    units = ("TH-DTH", "TH-DAN") if size == DESKTOP else ("TH-DHS", "TH-DPT")
    waiting = [pledge(unit, "signed_by_chief") for unit in units]
    page = visit(LEADER, size)
    page.goto(f"/commitments/{waiting[0].pk}/")
    press(page, "countersign")
    sign_here(page)
    page.wait_for_url(re.compile(r"/do/countersign/$"))
    assert state(waiting[0]) == "in_force"
    page.goto(f"/commitments/{waiting[1].pk}/do/countersign/")
    sign_here(page)
    page.wait_for_load_state()
    assert state(waiting[1]) == "in_force"


def test_signing_works_without_javascript(visit: Visit, stage: Stage) -> None:
    waiting = pledge("TH-DTHA", "signed_by_chief")
    page = visit(LEADER, PHONE, java_script_enabled=False)
    page.goto(f"/commitments/{waiting.pk}/")
    press(page, "countersign")
    sign_here(page)
    page.wait_for_load_state()
    assert state(waiting) == "in_force"


def test_anybody_checks_the_file_and_the_code(visit: Visit, stage: Stage, tmp_path: Path) -> None:
    done = pledge("TH-DKTMT", "in_force")
    page = visit(LEADER)
    page.goto(f"/commitments/{done.pk}/")
    with page.expect_download() as loading:
        page.locator("a[href$='/paper.pdf']").first.click()
    file = tmp_path / loading.value.suggested_filename
    loading.value.save_as(file)
    guest = visit("", PHONE)
    guest.goto("/verify/")
    guest.locator("#id_file").set_input_files(file)
    guest.locator("main button[type=submit]").click()
    expect(guest.locator(".badge-s.is-done")).to_be_visible()
    expect(guest.locator("main")).to_contain_text(done.unit.name)
    expect(guest.locator("main")).not_to_contain_text("Số hóa hồ sơ")
    guest.goto("/verify/")
    guest.locator("#id_code").fill(done.check_code.lower())
    guest.locator("main button[type=submit]").click()
    expect(guest.locator(".badge-s.is-done")).to_be_visible()
