"""From what people were told in the app to what leaves it: notices become deliveries, as each person prefers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cchc.followup.channels import channels
from cchc.followup.enums import About, DeliveryState, Manner
from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.workflow.models import Notice

from .preference import manner_for
from .window import digest_day, next_day, opening, sending_from

BATCH = 500  # notices in one transaction
FRESH = timedelta(days=7)  # what was told earlier is in the app, and no mail any more
# One dispatches at a time: two that fill the same digests would wait for each other in a ring.
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('cchc.followup.dispatch'))"


def dispatch(at: datetime) -> int:
    """Queue whatever was told and not yet carried further; how many notices that were. None while another does it.

    May be killed anywhere: a notice is marked in the transaction of its deliveries.
    """
    done = 0
    while count := _dispatch_some(at):
        done += count
    return done


@transaction.atomic
def _dispatch_some(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
    waiting = Notice.objects.undispatched().order_by("id").select_for_update(skip_locked=True)
    notices = list(waiting[:BATCH])
    if not notices:
        return 0
    people = Person.objects.in_bulk({notice.person_id for notice in notices})
    for name, channel in channels().items():
        reached = {pk for pk, person in people.items() if person.is_active and channel.address(person)}
        _queue(name, [notice for notice in notices if notice.person_id in reached and _is_fresh(notice, at)], at)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(dispatched_at=at)
    return len(notices)


def _is_fresh(notice: Notice, at: datetime) -> bool:
    return at - notice.told_at < FRESH and (notice.read_at is None or notice.event_id is None)


def _queue(channel: str, notices: Sequence[Notice], at: datetime) -> None:
    """Make deliveries of *notices*, whose people are all reached by *channel*.

    A reminder is of its day: when today's digest has left it goes by itself, and everything else waits for the next.
    """
    manners = _manners(channel, notices)
    morning = digest_day(at)
    today = timezone.localdate(sending_from(at))
    at_once: dict[int, list[Notice]] = defaultdict(list)
    digests: dict[tuple[int, date], list[Notice]] = defaultdict(list)
    wanting = {notice.person_id for notice in notices if manners[notice.pk] == Manner.DIGEST}
    gone = _gone(channel, wanting, morning)
    for notice in notices:
        left = morning > today or notice.person_id in gone
        manner = manners[notice.pk]
        if manner == Manner.AT_ONCE or (manner == Manner.DIGEST and left and notice.event_id is None):
            at_once[notice.person_id].append(notice)
        elif manner == Manner.DIGEST:
            day = next_day(morning) if notice.person_id in gone else morning
            digests[notice.person_id, day].append(notice)
    begin = sending_from(at)
    made = [_delivery(channel, person, Manner.AT_ONCE, at, begin) for person in at_once]
    Delivery.objects.bulk_create(made)
    _put(zip(made, at_once.values(), strict=True))
    _put_into_digests(channel, digests, at)


def _manners(channel: str, notices: Sequence[Notice]) -> dict[int, Manner]:
    found: dict[int, Manner] = {}
    for about in About:
        asked = [notice for notice in notices if _about(notice) == about]
        chosen = manner_for({notice.person_id for notice in asked}, channel, about)
        found |= {notice.pk: chosen[notice.person_id] for notice in asked}
    return found


def _about(notice: Notice) -> About:
    if not notice.capacity:
        return About.NEWS
    return About.DUTIES if notice.event_id is None else About.TURNS


def _gone(channel: str, people: Iterable[int], day: date) -> set[int]:
    """Whose digest of *day* has been taken for sending; those that wait are held until they have been added to."""
    known = Delivery.objects.filter(person__in=list(people), channel=channel, digest_on=day)
    held = known.order_by("person").select_for_update().values_list("person", "state")
    return {person for person, state in held if state != DeliveryState.QUEUED}


def _put_into_digests(channel: str, digests: dict[tuple[int, date], list[Notice]], at: datetime) -> None:
    made = [
        _delivery(channel, person, Manner.DIGEST, at, opening(day) + timedelta(seconds=settings.DIGEST_DELAY), day)
        for person, day in sorted(digests)
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)  # one of them may be there already
    days = {day for _person, day in digests}
    known = Delivery.objects.filter(
        person__in={person for person, _day in digests}, channel=channel, digest_on__in=days
    )
    _put(
        (digest, digests[digest.person_id, digest.digest_on])
        for digest in known.order_by("person", "digest_on").select_for_update()
        if digest.digest_on and (digest.person_id, digest.digest_on) in digests
    )


def _delivery(
    channel: str, person: int, manner: Manner, at: datetime, not_before: datetime, digest_on: date | None = None
) -> Delivery:
    key = uuid.uuid4()
    return Delivery(
        pk=key, person_id=person, channel=channel, manner=manner, digest_on=digest_on, made_at=at,
        not_before=not_before, message_id=f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
    )  # fmt: skip


def _put(pairs: Iterable[tuple[Delivery, Iterable[Notice]]]) -> None:
    through = Delivery.notices.through
    rows = [through(delivery_id=delivery.pk, notice_id=notice.pk) for delivery, held in pairs for notice in held]
    through.objects.bulk_create(rows, ignore_conflicts=True)


def split(delivery: Delivery, notices: Iterable[Notice], at: datetime, not_before: datetime) -> Delivery:
    """Take *notices* out of *delivery* into one of their own, to be sent later."""
    apart = _delivery(delivery.channel, delivery.person_id, Manner.AT_ONCE, at, not_before)
    listed = list(notices)
    with transaction.atomic():
        apart.save(force_insert=True)
        delivery.notices.remove(*listed)
        _put([(apart, listed)])
    return apart
