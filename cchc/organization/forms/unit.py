"""Units: what an administrator types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.enums import SuccessionKind, UnitKind
from cchc.organization.models import Unit
from cchc.web.forms import CleanForm

from .fields import DayField, UnitField


class UnitForm(CleanForm):
    name = forms.CharField(label=gettext_lazy("Unit name"), max_length=200)
    short_name = forms.CharField(
        label=gettext_lazy("Short name"), max_length=60, help_text=gettext_lazy("As lists show it.")
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("Letters without accents, digits, hyphens.")
    )
    symbol = forms.CharField(
        label=gettext_lazy("Document symbol"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("As in document numbers: PV01, CATX."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", "---------"), *UnitKind.choices])
    parent = UnitField(label=gettext_lazy("Unit above"), required=False)
    is_focal_point = forms.BooleanField(label=gettext_lazy("Focal point for administrative reform"), required=False)
    valid_from = DayField(label=gettext_lazy("Exists from"), required=False)
    valid_to = DayField(
        label=gettext_lazy("Exists to"), required=False, help_text=gettext_lazy("Empty while it goes on.")
    )

    def __init__(self, units: QuerySet[Unit], *args: Any, root: bool = False, **options: Any) -> None:
        """*root*: the unit being edited has nothing above it, and may stay so."""
        super().__init__(*args, **options)
        self.root = root
        parent = self.fields["parent"]
        assert isinstance(parent, UnitField)
        parent.units = units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        # Whoever puts a unit at the top would lose sight of it; only bodies outside the force stand alone.
        if "parent" in data and data["parent"] is None and not self.root and data.get("kind") != UnitKind.EXTERNAL_BODY:
            self.add_error("parent", _("Name the unit above; only a body outside the force stands alone."))
        return data


class UnitChangeForm(UnitForm):
    since = DayField(
        label=gettext_lazy("The new name or place holds from"),
        required=False,
        help_text=gettext_lazy("Today if left empty. Papers of earlier days keep the name of their day."),
    )
    correction = forms.BooleanField(
        label=gettext_lazy("It was a mistake: do not keep the old name as an earlier one"), required=False
    )


class UnitEndForm(CleanForm):
    on = DayField(label=gettext_lazy("Last day"))
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=250, help_text=gettext_lazy("Number and date.")
    )


class SuccessionForm(CleanForm):
    kind = forms.ChoiceField(label=gettext_lazy("What happens"), choices=[("", "---------"), *SuccessionKind.choices])
    successor = UnitField(label=gettext_lazy("Who takes over"), required=False)
    on = DayField(label=gettext_lazy("First day under the successor"))
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=250, help_text=gettext_lazy("Number and date.")
    )
    scope = forms.CharField(
        label=gettext_lazy("What passes over"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Area, tasks; empty for all."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        successor = self.fields["successor"]
        assert isinstance(successor, UnitField)
        # Work may pass to a unit that this administrator does not look after.
        successor.units = Unit.objects.all()

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day.year < 1945:
            raise ValidationError(_("Check the year."))
        return day
