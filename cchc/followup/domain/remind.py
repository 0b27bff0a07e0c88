"""Reminding by hand: whoever's turn it is, at once, beside the ladder's mornings, once a working day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.organization.models import Person
from cchc.organization.roster import Roster
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.engine import record
from cchc.workflow.models import Capacity, Notice, Obligation

from .reminder import Due, Reminder, overseers

MOST = 500  # obligations at once: the history is written row by row, and everybody's events wait for it
NAMED = 8  # people in one sentence


@dataclass
class Reminded:
    """What one press of the button did, obligation by obligation.

    *told*: who was told of each. *earlier*: their owners were told on this working day already. *nobody*: nobody holds
    the post, nor one above it that is told in its place. *more*: some could not be looked at in one go.
    """

    told: list[tuple[Obligation, list[Person]]] = field(default_factory=list)
    earlier: list[Obligation] = field(default_factory=list)
    nobody: list[Obligation] = field(default_factory=list)
    more: bool = False

    @property
    def sentences(self) -> list[str]:
        """For whoever pressed: who was told, and why others were not."""
        said = [_names(self.told)] if self.told else []
        if n := len(self.earlier):
            words = ngettext(
                "%(n)d was reminded already; nobody is reminded twice on a working day.",
                "%(n)d were reminded already; nobody is reminded twice on a working day.",
                n,
            )
            said.append(words % {"n": n})
        if n := len(self.nobody):
            words = ngettext(
                "%(n)d has nobody in the post whose turn it is.", "%(n)d have nobody in the post whose turn it is.", n
            )
            said.append(words % {"n": n})
        if self.more:
            said.append(_("Others are left: press once more to remind them."))
        return said or [_("Nobody is to be reminded here.")]


def _names(told: Sequence[tuple[Obligation, Sequence[Person]]]) -> str:
    people = list(dict.fromkeys(person for _owed, each in told for person in each))
    names = ", ".join(person.full_name for person in people[:NAMED])
    more = len(people) - NAMED
    if more > 0:
        words = ngettext("Reminded: %(names)s and %(n)d more.", "Reminded: %(names)s and %(n)d more.", more)
        return words % {"names": names, "n": more}
    return _("Reminded: %(names)s.") % {"names": names}


def remind_all(obligations: QuerySet[Obligation], *, by: Person, at: datetime) -> Reminded:
    """As remind_now, for however many: those first that are left on this day, MOST at one press."""
    told = Notice.objects.filter(obligation=OuterRef("pk"), **_to_owners_since(_working_day(at, calendar())))
    fresh = list(obligations.exclude(Exists(told)).order_by("due_on", "pk")[: MOST + 1])
    found = remind_now(fresh[:MOST] or obligations.order_by("due_on", "pk")[:MOST], by=by, at=at)
    found.more = len(fresh) > MOST
    return found


@transaction.atomic
def remind_now(obligations: Iterable[Obligation], *, by: Person, at: datetime) -> Reminded:
    """Tell the owners of these obligations, as far as they are open, and write it into the history of their subjects.

    Told are those whom a morning's reminder to the owner would tell, never *by* himself. Pressed twice, or by two at
    once, everybody is told once: a working day on which the ladder or somebody else told the owners needs no more, nor
    do the days off behind it. At most MOST obligations. Whether *by* may remind here is asked by whoever calls.
    """
    wanted = {each.pk for each in obligations}
    if len(wanted) > MOST:
        raise ValueError(f"at most {MOST} obligations at once")
    day, found = timezone.localdate(at), Reminded()
    rows = list(Obligation.objects.open().filter(pk__in=wanted).order_by("pk"))
    days = calendar()
    told_before = _told_since(_working_day(at, days), rows)
    people, reminders = _people(rows, by, day), []
    for owed in rows:
        if owed.pk in told_before:
            found.earlier.append(owed)
        elif not people[owed.pk]:
            found.nobody.append(owed)
        else:
            stage = _stage(owed.due_on, day, days)
            reminders += [
                Reminder(person, owed.pk, stage, owed.due_on, Capacity.OWNER.value, vacant)
                for person, vacant in people[owed.pk].items()
            ]
    tried, written = {each.obligation for each in reminders}, _insert(reminders, by, at)
    names = Person.objects.in_bulk({pk for each in written.values() for pk in each})
    for owed in rows:
        if owed.pk in written:
            found.told.append((owed, [names[pk] for pk in written[owed.pk]]))
            _write(owed, written[owed.pk], by, at)
        elif owed.pk in tried:
            found.earlier.append(owed)
    return found


def _working_day(at: datetime, days: Calendar) -> date:
    """The working day that it is, or after which these days off come."""
    return days.before(timezone.localdate(at), 0)


def _told_since(day: date, rows: Iterable[Obligation]) -> set[int]:
    """The obligations whose owners were reminded on *day* or later, by the clock or by hand."""
    told = Notice.objects.filter(obligation__in=[each.pk for each in rows], **_to_owners_since(day))
    return {pk for pk in told.values_list("obligation_id", flat=True) if pk}


def _to_owners_since(day: date) -> dict[str, Any]:
    return {"capacity": Capacity.OWNER, "told_at__date__gte": day}


def _people(rows: Sequence[Obligation], by: Person, day: date) -> dict[int, dict[int, bool]]:
    """By obligation, who is told, and whether in place of a post that nobody holds."""
    roster = Roster.load(day, {each.unit_id for each in rows if each.unit_id})
    named = {each.person_id for each in rows if each.person_id}
    active = set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True)) if named else set()
    found: dict[int, dict[int, bool]] = {}
    for each in rows:
        due = Due(each.pk, f"{each.subject_type}:{each.kind}", each.role, each.unit_id, each.person_id)
        told = overseers(due, Capacity.OWNER, roster, active)
        found[each.pk] = {person: vacant for person, vacant in told.items() if person != by.pk}
    return found


def _stage(due_on: date, day: date, days: Calendar) -> int:
    """Working days after the due date, as of the ladder's reminders; a day off behind it is not the day itself."""
    found = days.between(due_on, day)
    return max(found, 1) if day > due_on else found


def _insert(wanted: Iterable[Reminder], by: Person, at: datetime) -> dict[int, list[int]]:
    """Write what is not written yet: the people by obligation. In one order: two presses never wait in a ring."""
    rows = sorted(wanted, key=lambda each: (each.obligation, each.person))
    told: dict[int, list[int]] = defaultdict(list)
    if not rows:
        return told
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_notice"
            " (person_id, obligation_id, stage, due_on, capacity, vacant, told_at, reminded_by_id)"
            " SELECT *, %s, %s FROM"
            " unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::date[], %s::text[], %s::bool[])"
            " ON CONFLICT DO NOTHING RETURNING obligation_id, person_id",
            [at, by.pk, *columns],
        )
        for obligation, person in cursor.fetchall():
            told[obligation].append(person)
    return told


def _write(owed: Obligation, people: Sequence[int], by: Person, at: datetime) -> None:
    """In the history of the subject. Its page counts no move: nobody's form becomes stale by a reminder."""
    subject = apps.get_model(owed.subject_type)(pk=owed.subject_id)
    data = {"kind": owed.kind, "due_on": owed.due_on, "people": list(people)}
    record(subject, "remind", by=by, at=at, data=data)
