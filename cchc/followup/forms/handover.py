"""Handing over what a unit owed that has ended: what is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.forms.fields import UnitField
from cchc.organization.models import Unit
from cchc.web.forms import CleanForm

ALL, CHOSEN = "all", "chosen"


class IdsField(forms.Field):
    """Ids of rows that were ticked; which of them still stand is for the domain to say."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        if not all(str(pk).isdecimal() and len(str(pk)) < 19 for pk in value or ()):
            raise ValidationError(_("Choose one of the values offered."))
        return [int(pk) for pk in value or ()]


class HandoverForm(CleanForm):
    """*duties* are boxes beside the rows of the page; they count when `scope` is CHOSEN."""

    to_unit = UnitField(
        label=gettext_lazy("Who takes over"), help_text=gettext_lazy("Code or name of a unit that exists today.")
    )
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=250, help_text=gettext_lazy("Number and date.")
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What passes over"),
        choices=[(ALL, gettext_lazy("Everything that is still open")), (CHOSEN, gettext_lazy("Only what is ticked"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    duty = IdsField(required=False)

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to_unit"].units = units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("scope") == CHOSEN and not data.get("duty") and "duty" not in self.errors:
            self.add_error("scope", _("Tick at least one row of the list."))
        return data

    @property
    def chosen(self) -> list[int] | None:
        """The ids of the ticked duties; None for all of them."""
        return self.cleaned_data["duty"] if self.cleaned_data["scope"] == CHOSEN else None
