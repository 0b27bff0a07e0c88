"""Posts: what an administrator types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Unit
from cchc.web.forms import CleanForm

from .fields import DayField, UnitField


class PositionChangeForm(CleanForm):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=150,
        help_text=gettext_lazy("As signed: Head of the team, Deputy head of the ward police."),
    )
    valid_from = DayField(label=gettext_lazy("From"))
    valid_to = DayField(label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty while it goes on."))
    acting_kind = forms.ChoiceField(
        label=gettext_lazy("Acts for the head as"), choices=ActingKind.choices, required=False
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority document"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Number and date. Without it a deputy reads, but does not act, for the head."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("acting_kind") and not data.get("authority") and "authority" not in self.errors:
            self.add_error("authority", _("Acting for the head needs the number of the authority document."))
        return data


class PositionForm(PositionChangeForm):
    unit = UnitField(label=gettext_lazy("Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[("", "---------"), *Role.choices])
    field_order = ["unit", "role", "title", "valid_from", "valid_to", "acting_kind", "authority"]

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.units = units


class PositionEndForm(CleanForm):
    on = DayField(label=gettext_lazy("Last day"))
    note = forms.CharField(label=gettext_lazy("Reason or decision"), max_length=500, required=False)
