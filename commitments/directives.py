"""Which tasks of commitments were taken from a directive, for its page (settings.DIRECTIVE_PANELS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cchc.organization.models import Person
from cchc.web.panels import Panel, Row
from commitments import presentation
from commitments.enums import CommitmentState
from commitments.models import Commitment, Task
from dialogues.models import Directive

MOST = 20


def tasks_of(person: Person, directive: Directive) -> Panel | None:
    """The tasks that were taken from *directive*, of commitments that *person* may see and that still stand."""
    seen = Commitment.objects.visible_to(person).exclude(state=CommitmentState.SUPERSEDED)
    tasks = Task.objects.filter(directive=directive, commitment__in=seen.values("pk"))
    found = list(tasks.select_related("commitment__campaign").order_by("commitment__code", "place")[:MOST])
    if not found:
        return None
    return Panel("commitments", _("Taken into commitments"), [_row(task) for task in found])


def _row(task: Task) -> Row:
    commitment = task.commitment
    shown = presentation.COMMITMENT_STATES[commitment.state]
    return Row(
        str(task),
        reverse("commitment_show", args=[commitment.pk]),
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=str(commitment),
        meta=(shown.label,),
    )
