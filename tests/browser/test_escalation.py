"""Three units refer the same matter upward: joined, decided once, relayed three times, confirmed by whoever asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cchc.organization.domain.person import create_person
from cchc.organization.domain.position import appoint
from cchc.organization.domain.unit import create_unit
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain.escalation_report import edit_report
from dialogues.domain.intake import Asking, ask
from dialogues.enums import Audience
from dialogues.models import Escalation, Field, Item
from tests.browser.conftest import Visit
from tests.browser.hands import dialog, open_item, press, send
from tests.browser.stage import LEADER, OFFICER, PROVINCE, SECRETARY, Stage
from tests.browser.window import PHONE

RULER = "khue.dq"
REPLY = "Việc cấp tài khoản thuộc thẩm quyền của Công an tỉnh; đơn vị đã báo cáo xin ý kiến."
REPORT = "Đề nghị Công an tỉnh cấp tài khoản khai thác dữ liệu dùng chung cho bộ phận một cửa."
RULING = "Đồng ý cấp tài khoản cho cả ba đơn vị, xong trước khi hết quý."


@dataclass
class Host:
    """A town with its people and an item that its leader has to answer or refer."""

    leader: str
    secretary: str
    asker: str
    item: Item


def another_host(stage: Stage, code: str) -> Host:
    """A town next door, with one conference and one item before its leader."""
    at, since = timezone.now(), timezone.localdate() - timedelta(days=300)
    province = Unit.objects.get(code="CATNA")
    town = create_unit(code=code, name=f"Công an thị xã {code}", short_name=f"CATX {code}", kind="district_police",
                       parent=province, at=at)  # fmt: skip
    people: dict[str, Person] = {}
    for role, title in (
        ("leader", "Trưởng Công an thị xã"),
        ("secretary", "Tổ trưởng Tổ thư ký"),
        ("officer", "Cán bộ"),
    ):
        who = create_person(username=f"{role}.{code.lower()}", full_name=f"Nguyễn Văn {code} {role}", at=at)
        # The tests' own quick hashes are nothing to the server.
        Person.objects.filter(pk=who.pk).update(password=stage.person(LEADER).password)
        appoint(who, town, role, title, valid_from=since, at=at)
        people[role] = who
    now = timezone.now()
    conference = conferences.create(
        by=people["secretary"], at=now, audiences=[Audience.OFFICERS], title=f"Hội nghị đối thoại {code}", host=town,
        chair=people["leader"], venue="Hội trường", topics=stage.conference.topics, opens_at=now,
        starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=10), closes_at=now + timedelta(days=9),
    )  # fmt: skip
    conference = perform(conference, "open", by=people["secretary"], at=now)
    asked = Asking("Đề nghị cấp tài khoản khai thác dữ liệu dùng chung.", author=people["officer"], unit=town)
    item = ask(asked, conference=conference, by=people["officer"], at=now).item
    topic, field = conference.topics.topics.first(), Field.objects.first()
    item = perform(item, "accept", by=people["secretary"], at=now, topic=topic, field=field, title="Cấp tài khoản")
    return Host(people["leader"].username, people["secretary"].username, people["officer"].username, item)


def referred(stage: Stage, host: Host) -> Escalation:
    """As far as sent, by the domain's moves."""
    at, leader = timezone.now(), stage.person(host.leader)
    reply = {"text": REPLY, "mode": "written", "reason": "beyond_authority"}
    item = perform(host.item, "escalate", by=leader, at=at, **reply)
    report = item.escalation
    assert report is not None
    written: dict[str, Any] = {"text": REPORT, "report_number": f"21/BC-{host.leader}"}
    edit_report(report, by=stage.person(host.secretary), at=at, **written)
    return perform(Escalation.objects.get(pk=report.pk), "send", by=leader, at=at)


def reload(item: Item) -> Item:
    return Item.objects.select_related("escalation", "answer").get(pk=item.pk)


def step(page: Page, escalation: Escalation, action: str, **fields: str) -> None:
    """Make one step on the page of an escalation, and wait until it is made."""
    page.goto(f"/escalations/{escalation.pk}/")
    box = dialog(page, action)
    fill(box, fields)
    send(box)
    expect(page.get_by_role("status").first).to_contain_text(escalation.code)


