"""What is owed and late: the ladder as the bell and the mailbox show it, the owner before those above him."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from cchc.followup.domain import delivery
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.reminder import open_reminders
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.models import Notice
from tests.browser.conftest import Visit
from tests.browser.stage import CHIEF, LEADER, SECRETARY, Stage


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def a_morning(day: date) -> None:
    """What the clock does on the morning of *day*: open, dispatch, deliver."""
    at = morning(day)
    open_reminders(day, at)
    dispatch(at)
    later = at + timedelta(hours=1)  # the digests have left by then
    delivery.deliver(lambda: later, seconds=60)


def test_the_ladder_of_a_late_answer_in_bell_and_mail(visit: Visit, stage: Stage, settings: Any, home: Path) -> None:
    settings.EMAIL_BACKEND, settings.SENDS_EMAIL, settings.VAR_DIR = "cchc.followup.mailbox.EmailBackend", True, home
    item = stage.item("assigned")
    duty, days = item.turn, calendar()
    assert duty is not None
    ladder = {1: CHIEF, 3: SECRETARY, 5: LEADER}
    for late, who in ladder.items():
        a_morning(days.due(duty.due_on, late))
        told = Notice.objects.filter(obligation=duty).values_list("person__username", flat=True)
        assert who in told, late
        above = [name for after, name in ladder.items() if after > late]
        assert not set(above) & set(told), late

    for who in (CHIEF, LEADER):
        page = visit(who)
        page.goto("/notices/")
        expect(page.locator("#rows")).to_contain_text(item.title)
        page.goto("/dev/mail/")
        mine = page.locator("#main li, main li").filter(has_text=stage.person(who).email)
        expect(mine.first).to_be_visible()
        mine.first.get_by_role("link").click()
        expect(page.locator("main")).to_contain_text(item.title)
