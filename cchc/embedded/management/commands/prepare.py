"""Bring database, translations and static files up to date before the site starts."""

import hashlib
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from cchc.organization.models.person import Person
from cchc.web.catalog import compile_catalog


class Command(BaseCommand):
    help = "Migrate, grant the web's role, compile translations, collect static files, load the demo the first time."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalog()
        try:
            self._migrate()
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from None
        self._collect_static_files()
        self._load_demo()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"Migrating the database, {len(plan)} steps …")
            self.stdout.flush()
            call_command("migrate", interactive=False, verbosity=1)
        call_command("createcachetable", verbosity=0)
        if settings.DATABASES["default"]["USER"] != settings.WEB_ROLE:
            call_command("grant_web_role", stdout=StringIO())

    def _collect_static_files(self) -> None:
        stamp = settings.VAR_DIR / "static.stamp"
        sources = _static_fingerprint()
        if stamp.exists() and stamp.read_text() == sources and settings.STATIC_ROOT.exists():
            return
        self.stdout.write("Collecting and compressing static files …")
        self.stdout.flush()
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(sources)

    def _load_demo(self) -> None:
        if settings.DEMO and not Person.objects.exists():
            self.stdout.write("Loading the demo, the dialogue of Thái Hòa …")
            self.stdout.flush()
            # Whole or not at all: a half-loaded demo would never be loaded again.
            with transaction.atomic():
                call_command("load_demo")


def _static_fingerprint() -> str:
    """Changes whenever a source of a static file does."""
    digest = hashlib.sha256(str(settings.BASE_DIR).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}\n".encode())
    return digest.hexdigest()
