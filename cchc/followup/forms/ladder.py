"""A ladder of reminders as rows: on which day, and whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.followup.domain.ladder import Rung, in_order, objections
from cchc.followup.models.ladder import EARLIEST, LATEST
from cchc.web.forms import CleanForm
from cchc.workflow.models import Capacity

BLANK, MOST = 2, 20  # empty rows to fill in; rows that are read at all


class Row(NamedTuple):
    offset: forms.BoundField
    to: forms.BoundField


class LadderForm(CleanForm):
    """Rows without a day are none. After validation `rungs` are a ladder."""

    rungs: list[Rung]

    def __init__(self, data: Any = None, *, rungs: Sequence[Rung] = ()) -> None:
        typed = sum(name.startswith("offset_") for name in data) if data else len(rungs) + BLANK
        self.count = min(typed, MOST)
        super().__init__(data, initial=_initial(rungs))
        for number in range(self.count):
            self.fields[f"offset_{number}"] = forms.IntegerField(
                label=_("Stage %(number)d: working days after the due date") % {"number": number + 1},
                min_value=EARLIEST,
                max_value=LATEST,
                required=False,
                error_messages={"min_value": FAR, "max_value": FAR},
            )
            self.fields[f"to_{number}"] = forms.MultipleChoiceField(
                label=_("Stage %(number)d: who is told") % {"number": number + 1},
                choices=Capacity.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    @property
    def rows(self) -> list[Row]:
        return [Row(self[f"offset_{number}"], self[f"to_{number}"]) for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        self.rungs = []
        for number in range(self.count):
            offset, to = typed.get(f"offset_{number}"), typed.get(f"to_{number}") or []
            if offset is not None:
                self.rungs.append(Rung(offset, tuple(in_order(to))))
            elif to and f"offset_{number}" not in self.errors:
                self.add_error(f"offset_{number}", _("Say on which day these are told."))
        if not self.errors:
            for sentence in objections(self.rungs):
                self.add_error(None, sentence)
        return typed


FAR = gettext_lazy("A stage lies between %(first)d and %(last)d working days from the due date.") % {
    "first": EARLIEST,
    "last": LATEST,
}


def _initial(rungs: Sequence[Rung]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, rung in enumerate(rungs):
        found |= {f"offset_{number}": rung.offset, f"to_{number}": list(rung.to)}
    return found
