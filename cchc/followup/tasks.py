"""What the clock does (cchc/celery.py says when)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

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
