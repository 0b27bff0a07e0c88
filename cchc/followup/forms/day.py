"""Days of the calendar: what is typed of them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cchc.organization.forms.fields import DayField
from cchc.web.forms import CleanForm
from cchc.workdays.models import Day


class SourceForm(CleanForm):
    source = forms.CharField(
        label=_("Source document"), max_length=300, help_text=_("Number, issuer and date of the paper that orders it.")
    )


class DayForm(SourceForm):
    date = DayField(label=_("Date"))
    kind = forms.ChoiceField(label=_("Kind of day"), choices=Day.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the day"), max_length=200, help_text=_("As notes on due dates give the reason.")
    )
    field_order = ["date", "kind", "name", "source"]


class SwapForm(SourceForm):
    off = DayField(label=_("Day off"), help_text=_("A weekday."))
    working = DayField(label=_("Worked instead on"), help_text=_("A Saturday or Sunday."))
    field_order = ["off", "working", "source"]
