"""How a due date came about: from which day, which term, the days that did not count and why, and who moved it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cchc.followup.bell import Link
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar, Skipped
from cchc.workflow.flow import Sentence
from cchc.workflow.history import PARTIES
from cchc.workflow.models import Extension, Obligation

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Basis:
    """What a date that is no plain term was counted from: *words* say it, the days off are those after *start*."""

    words: Sentence
    start: date


@dataclass(frozen=True)
class Stretch:
    """Days off in a row, a holiday among them."""

    first: date
    last: date
    reasons: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)


@dataclass(frozen=True)
class Explained:
    """*start* does not count; the count ended on *until*, before anybody gave another date."""

    obligation: Obligation
    start: date
    until: date
    basis: Sentence
    weekends: int  # days of ordinary weekends
    off: list[Stretch]
    worked: list[Skipped]  # Saturdays and Sundays that counted, with their names
    extensions: list[Extension]

    @cached_property
    def times_extended(self) -> int:
        """How often a person gave more time; a change of the calendar is none of these."""
        return sum(not each.by_calendar for each in self.extensions)

    @property
    def moved(self) -> bool:
        return self.obligation.due_on != self.obligation.first_due_on


def explain(obligation: Obligation, days: Calendar, basis: Basis | None = None) -> Explained:
    """*basis* is for whoever has the subject at hand already; see basis_of."""
    moved = obligation.due_on != obligation.first_due_on
    extensions = list(obligation.extensions.select_related("approved_by").order_by("at", "pk")) if moved else []
    given = next((each for each in extensions if not each.by_calendar), None)
    until = given.due_before if given else obligation.due_on
    start = basis.start if basis else obligation.started_on
    runs = list(_runs(days.skipped(start, until)))
    named = [run for run in runs if any(days.name(day.date) for day in run)]
    weekends = sum(map(len, runs)) - sum(map(len, named))
    off = [Stretch(run[0].date, run[-1].date, _reasons(run, days)) for run in named]
    words = basis.words if basis else ""
    return Explained(obligation, start, until, words, weekends, off, _worked(days, start, until), extensions)


def basis_of(obligation: Obligation) -> Basis | None:
    """What the subject's domain says a date was counted from (settings.DUE_BASES); nothing for a plain term."""
    name = settings.DUE_BASES.get(obligation.subject_type)
    if name is None or obligation.term is not None:
        return None
    ask: Callable[[Obligation], Basis | None] = import_string(name)
    return ask(obligation)


def may_read(person: Person, obligation: Obligation, link: Link | None) -> bool:
    """For whoever owes it, or may see what it is about (*link*) and know of this duty (settings.DUTY_READERS)."""
    if obligation.is_owed_by(person):
        return True
    name = settings.DUTY_READERS.get(obligation.subject_type)
    if link is None or name is None:
        return link is not None
    ask: Callable[[Person, Obligation], bool] = import_string(name)
    return ask(person, obligation)


def owner_words(obligation: Obligation, reader: Person) -> Sentence:
    """Who owes it. Whoever owes by name, such as an asker, may be hidden: only he himself is told that it is he."""
    if obligation.person_id:
        return _("Yourself") if obligation.person_id == reader.pk else _("One person, by name")
    if obligation.unit:
        return f"{obligation.get_role_display()}, {obligation.unit.name}"
    return PARTIES["asker"]


def _runs(off: list[Skipped]) -> Iterator[list[Skipped]]:
    """Days off that follow each other."""
    run: list[Skipped] = []
    for day in off:
        if run and day.date - run[-1].date != _DAY:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _reasons(run: list[Skipped], days: Calendar) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day.reason for day in run if days.name(day.date)))


def _worked(days: Calendar, start: date, until: date) -> list[Skipped]:
    span = (start + timedelta(days=n) for n in range(1, (until - start).days + 1))
    return [Skipped(day, days.name(day)) for day in span if day.weekday() >= 5 and days.is_working(day)]
