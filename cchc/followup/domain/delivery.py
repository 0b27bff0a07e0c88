"""Sending: deliveries are claimed for a while, looked at once more, handed to their channel and marked one by one."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Prefetch
from django.utils import translation

from cchc.followup.bell import SPOKEN
from cchc.followup.channels import Letter, Rejected, Sender, TryLater, Unreachable, channel, channels
from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery, Pulse
from cchc.followup.sentences import sentences
from cchc.organization.access import load_posts
from cchc.workflow.models import Notice

from .dispatch import split
from .reminder import RANK
from .truth import Facts, facts_of, overtaken, waiting_for_owner
from .window import is_open

log = logging.getLogger(__name__)

BATCH = 20
ANSWER = 500  # characters kept of what a server says
S = DeliveryState

# Digests leave when the morning's reminders are complete, or an hour late without them.
_CLAIM = """
UPDATE followup_delivery SET state = 'claimed', claim = %(claim)s, claimed_until = %(until)s,
    attempts = attempts + CASE WHEN state = 'claimed' THEN 1 ELSE 0 END
WHERE id IN (
    SELECT id FROM followup_delivery d
    WHERE state IN ('queued', 'claimed') AND not_before <= %(at)s AND channel = ANY(%(channels)s)
      AND (state = 'queued' OR claimed_until < %(at)s)
      AND (digest_on IS NULL OR not_before < %(at)s - interval '1 hour'
           OR EXISTS (SELECT 1 FROM followup_run r WHERE r.day = d.digest_on AND r.finished_at IS NOT NULL))
    ORDER BY not_before, made_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def something_waits(at: datetime) -> bool:
    """Whether a delivery may be claimed now."""
    if not is_open(at):
        return False
    waiting = Delivery.objects.filter(state__in=(S.QUEUED, S.CLAIMED), not_before__lte=at)
    return waiting.exists()


def deliver(now: Callable[[], datetime], *, seconds: float) -> Counter[str]:
    """Send what waits, for about so many seconds; how many deliveries ended in which state.

    Several may do this at once, and any may be killed: what it had claimed is taken up after settings.DELIVERY_LEASE
    seconds, with the same Message-ID.
    """
    counts: Counter[str] = Counter()
    until = now() + timedelta(seconds=seconds)
    names = list(channels())
    with ExitStack() as connections:
        senders: dict[str, Sender] = {}
        while is_open(now()) and now() < until and (batch := claim(now(), names)):
            facts = facts_of(batch)
            load_posts([delivery.person for delivery in batch])
            while batch:
                delivery = batch.pop(0)
                if delivery.channel not in senders:
                    senders[delivery.channel] = connections.enter_context(channel(delivery.channel).connect())
                try:
                    counts[_attend(delivery, senders[delivery.channel], facts, now)] += 1
                except Unreachable as error:
                    _pause([delivery, *batch], str(error), now())
                    return counts
    if counts[S.SENT]:
        _pulse(now(), ok=True)
    return counts


def claim(at: datetime, names: Sequence[str], most: int = BATCH) -> list[Delivery]:
    """Take deliveries that may leave now, for settings.DELIVERY_LEASE seconds; nobody else has them meanwhile."""
    token, until = uuid.uuid4(), at + timedelta(seconds=settings.DELIVERY_LEASE)
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {"claim": token, "until": until, "at": at, "channels": list(names), "most": most},
        )
        taken = [pk for (pk,) in cursor.fetchall()]
    return claimed(taken) if taken else []


def claimed(ids: Collection[uuid.UUID]) -> list[Delivery]:
    """These deliveries with everything that sending reads, those of owners first: the others wait for them."""
    notices = Notice.objects.select_related(*SPOKEN).order_by("id")
    found = Delivery.objects.filter(pk__in=ids).select_related("person").order_by("not_before", "made_at")
    listed = found.prefetch_related(Prefetch("notices", notices))
    return sorted(listed, key=lambda each: max((RANK.get(told.capacity, 0) for told in each.notices.all()), default=0))


