"""Whether everything works, check by check, in words for whoever keeps the site running."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from kombu import Connection

from cchc.followup.domain.window import opening
from cchc.followup.models import Pulse, Run
from cchc.web.gathering import gathered
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.chain import verify
from cchc.workflow.flow import Sentence

log = logging.getLogger(__name__)
BEAT_LATE = timedelta(minutes=5)
# So long after the morning's opening the reminders of a working day should be there.
REMINDERS_LATE = timedelta(hours=1)
CHAIN_LATE = timedelta(hours=50)  # a night may be missed
LEAST_FREE = 1024**3  # bytes
BROKER_SECONDS = 3
RUNS_SHOWN = 8
_WRITE = """
DO $$ BEGIN
    INSERT INTO followup_pulse (name, at, ok, detail) VALUES ('database', now(), true, '')
        ON CONFLICT (name) DO UPDATE SET at = excluded.at;
    RAISE SQLSTATE 'CC001';  -- what was written since BEGIN is taken back
EXCEPTION WHEN SQLSTATE 'CC001' THEN NULL;
END $$
"""


@dataclass(frozen=True)
class Check:
    """*sentence* is what was found; *advice* what to do when it is not well."""

    name: str
    ok: bool
    sentence: str
    advice: Sentence

    @property
    def title(self) -> Sentence:
        return TITLES[self.name]


@dataclass(frozen=True)
class Signs:
    """What the parts have left of themselves: the last sign of each, and the last mornings, the newest first.

    *steps* are the migrations that the database has had, by app and name.
    """

    pulses: Mapping[str, Pulse]
    runs: Sequence[Run]
    steps: Set[tuple[str, str]]
    days: Calendar

    @classmethod
    def read(cls) -> Self:
        wanted = {"pulses": Pulse.objects.all(), "runs": Run.objects.order_by("-day")[:RUNS_SHOWN]}
        found = gathered({**wanted, "steps": MigrationRecorder(connection).migration_qs})
        pulses = {pulse.name: pulse for pulse in found["pulses"]}
        return cls(pulses, found["runs"], {(step.app, step.name) for step in found["steps"]}, calendar())


def signs_of_life() -> Signs:
    """As far as they can be read."""
    try:
        return Signs.read()
    except DatabaseError:
        return Signs({}, [], set(), Calendar())


def checks(signs: Signs, at: datetime) -> list[Check]:
    """Every check once; one that cannot be made has failed."""
    return [_made(name, check, signs, at) for name, check in CHECKS.items()]


def _made(name: str, check: Callable[[Signs, datetime], Check], signs: Signs, at: datetime) -> Check:
    try:
        return check(signs, at)
    except Exception as error:
        log.warning("The check of %s failed: %s", name, error)
        # The kind of error alone: its words may hold addresses and names of accounts.
        return Check(
            name, False, _("It could not be checked: %(error)s.") % {"error": type(error).__name__}, ADVICE[name]
        )


def database(signs: Signs, at: datetime) -> Check:
    """A row is written, and taken back, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE)
    return _check("database", True, _("The database takes what is written."))


def broker(signs: Signs, at: datetime) -> Check:
    """The queue answers."""
    options = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS, transport_options=options) as queue:
        queue.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    return _check("broker", True, _("The queue answers."))


def migrations(signs: Signs, at: datetime) -> Check:
    """The database has the tables of this release."""
    known = MigrationLoader(None).disk_migrations or {}
    n = sum(not _has(signs.steps, key, step.replaces) for key, step in known.items())
    lacks = ngettext("The database lacks %(n)d step of this release.", "The database lacks %(n)d steps of it.", n)
    return _check("migrations", not n, lacks % {"n": n} if n else _("The database fits this release."))


def _has(steps: Set[tuple[str, str]], key: tuple[str, str], replaces: Collection[tuple[str, str]]) -> bool:
    """Whether a step was made: itself, or all those that it stands for."""
    return key in steps or bool(replaces) and steps >= set(replaces)


