"""What is typed about a good practice, and about taking it over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization import access
from cchc.organization.forms.fields import DayField, UnitField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm, CleanModelForm
from dialogues import permissions
from dialogues.domain.practice import MOST_MEASURES, Measured
from dialogues.enums import PracticeState
from dialogues.forms.item_list import by_program, topics_for
from dialogues.forms.move import NoteForm
from dialogues.models import Field, Practice

MEASURE = ("name", "measure_unit", "before", "after")


def within_reason(value: date) -> None:
    if not 1975 <= value.year < 2100:
        raise ValidationError(gettext_lazy("Check the year of this date."))


class PracticeForm(CleanModelForm):
    """The description, with up to six numbers before and after: m1_name, m1_measure_unit, m1_before, m1_after …"""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = UnitField(label=gettext_lazy("Unit"))
    started_on = DayField(label=gettext_lazy("In use since"), validators=[within_reason])
    attachments = AttachmentsField(label=gettext_lazy("Add files"))

    class Meta:
        model = Practice
        fields = ("unit", "name", "topic", "field", "started_on", "problem", "method", "conditions", "cost_note")
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 4}),
            "method": forms.Textarea(attrs={"rows": 6}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Person, instance: Practice | None = None, **options: Any
    ) -> None:
        super().__init__(data, files, instance=instance, **options)
        fields: dict[str, Any] = self.fields
        fields["unit"].units = Unit.objects.filter(access.within(by, permissions.PROPOSE_PRACTICE, "pk"))
        topics = {str(topic.pk): topic for topic in topics_for(None)}
        fields["topic"].choices = [("", gettext_lazy("Choose the content")), *by_program(topics)]
        fields["field"].queryset, fields["field"].empty_label = Field.objects.all(), gettext_lazy("No field")
        for n in range(1, MOST_MEASURES + 1):
            self._add_measure(n)
        if instance:
            self.initial = {"seen": instance.moves, **self._measured(instance), **self.initial}

    def _add_measure(self, n: int) -> None:
        fields: dict[str, forms.Field] = {
            "name": forms.CharField(label=gettext_lazy("What was measured"), max_length=200, required=False),
            "measure_unit": forms.CharField(label=gettext_lazy("Unit of measure"), max_length=40, required=False),
            "before": forms.DecimalField(
                label=gettext_lazy("Before"), max_digits=12, decimal_places=2, required=False, localize=True
            ),
            "after": forms.DecimalField(
                label=gettext_lazy("After"), max_digits=12, decimal_places=2, required=False, localize=True
            ),
        }
        self.fields.update({f"m{n}_{name}": fields[name] for name in MEASURE})

    def _measured(self, practice: Practice) -> dict[str, Any]:
        rows = enumerate(practice.measures.all()[:MOST_MEASURES], 1)
        return {f"m{n}_{name}": getattr(row, name) for n, row in rows for name in MEASURE}

    @property
    def measure_rows(self) -> list[list[Any]]:
        """The fields of each number, row by row."""
        return [[self[f"m{n}_{name}"] for name in MEASURE] for n in range(1, MOST_MEASURES + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n in range(1, MOST_MEASURES + 1):
            given = {name for name in MEASURE if data.get(f"m{n}_{name}") not in (None, "")}
            for name in {"name", "before", "after"} - given if given else ():
                if f"m{n}_{name}" not in self.errors:
                    self.add_error(f"m{n}_{name}", _("A number needs its name, and what it was before and after."))
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        data = self.cleaned_data
        rows = [{name: data[f"m{n}_{name}"] for name in MEASURE} for n in range(1, MOST_MEASURES + 1)]
        kept = {name: data[name] for name in self._meta.fields or ()}
        return {**kept, "measures": [Measured(**row) for row in rows if row["name"]], "files": data["attachments"]}


class PublishForm(NoteForm):
    """Recognition: when, and by which paper."""

    recognized_on = DayField(label=gettext_lazy("Recognized on"), required=False, validators=[within_reason])
    document = forms.CharField(label=gettext_lazy("Document of recognition"), max_length=200, required=False)


class AdoptForm(CleanForm):
    """Which unit takes it over, and since when; or by when it plans to."""

    unit = UnitField(label=gettext_lazy("Unit"))
    adopted_on = DayField(label=gettext_lazy("In use since"), required=False, validators=[within_reason])
    due_on = DayField(label=gettext_lazy("Or planned by"), required=False, validators=[within_reason])
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, by: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        reach = access.within(by, permissions.ADOPT_PRACTICE, "pk")
        self.fields["unit"].units = Unit.objects.filter(reach)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("adopted_on") or data.get("due_on")):
            self.add_error("adopted_on", _("Enter since when it is in use, or by when it is planned."))
        return data


class EndForm(CleanForm):
    on = DayField(label=gettext_lazy("Ended on"), validators=[within_reason])
    note = forms.CharField(
        label=gettext_lazy("Why it ended"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )


class PracticeFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    q = forms.CharField(required=False, max_length=100)
    topic = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    field = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    unit = forms.SlugField(required=False, max_length=40)
    state = forms.ChoiceField(required=False, choices=PracticeState.choices)
