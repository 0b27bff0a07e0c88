"""Whose numbers, and of which days. What makes no sense is left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Scope
from cchc.organization import access
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.organization.permissions import OVERSEE
from cchc.web.forms import CleanForm

MOST_UNITS = 300


@dataclass(frozen=True)
class Period:
    """A period that is one press away."""

    label: Any
    since: date
    until: date


def periods(today: date) -> list[Period]:
    """This year and quarter as far as they have come, and the last ones in full."""
    year, quarter = date(today.year, 1, 1), date(today.year, today.month - (today.month - 1) % 3, 1)
    before = quarter - timedelta(days=1)
    return [
        Period(_("This year"), year, today),
        Period(_("This quarter"), quarter, today),
        Period(_("Last quarter"), date(before.year, before.month - 2, 1), before),
        Period(_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        Period(_("Five years"), date(today.year - 4, 1, 1), today),
    ]


class Reached(NamedTuple):
    """A unit that the person looks after."""

    pk: int
    parent_id: int | None
    path: str
    sort_key: str
    short_name: str


class OverviewForm(CleanForm):
    unit = forms.ChoiceField(required=False, label=_("Unit"))
    since = DayField(required=False, label=_("From the day"))
    until = DayField(required=False, label=_("To the day"))

    def __init__(self, data: Any, *, person: Person, today: date) -> None:
        super().__init__(data)
        self.person, self.today = person, today
        rows = access.units(person, OVERSEE).order_by("path").values_list(*Reached._fields)
        # Plain rows: thousands of them for who looks after the country.
        self.reached = [Reached(*row) for row in rows]
        self.units = {unit.pk: unit for unit in _named(self.reached)}
        self.fields["unit"].choices = [(str(pk), unit.short_name) for pk, unit in self.units.items()]
        self.full_clean()

    def scope(self) -> Scope:
        """From the first of January, of the highest unit within reach, unless something else was asked for."""
        since = self.cleaned_data.get("since") or date(self.today.year, 1, 1)
        until = self.cleaned_data.get("until") or max(self.today, since)
        if until < since:
            since, until = until, since
        chosen = self.cleaned_data.get("unit")
        unit = self._unit(int(chosen) if chosen else next(iter(self.units)))
        below = {each.pk: each.short_name for each in self.reached if each.path.startswith(unit.path)}
        places = access.places(self.person, OVERSEE)
        branches = [*places.branches, *(post.unit.command or post.unit for post in places.limited)]
        whole = any(unit.is_within(branch) for branch in branches)
        return Scope(self.person, unit, since, until, self.today, below, whole)

    def _unit(self, pk: int) -> Unit:
        """Mostly that of the person's own post, which has been read."""
        own = {unit.pk: unit for post in access.posts(self.person) for unit in (post.unit, post.unit.command) if unit}
        return own[pk] if pk in own else Unit.objects.get(pk=pk)


def _named(reached: list[Reached]) -> list[Reached]:
    """The highest ones, and what stands directly below them; in the order of their paths what is below follows."""
    tops: list[Reached] = []
    for unit in reached:
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    keys = {unit.pk for unit in tops}
    below = sorted((unit for unit in reached if unit.parent_id in keys), key=lambda unit: (unit.sort_key, unit.pk))
    return [*tops, *below[:MOST_UNITS]]
