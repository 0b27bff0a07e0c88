"""What a move asks for: a reason where the flow demands one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cchc.web.forms import CleanForm
from cchc.workflow.models import Subject


class MoveForm(CleanForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, *args: Any, subject: Subject, needs_note: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not needs_note:
            del self.fields["note"]
        self.initial = {"seen": subject.moves, **self.initial}

    @property
    def for_move(self) -> dict[str, Any]:
        """What `perform` is given."""
        return {"note": self.cleaned_data.get("note", ""), "seen": self.cleaned_data["seen"]}
