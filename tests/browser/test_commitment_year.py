"""A town's commitments by hand: ten confirmed in a row, reported with evidence on a phone, evaluated, ranked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cchc.documents.models.paper import keep
from cchc.organization.domain.person import create_person
from cchc.organization.domain.position import appoint
from cchc.organization.domain.unit import create_unit
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import perform
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.draft import canonical, digest_of, save_tasks
from commitments.domain.ranking import differences
from commitments.enums import Scoring
from commitments.models import Campaign, Commitment, Report
from dialogues.scenario.accounts import PASSWORD
from tests.browser.conftest import Visit
from tests.browser.hands import press
from tests.browser.pledges import pledge, registered
from tests.browser.stage import LEADER, Stage
from tests.browser.window import PHONE
from tests.documents.samples import picture

TEAMS = 10
LEVELS = [("Hoàn thành tốt nhiệm vụ", Decimal(70)), ("Không hoàn thành nhiệm vụ", Decimal(0))]
COUNTERSIGN = re.compile(r"/do/countersign/$")


@dataclass(frozen=True)
class Town:
    """Nobody else works here: its leader, its secretary, and one chief who heads all its teams."""

    unit: Unit
    leader: Person
    secretary: Person
    chief: Person
    teams: list[Unit]


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    at, since = timezone.now(), timezone.localdate() - timedelta(days=300)
    made = create_unit(code="CATXCK", name="Công an thị xã Cẩm Khê", short_name="CATX Cẩm Khê", kind="district_police",
                       parent=Unit.objects.get(code="CATNA"), at=at)  # fmt: skip
    teams = [
        create_unit(
            code=f"CK-D{n}", name=f"Đội nghiệp vụ số {n}", short_name=f"Đội {n}", kind="team", parent=made, at=at
        )
        for n in range(1, TEAMS + 1)
    ]
    people = []
    for role, title, units in (
        ("leader", "Trưởng Công an thị xã", [made]), ("secretary", "Tổ trưởng Tổ thư ký", teams[:1]),
        ("unit_chief", "Đội trưởng", teams),
    ):  # fmt: skip
        who = create_person(username=f"{role.replace('_', '.')}.ck", full_name=f"Nguyễn Văn {title[:4]} Khê", at=at)
        # The tests' own quick hashes are nothing to the server.
        Person.objects.filter(pk=who.pk).update(password=stage.person(LEADER).password)
        for unit in units:
            appoint(who, unit, role, title, valid_from=since, at=at)
        people.append(who)
    leader, secretary, chief = (Person.objects.get(pk=who.pk) for who in people)
    return Town(made, leader, secretary, chief, teams)


def opened(town: Town, code: str, units: list[Unit]) -> Campaign:
    """A campaign whose units have registered; one criterion is computed, one judged."""
    at, today = timezone.now(), timezone.localdate()
    days = ("sign_by", "self_by", "check_by", "score_by", "object_by")
    made = create_campaign(
        host=town.unit, by=town.secretary, at=at, code=code, year=today.year, place="Cẩm Khê", opens_on=today,
        title=f"Cam kết cải cách hành chính năm {today.year}", clause="Kết quả là một tiêu chí đánh giá.",
        report_days=[today + timedelta(days=3)], excellent_percent=100,
        **{name: today + timedelta(days=20 + number) for number, name in enumerate(days)},
    )  # fmt: skip
    criteria = [("Nhiệm vụ", Scoring.TASKS, Decimal(60)), ("Phối hợp", Scoring.JUDGED, Decimal(40))]
    made = set_terms(made, Terms(criteria, LEVELS, [("Các đội", units)]), by=town.secretary, at=at)
    return perform(made, "open", by=town.leader, at=at)


def signed(town: Town, campaign: Campaign) -> list[Commitment]:
    """Every unit's commitment, signed by the chief. How its paper looks is nothing to these tests."""
    at, paper, found = timezone.now(), keep(b"%PDF-1.7 paper", timezone.now()), []
    for draft in campaign.commitments.order_by("unit__sort_key"):
        drafted = save_tasks(draft, registered(draft), by=town.chief, at=at)
        digest = digest_of(canonical(drafted))
        found.append(perform(drafted, "sign", by=town.chief, at=at, digest=digest, paper=paper))
    return found