def _attend(delivery: Delivery, sender: Sender, facts: Facts, now: Callable[[], datetime]) -> str:
    """Look once more, send and mark one delivery; the state it is left in. Raises Unreachable."""
    at = now()
    assert delivery.claimed_until is not None
    if delivery.claimed_until - at < timedelta(seconds=settings.DELIVERY_LEASE / 2):
        return _release(delivery, at)  # others before it were slow: it could be sent by two
    if delivery.attempts > len(settings.DELIVERY_BACKOFF):
        return _end(delivery, S.FAILED, at, delivery.answer)
    notices = list(delivery.notices.all())
    gone = overtaken(delivery.person, notices, facts, at)
    early = waiting_for_owner([notice for notice in notices if notice not in gone])
    ready = [notice for notice in notices if notice not in gone and notice not in early]
    if gone:
        delivery.notices.remove(*gone)
    if not ready and early:
        return _release(delivery, at, settings.DELIVERY_WAIT)
    if early:
        split(delivery, early, at, at + timedelta(seconds=settings.DELIVERY_WAIT))
    address = channel(delivery.channel).address(delivery.person)
    if not ready or not address or not delivery.person.is_active:
        return _end(delivery, S.DROPPED, at)
    return _send(delivery, ready, address, sender, now)


def _send(
    delivery: Delivery, notices: Sequence[Notice], address: str, sender: Sender, now: Callable[[], datetime]
) -> str:
    delivery.address = address
    with translation.override(delivery.person.language):
        try:
            lines = [line for line in sentences(notices, delivery.person) if line.link or line.notice.obligation_id]
            if not lines:  # of what the person may no longer see
                return _end(delivery, S.DROPPED, now())
            answer = sender.send(Letter(delivery.person, address, delivery.message_id, lines, delivery.digest_on))
        except Rejected as error:
            return _end(delivery, S.FAILED, now(), str(error), attempts=delivery.attempts + 1)
        except TryLater as error:
            return _again(delivery, str(error), now())
        except (Unreachable, DatabaseError):
            raise
        except Exception as error:  # one that cannot be written stops no other
            log.exception("Delivery %s", delivery.pk)
            return _again(delivery, type(error).__name__, now())
    return _end(delivery, S.SENT, now(), answer, attempts=delivery.attempts + 1)


def _again(delivery: Delivery, answer: str, at: datetime) -> str:
    attempts, waits = delivery.attempts + 1, settings.DELIVERY_BACKOFF
    if attempts > len(waits):
        return _end(delivery, S.FAILED, at, answer, attempts=attempts)
    return _release(delivery, at, waits[attempts - 1], answer=answer[:ANSWER], attempts=attempts)


def _pause(batch: Sequence[Delivery], answer: str, at: datetime) -> None:
    """The server is away, for which no letter can: none has used up a try."""
    for delivery in batch:
        _release(delivery, at, settings.DELIVERY_PAUSE, answer=answer[:ANSWER])
    _pulse(at, ok=False, detail=answer)


def _release(delivery: Delivery, at: datetime, seconds: float = 0, **fields: object) -> str:
    later = max(delivery.not_before, at + timedelta(seconds=seconds))
    return _leave(delivery, state=S.QUEUED, not_before=later, **fields)


def _end(delivery: Delivery, state: str, at: datetime, answer: str = "", **fields: object) -> str:
    return _leave(delivery, state=state, ended_at=at, answer=answer[:ANSWER], address=delivery.address, **fields)


def _leave(delivery: Delivery, **fields: object) -> str:
    """Write how it was left, unless the claim has passed to another meanwhile."""
    mine = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=S.CLAIMED)
    mine.update(claim=None, claimed_until=None, **fields)
    return str(fields["state"])


def _pulse(at: datetime, *, ok: bool, detail: str = "") -> None:
    Pulse.objects.update_or_create(name="email", defaults={"at": at, "ok": ok, "detail": detail[:ANSWER]})
