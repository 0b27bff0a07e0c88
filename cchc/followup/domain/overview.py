"""Numbers for those who lead: what was asked, answered, ordered and promised, and the rows behind each number.

A number and its rows come from one place, so that a number opens exactly what it counts (design.md §7, rule 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from cchc.organization.models import Person, Unit
from cchc.web.cube import Cube, Tally, tallies
from cchc.web.panels import Row
from cchc.workflow.flow import Sentence

TENTH = Decimal("0.1")
HEAD = 15  # figures of a property that the page shows at first
FEW = 200  # units, named one by one in a question
NONE = "none"  # in keys, for rows that have no value


@dataclass(frozen=True)
class Scope:
    """Whose numbers: of *unit* with everything below it, from the day *since* to the day *until*, both included."""

    person: Person
    unit: Unit
    since: date
    until: date
    today: date
    # The unit with everything below it, as it is or was, that the person looks after: their short names.
    below: Mapping[int, str]
    # Nothing below it is left out.
    whole: bool = False
    # What sources have found out about it once.
    known: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def units(self) -> Sequence[int] | QuerySet[Unit, Any]:
        """For `__in`: what lies below, named one by one while they are few."""
        if self.whole and len(self.below) > FEW:
            return Unit.objects.below(self.unit).values("pk")
        return list(self.below)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first and the last moment of the period, by the local clock."""
        first = timezone.make_aware(datetime.combine(self.since, time.min))
        return first, timezone.make_aware(datetime.combine(self.until, time.max))

    def of(self, host: str, lead: str) -> Q:
        """Rows of this scope: what a command hosts, or what another unit leads."""
        field = host if self.unit.is_command else lead
        return Q(**{f"{field}__in": self.units})

    def days(self, field: str) -> Q:
        """Rows whose day in *field* lies within the period."""
        return Q(**{f"{field}__range": (self.since, self.until)})

    def moments(self, field: str) -> Q:
        """Rows whose moment in *field* lies within the period; an index can be used."""
        return Q(**{f"{field}__range": self.bounds})

    def named(self, tally: Tally) -> list[tuple[int, str]]:
        """The units of *tally* with their short names; some that lead what the scope hosts may lie outside of it."""
        wanted = {int(pk) for pk in tally if pk is not None}
        others = wanted - self.below.keys()
        names = self.below
        if others:
            names = {**names, **dict(Unit.objects.filter(pk__in=others).values_list("pk", "short_name"))}
        return [(pk, names[pk]) for pk in sorted(wanted)]


@dataclass(frozen=True)
class Figure:
    """A number; *key* opens its rows. *tone* is a color of bars (theme.css), "" for the usual one."""

    key: str
    label: Sentence
    number: int
    tone: str = ""


@dataclass(frozen=True)
class Breakdown:
    """Figures of one property. When *whole* is set they add up to it, and the page says so."""

    key: str
    title: Sentence
    figures: tuple[Figure, ...]
    whole: Figure | None = None

    @cached_property
    def head(self) -> tuple[Figure, ...]:
        """What the page shows at first."""
        return self.figures[:HEAD] if len(self.figures) > HEAD + 1 else self.figures

    @property
    def hidden(self) -> int:
        return len(self.figures) - len(self.head)

    @cached_property
    def most(self) -> int:
        return max((figure.number for figure in self.figures), default=0)


@dataclass(frozen=True)
class Share:
    """A part of a whole, in percent; None while there is nothing to take a part of."""

    label: Sentence
    part: Figure
    whole: Figure

    @property
    def percent(self) -> Decimal | None:
        if not self.whole.number:
            return None
        return (Decimal(100 * self.part.number) / self.whole.number).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Fact:
    """A percentage that is no number of rows; *words* say of what."""

    label: Sentence
    percent: Decimal
    words: str


@dataclass(frozen=True)
class Step:
    """A month or a year of a course, with a figure of each of its series."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Course:
    """Figures over time; *series* names them."""

    title: Sentence
    series: tuple[Sentence, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Section:
    key: str
    title: Sentence
    icon: str
    shares: tuple[Share, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    facts: tuple[Fact, ...] = ()
    courses: tuple[Course, ...] = ()

    @property
    def headline(self) -> Share | None:
        """What is said of the section at the top of the page."""
        return next((share for share in self.shares[:1] if share.whole.number), None)

    @property
    def is_empty(self) -> bool:
        return not any(figure.number for each in self.breakdowns for figure in each.figures)

    @property
    def figures(self) -> list[Figure]:
        """Every number of the section, each once."""
        found = {figure.key: figure for share in self.shares for figure in (share.part, share.whole)}
        for each in self.breakdowns:
            found |= {figure.key: figure for figure in (*each.figures, *((each.whole,) if each.whole else ()))}
        for course in self.courses:
            found |= {figure.key: figure for step in course.steps for figure in step.figures}
        return list(found.values())


@dataclass(frozen=True)
class Counted:
    """The rows behind a figure, in *order* (for keyset pages), and how a page of them is shown."""

    title: Sentence
    rows: QuerySet[Any]
    order: tuple[str, ...]
    lines: Callable[[Iterable[Any]], list[Row]]


@dataclass(frozen=True)
class Source:
    """What one domain counts, the sections made of it, and the rows of a figure of its own (KeyError for others)."""

    cube: Callable[[Scope], Cube]
    sections: Callable[[Scope, dict[str, Tally]], list[Section]]
    counted: Callable[[Scope, str], Counted]


def scope_over(person: Person, unit: Unit, since: date, until: date, today: date) -> Scope:
    """Of *unit* with all that stands below it."""
    below = dict(Unit.objects.below(unit).order_by("path").values_list("pk", "short_name"))
    return Scope(person, unit, since, until, today, below, whole=True)


def stands_below(path: str, unit: Unit) -> bool:
    """Whether *path* is, or was, that of something below *unit*, not of the unit itself."""
    return unit.pk in (int(pk) for pk in path.split(".")[:-2])


def sources() -> Mapping[str, Source]:
    """By the first part of the keys of their figures."""
    return {name: import_string(path) for name, path in settings.OVERVIEW.items()}


def overview(scope: Scope) -> list[Section]:
    known = sources()
    found = tallies({name: source.cube(scope) for name, source in known.items()})
    return [section for name, source in known.items() for section in source.sections(scope, found[name])]


def counted(scope: Scope, key: str) -> Counted:
    """The rows of the figure *key*. Raises KeyError when there is no such figure."""
    name, _dot, rest = key.partition(".")
    if not rest:
        raise KeyError(key)
    return sources()[name].counted(scope, rest)


# --- for those who make them ------------------------------------------------------------------------------------------
def figures(
    prefix: str, tally: Tally, labels: Iterable[tuple[Any, Sentence]], *, all_of_them: bool = False
) -> tuple[Figure, ...]:
    """A figure for each value of *labels* in their order; those of nothing are left out unless *all_of_them*."""
    found = [(value, label, tally.get(None if value is None else str(value), 0)) for value, label in labels]
    return tuple(
        Figure(f"{prefix}.{NONE if value in (None, '') else value}", label, number)
        for value, label, number in found
        if number or all_of_them
    )


def most_first(made: Sequence[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(made, key=lambda figure: -figure.number))
