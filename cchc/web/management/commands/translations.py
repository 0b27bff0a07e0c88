"""Keep `locale/vi` in step with the sources: update, merge, compile, check."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cchc.web import catalog


class Command(BaseCommand):
    help = (
        "Collect the source strings into locale/vi and compile it; --check only looks and fails when it is incomplete."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--merge", type=Path, metavar="DIR", help="take Vietnamese from DIR/*.json ({source: text})"
        )
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail on missing, fuzzy or stale entries"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self._update(options["merge"])
        if found := catalog.problems():
            text = "\n".join([*found, f"{len(found)} problems in {catalog.PO_FILE.relative_to(catalog.BASE_DIR)}"])
            if options["check"]:
                raise CommandError(text)
            self.stdout.write(text)
        else:
            self.stdout.write("Translations are complete.")

    def _update(self, folder: Path | None) -> None:
        offered, disputed = catalog.offers_in(folder) if folder else ({}, [])
        report = catalog.update(offered=offered)
        catalog.compile_catalog()
        self.stdout.write(f"{report.filled} taken, {len(report.unused)} not asked for, {len(disputed)} disputed")
        for name in report.unused:
            self.stdout.write(f"not asked for: {name}")
        for name in disputed:
            self.stdout.write(f"disputed: {name}")
