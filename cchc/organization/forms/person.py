"""People: what an administrator types."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from cchc.organization.enums import Rank
from cchc.web.forms import CleanForm

from .account import PhoneMixin


class PersonForm(PhoneMixin, CleanForm):
    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        help_text=gettext_lazy("Small letters without accents, digits, dots, hyphens; for example an.nv."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    rank = forms.TypedChoiceField(
        label=gettext_lazy("Rank"), choices=Rank.choices, coerce=int, required=False, initial=0
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)

    def clean_rank(self) -> int:
        return self.cleaned_data["rank"] or Rank.NONE

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ReasonForm(CleanForm):
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(CleanForm):
    """Nothing but the press of the button."""
