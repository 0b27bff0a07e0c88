"""Fill in CCHC contents and professional fields."""

from typing import Any

from django.core.management.base import BaseCommand

from dialogues.domain.topic import seed_taxonomy


class Command(BaseCommand):
    help = "Adds the CCHC contents of the national programs and the professional fields; may run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seed_taxonomy()} added")
