"""Points for every criterion, with a remark or, where the flow demands one, the reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy

from cchc.web.forms import CleanForm
from commitments.domain.evaluation_page import Line
from commitments.forms.campaign import NumberField
from commitments.models import Commitment


class ScoreForm(CleanForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=gettext_lazy("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, commitment: Commitment, lines: Sequence[Line], needs_note: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.initial = {"seen": commitment.moves, **self.initial}
        self.names = {line.criterion.pk: f"points-{line.criterion.pk}" for line in lines}
        if needs_note:
            self.fields["note"].required, self.fields["note"].label = True, gettext_lazy("Reason")
        for line in lines:
            name = self.names[line.criterion.pk]
            self.fields[name] = NumberField(
                label=line.criterion.name, max_digits=5, decimal_places=2, min_value=0, max_value=Decimal(100)
            )
            self.fields[name].widget.attrs["class"] = "form-control"
            if line.newest:
                self.initial.setdefault(name, line.newest.points)

    def field_of(self, criterion: int) -> BoundField:
        return self[self.names[criterion]]

    @property
    def points(self) -> dict[int, Decimal]:
        """By the criterion's id."""
        return {pk: self.cleaned_data[name] for pk, name in self.names.items()}
