"""The clock's tick and the command: what is due is done, once, and any day can be run again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from cchc.followup.domain.preference import prefer
from cchc.followup.models import Pulse, Run
from cchc.followup.tasks import tick
from cchc.workflow.models import Notice
from tests.factories import Force
from tests.followup.obligations import morning, owed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)  # a Wednesday
AT = morning(DAY, 8)


@pytest.fixture
def people(force: Force) -> Force:
    force.unit_chief.email = "chief@example.vn"
    force.unit_chief.save()
    prefer(force.unit_chief, {("email", "duties"): "at_once"})
    return force


def test_the_tick_does_what_is_due_and_twice_the_same(
    people: Force, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    owed(people, DAY)
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("cchc.followup.tasks.deliver.apply_async", lambda **how: sent.append(how))
    for clock, told in [(morning(DAY, 6, 59), 0), (morning(DAY, 7), 1), (morning(DAY, 7, 1), 1)]:
        monkeypatch.setattr("django.utils.timezone.now", lambda clock=clock: clock)
        tick()
        assert Notice.objects.count() == told
    assert Pulse.objects.get(name="beat").at == morning(DAY, 7, 1)
    assert sent == [{"expires": settings.TICK_SECONDS}] * 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: morning(date(2026, 3, 22), 9))  # a Sunday
    tick()
    assert Run.objects.count() == 1


def test_the_command_says_what_it_did(people: Force, capsys: pytest.CaptureFixture[str]) -> None:
    owed(people, DAY, opened_at=AT)
    call_command("remind", "--day", "2026-03-22")
    assert "no working day" in capsys.readouterr().out


def test_the_command_reruns_any_day(
    people: Force, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: morning(DAY, 9))
    owed(people, DAY)
    call_command("remind", "--dry-run")
    assert "1 reminders would be opened" in capsys.readouterr().out
    assert not Notice.objects.exists()
    call_command("remind", "--day", DAY.isoformat())
    assert "1 reminders opened" in capsys.readouterr().out
    call_command("remind", "--day", DAY.isoformat())
    assert "0 reminders opened" in capsys.readouterr().out
    with pytest.raises(Exception, match="has not come yet"):
        call_command("remind", "--day", "2026-03-19")
