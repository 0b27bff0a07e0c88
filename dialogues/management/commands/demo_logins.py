"""Who can sign in to the demo."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from dialogues.scenario.accounts import PASSWORD, by_role


class Command(BaseCommand):
    help = "Prints the demo's accounts by role; nothing where the demo is not loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = by_role()
        if not accounts:
            return
        self.stdout.write(_("Demo accounts, all with the password %(password)s") % {"password": PASSWORD})
        for role, group in groupby(accounts, key=lambda account: account.role):
            self.stdout.write(f"  {role}")
            for account in group:
                self.stdout.write(f"    {account.username:<12} {account.name}, {account.title}, {account.unit}")
