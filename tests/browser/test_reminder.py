"""What is owed and late: the ladder as the bell and the mailbox show it, the owner before those above him."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from cchc.followup.domain import delivery
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.mailbox import files
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


def mail_to(address: str, title: str) -> str:
    """The name of the newest mail to *address* that tells of *title*."""
    for file in files():
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        if mail["To"] == address and title in " ".join(body.get_content().split()):
            return file.stem
    raise AssertionError(f"no mail to {address} tells of {title}")


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
        expect(page.locator("main")).to_contain_text(stage.person(who).email)
        page.goto(f"/dev/mail/{mail_to(stage.person(who).email, item.title)}/")
        expect(page.locator("main")).to_contain_text(item.title)
