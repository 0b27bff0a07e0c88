"""Who takes part in a conference, and as what."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cchc.organization.enums import Role
from cchc.organization.models import Person, Position
from cchc.workflow.engine import record
from dialogues.domain.conference import locked
from dialogues.enums import Part
from dialogues.models import Conference, Participant


@transaction.atomic
def set_participant(conference: Conference, person: Person, part: Part, *, by: Person, at: datetime) -> Participant:
    """Put somebody on the list, or give him another part."""
    now = locked(conference, by)
    entry, created = Participant.objects.get_or_create(conference=now, person=person, defaults={"part": part})
    if created or entry.part != part:
        entry.part = part
        entry.save(update_fields=["part"])
        record(now, "participants", by=by, at=at, data={"person": person.pk, "part": part})
    return entry


@transaction.atomic
def add_chiefs(conference: Conference, *, by: Person, at: datetime) -> int:
    """Put the chiefs of the invited units on the list as delegates; returns how many were not on it yet."""
    now = locked(conference, by)
    day = timezone.localtime(at).date()
    chiefs = Person.objects.filter(
        is_active=True,
        pk__in=Position.objects.valid_on(day)
        .filter(role=Role.UNIT_CHIEF, unit__in=now.invited.values("pk"))
        .values("person"),
    ).exclude(pk__in=now.participants.values("person"))
    added = Participant.objects.bulk_create(Participant(conference=now, person=person) for person in chiefs)
    if added:
        record(now, "participants", by=by, at=at, data={"added": [entry.person_id for entry in added]})
    return len(added)


@transaction.atomic
def remove_participant(entry: Participant, *, by: Person, at: datetime) -> None:
    now = locked(entry.conference, by)
    record(now, "participants", by=by, at=at, data={"person": entry.person_id, "part": ""})
    entry.delete()
