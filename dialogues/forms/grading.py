"""What is typed about a grading."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization import access
from cchc.organization.forms.fields import UnitField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm, CleanModelForm
from dialogues import permissions
from dialogues.models import Grading

EARLIEST, LATEST = 1990, 2100


class GradingForm(CleanModelForm):
    unit = UnitField(label=gettext_lazy("Unit"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=EARLIEST, max_value=LATEST)
    attachments = AttachmentsField(label=gettext_lazy("Add files"))

    class Meta:
        model = Grading
        fields = ("unit", "year", "group", "grade", "rank", "group_size", "wording", "document")
        # The model's own word is the one of a person's rank.
        labels = {"rank": pgettext_lazy("grading", "Rank")}

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Person, instance: Grading | None = None, **options: Any
    ) -> None:
        super().__init__(data, files, instance=instance, **options)
        reach = access.within(by, permissions.REGISTER_GRADING, "pk")
        self.fields["unit"].units = Unit.objects.filter(reach)
        self.fields["group"].widget.attrs["list"] = "grading-groups"

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        kept = {name: value for name, value in self.cleaned_data.items() if name != "attachments"}
        return {**kept, "files": self.cleaned_data["attachments"]}


class GradingFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    q = forms.CharField(required=False, max_length=100)
    year = forms.IntegerField(required=False, min_value=EARLIEST, max_value=LATEST)