def disk(signs: Signs, at: datetime) -> Check:
    """There is room for files."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    return _check("disk", free >= LEAST_FREE, _("%(size)s are free on the disk.") % {"size": filesizeformat(free)})


def beat(signs: Signs, at: datetime) -> Check:
    """The clock strikes, and a worker hears it."""
    pulse = signs.pulses.get("beat")
    if pulse is None:
        return _check("beat", False, _("The clock has not struck yet."))
    return _check("beat", at - pulse.at <= BEAT_LATE, _("The clock last struck: %(when)s.") % {"when": _when(pulse.at)})


def reminders(signs: Signs, at: datetime) -> Check:
    """On a working day this morning's reminders are there, soon after sending begins."""
    last = next((run for run in signs.runs if run.finished_at), None)
    today = timezone.localtime(at).date()
    awaited = signs.days.is_working(today) and at > opening(today) + REMINDERS_LATE
    ok = not awaited or (last is not None and last.day >= today)
    if last is None:
        return _check("reminders", ok, _("No morning's reminders have been opened yet."))
    words = _("The last morning whose reminders were opened: %(day)s.") % {"day": f"{last.day:%d/%m/%Y}"}
    return _check("reminders", ok, words)


def chain(signs: Signs, at: datetime) -> Check:
    """The ledger was found whole, and not long ago."""
    pulse = signs.pulses.get("chain")
    if pulse is None:
        return _check("chain", True, _("The ledger is checked for the first time this night."))
    if not pulse.ok:
        return _check("chain", False, _("The ledger was changed at line %(line)s.") % {"line": pulse.detail})
    words = _("The ledger was found whole: %(when)s.") % {"when": _when(pulse.at)}
    return _check("chain", at - pulse.at <= CHAIN_LATE, words)


CHECKS: Mapping[str, Callable[[Signs, datetime], Check]] = {
    each.__name__: each for each in (database, broker, migrations, disk, beat, reminders, chain)
}
ADVICE: Mapping[str, Sentence] = {
    "database": gettext_lazy("Read PostgreSQL's log: it is down, its disk is full, or it is a copy that only reads."),
    "broker": gettext_lazy(
        "Start Redis or Valkey again. Nothing is lost: what waits lies in the database and is sent afterwards."
    ),
    "migrations": gettext_lazy("Run manage.py migrate as the owner of the database, then manage.py grant_web_role."),
    "disk": gettext_lazy("Make room on the disk that holds the files; below 1 GB uploads and backups begin to fail."),
    "beat": gettext_lazy("Start the services beat and worker again, and read their logs."),
    "reminders": gettext_lazy("Open today's reminders on this page. If they fail again, read the worker's log."),
    "chain": gettext_lazy(
        "Run manage.py verify_events. If a line was changed, touch nothing and tell whoever answers for it."
    ),
}
TITLES: Mapping[str, Sentence] = {
    "database": gettext_lazy("Database"),
    "broker": gettext_lazy("Queue"),
    "migrations": gettext_lazy("Release"),
    "disk": gettext_lazy("Disk"),
    "beat": gettext_lazy("Clock"),
    "reminders": gettext_lazy("Reminders"),
    "chain": gettext_lazy("Ledger"),
}


def check_chain(at: datetime) -> int:
    """Check the whole ledger and keep what was found, once a night; the number of its lines."""
    verdict = verify()
    found = {"at": at, "ok": verdict.ok, "detail": "" if verdict.ok else str(verdict.first_broken)}
    Pulse.objects.update_or_create(name="chain", defaults=found)
    if not verdict.ok:
        log.error("The ledger was changed at line %s", verdict.first_broken)
    return verdict.events


def _check(name: str, ok: bool, sentence: str) -> Check:
    return Check(name, ok, sentence, ADVICE[name])


def _when(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M, %d/%m/%Y}"
