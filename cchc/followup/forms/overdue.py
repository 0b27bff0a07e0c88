"""What the list of late work is narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overdue import Wanted, duty_choices, units_for
from cchc.organization.models import Person
from cchc.web.forms import CleanForm


class OverdueForm(CleanForm):
    """A value that is not among the choices narrows nothing."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    duty = forms.ChoiceField(label=_("What is owed"), required=False)

    def __init__(self, data: Any, *, person: Person, today: date) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        self.units = {str(unit.pk): unit for unit in units_for(person, today)}
        fields["unit"].choices = [("", _("All units")), *((pk, unit.short_name) for pk, unit in self.units.items())]
        fields["duty"].choices = [("", _("All kinds of work")), *duty_choices().items()]
        self.full_clean()

    def wanted(self) -> Wanted:
        return Wanted(self.units.get(self.cleaned_data.get("unit", "")), self.cleaned_data.get("duty", ""))
