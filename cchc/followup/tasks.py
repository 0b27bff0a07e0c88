"""What the clock does (cchc/celery.py says when)."""

from __future__ import annotations

import logging
from collections.abc import Callable
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
    """Make every move that waits for a day to pass. Run twice it finds nothing left; one failure stops no other."""
    at = timezone.now()
    for name in settings.CLOCK_MOVES:
        moves: Callable[[datetime], int] = import_string(name)
        try:
            made = moves(at)
        except Exception:
            log.exception("The clock failed at %s", name)
        else:
            log.info("The clock: %s, %d", name, made)


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
def work() -> None:
    """What the domains leave to the worker; each finds for itself what waits. One failure stops no other."""
    for name in settings.BACKGROUND_WORK:
        part: Callable[[datetime], int] = import_string(name)
        try:
            done = part(timezone.now())
        except Exception:
            log.exception("The worker failed at %s", name)
        else:
            if done:
                log.info("The worker: %s, %d", name, done)


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
