"""Work that has got stuck and needs somebody: numbers, kinds and units, never contents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
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


def waiting(at: datetime) -> dict[str, QuerySet[Any]]:
    """What somebody has to look at: letters that were not sent, and mornings that were not finished."""
    return {
        "failed": Delivery.objects.filter(state=DeliveryState.FAILED),
        "waiting": waiting_long(at),
        "unfinished": Run.objects.filter(finished_at=None, began_at__lt=at - WAITED),
    }


def stuck(at: datetime, counts: Mapping[str, int] | None = None) -> Stuck:
    """Everything that has got stuck by now. *counts*: how many rows of `waiting` there are, where it is known."""
    counts = counting.bounded(waiting(at)) if counts is None else counts
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
    units = _units(empty[:MOST_SEATS])
    found = [
        Orphaned(units[unit], role, units[unit].owed.get(role, 0), ended=not units[unit].is_valid_on(today))
        for role, unit in empty[:MOST_SEATS]
    ]
    return found, len(empty) > MOST_SEATS


def _units(seats: Collection[Seat]) -> Mapping[int, Any]:
    """The units of *seats*, with how much each role of these owes there (`owed`)."""
    rows = Obligation.objects.open().filter(unit=OuterRef("pk"), role__in={role for role, _unit in seats})
    counted = rows.order_by().values("role").annotate(n=Count("pk"))
    owed = ArraySubquery(counted.values(pair=JSONObject(role="role", n="n")))
    units: Mapping[int, Any] = Unit.objects.annotate(counts=owed).in_bulk({unit for _role, unit in seats})
    for unit in units.values():
        unit.owed = {pair["role"]: pair["n"] for pair in unit.counts}
    return units
