"""What ending a commitment by reorganization asks for: the decision, and who goes on with the open tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cchc.organization.forms.fields import UnitField
from cchc.organization.models import Unit
from commitments.forms.move import MoveForm
from commitments.models import Commitment


class TerminateForm(MoveForm):
    successor = UnitField(
        label=gettext_lazy("Who takes over the open tasks"), required=False,
        help_text=gettext_lazy("Code or name of a unit of the same campaign; empty if nobody does."),
    )  # fmt: skip

    def __init__(self, units: QuerySet[Unit], *args: Any, subject: Commitment, **more: Any) -> None:
        super().__init__(*args, subject=subject, needs_note=True, **more)
        self.fields["successor"].units = units
        self.fields["note"].label = gettext_lazy("Decision")
        self.fields["note"].help_text = gettext_lazy("Number, date and what it decides.")
