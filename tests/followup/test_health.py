"""Health: each check fails when its part does, says so to those who may know, and the page tells no contents."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from cchc.followup.domain import health
from cchc.followup.domain.health import Check, Signs
from cchc.followup.domain.stuck import stuck
from cchc.followup.models import Pulse, Run
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import record
from cchc.workflow.models import Obligation
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at
from tests.dialogues.pages import signed_in
from tests.factories import Force
from tests.followup.obligations import owed
from tests.followup.outbox import delivery

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=HANOI)


def one(name: str, at: datetime = TUESDAY) -> Check:
    return {check.name: check for check in health.checks(Signs.read(), at)}[name]


def pulse(name: str, at: datetime, ok: bool = True, detail: str = "") -> None:
    Pulse.objects.update_or_create(name=name, defaults={"at": at, "ok": ok, "detail": detail})


def run(day: date, finished: bool = True) -> None:
    began = datetime(day.year, day.month, day.day, 7, tzinfo=HANOI)
    Run.objects.create(day=day, began_at=began, finished_at=began if finished else None, opened=3)


def all_well(at: datetime) -> None:
    pulse("beat", at)
    if calendar().is_working(timezone.localtime(at).date()):
        run(timezone.localtime(at).date())


def ready(**headers: Any) -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz", **headers)
    return answer.status_code, json.loads(answer.content)


# --- alive and ready
def test_alive_asks_nothing_and_leaves_nothing(django_assert_num_queries: Any) -> None:
    client = Client()
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert not answer.cookies


def test_ready_when_everything_is_well() -> None:
    all_well(timezone.now())
    status, told = ready()
    assert (status, told["ok"], told["failing"]) == (200, True, [])
    assert set(told["checks"]) == set(health.CHECKS)


def test_not_ready_names_what_fails() -> None:
    all_well(timezone.now())
    pulse("beat", timezone.now() - timedelta(hours=1))
    pulse("chain", timezone.now(), ok=False, detail="17")
    status, told = ready()
    assert (status, told["failing"]) == (503, ["beat", "chain"])
    assert "17" in told["checks"]["chain"]["sentence"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", 200),
        ("::1", 200),
        ("10.3.2.1", 200),
        ("192.168.1.9", 200),
        ("8.8.8.8", 404),
        ("2001:4860::1", 404),
    ],
)
def test_only_near_machines_are_answered(address: str, expected: int) -> None:
    all_well(timezone.now())
    assert Client(REMOTE_ADDR=address).get("/readyz").status_code == expected


def test_a_token_opens_it_from_afar(settings: Any) -> None:
    all_well(timezone.now())
    far = Client(REMOTE_ADDR="8.8.8.8")
    assert far.get("/readyz", headers={"Authorization": "Bearer "}).status_code == 404
    settings.READY_TOKEN = "a-long-token-0123456789"
    assert far.get("/readyz", headers={"Authorization": "Bearer another"}).status_code == 404
    assert far.get("/readyz", headers={"Authorization": f"Bearer {settings.READY_TOKEN}"}).status_code == 200


def test_asking_leaves_no_row() -> None:
    all_well(timezone.now())
    before = set(Pulse.objects.values_list("name", flat=True))
    ready()
    assert set(Pulse.objects.values_list("name", flat=True)) == before


# --- one check after the other
def test_a_database_that_only_reads() -> None:
    assert one("database").ok
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert not one("database").ok


def test_no_database_at_all_is_told_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **options: Any) -> None:
        raise OperationalError("connection refused at 10.0.0.5")

    monkeypatch.setattr(connection, "cursor", gone)
    status, told = ready()
    assert status == 503
    assert "database" in told["failing"]
    assert "10.0.0.5" not in json.dumps(told)


def test_the_queue(settings: Any) -> None:
    assert one("broker").ok
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert not one("broker").ok


def test_a_step_of_the_release_is_missing() -> None:
    assert one("migrations").ok
    MigrationRecorder.Migration.objects.filter(app="web").latest("id").delete()
    assert not one("migrations").ok


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**12, 0, health.LEAST_FREE))
    assert one("disk").ok
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**12, 0, health.LEAST_FREE - 1))
    assert not one("disk").ok


def test_the_clock_strikes_every_few_minutes() -> None:
    assert not one("beat").ok
    pulse("beat", TUESDAY - timedelta(minutes=4))
    assert one("beat").ok
    assert not one("beat", TUESDAY + timedelta(minutes=2)).ok


def test_reminders_are_awaited_on_working_days_after_the_hour() -> None:
    at = TUESDAY.replace
    assert one("reminders", at(hour=7, minute=30)).ok  # still early
    assert not one("reminders", at(hour=8, minute=30)).ok
    run(TUESDAY.date(), finished=False)
    assert not one("reminders", at(hour=8, minute=30)).ok
    Run.objects.update(finished_at=TUESDAY)
    assert one("reminders", at(hour=8, minute=30)).ok
    assert not one("reminders", at(day=18)).ok  # the next day asks anew
    assert one("reminders", at(day=21)).ok  # a Saturday asks nothing


def test_the_ledger_is_checked_every_night(force: Force) -> None:
    assert one("chain").ok  # a new installation
    record(force.officer, "edit", by=force.administrator, at=TUESDAY)
    assert health.check_chain(TUESDAY) > 0
    assert (Pulse.objects.get(name="chain").ok, one("chain").ok) == (True, True)
    assert not one("chain", TUESDAY + timedelta(days=3)).ok  # nobody has looked since


def test_a_changed_line_is_found_by_night_and_told_by_day(force: Force, caplog: pytest.LogCaptureFixture) -> None:
    event = record(force.officer, "edit", by=force.administrator, at=TUESDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflow_event DISABLE TRIGGER event_kept")
        cursor.execute("UPDATE workflow_event SET action = 'khác' WHERE seq = %s", [event.seq])
        cursor.execute("ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept")
    health.check_chain(TUESDAY)
    assert not one("chain").ok
    assert str(event.seq) in one("chain").sentence
    assert "The ledger was changed" in caplog.text


def test_the_night_looks_at_the_ledger() -> None:
    assert "cchc.followup.domain.health.check_chain" in django_settings.CLOCK_MOVES


# --- stuck work
def test_nothing_is_stuck(force: Force) -> None:
    owed(force, TUESDAY.date())
    delivery(force.officer, made_at=TUESDAY)
    run(TUESDAY.date())
    assert stuck(TUESDAY).nothing


STUCK: dict[str, tuple[Callable[[Force], Any], str]] = {
    "failed": (lambda force: delivery(force.officer, state="failed", ended_at=TUESDAY), "failed"),
    "left alone": (lambda force: delivery(force.officer, made_at=TUESDAY - timedelta(minutes=16)), "waiting"),
    "put off": (
        lambda force: delivery(
            force.officer, made_at=TUESDAY - timedelta(minutes=16), not_before=TUESDAY + timedelta(minutes=1),
            answer="connection refused",
        ),
        "waiting",
    ),
    "its worker died": (
        lambda force: delivery(
            force.officer, state="claimed", claimed_until=TUESDAY - timedelta(minutes=16),
            claim="00000000-0000-4000-8000-000000000001",
        ),
        "waiting",
    ),
    "half a morning": (lambda force: run(TUESDAY.date(), finished=False), "unfinished"),
}  # fmt: skip


@pytest.mark.parametrize("name", STUCK)
def test_what_is_stuck_is_counted(force: Force, name: str) -> None:
    make, where = STUCK[name]
    make(force)
    found = stuck(TUESDAY)
    assert {each: getattr(found, each) for each in ("failed", "waiting", "unfinished")} == {
        "failed": 0, "waiting": 0, "unfinished": 0, where: 1,
    }  # fmt: skip


def test_a_digest_of_tomorrow_does_not_wait(force: Force) -> None:
    delivery(force.officer, made_at=TUESDAY - timedelta(hours=5), not_before=TUESDAY + timedelta(hours=20))
    assert stuck(TUESDAY).nothing


def test_posts_that_nobody_holds(force: Force) -> None:
    for _each in range(2):
        owed(force, TUESDAY.date())
    owed(force, TUESDAY.date(), Role.LEADER)
    today = timezone.localdate()
    force.unit_chief.positions.update(valid_to=today - timedelta(days=1))
    (post,) = stuck(timezone.now()).orphaned
    assert (post.unit, post.role, post.owed, post.ended) == (force.qlhc, Role.UNIT_CHIEF, 2, False)
    Person.objects.filter(pk=force.leader.pk).update(is_active=False)
    assert len(stuck(timezone.now()).orphaned) == 1  # his deputy with authority stands for him
    Person.objects.filter(pk=force.deputy.pk).update(is_active=False)
    assert {post.role for post in stuck(timezone.now()).orphaned} == {Role.UNIT_CHIEF, Role.LEADER}


def test_units_that_have_ended(force: Force) -> None:
    owed(force, TUESDAY.date())
    Unit.objects.filter(pk=force.qlhc.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    (post,) = stuck(timezone.now()).orphaned
    assert (post.unit, post.ended) == (force.qlhc, True)


# --- the page
@pytest.mark.parametrize("who", ["officer", "secretary", "leader", "provincial_leader", "inspector"])
def test_the_page_is_the_administrators(force: Force, who: str) -> None:
    client = signed_in(getattr(force, who))
    assert client.get("/health/").status_code == 403
    assert client.post("/health/remind/").status_code == 403


def broken(force: Force, number: int) -> list[Item]:
    """Items whose turn nobody holds."""
    conference = conference_at(force, "collecting")
    items = [item_at(force, "assigned", conference=conference) for _each in range(number)]
    force.unit_chief.positions.update(valid_to=timezone.localdate() - timedelta(days=1))
    return items


def test_the_page_tells_what_to_do_and_no_contents(force: Force) -> None:
    items = broken(force, 2)
    delivery(force.officer, state="failed", ended_at=timezone.now())
    pulse("email", timezone.now(), ok=False, detail="Connection refused")
    answer = signed_in(force.administrator).get("/health/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="/outbox/?state=failed"' in page
    assert f'href="/units/u/{force.qlhc.code}/"' in page
    assert "Connection refused" in page
    failing = next(check for check in answer.context["checks"] if check.name == "beat")
    assert str(failing.advice) in page
    for item in items:
        assert item.title not in page
        assert item.code not in page


def test_the_button_opens_what_is_missing_and_nothing_twice(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    day = TUESDAY.date()
    owed(force, day)
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)
    client = signed_in(force.administrator)
    assert client.get("/health/remind/").status_code == 405
    for _each in range(2):
        assert client.post("/health/remind/").status_code == 302
    assert Run.objects.get(day=day).opened == 1
    assert force.unit_chief.notices.filter(obligation__isnull=False).count() == 1


def test_on_a_day_off_the_button_does_nothing(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY.replace(day=22))
    client = signed_in(force.administrator)
    assert client.post("/health/remind/").status_code == 302
    assert not Run.objects.exists()
    assert "disabled" in client.get("/health/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    broken(force, rows)
    for place in range(rows):
        delivery(force.officer, state="failed", ended_at=timezone.now())
        run(date(2026, 11, 16 + place))
    client = signed_in(force.administrator)
    client.get("/health/")
    with django_assert_num_queries(12):
        client.get("/health/")
    assert Obligation.objects.open().count() > rows


# --- the administrator's own work
@pytest.mark.parametrize("rows", [1, 3])
def test_his_work_says_what_the_page_lists(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    broken(force, rows)
    for place in range(rows):
        delivery(force.officer, state="failed", ended_at=timezone.now())
        run(date(2026, 11, 16 + place), finished=False)
    client = signed_in(force.administrator)
    client.get("/")
    with django_assert_num_queries(12):
        page = client.get("/")
    (panel,) = [each for each in page.context["home"].panels if each.key == "operation"]
    assert panel.more_url == "/health/"
    assert [row.url for row in panel.rows] == ["/outbox/?state=failed", "/health/#stuck", "/health/#stuck"]
    assert [str(row.title).split()[0] for row in panel.rows if row.url == "/outbox/?state=failed"] == [str(rows)]


def test_nothing_to_say_is_no_panel(force: Force) -> None:
    broken(force, 1)
    for who in (force.secretary, force.provincial_leader):
        assert "operation" not in {each.key for each in signed_in(who).get("/").context["home"].panels}
    Obligation.objects.all().delete()
    assert "operation" not in {each.key for each in signed_in(force.administrator).get("/").context["home"].panels}
