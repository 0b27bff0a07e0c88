"""What the pages of all moves share: which there are, and what becomes of a form that was refused."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from cchc.workflow.actors import Party
from cchc.workflow.engine import MovedOn, Refused
from cchc.workflow.flow import Transition, flow_of
from cchc.workflow.models import Subject


def action_or_404(subject: Subject, action: str) -> Transition:
    """The move called *action*; there is none where only the system or the clock makes it."""
    try:
        row = flow_of(subject).row(action)
    except KeyError:
        raise Http404 from None
    if isinstance(row.who, Party):
        raise Http404
    return row


def send_again(form: Any, now: Any, refused: Refused) -> None:
    """Sent once more, it stands upon what the other did."""
    if isinstance(refused, MovedOn):
        again = form.data.copy()
        again["seen"] = str(now.moves)
        form.data = again


def status_of(form: Any, refusal: Refused | None) -> int:
    if refusal:
        return refusal.status
    return 400 if form.is_bound else 200
