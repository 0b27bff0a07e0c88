"""The personal calendar feed: a secret address, and what stands in the calendar behind it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from cchc.followup.bell import Link
from cchc.followup.domain.links import links
from cchc.followup.models import Feed
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence, duty
from cchc.workflow.models import Obligation

SECRET_BYTES = 32
MOST = 500  # what anybody could owe; a calendar program takes no more gladly


@dataclass(frozen=True)
class Entry:
    """One day in the calendar. *address* is a path of this site, "" when the person may not see the thing.

    *changes* counts how often its day was moved.
    """

    key: int
    duty: Sentence
    title: str
    address: str
    unit: str
    due_on: date
    first_due_on: date
    opened_at: datetime
    changes: int


def make(person: Person, at: datetime) -> str:
    """A new secret address for *person*; the one before stops working. Only here is it known."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Feed.objects.update_or_create(person=person, defaults={"digest": digest(secret), "made_at": at, "read_on": None})
    return secret


def revoke(person: Person) -> bool:
    """Take the address back; False when there was none."""
    return bool(Feed.objects.filter(person=person).delete()[0])


def find(secret: str) -> Feed | None:
    """The feed behind *secret*; none when its owner may no longer sign in."""
    return Feed.objects.select_related("person").filter(digest=digest(secret), person__is_active=True).first()


def note_reading(feed: Feed, at: datetime) -> None:
    """Keep the day on which the calendar was fetched, so that its owner sees whether it is in use."""
    today = timezone.localtime(at).date()
    if feed.read_on != today:
        Feed.objects.filter(pk=feed.pk).update(read_on=today)


def entries(person: Person) -> list[Entry]:
    """Everything open that *person* owes, by name or by a post held today, soonest first."""
    owed = Obligation.objects.open().owed_by(person).by_due().annotate(changes=Count("extensions"))
    listed = list(owed[:MOST])
    seen = links(person, listed)
    return [_entry(each, seen.get((each.subject_type, each.subject_id))) for each in listed]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _entry(owed: Obligation, link: Link | None) -> Entry:
    return Entry(
        key=owed.pk,
        duty=duty(owed.subject_type, owed.kind),
        title=link.title if link else "",
        address=link.url if link else "",
        unit=owed.unit.name if owed.unit else "",
        due_on=owed.due_on,
        first_due_on=owed.first_due_on,
        opened_at=owed.opened_at,
        changes=owed.changes,  # type: ignore[attr-defined]
    )
