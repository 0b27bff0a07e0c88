from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.domain.window import is_open
from cchc.workdays.domain.calendar import calendar


class Command(BaseCommand):
    help = "Open the reminders of a working day (today unless given), again if need be: what was told stays told once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="only say how many there would be")

    def handle(self, *args: Any, day: date | None = None, dry_run: bool = False, **options: Any) -> None:
        at = timezone.now()
        day = day or timezone.localdate(at)
        if day > timezone.localdate(at) and not dry_run:
            raise CommandError(f"{day} has not come yet; --dry-run says what it would bring.")
        if not calendar().is_working(day):
            self.stdout.write(f"{day} is no working day: nothing is due.")
            return
        done = open_reminders(day, at, dry=dry_run)
        verb = "would be opened" if dry_run else "opened"
        self.stdout.write(
            f"{day} (since {done.since}): {done.due} obligations at a stage, {done.opened} reminders {verb}."
        )
        if not dry_run:
            self.stdout.write(
                f"{dispatch(at)} notices dispatched; sending is {'open' if is_open(at) else 'closed'} now."
            )
