"""What the worker does for commitments: sealing what both have signed, settling what nobody objected to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cchc.documents.domain.certificate import SealProblem
from cchc.documents.models.paper import keep
from cchc.documents.typesetting import CannotTypeset
from cchc.followup.models import Pulse
from cchc.workflow.actors import SYSTEM
from cchc.workflow.clock import move_all
from cchc.workflow.engine import record
from commitments import documents
from commitments.domain.commitment import unanswered
from commitments.models import Commitment


def seal_waiting(at: datetime) -> int:
    """Seal every commitment that is in force and not sealed yet; returns how many (settings.BACKGROUND_WORK).

    A signature never waits for it and is never lost by it: what fails or is killed is found again. A certificate that
    cannot be used concerns all of them, so the first problem ends the round; the administrator is told.
    """
    done = 0
    try:
        while _seal_next(at):
            done += 1
    except (SealProblem, CannotTypeset) as problem:
        Commitment.objects.unsealed().update(seal_problem=str(problem)[:300])
        _pulse(at, False, str(problem))
    else:
        if done:
            _pulse(at, True, "")
    return done


@transaction.atomic
def _seal_next(at: datetime) -> bool:
    """One of them, under its lock: two workers never seal the same."""
    waiting = Commitment.objects.unsealed().select_for_update(of=("self",), skip_locked=True)
    commitment = waiting.order_by("in_force_at", "pk").first()
    if commitment is None:
        return False
    sealed = keep(documents.sealed(commitment, at), at)
    Commitment.objects.filter(pk=commitment.pk).update(sealed=sealed, sealed_at=at, seal_problem="")
    record(commitment, "seal", by=SYSTEM, at=at, data={"digest": sealed.digest})
    return True


def _pulse(at: datetime, ok: bool, detail: str) -> None:
    Pulse.objects.update_or_create(name="seal", defaults={"at": at, "ok": ok, "detail": detail[:500]})


def settle_silent(at: datetime) -> int:
    """Make scores final whose units let the time for objections pass; returns how many (settings.CLOCK_MOVES)."""
    return move_all(unanswered(at), "settle", at)
