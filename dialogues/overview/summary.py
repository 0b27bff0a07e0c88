"""Tallies kept for conferences and for the units above, so that the numbers of a province or of the country need not
be counted anew for everybody who looks.

A conference is counted by the worker after it was touched. What the pages make of it: dialogues.overview.kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, Func, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from cchc.web.cube import Cube, add, tallies_of_each
from dialogues.models import Conference, Item, Summary, Total, Touched
from dialogues.models.item import PUBLIC_STATES, ItemQuerySet

# Whose eyes: everybody's who may see the conference; those above it, once it was referred to them; its host's.
PUBLIC, REFERRED, INSIDE = "public", "referred", "inside"
_PUBLIC, _REFERRED = Q(state__in=PUBLIC_STATES), Q(escalated_at__isnull=False)
CLASSES = {PUBLIC: _PUBLIC, REFERRED: ~_PUBLIC & _REFERRED, INSIDE: ~_PUBLIC & ~_REFERRED}
SEES = Case(*(When(each, then=Value(name)) for name, each in CLASSES.items()), output_field=CharField())
LOCK = 0x5355_4D4D  # of the database's advisory locks
AT_ONCE = 100  # conferences counted in one question
NULL = "~"  # JSON has no other name for it among its keys
Tallies = dict[str, dict[str, int]]  # {property: {value: number}}
Counts = dict[str, dict[str, Tallies]]  # {who sees them: {month: tallies}}


def month_of(name: str) -> Func:
    """ "2020-07", by the local clock."""
    return Func(TruncDate(name), Value("YYYY-MM"), function="to_char", output_field=CharField())


def bounds(period: str) -> tuple[datetime, datetime]:
    """The first and the last moment of a year or a month."""
    year, _dash, month = period.partition("-")
    first = date(int(year), int(month or 1), 1)
    after = (first + timedelta(days=32)).replace(day=1) if month else date(int(year) + 1, 1, 1)
    begins, ends = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, after))
    return begins, ends - timedelta(microseconds=1)


def stale() -> QuerySet[Conference]:
    """Those never counted, or touched since."""
    touched = Touched.objects.filter(conference=OuterRef("pk"))
    return Conference.objects.filter(Q(summary=None) | Exists(touched))


@transaction.atomic
def count(
    pks: Sequence[UUID], described: Callable[[ItemQuerySet], ItemQuerySet], by: tuple[str, ...], at: datetime
) -> int:
    """Count conferences anew, and the totals above them; returns how many.

    What is touched while it is counted stays touched; two workers never count at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    seen = list(Touched.objects.filter(conference__in=pks).values_list("pk", flat=True))
    before = Summary.objects.in_bulk(pks)
    paths = dict(Conference.objects.filter(pk__in=pks).values_list("pk", "host__path"))
    received = Item.objects.filter(conference__in=pks).received()
    spans = received.order_by().values_list("conference").annotate(first=Min("submitted_at"), last=Max("submitted_at"))
    found = {pk: Summary(conference_id=pk, path=path, counted_at=at) for pk, path in paths.items()}
    for pk, first, last in spans:
        found[pk].first_at, found[pk].last_at = first, last
    for (pk, sees, month), tallies in tallies_of_each(_cube(described(received), by)).items():
        found[pk].tallies.setdefault(sees, {})[month] = {
            name: {NULL if value is None else value: n for value, n in tally.items()} for name, tally in tallies.items()
        }
    _into_totals(before.values(), found.values())
    Summary.objects.bulk_create(
        found.values(), update_conflicts=True, unique_fields=["conference"],
        update_fields=["path", "first_at", "last_at", "tallies", "counted_at"],
    )  # fmt: skip
    Touched.objects.filter(pk__in=seen).delete()
    return len(found)


def _cube(rows: ItemQuerySet, by: tuple[str, ...]) -> Cube:
    return Cube(rows.annotate(sees=SEES, in_month=month_of("submitted_at")), by, per=("conference", "sees", "in_month"))


@dataclass
class _Change:
    """What goes into a total and out of it, and when the first and the last of what comes in was received."""

    first_at: datetime
    last_at: datetime
    tallies: Tallies = field(default_factory=dict)


def _into_totals(before: Iterable[Summary], after: Iterable[Summary]) -> None:
    changes: dict[tuple[int, str, str], _Change] = {}
    for sign, summaries in ((-1, before), (1, after)):
        for each in summaries:
            for unit in (int(pk) for pk in each.path.split(".")[:-2]):
                for sees, period, part in _parts(each):
                    first, last = _span(each, period)
                    change = changes.setdefault((unit, sees, period), _Change(first, last))
                    change.first_at, change.last_at = min(change.first_at, first), max(change.last_at, last)
                    add(change.tallies, part, sign)
    standing = {
        (each.unit_id, each.sees, each.period): each
        for each in Total.objects.filter(unit__in={unit for unit, _sees, _period in changes})
    }
    totals = []
    for key, change in changes.items():
        unit, sees, period = key
        total = standing.get(key) or Total(
            unit_id=unit, sees=sees, period=period, first_at=change.first_at, last_at=change.last_at
        )
        add(total.tallies, change.tallies)
        total.first_at, total.last_at = min(total.first_at, change.first_at), max(total.last_at, change.last_at)
        totals.append(total)
    Total.objects.bulk_create(
        totals, update_conflicts=True, unique_fields=["unit", "sees", "period"],
        update_fields=["first_at", "last_at", "tallies"],
    )  # fmt: skip


def _parts(summary: Summary) -> Iterator[tuple[str, str, Tallies]]:
    """What a summary brings to totals of months and of years."""
    for sees, months in summary.tallies.items():
        for month, part in months.items():
            yield sees, month, part
            yield sees, month[:4], part


def _span(summary: Summary, period: str) -> tuple[datetime, datetime]:
    """Between which moments lies what a summary has of *period*."""
    begins, ends = bounds(period)
    return max(begins, summary.first_at or begins), min(ends, summary.last_at or ends)
