"""Open due dates after a change of the working days: which would move, and moving them.

The cost is linear in the open obligations whose span reaches the changed days; all others are never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar, supposing
from cchc.workflow.flow import FLOWS, Owed
from cchc.workflow.models import Extension, Obligation, Subject

BATCH = 1000
T = TypeVar("T")


class Moved(NamedTuple):
    """A due date that is another one when the days are others."""

    pk: int
    before: date
    after: date


class Span(NamedTuple):
    """The changed days, from the first to the last."""

    first: date
    last: date


def moves(old: Calendar, new: Calendar, span: Span, opened_since: datetime | None = None) -> Iterator[Moved]:
    """The open obligations that are due on another day by *new* than the ledger says, as *old* has them.

    A term is counted anew. A date that a rule of the flow gave is asked for anew. A date that a person gave moves only
    when it is off, to the next working day; so does one whose rule would give another date by *old* already, because
    what it depends on has changed since. What no rule gave stays.
    """
    rows = _reached(span)
    if opened_since is not None:
        rows = rows.filter(opened_at__gte=opened_since)
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        asked = [each for each in batch if each.term is None and each.given is None]
        subjects = _subjects(asked)
        ruled_old, ruled_new = (_ruled(asked, subjects, days) for days in (old, new))
        for each in batch:
            due = _due(each, new, ruled_old.get(each.pk), ruled_new.get(each.pk))
            if due != each.due_on:
                yield Moved(each.pk, each.due_on, due)


def move(moved: Sequence[Moved], *, reason: str, by: Person, at: datetime) -> int:
    """Move these dates and write why; the first date stays. Returns how many were still open and unmoved."""
    return sum(_move(part, reason, by, at) for part in _batches(moved))


def _reached(span: Span) -> QuerySet[Any]:
    # A term counts from the day it was opened; a rule may count from another day, such as that of a conference.
    begun = Q(term=None) | Q(started_on__lte=span.last)
    given = Extension.objects.filter(obligation=OuterRef("pk"), by_calendar=False).order_by("-at", "-pk")
    return (
        Obligation.objects.open()
        .filter(begun, due_on__gte=span.first)
        .annotate(given=Subquery(given.values("due_after")[:1]))
        .only("subject_type", "subject_id", "kind", "started_on", "term", "due_on")
        .order_by("pk")
    )


def _due(obligation: Any, new: Calendar, ruled_old: date | None, ruled_new: date | None) -> date:
    if obligation.given is not None:
        return new.roll(obligation.given)
    if obligation.term is not None:
        return new.due(obligation.started_on, obligation.term)
    if ruled_old is None or ruled_new is None:
        return obligation.due_on
    return ruled_new if ruled_old == obligation.due_on else new.roll(obligation.due_on)


def _ruled(asked: Iterable[Obligation], subjects: dict[str, Subject], days: Calendar) -> dict[int, date]:
    """What the rules of the flows give by *days*, for those that have one."""
    found = {}
    with supposing(days):
        for each in asked:
            subject = subjects.get(f"{each.subject_type} {each.subject_id}")
            owed = FLOWS[each.subject_type].owes.get(subject.state) if subject else None
            if isinstance(owed, Owed) and owed.due is not None and owed.kind == each.kind:
                found[each.pk] = owed.due(subject, each.started_on)
    return found


def _subjects(obligations: Iterable[Obligation]) -> dict[str, Subject]:
    """The subjects of *obligations* by type and id, with what they point to; kind by kind."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in obligations:
        if each.subject_type in FLOWS:
            wanted[each.subject_type].append(each.subject_id)
    found: dict[str, Subject] = {}
    for kind, ids in wanted.items():
        model = apps.get_model(kind)
        if issubclass(model, Subject):
            rows = model._base_manager.filter(pk__in=ids).prefetch_related(*_read(kind))
            found |= {f"{kind} {row.pk}": row for row in rows}
    return found


def _read(kind: str) -> set[str]:
    """What the rules of a flow look at beyond their subjects."""
    return {name for owed in FLOWS[kind].owes.values() if isinstance(owed, Owed) for name in owed.reads}


def _move(moved: Sequence[Moved], reason: str, by: Person, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [*(list(column) for column in zip(*moved, strict=True)), reason, by.pk, at])
        return cursor.rowcount


# One statement per batch: whoever works meanwhile waits for a moment at most, and a date that has been moved or
# settled since it was looked at stays.
_MOVE = """
WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS w (id, before, after)),
moved AS (
    UPDATE workflow_obligation o SET due_on = w.after FROM wanted w
    WHERE o.id = w.id AND o.due_on = w.before AND o.settled_at IS NULL
    RETURNING o.id, w.before, w.after
)
INSERT INTO workflow_extension (obligation_id, due_before, due_after, reason, approved_by_id, at, by_calendar)
SELECT id, before, after, %s, %s, %s, true FROM moved
"""


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
