"""Work that has got stuck and needs somebody: numbers, kinds and units, never contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery, Run
from cchc.organization.enums import Role
from cchc.organization.models import Unit
from cchc.organization.roster import Roster, Seat
from cchc.web import counting
from cchc.workflow.models import Obligation

WAITED = timedelta(minutes=15)
MOST_SEATS = 100  # whose open work is counted; more are only told to be more

# Which posts owe something open: a look into the index for each unit and role, however much they owe.
_SEATS = """
SELECT role.code, unit.id FROM organization_unit unit CROSS JOIN unnest(%s::text[]) AS role (code)
WHERE EXISTS (
    SELECT FROM workflow_obligation owed
    WHERE owed.unit_id = unit.id AND owed.role = role.code AND owed.settled_at IS NULL
)
ORDER BY unit.sort_key, role.code
"""


@dataclass(frozen=True)
class Orphaned:
    """A post that owes work and has nobody: *ended* when its unit is no more, else nobody holds it today."""

    unit: Unit
    role: str
    owed: int
    ended: bool

    @property
    def role_words(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Stuck:
    """*failed*, *waiting* and *unfinished* are counted up to counting.LIMIT; *more*: there are posts beyond these."""

    failed: int
    waiting: int
    unfinished: int
    orphaned: Sequence[Orphaned]
    more: bool

    @property
    def nothing(self) -> bool:
        return not (self.failed or self.waiting or self.unfinished or self.orphaned)


def stuck(at: datetime) -> Stuck:
    """Everything that has got stuck by now."""
    long_ago = at - WAITED
    counts = counting.bounded(
        {
            "failed": Delivery.objects.filter(state=DeliveryState.FAILED),
            "waiting": waiting_long(at),
            "unfinished": Run.objects.filter(finished_at=None, began_at__lt=long_ago),
        }
    )
    orphaned, more = _orphaned(timezone.localtime(at).date())
    return Stuck(counts["failed"], counts["waiting"], counts["unfinished"], orphaned, more)


def waiting_long(at: datetime) -> QuerySet[Delivery]:
    """Deliveries that nobody fetches, and those whose server keeps putting them off."""
    long_ago = at - WAITED
    unclaimed = Q(state=DeliveryState.QUEUED, not_before__lt=long_ago)
    put_off = Q(state=DeliveryState.QUEUED, made_at__lt=long_ago) & ~Q(answer="")
    return Delivery.objects.filter(unclaimed | put_off | Q(state=DeliveryState.CLAIMED, claimed_until__lt=long_ago))


def _orphaned(today: date) -> tuple[list[Orphaned], bool]:
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, [Role.values])
        seats: list[Seat] = cursor.fetchall()
    roster = Roster.load(today, {unit for _role, unit in seats}, climbing=False)
    empty = [seat for seat in seats if not (roster.holders(*seat) or roster.away(*seat))]
    units = Unit.objects.in_bulk({unit for _role, unit in empty[:MOST_SEATS]})
    owed = _owed(empty[:MOST_SEATS])
    found = [
        Orphaned(units[unit], role, owed[role, unit], ended=not units[unit].is_valid_on(today))
        for role, unit in empty[:MOST_SEATS]
    ]
    return found, len(empty) > MOST_SEATS


def _owed(seats: Iterable[Seat]) -> Mapping[Seat, int]:
    """How much each of *seats* owes."""
    wanted = [Q(role=role, unit=unit) for role, unit in seats]
    if not wanted:
        return {}
    rows = Obligation.objects.open().filter(reduce(or_, wanted)).order_by().values_list("role", "unit")
    return Counter({(role, unit): n for role, unit, n in rows.annotate(n=Count("pk"))})
