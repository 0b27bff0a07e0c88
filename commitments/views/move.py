"""What the pages of all moves share: which there are, why one is not offered, and what becomes of a refused form."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from cchc.organization.models import Person
from cchc.workflow.actors import Party, may
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, offers
from cchc.workflow.flow import Transition, flow_of
from cchc.workflow.models import Event, Subject


def action_or_404(subject: Subject, action: str) -> Transition:
    """The move called *action*; there is none where only the system or the clock makes it."""
    try:
        row = flow_of(subject).row(action)
    except KeyError:
        raise Http404 from None
    if isinstance(row.who, Party):
        raise Http404
    return row


def refusal_of(subject: Subject, action: str, person: Person) -> Refused | None:
    """Why *person* cannot make this move now, as the engine would say it; None when it is offered."""
    offer = next((each for each in offers(subject, person) if each.action == action), None)
    if offer is not None:
        return Refused(str(offer.reason)) if offer.reason else None
    if not may(person, flow_of(subject).row(action).who, subject):
        return NotAllowed(_("This step is not among your rights here."))
    return moved_on(subject)


def moved_on(subject: Subject) -> MovedOn:
    """The refusal that somebody else was quicker, with what they did."""
    return MovedOn(_("This has moved on in the meantime."), Event.objects.of(subject).newest_first().first())


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
