"""What posts owe, counted by the worker for each unit and month and for the units above, and what the overview makes
of it: what was touched since is taken out of the totals again, and counted as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Scope, stands_below
from cchc.followup.domain.trouble import Part, work_off
from cchc.followup.models import DutyCount, DutyTotal, DutyTouched
from cchc.organization.models import Unit
from cchc.web.cube import Cube, Tally, add, tallies_of_each
from cchc.workflow.models import Obligation

IN_TIME, LATE = "in_time", "late"
BY = ("standing", "what", "late_of")
LOCK = 0x4455_5459  # of the database's advisory locks
AT_ONCE, MOST = 1_000, 20_000  # rows of DutyTouched in one question, and in one round
MONTH = len("2020-07")
COUNTING = Part(
    "duty_count",
    _("Counting of what posts owe"),
    _("The overview counts by itself what is not counted yet, only slower. Read the worker's log."),
    # What the worker has not counted costs time alone: its failing is told, its waiting is not.
    lambda since: DutyCount.objects.none(),
)


def described(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With every property that is counted. What is open stands with its day: "2020-07-01", "2020-07-01@12"."""
    day, unit = Cast("due_on", CharField()), Cast("unit", CharField())
    in_time, settled = Q(settled_at__date__lte=F("due_on")), Q(settled_at__isnull=False)
    return rows.annotate(
        standing=Case(
            When(in_time, then=Value(IN_TIME)), When(settled, then=Value(LATE)), default=day, output_field=CharField()
        ),
        what=Concat("subject_type", Value(":"), "kind"),
        late_of=Case(
            When(in_time, then=Value("")),
            When(settled, then=unit),
            default=Concat(day, Value("@"), unit),
            output_field=CharField(),
        ),
    )  # fmt: skip


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of "2020-07"."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _owed(pairs: Iterable[tuple[int, str]]) -> Q:
    """What posts of these units owe by days of these months."""
    months: dict[str, set[int]] = {}
    for unit, month in pairs:
        months.setdefault(month, set()).add(unit)
    found = Q(pk__in=())
    for month, units in months.items():
        found |= Q(unit__in=sorted(units), due_on__range=days_of(month))
    return found


# --- counting ---------------------------------------------------------------------------------------------------------
def count_duties(at: datetime) -> int:
    """Count anew what was touched (settings.BACKGROUND_WORK); returns how many parts of the work were done."""
    waiting = list(DutyTouched.objects.order_by("unit", "month", "pk").values_list("pk", "unit", "month")[:MOST])
    parts = [waiting[n : n + AT_ONCE] for n in range(0, len(waiting), AT_ONCE)]
    return work_off(COUNTING, parts, _count, at)


