"""The queue's application for these tests: the real one, on another clock, and with its locks off where a test asks."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import django
from django.utils import timezone

from cchc.celery import app

django.setup()

# Seconds by which the processes of a test live in another time.
SHIFT = timedelta(seconds=float(os.environ.get("TESTS_SHIFT", "0")))
_now = timezone.now
timezone.now = lambda: _now() + SHIFT


def _without_claims() -> None:
    """The negative control: look, do not take. What the claim is good for must then go wrong."""
    from cchc.followup.domain import delivery
    from cchc.followup.models import Delivery

    def look(at: datetime, names: Any, most: int = delivery.BATCH) -> list[Delivery]:
        waiting = Delivery.objects.filter(state="queued", not_before__lte=at).order_by("made_at", "pk")
        found = delivery.claimed(list(waiting.values_list("pk", flat=True)[:most]))
        for each in found:
            each.claimed_until = at + timedelta(hours=1)
        return found

    def leave(each: Delivery, **fields: Any) -> str:
        Delivery.objects.filter(pk=each.pk).update(claim=None, claimed_until=None, **fields)
        return str(fields["state"])

    delivery.claim, delivery._leave = look, leave


if os.environ.get("TESTS_WITHOUT_CLAIMS"):
    _without_claims()

__all__ = ["app"]
