"""What is typed into a report: a number for each task, since when it is reached, what was done, evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization.forms.fields import DayField
from cchc.web.forms import CleanForm
from commitments.domain.progress import Reached
from commitments.domain.report import asked
from commitments.forms.campaign import NumberField
from commitments.models import Report, Task


class EntryForm(CleanForm):
    """One task; blank altogether, nothing is reported on it."""

    value = NumberField(label=gettext_lazy("Reached"), required=False, max_digits=12, decimal_places=2, min_value=0)
    done_on = DayField(label=gettext_lazy("Finished on"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What was done"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **more: Any) -> None:
        super().__init__(*args, prefix=f"task-{task.pk}", **more)
        self.task = task
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("value") is None and "value" not in self.errors and (data.get("done_on") or data.get("text")):
            self.add_error("value", _("Type the number that was reached."))
        if data.get("done_on") and data["done_on"] > timezone.localdate():
            self.add_error("done_on", _("This day is still to come; choose today or an earlier day."))
        return data

    @property
    def reached(self) -> Reached | None:
        data = self.cleaned_data
        return None if data["value"] is None else Reached(self.task, data["value"], data["done_on"], data["text"])


class ReportForm(CleanForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=gettext_lazy("Remarks, difficulties, what is asked for"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    files = AttachmentsField(label=gettext_lazy("Evidence"))

    def __init__(self, *args: Any, report: Report, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"seen": report.moves, "note": report.note, **self.initial}
        told = {entry.task_id: entry for entry in report.entries.all()}
        self.rows = [
            EntryForm(
                self.data if self.is_bound else None, task=task,
                initial=vars(told[task.pk]) if task.pk in told else None,
            )
            for task in asked(report)
        ]  # fmt: skip

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if all(row.is_valid() and row.reached is None for row in self.rows):
            self.add_error(None, _("Report on at least one of these tasks."))
        return data

    @property
    def entries(self) -> list[Reached]:
        return [row.reached for row in self.rows if row.reached is not None]
