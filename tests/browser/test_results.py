"""Surveys and good practices in the browser: a sheet on a phone, a practice from its writing to its taking over."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dialogues.models import Practice, Response
from tests.browser.conftest import Visit
from tests.browser.results import survey
from tests.browser.stage import CHIEF, SECRETARY, Stage
from tests.browser.window import PHONE


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_sheet_is_filled_in_on_a_phone(visit: Visit, stage: Stage, script: bool) -> None:
    asked = survey(stage, f"Hài lòng {'có' if script else 'không'} mã lệnh")
    page = visit(size=PHONE, java_script_enabled=script)
    page.goto(f"/s/{asked.key}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if script else True
    send = page.locator("main button[type=submit]").last
    page.locator("label[for=id_c2_1]").click()
    send.click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_c2_1")).to_be_checked()  # nothing is lost
    page.locator("input[name=group][value=citizens]").check()
    page.locator("label[for=id_overall_4]").click()
    page.locator("#id_comment").fill("Cán bộ hướng dẫn rõ.")
    send.click()
    expect(page.locator("main [role=status]")).to_be_visible()
    expect(page.locator("form input[name=overall]")).to_have_count(0)
    sheet = Response.objects.get(survey=asked)
    assert (sheet.group, sheet.overall, sheet.comment) == ("citizens", 5, "Cán bộ hướng dẫn rõ.")
    assert sheet.scores.get().value == 2
    page.goto(f"/s/{asked.key}/")  # the same browser again
    expect(page.locator("form input[name=overall]")).to_have_count(0)


def test_the_poster_leads_to_the_sheet(visit: Visit, stage: Stage) -> None:
    asked = survey(stage)
    page = visit(SECRETARY)
    page.goto(f"/surveys/{asked.pk}/")
    page.locator(f"a[href='/surveys/{asked.pk}/poster/']").click()
    expect(page.get_by_role("img", name="QR")).to_be_visible()
    link = page.locator("main p", has_text="/s/").inner_text()
    guest = visit(size=PHONE)
    guest.goto(link)
    expect(guest.locator("input[name=overall]")).to_have_count(5)


def test_a_practice_is_written_recognized_and_taken_over(visit: Visit, stage: Stage) -> None:
    name = "Giấy hẹn có mã tra cứu"
    page = visit(CHIEF)
    page.goto("/practices/new/")
    page.locator("#id_name").fill(name)
    page.locator("#id_started_on").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.locator("#id_topic").select_option(index=2)
    page.locator("#id_problem").fill("Người dân phải gọi điện hỏi kết quả.")
    page.locator("#id_method").fill("In mã tra cứu trên giấy hẹn.")
    for field, value in (("name", "Số cuộc gọi mỗi tuần"), ("before", "120"), ("after", "35,5")):
        page.locator(f"#id_m1_{field}").fill(value)
    page.locator(".abar button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("35,5")
    made = Practice.objects.get(name=name)
    _move(page, made, "propose")
    desk = visit(SECRETARY)
    desk.goto("/?all=1")
    desk.get_by_role("link", name=name).first.click()
    _move(desk, made, "publish")
    expect(desk.locator("#adopters")).to_be_visible()
    desk.locator(f"a[href='/practices/{made.pk}/adopt/']").click()
    desk.locator("#id_unit").fill("TH-DTH")
    desk.locator("#id_adopted_on").fill(f"{timezone.localdate():%Y-%m-%d}")
    desk.locator(".abar button.btn-primary").click()
    expect(desk.locator("#adopters .cnt")).to_have_text("1")
    page.goto("/library/?q=ma+tra+cuu")
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile(str(made.pk)))


def _move(page: Any, made: Practice, action: str) -> None:
    page.locator(f".abar a[href='/practices/{made.pk}/do/{action}/']").first.click()
    page.locator(f"[data-action={action}]").click()
    expect(page).to_have_url(re.compile(f"/practices/{made.pk}/$"))