@transaction.atomic
def _count(touched: list[tuple[int, int, str]]) -> bool:
    """What is touched while it is counted stays touched; two workers never count at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
    pairs = {(unit, month) for _pk, unit, month in touched}
    units = {unit for unit, _month in pairs}
    paths = dict(Unit.objects.filter(pk__in=units).values_list("pk", "path"))
    before = [
        each
        for each in DutyCount.objects.filter(unit__in=units, month__in={month for _unit, month in pairs})
        if (each.unit_id, each.month) in pairs
    ]
    after = {
        (unit, month): DutyCount(unit_id=unit, month=month, path=paths[unit]) for unit, month in pairs if unit in paths
    }
    rows = Obligation.objects.filter(_owed(pairs), person=None)
    for (unit, day), tallies in tallies_of_each(Cube(described(rows), BY, per=("unit", "due_on"))).items():
        after[unit, str(day)[:MONTH]].tallies[str(day)] = tallies
    _into_totals(before, after.values())
    DutyCount.objects.filter(pk__in=[each.pk for each in before]).delete()
    DutyCount.objects.bulk_create([each for each in after.values() if each.tallies])
    DutyTouched.objects.filter(pk__in=[pk for pk, _unit, _month in touched]).delete()
    return True


def _into_totals(before: Iterable[DutyCount], after: Iterable[DutyCount]) -> None:
    changes: dict[tuple[int, str], dict[str, Any]] = {}
    for sign, counts in ((-1, before), (1, after)):
        for each in counts:
            for unit in (int(pk) for pk in each.path.split(".")[:-2]):
                for day, part in each.tallies.items():
                    add(changes.setdefault((unit, day), {}), part, sign)
                    add(changes.setdefault((unit, each.month), {}), part, sign)
    changed = {"unit__in": {unit for unit, _period in changes}, "period__in": {period for _unit, period in changes}}
    totals = {(each.unit_id, each.period): each for each in DutyTotal.objects.filter(**changed)}
    for (unit, period), change in changes.items():
        add(totals.setdefault((unit, period), DutyTotal(unit_id=unit, period=period)).tallies, change)
    DutyTotal.objects.bulk_create(
        [totals[key] for key in changes], update_conflicts=True, unique_fields=["unit", "period"],
        update_fields=["tallies"],
    )  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Kept:
    """*tallies* of the period, and the *rest* that has to be counted, if there is any."""

    tallies: dict[str, Tally]
    rest: Q | None


def kept(scope: Scope) -> Kept:
    """What is kept of a scope that leaves out nothing below its unit, and what has to be counted."""
    months = list(_months(scope))
    whole = [month for month in months if scope.since <= days_of(month)[0] and days_of(month)[1] <= scope.until]
    days = {str(scope.since + timedelta(days=n)) for n in range((scope.until - scope.since).days + 1)}
    days = {day for day in days if day[:MONTH] not in whole}
    found: dict[str, Any] = {}
    touched: set[tuple[int, str]] = set()
    own: list[tuple[int, str, dict[str, Any]]] = []
    for unit, period, path, tallies, is_touched in _rows(scope, months, [*whole, *sorted(days)]):
        if path is None and not is_touched:
            add(found, tallies)
        elif not is_touched:
            own.append((unit, period, tallies))
        elif (unit, period) not in touched:
            touched.add((unit, period))
            if path and stands_below(path, scope.unit):
                _add_days(found, tallies, whole, days, -1)
    for unit, month, tallies in own:
        if (unit, month) not in touched:
            _add_days(found, tallies, whole, days, 1)
    return Kept({name: tally for name, tally in found.items() if tally}, _owed(touched) if touched else None)


def _months(scope: Scope) -> Iterator[str]:
    day = scope.since.replace(day=1)
    while day <= scope.until:
        yield str(day)[:MONTH]
        day = (day + timedelta(days=31)).replace(day=1)


def _add_days(
    total: dict[str, Any], tallies: dict[str, Any], whole: list[str], days: set[str], sign: int
) -> None:  # fmt: skip
    for day, part in tallies.items():
        if day in days or day[:MONTH] in whole:
            add(total, part, sign)


def _rows(scope: Scope, months: list[str], periods: list[str]) -> Iterable[tuple[Any, ...]]:
    """Totals, the unit's own counts and what was touched in one question, so that all are of one moment."""
    unit, none = scope.unit, Value(None, CharField())
    columns = ("unit", "period", "then", "held", "touched")
    no, yes = Value(False, BooleanField()), Value(True, BooleanField())
    count = DutyCount.objects.filter(unit=OuterRef("unit"), month=OuterRef("month"))
    totals = DutyTotal.objects.filter(unit=unit, period__in=periods).annotate(then=none, held=F("tallies"), touched=no)
    own = DutyCount.objects.filter(unit=unit, month__in=months)
    own_rows = own.annotate(period=F("month"), then=F("path"), held=F("tallies"), touched=no)
    touched = DutyTouched.objects.filter(month__in=months).annotate(
        period=F("month"), then=Subquery(count.values("path")), held=Subquery(count.values("tallies")), touched=yes
    )
    # One that was counted here may have gone elsewhere.
    touched = touched.filter(Q(unit__in=scope.units) | Q(then__contains=f"{unit.pk}."))
    return totals.values_list(*columns).union(
        own_rows.values_list(*columns), touched.values_list(*columns), all=True
    )  # fmt: skip
