"""What the clock does (cchc/celery.py says when)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from cchc.followup.domain import delivery
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.domain.window import opening
from cchc.followup.models import Pulse, Run
from cchc.workdays.domain.calendar import calendar

log = logging.getLogger(__name__)


@shared_task
def run_clock() -> None:
    """Make every move that waits for a day to pass. Run twice it finds nothing left."""
    _each("The clock", settings.CLOCK_MOVES)


@shared_task
def work() -> None:
    """What the domains leave to the worker; each finds for itself what waits."""
    _each("The worker", settings.BACKGROUND_WORK)


def _each(who: str, names: Iterable[str]) -> None:
    """Call every function(at) -> int that is named."""
    for name in names:
        part: Callable[[datetime], int] = import_string(name)
        try:
            done = part(timezone.now())
        except Exception:  # whatever it was, it stops no other
            log.exception("%s failed at %s", who, name)
        else:
            if done:
                log.info("%s: %s, %d", who, name, done)


@shared_task
def tick() -> None:
    """Whatever is due at this moment: the morning's reminders, their dispatch, sending. Run twice it does it once."""
    at = timezone.now()
    Pulse.objects.update_or_create(name="beat", defaults={"at": at, "ok": True, "detail": ""})
    if _reminders_are_due(at):
        opened = open_reminders(timezone.localdate(at), at)
        log.info("Reminders of %s: %d opened of %d due", opened.day, opened.opened, opened.due)
    if count := dispatch(at):
        log.info("Dispatched %d notices", count)
    if delivery.something_waits(at):
        deliver.apply_async(expires=settings.TICK_SECONDS)
    work.apply_async(expires=settings.TICK_SECONDS)


@shared_task
def deliver() -> None:
    """Send what waits; ends before the next tick wants its worker."""
    counts = delivery.deliver(timezone.now, seconds=settings.TICK_SECONDS * 0.75)
    if counts:
        log.info("Deliveries: %s", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))


def _reminders_are_due(at: datetime) -> bool:
    """Once each working day, from the moment that sending may begin."""
    today = timezone.localdate(at)
    if at < opening(today) or not calendar().is_working(today):
        return False
    return not Run.objects.filter(day=today, finished_at__isnull=False).exists()
