"""From what the leader concluded to a result that he accepts, and the paper about it, in the browser."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from cchc.documents.models import Document
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from dialogues.domain.conclusion import begin_conclusion
from dialogues.domain.directive_draft import write_directive
from dialogues.models import Conclusion, Directive
from tests.browser.conftest import Visit
from tests.browser.directives import met
from tests.browser.pledges import person
from tests.browser.stage import CHIEF, LEADER, SECRETARY, Stage
from tests.browser.window import PHONE
from tests.dialogues.inspecting import photo

TITLE = "Hội nghị đối thoại về thủ tục đăng ký xe"
TASK = "Công khai biểu mẫu đăng ký xe tại bộ phận một cửa"


def step(page: Page, action: str) -> None:
    """Choose the step in the bar at the foot and confirm it on its page."""
    page.locator(f".abar a[href$='/do/{action}/']").first.click()
    page.locator(f"[data-action={action}]").click()


def test_from_the_conclusion_to_the_accepted_result(visit: Visit, stage: Stage) -> None:
    code, due = met(stage, TITLE).code, calendar().due(timezone.localdate(), 15)
    desk = visit(SECRETARY)
    desk.goto(f"/conferences/{code}/conclusion/")
    desk.locator("main .panel a[href$='/conclusion/edit/']").click()
    desk.locator("#id_assessment").fill("Hội nghị thẳng thắn, đúng trọng tâm.")
    desk.locator(".abar button.btn-primary").click()
    desk.locator("#directives a[href$='/conclusion/add/']").first.click()
    desk.locator(".abar button.btn-primary").click()
    expect(desk.locator("[data-errors]")).to_be_visible()  # nothing was filled in
    desk.locator("#id_title").fill(TASK)
    desk.locator("#id_lead").select_option(str(person(CHIEF).positions.get().unit_id))
    desk.locator("#id_due_on").fill(f"{due:%Y-%m-%d}")
    desk.locator(".abar button.btn-primary").click()
    expect(desk.locator("#directives tbody tr")).to_contain_text(TASK)
    step(desk, "present")

    leader = visit(LEADER)
    leader.goto(f"/conferences/{code}/conclusion/")
    step(leader, "issue")
    made = Directive.objects.get(title=TASK)
    assert (made.state, made.conclusion.state, made.due_on) == ("issued", "issued", due)

    phone = visit(CHIEF, size=PHONE)
    phone.goto(f"/directives/{made.pk}/")
    phone.locator(".abar [data-action=take_up]:visible").first.click()  # asks nothing
    expect(phone.locator("#directive-head")).to_contain_text("Đang thực hiện")
    phone.locator(".abar a[href$='/do/report/']").first.click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator("#id_text").fill("Đã niêm yết đủ biểu mẫu.")
    evidence = {"name": "niem-yet.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    phone.locator("#id_files").set_input_files([evidence])
    phone.locator("[data-action=report]").click()
    expect(phone.locator("#progress").get_by_role("link", name="niem-yet.jpg")).to_be_visible()

    leader.goto("/?all=1")
    leader.locator(f"main a[href='/directives/{made.pk}/']").first.click()
    step(leader, "accept")
    made.refresh_from_db()
    assert made.state == "accepted"


def test_a_notice_is_drafted_edited_and_issued(visit: Visit, stage: Stage) -> None:
    conference, at = met(stage, "Hội nghị đối thoại về cấp hộ chiếu"), timezone.now()
    conclusion = begin_conclusion(conference, by=person(SECRETARY), at=at, assessment="Đúng trọng tâm.")
    lead = person(CHIEF).positions.get().unit
    due = calendar().due(timezone.localdate(at), 15)
    write_directive(conclusion, by=person(SECRETARY), at=at, title="Niêm yết lịch trả hộ chiếu", lead=lead, due_on=due)
    conclusion = perform(Conclusion.objects.get(pk=conclusion.pk), "issue", by=person(LEADER), at=at)
    page = visit(SECRETARY)
    page.goto(f"/papers/about/dialogues.conclusion/{conclusion.pk}/")
    page.locator("button[data-kind=notice]").click()
    page.locator("main .acts a[href$='/edit/']").click()
    page.locator("[name=place]").fill("Thái Hòa")
    page.locator(".abar button.btn-primary").click()
    made = Document.objects.get(kind="notice", subject_id=str(conclusion.pk), state="draft")
    page.locator("#comments textarea").fill("Đã rà soát thời hạn.")
    page.locator("[data-action=comment]").click()
    expect(page.locator("#comments")).to_contain_text("Đã rà soát thời hạn.")

    leader = visit(LEADER)
    leader.goto(f"/papers/{made.pk}/")
    expect(leader.locator("#comments")).to_contain_text("Đã rà soát thời hạn.")
    step(leader, "issue")
    expect(leader.locator("main .acts a[href$='/edit/']")).to_have_count(0)
    made.refresh_from_db()
    assert made.state == "issued" and made.number
    for name, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert leader.request.get(f"/papers/{made.pk}/paper.{name}").body().startswith(start)
    page.goto(f"/conferences/{conclusion.conference.code}/conclusion/")
    expect(page.locator(f"main a[href='/papers/{made.pk}/']")).to_have_text(made.mark)


def test_a_number_of_the_overview_opens_its_rows(visit: Visit) -> None:
    page = visit(LEADER)
    page.goto("/overview/?since=2019-01-01")
    number = page.locator("main a[href*='rows/items.']:visible").first
    shown = int("".join(letter for letter in number.inner_text() if letter.isdigit()))
    number.click()
    expect(page.locator("main .phead .meta")).to_contain_text(f"{shown} dòng")
    expect(page.locator("main .rows > li").first).to_be_visible()
    page.go_back()
    page.emulate_media(media="print")
    expect(page.locator("main form.filter")).to_be_hidden()
