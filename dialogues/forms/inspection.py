"""What is typed about an inspection: its scope, the delegation, the documents asked for, the findings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.utils.translation import pgettext_lazy

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm
from dialogues.enums import FindingKind
from dialogues.forms.move import NoteForm
from dialogues.models import Conference, Finding, Request, Scope, Topic


def _check_year(day: date) -> None:
    if not 2000 <= day.year < 2100:
        raise ValidationError(_("Check the year of this date."))


class ScopeForm(CleanForm):
    decision = forms.CharField(
        label=T("Decision on the delegation"), max_length=200, required=False,
        help_text=T("Number, date and issuer, as the papers name it."),
    )  # fmt: skip
    subject = forms.CharField(label=T("Subject"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    first_day = DayField(label=T("Matters from"), validators=[_check_year])
    last_day = DayField(label=T("Matters until"), validators=[_check_year])
    reads_from = DayField(label=T("Inspectors may read from"), validators=[_check_year])
    reads_until = DayField(label=T("Inspectors may read until"), validators=[_check_year])

    def __init__(self, *args: Any, scope: Scope | None, conference: Conference, **options: Any) -> None:
        day = timezone.localtime(conference.starts_at).date()
        known: dict[str, Any] = {"subject": conference.title, "reads_from": day, "reads_until": day}
        if scope:
            known = {name: getattr(scope, name) for name in self.base_fields}
        super().__init__(*args, **{**options, "initial": {**known, **options.get("initial", {})}})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for first, last in (("first_day", "last_day"), ("reads_from", "reads_until")):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, _("The last day must not come before the first."))
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        return self.cleaned_data


class DelegateForm(CleanForm):
    """One of the delegation: somebody *found* with an account, or a name."""

    person = forms.ModelChoiceField(Person.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=T("Full name"), max_length=120, required=False)
    title = forms.CharField(label=T("Post"), max_length=200, required=False)
    head = forms.BooleanField(label=T("Head of the delegation"), required=False)

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.queryset = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("person") and not data.get("name") and not self.errors:
            self.add_error("name", _("Write the full name."))
        return data


class RequestForm(CleanForm):
    text = forms.CharField(
        label=T("Document"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": T("Write which document is wanted.")},
    )  # fmt: skip
    unit = forms.ModelChoiceField(Unit.objects.none(), label=T("Asked of"), empty_label=T("Choose the unit"))
    due_on = DayField(label=pgettext_lazy("request", "Wanted by"), validators=[_check_year])

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["unit"]
        field.queryset = units

    @property
    def particulars(self) -> dict[str, Any]:
        return self.cleaned_data


class HandInForm(NoteForm):
    """The files themselves, or how the document was handed in."""

    files = AttachmentsField(label=T("Files"), help_text=T("A photograph of the paper will do, too."))
    field_order = ("files", "note")

    def __init__(self, *args: Any, subject: Request, **options: Any) -> None:
        super().__init__(*args, subject=subject, **{**options, "needs_note": True})
        note = self.fields["note"]
        note.required, note.label = False, _("Note")
        note.help_text = _("Without a file: how the document was handed in.")


class FindingForm(CleanForm):
    kind = forms.ChoiceField(
        label=pgettext_lazy("finding", "Kind"), choices=FindingKind.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": T("Say whether it is a strength or a weakness.")},
    )  # fmt: skip
    text = forms.CharField(
        label=T("Finding"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": T("Write what was found.")},
    )  # fmt: skip
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=T("CCHC content"), required=False, empty_label=T("Not chosen")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=T("Unit"), required=False, empty_label=T("The whole inspected command")
    )
    remedy_by = DayField(
        label=T("To be remedied by"), required=False, validators=[_check_year],
        help_text=T("Of a weakness: shown as late when its directives have not been done by then."),
    )  # fmt: skip
    files = AttachmentsField(label=T("Evidence"), help_text=T("Papers, tables or pictures that show it."))

    def __init__(
        self, *args: Any, conference: Conference, units: Any, finding: Finding | None = None, **options: Any
    ) -> None:
        known: dict[str, Any] = {"kind": FindingKind.WEAKNESS}
        if finding:
            known = {"kind": finding.kind, "text": finding.text, "topic": finding.topic_id, "unit": finding.unit_id}
            known["remedy_by"] = finding.remedy_by
        super().__init__(*args, **{**options, "initial": {**known, **options.get("initial", {})}})
        fields: dict[str, Any] = self.fields
        fields["topic"].queryset = Topic.objects.filter(set=conference.topics_id)
        fields["unit"].queryset = units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == FindingKind.STRENGTH and data.get("remedy_by"):
            self.add_error("remedy_by", _("A strength has nothing to be remedied."))
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given, `files` with it."""
        return self.cleaned_data
