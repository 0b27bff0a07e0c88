"""The last look before sending: what is no longer true, and whose owner has not been told yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.organization.roster import Roster
from cchc.workflow.models import Capacity, Notice, Obligation

from .reminder import RANK, Due, overseers


def overtaken(person: Person, notices: Iterable[Notice], roster: Roster) -> list[Notice]:
    """What of *notices* need not be sent any more: reminders of what is settled, moved or no longer this person's.

    And events of which the app has told already.
    """
    listed = list(notices)
    read = [notice for notice in listed if notice.event_id is not None and notice.read_at is not None]
    reminders = [notice for notice in listed if notice.obligation_id is not None]
    if not reminders:
        return read
    open_now = Obligation.objects.open().filter(pk__in={notice.obligation_id for notice in reminders})
    due = {
        pk: (due_on, Due(pk, f"{subject}:{kind}", role, unit, owner))
        for pk, due_on, subject, kind, role, unit, owner in open_now.values_list(
            "pk", "due_on", "subject_type", "kind", "role", "unit", "person"
        )
    }
    past = [notice for notice in reminders if not _holds(person, notice, due.get(notice.obligation_id or 0), roster)]
    return read + past


def _holds(person: Person, notice: Notice, found: tuple[date, Due] | None, roster: Roster) -> bool:
    if found is None or found[0] != notice.due_on:
        return False
    active = {person.pk} if person.is_active else set()
    return person.pk in overseers(found[1], notice.capacity, roster, active)


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
