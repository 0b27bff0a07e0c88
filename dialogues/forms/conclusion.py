"""What is typed about a conclusion and what its moves ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as T

from cchc.web.forms import CleanForm
from dialogues.forms.move import NoteForm
from dialogues.models import Conclusion


class ConclusionForm(CleanForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assessment = forms.CharField(
        label=T("Assessment"),
        max_length=12000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=T("How the conference went, what was achieved, what is weak and must be overcome."),
    )
    closing_note = forms.CharField(
        label=T("Organization of the work"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=T("What stands behind the directives: who follows, checks and reports."),
    )

    def __init__(self, *args: Any, conclusion: Conclusion | None, **options: Any) -> None:
        if conclusion:
            known = {"seen": conclusion.moves, "assessment": conclusion.assessment}
            known["closing_note"] = conclusion.closing_note
            options["initial"] = {**known, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.fields["seen"].required = conclusion is not None

    @property
    def particulars(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("assessment", "closing_note")}


class IssueForm(NoteForm):
    """Issuing asks for the number of the notice, which may come later with the paper itself."""

    document = forms.CharField(
        label=T("Number of the notice"),
        max_length=60,
        required=False,
        help_text=T("For example 03/TB-CATX-TH. Left empty, it is issued without a number for now."),
    )

    def __init__(self, *args: Any, subject: Any, **options: Any) -> None:
        super().__init__(*args, subject=subject, **options)
        if subject.document_on:  # the paper has given it
            del self.fields["document"]
