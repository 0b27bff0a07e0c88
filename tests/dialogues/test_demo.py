"""Plays that stop early or late, and the demo of `make run` as it stands on some day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client

from cchc.followup import bell
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.chain import verify
from cchc.workflow.models import Event, Obligation
from dialogues.enums import ConferenceKind, ItemState
from dialogues.models import Conference, Escalation, Item
from dialogues.scenario.accounts import PASSWORD, by_role
from dialogues.scenario.demo import load_demo, weeks_until
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.source import HANOI, read

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 8, 5, 10, 0, tzinfo=HANOI)
SUNDAY_NIGHT = datetime(2026, 8, 9, 23, 0, tzinfo=HANOI)
LUNAR_NEW_YEAR = datetime(2026, 2, 17, 8, 0, tzinfo=HANOI)


def test_a_play_that_stops_earlier_leaves_the_rest_to_be_done() -> None:
    cast = load(until=end_of(date(2019, 12, 31)), chapters=False)

    assert len(cast.items) == 16
    assert Conference.objects.get().state == "collecting"
    assert not Event.objects.filter(at__gt=end_of(date(2019, 12, 31))).exists()
    assert verify().ok


def test_played_to_the_end_the_town_hands_over_to_three_communes() -> None:
    load(until=end_of(date(2025, 7, 1)), chapters=False)
    day = date(2025, 7, 1)

    assert not Unit.objects.filter(code__startswith="TH-").valid_on(day).exists()
    assert Unit.objects.get(code="CATX").valid_to == date(2025, 2, 28)
    assert Unit.objects.get(code="TH-HH").parent.code == "CATNA"  # type: ignore[union-attr]
    assert Unit.objects.get(code="NA-CAX-DONGHIEU").predecessors.count() == 3
    assert not Position.objects.valid_on(day).filter(unit__code__startswith="TH-").exists()
    assert Unit.objects.get(code="TH-HH").versions.get().until == date(2025, 2, 28)


@pytest.mark.parametrize("now", [WEDNESDAY, SUNDAY_NIGHT, LUNAR_NEW_YEAR], ids=lambda now: now.strftime("%a"))
def test_the_demo_has_work_for_everybody_on_any_day(now: datetime) -> None:
    cast = load_demo(now)
    today = now.date()

    states = set(Item.objects.values_list("state", flat=True))
    assert states == set(ItemState) - {ItemState.RULED, ItemState.WITHDRAWN}
    busy = "van.ntt hoach.dv loc.tb nguyet.ctm tan.hh quyet.hd linh.ctd khue.dq phat.lv phuong.nh".split()
    for username in busy:
        assert Obligation.objects.open().owed_by(cast.people[username]).exists(), username
    reports = set(Escalation.objects.values_list("state", flat=True))
    assert reports == {"draft", "proposed", "sent", "received", "assigned", "presented"}
    assert Obligation.objects.late_on(today).filter(kind="triage").exists()
    assert Obligation.objects.late_on(today).filter(kind="prepare").exists()
    assert Obligation.objects.late_on(today).filter(kind="fulfil").exists()
    assert not Event.objects.filter(at__gt=now).exists()
    assert verify().ok
    assert 0 < bell.unread(cast.people["van.ntt"]) < 10

    held, coming = Conference.objects.filter(kind=ConferenceKind.DIALOGUE).order_by("starts_at")
    assert timedelta(weeks=3) < now - held.starts_at < timedelta(weeks=4)
    assert held.state == "concluded"
    assert coming.takes_questions(now)
    assert timedelta(days=11) < coming.starts_at - now < timedelta(days=24)
    assert {held.topics.code, coming.topics.code} == {"76"}
    assert set(held.invited.all()) == set(coming.invited.all())


def test_the_case_moves_by_whole_weeks() -> None:
    for offset in range(14):
        today = date(2026, 8, 1) + timedelta(days=offset)
        met = read(weeks_until(today))["conference"]["date"]
        assert met.weekday() == date(2020, 1, 2).weekday()
        assert 22 <= (today - met).days <= 28


def test_the_command_loads_once_and_only_for_the_demo(
    settings: Any, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
    assert not Person.objects.exists()

    settings.DEMO = True
    call_command("load_demo")
    assert "49 units, 38 people, 52 items" in capsys.readouterr().out
    with pytest.raises(CommandError, match="holds data already"):
        call_command("load_demo")

    call_command("demo_logins")
    printed = capsys.readouterr().out
    assert PASSWORD in printed
    assert "van.ntt" in printed
    secretary = Person.objects.get(username="van.ntt")
    assert secretary.check_password(PASSWORD)
    validate_password(PASSWORD, secretary)
    assert len({account.role for account in by_role()}) == 9
    assert 'name="username" value="van.ntt"' in client.get("/login/").content.decode()
    assert client.post("/login/", {"username": "van.ntt", "password": PASSWORD}).status_code == 302

    settings.DEMO = False
    assert by_role() == []


def test_without_the_demo_there_is_nobody_to_offer(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = True

    call_command("demo_logins")

    assert capsys.readouterr().out == ""
