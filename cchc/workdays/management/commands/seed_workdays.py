from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cchc.workdays.domain.day import seed, seeded_years


class Command(BaseCommand):
    help = (
        "Adds the public holidays and swapped working days that the calendar lacks; changes no day that stands there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, help="years, by default from 2018 to two years ahead")

    def handle(self, *args: Any, **options: Any) -> None:
        years = options["years"] or seeded_years(timezone.localdate())
        self.stdout.write(f"{seed(years)} days added")
