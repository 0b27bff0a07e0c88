"""Who must sign: chosen by kind or one by one, each into a group of comparable units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cchc.organization.forms.fields import UnitField
from cchc.organization.models import Unit
from cchc.web.forms import CleanForm
from commitments.domain import terms
from commitments.models import Campaign, Group

MOST = 4000


class GroupForm(CleanForm):
    """A group by its name: one there is, or a new one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    group = forms.CharField(
        label=gettext_lazy("Compared within the group"), max_length=80,
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.campaign = campaign
        self.initial = {"seen": campaign.moves, **self.initial}


class KindForm(GroupForm):
    kind = forms.ChoiceField(label=gettext_lazy("All units of the kind"))
    group = forms.CharField(
        label=gettext_lazy("Compared within the group"), max_length=80, required=False,
        help_text=gettext_lazy("Blank: a group of this kind's name."),
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("kind", "group")

    def __init__(self, *args: Any, campaign: Campaign, day: date, **more: Any) -> None:
        super().__init__(*args, campaign=campaign, **more)
        self.day = day
        self.labels = {kind: label for kind, label, _n in terms.kinds_below(campaign.host, day)}
        left = terms.kinds_below(campaign.host, day, not_in=campaign)
        self.fields["kind"].choices = [(kind, f"{label} ({n})") for kind, label, n in left]

    @property
    def units(self) -> list[Unit]:
        """Those of the kind that are in no group yet."""
        chosen = self.campaign.signatories.values("unit")
        rows = terms.may_sign(self.campaign.host, self.day).filter(kind=self.cleaned_data["kind"])
        return list(rows.exclude(pk__in=chosen).in_order()[:MOST])

    @property
    def group_name(self) -> str:
        return str(self.cleaned_data["group"] or self.labels[self.cleaned_data["kind"]])


class OneUnitForm(GroupForm):
    unit = UnitField(label=gettext_lazy("Unit"))
    field_order = ("unit", "group")

    def __init__(self, *args: Any, campaign: Campaign, day: date, **more: Any) -> None:
        super().__init__(*args, campaign=campaign, **more)
        unit: Any = self.fields["unit"]
        unit.units = terms.may_sign(campaign.host, day)


class ChosenForm(GroupForm):
    """Units ticked in the list, to be moved into a group or left out."""

    group = forms.CharField(required=False, max_length=80)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), error_messages={"required": gettext_lazy("Tick at least one unit.")}
    )

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, campaign=campaign, **more)
        self.fields["units"].queryset = Unit.objects.filter(pk__in=campaign.signatories.values("unit"))


class DropGroupForm(CleanForm):
    seen = forms.IntegerField(required=False)
    group = forms.ModelChoiceField(Group.objects.none())

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["group"].queryset = campaign.groups.all()