def in_force(town: Town, campaign: Campaign) -> list[Commitment]:
    return [
        perform(each, "countersign", by=town.leader, at=timezone.now(), digest=each.digest)
        for each in signed(town, campaign)
    ]


def state(of: Commitment | Campaign | Report) -> str:
    return str(type(of).objects.values_list("state", flat=True).get(pk=of.pk))


def confirm(page: Page, **fields: str) -> None:
    """Fill in what the page of a step asks for, and make the step."""
    for name, value in fields.items():
        page.locator(f"main form[method=post] [name='{name}']").fill(value)
    page.locator("main form[method=post] [data-action]").last.click()


# --- Signing ----------------------------------------------------------------------------------------------------------
def test_the_leader_confirms_ten_in_a_row(visit: Visit, stage: Stage, town: Town) -> None:
    campaign = opened(town, "CK-TEN", town.teams)
    waiting = {str(each.pk): each for each in signed(town, campaign)}
    page = visit(town.leader.username, PHONE)
    page.goto(f"/commitments/campaigns/{campaign.code}/?pill=mine")
    rows = page.locator("#board tbody tr")
    expect(rows).to_have_count(TEAMS)
    rows.first.locator("a").first.click()
    page.wait_for_url(re.compile(r"/commitments/[0-9a-f-]{36}/$"))
    press(page, "countersign")
    for left in range(TEAMS, 0, -1):
        page.wait_for_url(COUNTERSIGN)
        now = next(waiting.pop(key) for key in list(waiting) if key in page.url)
        expect(page.locator("main")).to_contain_text(now.unit.name)
        expect(page.locator("#id_password")).to_have_value("")
        expect(page.locator("#id_has_read")).not_to_be_checked()
        if left < TEAMS:
            expect(page.get_by_role("status")).to_contain_text(str(left))
        page.locator("#id_has_read").check()
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form [data-action]").click()
        page.wait_for_url(lambda url, now=now: str(now.pk) not in url or not COUNTERSIGN.search(url))
        assert state(now) == "in_force"
    assert not waiting
    page.goto(f"/commitments/campaigns/{campaign.code}/?pill=mine")
    expect(rows).to_have_count(0)


# --- Reporting --------------------------------------------------------------------------------------------------------
def test_a_unit_reports_with_evidence_on_a_phone(visit: Visit, stage: Stage, town: Town, tmp_path: Path) -> None:
    made = in_force(town, opened(town, "CK-REP", town.teams[:1]))[0]
    photo = tmp_path / "bien-ban.png"
    photo.write_bytes(picture())
    page = visit(town.chief.username, PHONE)
    page.goto(f"/commitments/{made.pk}/progress/")
    page.locator(".panel.own a").click()
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]+/$"))
    press(page, "submit")
    task = made.tasks.get(place=1)
    page.locator(f"#id_task-{task.pk}-value").fill("87,5")
    page.locator(f"#id_task-{task.pk}-text").fill("Đã bỏ đối chiếu ở 7 trong 8 tổ.")
    page.locator("#id_files").set_input_files(photo)
    confirm(page)
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]+/$"))
    report = made.reports.get(submitted_at__isnull=False)
    expect(page.locator("main")).to_contain_text("bien-ban.png")

    checks = visit(town.secretary.username)
    checks.goto(f"/commitments/reports/{report.pk}/")
    with checks.expect_download() as loading:
        checks.get_by_role("link", name="bien-ban.png").click()
    assert Path(loading.value.path()).read_bytes()[:4] == b"\x89PNG"
    press(checks, "return")
    confirm(checks, note="Chưa thấy biên bản của tổ số 8.")
    checks.wait_for_url(re.compile(rf"/{report.pk}/$"))
    page.reload()
    expect(page.locator(".note.gold:visible")).to_contain_text("tổ số 8")
    press(page, "submit")
    expect(page.locator(f"#id_task-{task.pk}-value")).to_have_value("87,5")
    confirm(page, **{f"task-{task.pk}-value": "100"})
    page.wait_for_url(re.compile(rf"/{report.pk}/$"))
    checks.goto(f"/commitments/reports/{report.pk}/")
    press(checks, "accept")
    confirm(checks)
    checks.wait_for_url(re.compile(rf"/{report.pk}/$"))
    assert state(report) == "accepted"
    page.goto(f"/commitments/{made.pk}/progress/")
    expect(page.locator(".panel.own b").first).to_have_text("60/100")


