"""The outbox as its keeper sees it: whose deliveries he may see, and sending again what failed."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import QuerySet

from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import OPERATE

log = logging.getLogger(__name__)
AT_ONCE = 10_000  # deliveries sent again by one press


def outbox(person: Person) -> QuerySet[Delivery]:
    """The deliveries to people whom *person* looks after; nobody else's, though he keeps the whole site running."""
    if not access.holds(person, OPERATE):
        return Delivery.objects.none()
    return Delivery.objects.filter(person__in=access.managed_people(person).values("pk"))


def resend(deliveries: QuerySet[Delivery], *, by: Person, at: datetime) -> int:
    """Queue those that failed anew, with all their tries before them; how many that were.

    Each keeps its Message-ID, so that a copy can be told apart. One that has been sent meanwhile is left alone.
    """
    failed = deliveries.filter(state=DeliveryState.FAILED).order_by("made_at").values("pk")[:AT_ONCE]
    queued = Delivery.objects.filter(pk__in=failed, state=DeliveryState.FAILED).update(
        state=DeliveryState.QUEUED, attempts=0, not_before=at, ended_at=None, claim=None, claimed_until=None
    )
    log.info("%s queued %d deliveries again", by.username, queued)
    return queued
