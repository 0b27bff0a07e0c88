"""Number and day of the notice that makes a ranking known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cchc.organization.forms.fields import DayField
from cchc.web.forms import CleanForm
from commitments.models import Campaign


class PublishForm(CleanForm):
    """*digest* is that of the result which was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    document = forms.CharField(
        label=gettext_lazy("Number and symbol of the notice"), max_length=60,
        help_text=gettext_lazy("As it stands in the register of outgoing papers, for example 01/TB-CATX-TH."),
        error_messages={"required": gettext_lazy("Enter the number of the notice.")},
    )  # fmt: skip
    document_on = DayField(label=gettext_lazy("Day of the notice"))

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"seen": campaign.moves, **self.initial}
