"""What a post owes, for whoever leaves it, follows in it or looks after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from cchc.followup.bell import Link
from cchc.followup.domain.links import links
from cchc.organization import access
from cchc.organization.duties import Left
from cchc.organization.models import Person, Position
from cchc.organization.permissions import MANAGE_PEOPLE, OVERSEE
from cchc.organization.roster import Roster, seats_of
from cchc.web import counting
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.flow import Sentence, duty
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import seats

MOST = 999  # duties that are counted for a sentence
BATCH = 500
ORDER = ("due_on", "id")


class Sight(Enum):
    """How much of a post's list somebody sees."""

    ALL = "all"
    NUMBERS = "numbers"  # kinds and counts, no contents


@dataclass(frozen=True)
class Line:
    """One duty. *link* is None where the reader may not see the thing; *left* are working days, negative when late."""

    obligation: Obligation
    duty: Sentence
    link: Link | None
    left: int


@dataclass(frozen=True)
class Kind:
    """The duties of one kind, counted; *earliest* is their first due date."""

    duty: Sentence
    count: int
    late: int
    earliest: date


def sight_of(person: Person, post: Position) -> Sight | None:
    """Everything for the holder, whoever has the same seat today and whoever oversees the unit; numbers for who
    manages its people; nothing for others.
    """
    if post.person_id == person.pk or seats(person) & set(seats_of(post)) or access.can(person, OVERSEE, post.unit):
        return Sight.ALL
    return Sight.NUMBERS if access.can(person, MANAGE_PEOPLE, post.unit) else None


def owed_by_post(post: Position) -> QuerySet[Obligation]:
    """Every open duty of the seats for which *post* stands. Its unit is loaded."""
    return Obligation.objects.open().filter(reduce(or_, (Q(role=role, unit=unit) for role, unit in seats_of(post))))


def in_full(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    return rows.select_related("unit", "handover__from_unit")


def lines(rows: Iterable[Obligation], person: Person, today: date, days: Calendar) -> list[Line]:
    """The rows in their order, each with what *person* may see of its thing."""
    listed = list(rows)
    seen = links(person, listed)
    return [
        Line(
            each,
            duty(each.subject_type, each.kind),
            seen.get((each.subject_type, each.subject_id)),
            days.between(today, each.due_on),
        )
        for each in listed
    ]


def every_line(rows: QuerySet[Obligation], person: Person, today: date, days: Calendar) -> Iterator[Line]:
    """All of them in order, read in portions."""
    remaining = in_full(rows).order_by(*ORDER).iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield from lines(batch, person, today, days)


def kinds(rows: QuerySet[Obligation], today: date) -> list[Kind]:
    """The rows counted by kind, soonest first; kinds that are called alike are one."""
    late = Count("pk", filter=Q(due_on__lt=today))
    counted = (
        rows.order_by().values_list("subject_type", "kind").annotate(n=Count("pk"), late=late, first=Min("due_on"))
    )
    return _grouped(Kind(str(duty(subject, kind)), n, over, first) for subject, kind, n, over, first in counted)


def kinds_of(rows: Iterable[Obligation], today: date) -> list[Kind]:
    """The same of rows that are here already."""
    return _grouped(
        Kind(str(duty(each.subject_type, each.kind)), 1, int(each.due_on < today), each.due_on) for each in rows
    )


def _grouped(counted: Iterable[Kind]) -> list[Kind]:
    found: dict[Sentence, Kind] = {}
    for each in counted:
        same = found.get(each.duty, Kind(each.duty, 0, 0, each.earliest))
        earliest = min(same.earliest, each.earliest)
        found[each.duty] = Kind(each.duty, same.count + each.count, same.late + each.late, earliest)
    return sorted(found.values(), key=lambda each: (each.earliest, str(each.duty)))


def left_with(post: Position, day: date) -> Left:
    """What is open for *post* now, and whose turn it is when the post has ended after *day*."""
    count = counting.bounded({"open": owed_by_post(post)}, MOST)["open"]
    role, unit = list(seats_of(post))[-1]  # a deputy's duties are those of the head for whom he acts
    roster = Roster.load(day + timedelta(days=1), [unit])
    holders = [pk for pk in roster.holders(role, unit) if pk != post.person_id]
    above = () if holders else roster.stand_ins(role, unit)
    known = Person.objects.in_bulk([*holders, *above])
    return Left(
        min(count, MOST),
        count > MOST,
        [known[pk] for pk in holders],
        [known[pk] for pk in above if pk != post.person_id],
        reverse("handover_post", args=[post.pk]),
    )
