"""Late work within somebody's reach: what is owed past its day, by which unit, for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Q, QuerySet

from cchc.followup.bell import Link
from cchc.followup.domain.links import links
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.organization.permissions import OVERSEE
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.flow import Sentence, duties, duty
from cchc.workflow.models import Obligation

BATCH = 500
ORDER = ("due_on", "id")


@dataclass(frozen=True)
class Wanted:
    """What the list is asked to show: of *unit* and everything below it, of one *duty* (a key of `duty_choices`)."""

    unit: Unit | None = None
    duty: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.unit or self.duty)


@dataclass(frozen=True)
class Late:
    """One line. *days* are working days; *link* is None where the reader may not see the thing."""

    obligation: Obligation
    duty: Sentence
    link: Link | None
    days: int

    @property
    def left(self) -> int:
        return -self.days

    @property
    def first_due_on(self) -> date | None:
        """The day that was set first, when it was moved since."""
        first = self.obligation.first_due_on
        return first if first != self.obligation.due_on else None


def overdue(person: Person, today: date, wanted: Wanted | None = None) -> QuerySet[Obligation]:
    """Open obligations of posts that *person* oversees, due before *today*.

    What somebody owes by name, such as an asker his word on an answer, is nobody else's to see.
    """
    within = access.within(person, OVERSEE, "unit", lambda post: post.matters("started_on"))
    rows = Obligation.objects.late_on(today).filter(within, person=None)
    if wanted is None:
        return rows
    if wanted.unit is not None:
        rows = rows.filter(unit__in=Unit.objects.below(wanted.unit).values("pk"))
    if wanted.duty:
        rows = rows.filter(_duty(wanted.duty))
    return rows


def lines(rows: Iterable[Obligation], person: Person, today: date, days: Calendar) -> list[Late]:
    """The rows in their order, each with what *person* may see of its thing."""
    listed = list(rows)
    seen = links(person, listed)
    return [
        Late(
            each,
            duty(each.subject_type, each.kind),
            seen.get((each.subject_type, each.subject_id)),
            days.between(each.due_on, today),
        )
        for each in listed
    ]


def every_line(rows: QuerySet[Obligation], person: Person, today: date, days: Calendar) -> Iterator[Late]:
    """All of them in order, read in portions."""
    remaining = in_full(rows).order_by(*ORDER).iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield from lines(batch, person, today, days)


def in_full(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With what a line shows beside."""
    return rows.select_related("unit", "handover__from_unit")


def units_for(person: Person, today: date) -> QuerySet[Unit]:
    """The units by which the list may be narrowed: each that is within reach at once, and those directly below."""
    reached = access.places(person, OVERSEE)
    tops = [*reached.ids, *(unit.pk for unit in reached.branches)]
    below = Q(parent__in=[unit.pk for unit in reached.branches])
    return Unit.objects.filter(Q(pk__in=tops) | below & Q(pk__in=Unit.objects.valid_on(today).values("pk"))).in_order()


def duty_choices() -> dict[str, str]:
    """The duties of posts: key and words. Two flows that call theirs alike share one."""
    found: dict[str, str] = {}
    for (subject_type, kind), words in duties(of_posts=True).items():
        found.setdefault(str(words), f"{subject_type}:{kind}")
    return {key: words for words, key in sorted(found.items())}


def _duty(key: str) -> Q:
    known = duties(of_posts=True)
    subject_type, _colon, kind = key.partition(":")
    words = str(known.get((subject_type, kind), ""))
    alike = [Q(subject_type=each, kind=its) for (each, its), said in known.items() if str(said) == words]
    return Q(*alike, _connector=Q.OR) if alike else access.NOTHING
