"""Load the demo into an empty database."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cchc.organization.models import Person, Unit
from dialogues.models import Conference
from dialogues.scenario.demo import load_demo


class Command(BaseCommand):
    help = "Loads the dialogue of Thái Hòa, moved to the last weeks, and a conference that is open for questions now."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo brings accounts with a known password: set DEMO=1 if that is wanted.")
        if Person.objects.exists() or Unit.objects.exists() or Conference.objects.exists():
            raise CommandError("The database holds data already; the demo is loaded into an empty one only.")
        began = time.monotonic()
        cast = load_demo(timezone.now())
        seconds = time.monotonic() - began
        counted = f"{len(cast.units)} units, {len(cast.people)} people, {len(cast.items)} items"
        self.stdout.write(f"Demo loaded in {seconds:.0f} s: {counted}")
