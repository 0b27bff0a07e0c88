"""Print who may do what, from the code that decides it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cchc.organization.matrix import access_matrix

GOLDEN = Path("tests/golden/access_matrix.txt")


class Command(BaseCommand):
    help = "Print role x right for every permission; --write renews the file that the tests compare with."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"write {GOLDEN} instead of printing")

    def handle(self, *args: Any, write: bool = False, **options: Any) -> None:
        if not write:
            self.stdout.write(access_matrix(), ending="")
            return
        target = settings.BASE_DIR / GOLDEN
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(access_matrix())
        self.stdout.write(f"{GOLDEN} written")