def fill(box: Locator, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        field = box.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            box.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)


def test_from_three_halls_to_one_ruling_and_back(visit: Visit, stage: Stage) -> None:
    own = Host(LEADER, SECRETARY, OFFICER, stage.item("prepared"))
    hosts = [own, another_host(stage, "BS"), another_host(stage, "TM")]

    # The town's leader tells the asker that it goes up; the secretary writes the report; the leader sends it.
    leader = visit(own.leader)
    open_item(leader, own.item)
    box = dialog(leader, "escalate")
    fill(box, {"reason": "beyond_authority", "text": REPLY})
    send(box)
    expect(leader.get_by_role("status").first).to_be_visible()
    report = reload(own.item).escalation
    assert report is not None
    secretary = visit(own.secretary)
    secretary.goto(f"/escalations/{report.pk}/edit/")
    secretary.locator("main [name=report_number]").fill("218/BC-CATX")
    secretary.locator("main [name=text]").fill(REPORT)
    secretary.locator("main .abar .btn-primary").click()
    secretary.wait_for_url(f"**/escalations/{report.pk}/")
    step(secretary, report, "propose")
    step(leader, report, "send")
    reports = [report, *(referred(stage, host) for host in hosts[1:])]

    # The province: received one by one, the second and the third joined to the first, presented, decided.
    province = visit(PROVINCE)
    province.goto("/escalations/inbox/")
    for each in reports:
        province.goto(f"/escalations/{each.pk}/")
        press(province, "receive")
        expect(province.get_by_role("status").first).to_contain_text(each.code)
    for each in reports[1:]:
        province.goto(f"/escalations/{each.pk}/do/join/?q={report.code}")
        province.locator(f"main [name=lead][value='{report.pk}']").check()
        province.locator("main form[method=post] button[type=submit]").last.click()
        expect(province.get_by_role("status").first).to_contain_text(each.code)
    assert set(Escalation.objects.filter(lead=report.pk)) == set(reports[1:])
    step(province, report, "present", text="Đủ điều kiện cấp.")
    ruler = visit(RULER)
    ruler.goto("/escalations/inbox/")
    expect(ruler.locator("main")).to_contain_text(report.title)
    ruler.goto(f"/escalations/{report.pk}/")
    ruler.locator("main [name=text]").last.fill(RULING)
    press(ruler, "rule")
    expect(ruler.get_by_role("status").first).to_contain_text(report.code)
    assert {reload(host.item).state for host in hosts} == {"ruled"}

    # Three leaders relay, one of them on a phone; whoever asked confirms.
    for host, size in zip(hosts, (PHONE, None, None), strict=True):
        page = visit(host.leader, size) if size else visit(host.leader)
        open_item(page, host.item)
        expect(page.locator("main")).to_contain_text(RULING)
        page.locator("main [name=text]").last.fill(f"Công an tỉnh trả lời: {RULING}")
        page.locator("main [name=kind]").last.select_option("resolved")
        press(page, "answer")
        expect(page.get_by_role("status").first).to_be_visible()
        item = reload(host.item)
        assert item.state == "answered", host
        perform(item, "publish", by=stage.person(host.secretary), at=timezone.now())
        asker = visit(host.asker)
        open_item(asker, item)
        expect(asker.locator("main")).to_contain_text(RULING)
        send(dialog(asker, "confirm"))
        expect(asker.get_by_role("status").first).to_be_visible()
        assert stage.state(item) == "closed"


@pytest.mark.parametrize("who", [LEADER, SECRETARY])
def test_the_sender_does_not_read_what_is_weighed_above(visit: Visit, stage: Stage, who: str) -> None:
    at, item = timezone.now(), stage.item("prepared")
    host = Host(LEADER, SECRETARY, OFFICER, item)
    report = referred(stage, host)
    province = stage.person(PROVINCE)
    report = perform(report, "receive", by=province, at=at)
    report = perform(report, "present", by=province, at=at, text="Ý kiến nội bộ của Phòng Tham mưu.")
    page = visit(who)
    page.goto(f"/escalations/{report.pk}/")
    expect(page.locator("main")).to_contain_text(REPORT)
    expect(page.locator("main")).not_to_contain_text("Ý kiến nội bộ")