# --- Evaluation -------------------------------------------------------------------------------------------------------
def test_from_the_evaluation_to_the_published_ranking(visit: Visit, stage: Stage, town: Town) -> None:
    campaign = opened(town, "CK-END", town.teams[:2])
    made, other = in_force(town, campaign)
    computed, judged = campaign.criteria.all()
    secretary, chief = visit(town.secretary.username), visit(town.chief.username, PHONE)
    leader = visit(town.leader.username)

    def points(page: Page, action: str, first: str, second: str, note: str = "") -> None:
        page.goto(f"/commitments/{made.pk}/evaluation/")
        press(page, action)
        confirm(page, **{f"points-{computed.pk}": first, f"points-{judged.pk}": second, "note": note})
        page.wait_for_url(f"**/commitments/{made.pk}/evaluation/")

    secretary.goto(f"/commitments/campaigns/{campaign.code}/")
    press(secretary, "evaluate")
    confirm(secretary)
    secretary.wait_for_url(f"**/campaigns/{campaign.code}/")
    assert state(made) == "self_due"
    finished_by_others(town, other)
    points(chief, "self_score", "95", "90")
    points(secretary, "check", "80", "85")
    points(leader, "score", "80", "70,5", "Phối hợp chưa kịp thời.")
    chief.goto(f"/commitments/{made.pk}/evaluation/")
    expect(chief.locator("main")).to_contain_text("Phối hợp chưa kịp thời.")
    press(chief, "object")
    confirm(chief, note="Đã phối hợp đủ bốn đợt, có biên bản.")
    chief.wait_for_url(f"**/commitments/{made.pk}/evaluation/")
    points(leader, "decide", "80", "90", "Chấp nhận biên bản.")
    expect(leader.locator(".panel.own b").first).to_have_text("84/100")
    assert state(made) == "final"

    leader.goto(f"/commitments/campaigns/{campaign.code}/")
    press(leader, "publish")
    leader.locator("#id_document").fill("01/TB-CATX-TH")
    leader.locator("main [name=_do][value=preview]").click()
    expect(leader.locator("main img")).to_be_visible()
    confirm(leader)
    leader.wait_for_url(re.compile(rf"/campaigns/{campaign.code}/"))
    assert state(campaign) == "published"
    assert differences(Campaign.objects.get(pk=campaign.pk).ranking) == []
    chief.goto(f"/commitments/campaigns/{campaign.code}/ranking/")
    own = chief.locator(".panel.own b")
    expect(own.nth(0)).to_have_text("1/2")
    expect(own.nth(1)).to_have_text("84,0")
    rows = leader.locator("main table tbody tr")
    leader.goto(f"/commitments/campaigns/{campaign.code}/ranking/")
    expect(rows.nth(0)).to_contain_text(made.unit.short_name)
    expect(rows.nth(1)).to_contain_text(other.unit.short_name)


def finished_by_others(town: Town, commitment: Commitment) -> None:
    """The other unit's points, not looked at here."""
    points = {each.pk: Decimal(50) for each in commitment.campaign.criteria.all()}
    for action, by in (("self_score", town.chief), ("check", town.secretary), ("score", town.leader)):
        perform(commitment, action, by=by, at=timezone.now(), points=points)
    perform(commitment, "agree", by=town.chief, at=timezone.now())


# --- Checking a paper -------------------------------------------------------------------------------------------------
def test_an_altered_file_is_found_out_and_a_foreign_one_tells_nothing(
    visit: Visit, stage: Stage, tmp_path: Path
) -> None:  # fmt: skip
    done = pledge("TH-DKTMT", "in_force")
    assert done.paper is not None
    kept = bytes(done.paper.data)
    altered, foreign = tmp_path / "sua.pdf", tmp_path / "la.pdf"
    altered.write_bytes(kept[:-30] + b" " + kept[-30:])
    foreign.write_bytes(b"%PDF-1.7 la")
    guest = visit("", PHONE)
    for file, words in ((altered, done.unit.name), (foreign, "")):
        guest.goto("/verify/")
        guest.locator("#id_file").set_input_files(file)
        guest.locator("main button[type=submit]").click()
        expect(guest.locator("main [role=alert]:visible").first).to_be_visible()
        expect(guest.locator("main")).to_contain_text(words)
        expect(guest.locator("main .sig")).to_have_count(2 if words else 0)
