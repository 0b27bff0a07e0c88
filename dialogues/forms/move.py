"""A move that asks for no more than a reason, or for nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cchc.web.forms import CleanForm
from cchc.workflow.models import Subject


class NoteForm(CleanForm):
    """*seen* is the count of moves of the page that it was made on."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, *args: Any, subject: Subject, needs_note: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not needs_note:
            del self.fields["note"]
        self.initial = {"seen": subject.moves, **self.initial}
