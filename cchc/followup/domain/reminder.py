"""Opening a morning's reminders: who is told of which due date, once, up to the superiors and never them first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from cchc.followup.models import Pulse, Run
from cchc.organization.enums import OWN_UNIT_ROLES, Role
from cchc.organization.models import Person
from cchc.organization.roster import Roster
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models import Capacity, Notice, Obligation

from .ladder import Rung, ladders
from .morning import by_due

BATCH = 2_000  # obligations in one transaction
RANK = {capacity.value: place for place, capacity in enumerate(Capacity)}


class Due(NamedTuple):
    """An open obligation, as much of it as reminding needs."""

    id: int
    kind: str
    role: str
    unit: int | None
    person: int | None


class Reminder(NamedTuple):
    person: int
    obligation: int
    stage: int
    due_on: date
    capacity: str
    vacant: bool


@dataclass
class Opening:
    """What one run found and did. *since*: the day up to which reminders had been opened before."""

    day: date
    since: date
    due: int = 0
    opened: int = 0


def open_reminders(day: date, at: datetime, *, dry: bool = False) -> Opening:
    """Put the reminders of working day *day* before their people, and of the days since the last finished run.

    Of several stages reached meanwhile only the highest is told. May be run twice, at once, or killed anywhere: what
    was told is not told again, and the run is finished only when everything is. *dry* writes nothing.
    """
    days = calendar()
    opening = Opening(day, _opened_until(day, days))
    if not dry:
        Run.objects.get_or_create(day=day, defaults={"began_at": at})
    roster, known = Roster.load(day), ladders()
    for due_on, stages in by_due(days, known, opening.since, day).items():
        for batch in _open_obligations(due_on, day):
            with transaction.atomic():
                wanted = list(_reminders(batch, due_on, stages, known, roster))
                opening.due += len(batch)
                opening.opened += len(wanted) if dry else _insert(wanted, at)
    if not dry:
        Run.objects.filter(day=day).update(finished_at=at, opened=F("opened") + opening.opened)
        Pulse.objects.update_or_create(name="reminders", defaults={"at": at, "ok": True, "detail": ""})
    return opening


def _opened_until(day: date, days: Calendar) -> date:
    """The day of the last finished run before *day*; the working day before when there was none."""
    last = Run.objects.filter(day__lt=day, finished_at__isnull=False).order_by("-day").values_list("day", flat=True)
    return last.first() or days.before(day, 1)


def _open_obligations(due_on: date, day: date) -> Iterator[list[Due]]:
    """Open obligations due on *due_on* that somebody owed on *day*, in batches by the index of what is open."""
    last = 0
    while True:
        found = (
            Obligation.objects.open()
            .filter(due_on=due_on, pk__gt=last)
            .order_by("due_on", "pk")
            .values_list("pk", "subject_type", "kind", "role", "unit", "person", "started_on")[:BATCH]
        )
        rows = list(found)
        if rows:
            last = rows[-1][0]
            yield [
                Due(pk, f"{subject}:{kind}", role, unit, person)
                for pk, subject, kind, role, unit, person, started in rows
                if started <= day and (role or person)
            ]
        if len(rows) < BATCH:
            return


def _reminders(
    batch: Collection[Due], due_on: date, stages: Mapping[str, Rung], known: Collection[str], roster: Roster
) -> Iterator[Reminder]:
    told = _told(batch, due_on)
    active = _active(due.person for due in batch if due.person)
    for due in batch:
        rung = stages.get(due.kind if due.kind in known else "")
        before = told.get(due.id, set())
        if rung is None or any(stage > rung.offset for _person, stage in before):
            continue
        people = recipients(due, rung, roster, {person for person, _stage in before}, active)
        for person, (capacity, vacant) in people.items():
            if (person, rung.offset) not in before:
                yield Reminder(person, due.id, rung.offset, due_on, capacity, vacant)


def _told(batch: Iterable[Due], due_on: date) -> dict[int, set[tuple[int, int]]]:
    """By obligation, who has been reminded of this due date at which stage."""
    found: dict[int, set[tuple[int, int]]] = {}
    notices = Notice.objects.filter(obligation__in=[due.id for due in batch], due_on=due_on, stage__isnull=False)
    for obligation, person, stage in notices.values_list("obligation", "person", "stage"):
        found.setdefault(obligation, set()).add((person, stage or 0))
    return found


def _active(people: Iterable[int]) -> frozenset[int]:
    wanted = set(people)
    return frozenset(
        Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True) if wanted else ()
    )


def recipients(
    due: Due, rung: Rung, roster: Roster, told: Collection[int], active: Collection[int]
) -> dict[int, tuple[str, bool]]:
    """Whom *rung* tells of *due*: as what, and whether in place of a post that nobody holds. The owner comes first.

    *told* are the people already reminded of this due date: an owner who is not among them is told with his superior.
    """
    found: dict[int, tuple[str, bool]] = {}
    for capacity in sorted(rung.to, key=RANK.__getitem__):
        for person, vacant in overseers(due, capacity, roster, active).items():
            found.setdefault(person, (capacity, vacant))
    if found and Capacity.OWNER not in rung.to:
        owners = overseers(due, Capacity.OWNER, roster, active)
        first = {person: (Capacity.OWNER.value, vacant) for person, vacant in owners.items() if person not in told}
        found = {**first, **{person: how for person, how in found.items() if person not in first}}
    return found


def overseers(due: Due, capacity: str, roster: Roster, active: Collection[int]) -> dict[int, bool]:
    """Who looks after *due* in *capacity*, each with whether it is in place of a post that nobody is in."""
    if capacity == Capacity.OWNER:
        if due.person:
            return {due.person: False} if due.person in active else {}
        return _held(due.role, due.unit, roster)
    if capacity == Capacity.CHIEF:
        return _held(Role.UNIT_CHIEF, due.unit, roster) if due.role in OWN_UNIT_ROLES else {}
    if capacity == Capacity.ABOVE:
        return dict.fromkeys(roster.above(due.unit), False)
    return _held(Role.SECRETARY if capacity == Capacity.SECRETARY else Role.LEADER, roster.command(due.unit), roster)


def _held(role: str, unit: int | None, roster: Roster) -> dict[int, bool]:
    """Whoever is in the post; when nobody is, its absent holder and who is told in his place."""
    if people := roster.holders(role, unit):
        return dict.fromkeys(people, False)
    return {**dict.fromkeys(roster.stand_ins(role, unit), True), **dict.fromkeys(roster.away(role, unit), False)}


def _insert(wanted: list[Reminder], at: datetime) -> int:
    """Write what is not written yet; how many that were. One statement, in one order: two runs never wait in a ring."""
    if not wanted:
        return 0
    columns = [list(column) for column in zip(*wanted, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_notice (person_id, obligation_id, stage, due_on, capacity, vacant, told_at)"
            " SELECT *, %s FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::date[], %s::text[], %s::bool[])"
            " ON CONFLICT DO NOTHING",
            [at, *columns],
        )
        return int(cursor.rowcount)
