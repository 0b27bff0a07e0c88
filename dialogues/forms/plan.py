"""What is typed about a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization import access
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm, CleanModelForm
from dialogues import permissions
from dialogues.domain import plan as plans
from dialogues.enums import PlanKind, PlanState
from dialogues.forms.conference import PlanField
from dialogues.models import Plan

MOST_BASES = 300
EARLIEST, LATEST = date(1975, 4, 30), date(2100, 1, 1)


class PlanForm(CleanModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    issued_on = DayField(label=gettext_lazy("Date of issue"))
    implements = PlanField(
        Plan.objects.none(), required=False, label=gettext_lazy("Implements"), empty_label=gettext_lazy("Nothing above")
    )
    attachments = AttachmentsField(label=gettext_lazy("Add files"))

    class Meta:
        model = Plan
        fields = (
            "host", "kind", "number", "issued_on", "issuer", "issuer_name", "first_year", "last_year", "abstract",
            "implements",
        )  # fmt: skip
        widgets = {"abstract": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Person, instance: Plan | None = None, **options: Any
    ) -> None:
        super().__init__(data, files, instance=instance, **options)
        self.edited = instance
        fields: dict[str, Any] = self.fields
        managed = Unit.objects.filter(access.within(by, permissions.MANAGE_PLANS, "pk"))
        self.keepers = managed.in_order()
        fields["host"].queryset, fields["host"].empty_label, fields["host"].required = self.keepers, None, False
        above = {pk for unit in managed for pk in unit.path.strip(".").split(".")}
        fields["issuer"].queryset = Unit.objects.filter(pk__in=above).in_order()
        fields["issuer"].empty_label = gettext_lazy("Somebody outside: written below")
        fields["implements"].queryset = self._bases(by)
        if instance:
            self.initial = {**self.initial, "seen": self.initial.get("seen", instance.moves)}

    def _bases(self, by: Person) -> Any:
        """The newest plans that may be built upon, and the one that is chosen already."""
        present = self.edited.implements_id if self.edited else None
        newest = Plan.objects.visible_to(by).exclude(state=PlanState.CANCELLED).order_by("-issued_on", "number")
        if self.edited:
            newest = newest.exclude(pk=self.edited.pk)
        known = [*newest.values_list("pk", flat=True)[:MOST_BASES], *([present] if present else [])]
        return Plan.objects.filter(pk__in=known).order_by("-issued_on", "number")

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if not EARLIEST <= day < LATEST:
            raise ValidationError(_("Check the year of this date."))
        return day

    def clean(self) -> dict[str, Any] | None:
        """Both ends of a period, and one issuer: the unit that keeps it, when none is named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["host"] = cleaned.get("host") or (self.edited.host if self.edited else self.keepers.first())
            first, last = cleaned.get("first_year"), cleaned.get("last_year")
            cleaned["first_year"], cleaned["last_year"] = first or last, last or first
            if not cleaned.get("issuer") and not cleaned.get("issuer_name"):
                cleaned["issuer"] = cleaned["host"]
        return cleaned

    def clean_implements(self) -> Plan | None:
        basis: Plan | None = self.cleaned_data["implements"]
        if basis and self.edited and basis.pk in plans.below([self.edited.pk]):
            raise ValidationError(_("A plan cannot implement what is itself built upon it."))
        return basis

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "attachments")}
        return {**kept, "files": self.cleaned_data["attachments"]}


class PlanFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    q = forms.CharField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=PlanKind.choices)
    state = forms.ChoiceField(required=False, choices=PlanState.choices)
    year = forms.IntegerField(required=False, min_value=1975, max_value=2099)
