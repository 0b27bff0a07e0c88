"""Whose numbers, and of which days. What makes no sense is left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Scope, scope_over
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


class OverviewForm(CleanForm):
    unit = forms.ChoiceField(required=False, label=_("Unit"))
    since = DayField(required=False, label=_("From the day"))
    until = DayField(required=False, label=_("To the day"))

    def __init__(self, data: Any, *, person: Person, today: date) -> None:
        super().__init__(data)
        self.person, self.today = person, today
        reached = access.places(person, OVERSEE)
        # Looked after with all that stands below.
        self.branches = [*reached.branches, *(post.unit.command or post.unit for post in reached.limited)]
        keys = [unit.pk for unit in self.branches]
        found = Unit.objects.filter(Q(pk__in=[*reached.ids, *keys]) | Q(parent__in=keys)).order_by("path")
        self.units = {unit.pk: unit for unit in _named(list(found))}
        self.fields["unit"].choices = [(str(pk), unit.short_name) for pk, unit in self.units.items()]
        self.full_clean()

    def scope(self) -> Scope:
        """From the first of January, of the highest unit within reach, unless something else was asked for."""
        since = self.cleaned_data.get("since") or date(self.today.year, 1, 1)
        until = self.cleaned_data.get("until") or max(self.today, since)
        if until < since:
            since, until = until, since
        chosen = self.cleaned_data.get("unit")
        unit = self.units[int(chosen)] if chosen else next(iter(self.units.values()))
        if any(unit.is_within(branch) for branch in self.branches):
            return scope_over(self.person, unit, since, until, self.today)
        below = access.units(self.person, OVERSEE).filter(path__startswith=unit.path).order_by("path")
        return Scope(self.person, unit, since, until, self.today, dict(below.values_list("pk", "short_name")))


def _named(reached: list[Unit]) -> list[Unit]:
    """The highest ones, and what stands directly below them."""
    tops = [unit for unit in reached if not any(unit.path.startswith(each.path) for each in reached if each != unit)]
    keys = {unit.pk for unit in tops}
    below = sorted((unit for unit in reached if unit.parent_id in keys), key=lambda unit: (unit.sort_key, unit.pk))
    return [*tops, *below[:MOST_UNITS]]
