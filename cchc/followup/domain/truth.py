"""The last look before sending: what is no longer true, and whose owner has not been told yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.organization.roster import Roster
from cchc.workflow.models import Capacity, Notice, Obligation

from .reminder import RANK, Due, overseers

FRESH = timedelta(seconds=1)


@dataclass
class Facts:
    """How the obligations of *reminders* stand and who looks after them; read again when older than FRESH."""

    reminders: Collection[Notice]
    read_at: datetime | None = None
    due: dict[int, tuple[date, Due]] = field(default_factory=dict)
    roster: Roster | None = None

    def look(self, at: datetime) -> None:
        if self.read_at is not None and at - self.read_at < FRESH:
            return
        self.read_at = at
        wanted = Obligation.objects.open().filter(pk__in={notice.obligation_id for notice in self.reminders})
        rows = wanted.values_list("pk", "due_on", "subject_type", "kind", "role", "unit", "person")
        self.due = {
            pk: (due_on, Due(pk, f"{subject}:{kind}", role, unit, owner))
            for pk, due_on, subject, kind, role, unit, owner in rows
        }
        units = {found.unit for _due_on, found in self.due.values() if found.unit}
        self.roster = Roster.load(timezone.localdate(at), units) if units else None

    def hold(self, person: Person, notice: Notice) -> bool:
        """Whether the reminder is still true: open, due on that day, and this person's."""
        due_on, due = self.due.get(notice.obligation_id or 0, (None, None))
        if due is None or due_on != notice.due_on:
            return False
        if self.roster is None:
            return due.person == person.pk and person.is_active
        return person.pk in overseers(due, notice.capacity, self.roster, {person.pk} if person.is_active else set())


def facts_of(deliveries: Iterable[Delivery]) -> Facts:
    """Facts about everything of which these deliveries remind."""
    return Facts([notice for each in deliveries for notice in each.notices.all() if notice.obligation_id is not None])


def overtaken(person: Person, notices: Iterable[Notice], facts: Facts, at: datetime) -> list[Notice]:
    """What of *notices* need not be sent any more: reminders that are not true, and events read in the app."""
    facts.look(at)
    return [
        notice
        for notice in notices
        if (not facts.hold(person, notice) if notice.obligation_id is not None else notice.read_at is not None)
    ]


def waiting_for_owner(notices: Sequence[Notice]) -> list[Notice]:
    """The reminders to superiors among *notices* while somebody below is still to be told of the same due date.

    Told means that it left, failed for good, or was not to be sent at all.
    """
    above = [notice for notice in notices if notice.obligation_id is not None and RANK[notice.capacity] > 0]
    if not above:
        return []
    on_its_way = Delivery.objects.filter(
        notices=OuterRef("pk"), state__in=(DeliveryState.QUEUED, DeliveryState.CLAIMED)
    )
    pending = Notice.objects.filter(Q(dispatched_at=None) | Exists(on_its_way))
    below = pending.filter(obligation__in={notice.obligation_id for notice in above})
    ranks: dict[tuple[int | None, date | None], int] = {}
    for obligation, due_on, capacity in below.values_list("obligation", "due_on", "capacity"):
        key = obligation, due_on
        ranks[key] = min(ranks.get(key, len(RANK)), RANK[capacity])
    return [
        notice
        for notice in above
        if ranks.get((notice.obligation_id, notice.due_on), len(RANK)) < RANK[Capacity(notice.capacity)]
    ]
