"""What the worker does for commitments: it seals what both have signed, prints final sheets, settles what is silent."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.certificate import SealProblem
from cchc.documents.models.paper import keep
from cchc.documents.typesetting import CannotTypeset
from cchc.followup.domain.trouble import Part, work_off
from cchc.workflow.actors import SYSTEM
from cchc.workflow.clock import move_all
from cchc.workflow.engine import record
from cchc.workflow.models import Event
from commitments import documents
from commitments.domain.commitment import unanswered
from commitments.enums import CommitmentState
from commitments.models import Commitment, FinalSheet


def _final_before(since: datetime) -> QuerySet[Commitment]:
    key = Cast(OuterRef("pk"), models.CharField())
    became = Event.objects.filter(
        subject_type="commitments.commitment", subject_id=key, to_state=CommitmentState.FINAL, at__lt=since
    )
    return _unprinted().filter(Exists(became))


MOST = 500  # in one round; the rest is found in the next
_OF_ALL = (SealProblem,)
SEALING = Part(
    "seal",
    _("Sealing of papers"),
    _("Both signatures are kept, and sealing goes on by itself. Check SEAL_P12, its password, the certificate's days."),
    lambda since: Commitment.objects.unsealed().filter(in_force_at__lt=since),
)
PRINTING = Part(
    "final_sheet",
    _("Printing of evaluation sheets"),
    _("The scores are kept, and printing goes on by itself. Read the worker's log."),
    _final_before,
)


def seal_waiting(at: datetime) -> int:
    """Seal every commitment that is in force and not sealed yet; returns how many (settings.BACKGROUND_WORK).

    A signature never waits for it and is never lost by it: what fails or is killed is found again. A certificate that
    cannot be used concerns all of them, so it ends the round; the administrator is told.
    """
    waiting = Commitment.objects.unsealed().order_by("in_force_at", "pk")
    return work_off(SEALING, list(waiting.values_list("pk", flat=True)[:MOST]), partial(_seal, at=at), at, _OF_ALL)


def _seal(pk: UUID, at: datetime) -> bool:
    try:
        return _seal_one(pk, at)
    except (*_OF_ALL, CannotTypeset) as problem:
        Commitment.objects.filter(pk=pk).update(seal_problem=str(problem)[:300])
        raise


@transaction.atomic
def _seal_one(pk: UUID, at: datetime) -> bool:
    """Under its lock: two workers never seal the same."""
    waiting = Commitment.objects.unsealed().select_for_update(of=("self",), skip_locked=True, no_key=True)
    commitment = waiting.filter(pk=pk).first()
    if commitment is None:
        return False
    sealed = keep(documents.sealed(commitment, at), at)
    Commitment.objects.filter(pk=commitment.pk).update(sealed=sealed, sealed_at=at, seal_problem="")
    record(commitment, "seal", by=SYSTEM, at=at, data={"digest": sealed.digest})
    return True


def print_final(at: datetime) -> int:
    """Print and freeze the evaluation sheets whose scores have become final; returns how many."""
    waiting = list(_unprinted().order_by("pk").values_list("pk", flat=True)[:MOST])
    return work_off(PRINTING, waiting, partial(_print_one, at=at), at)


@transaction.atomic
def _print_one(pk: UUID, at: datetime) -> bool:
    """Under its lock: two workers never print the same."""
    waiting = _unprinted().select_for_update(of=("self",), skip_locked=True, no_key=True)
    commitment = waiting.filter(pk=pk).first()
    if commitment is None:
        return False
    FinalSheet.objects.create(commitment=commitment, paper=keep(documents.evaluation_sheet(commitment), at))
    return True


def _unprinted() -> QuerySet[Commitment]:
    return Commitment.objects.filter(state=CommitmentState.FINAL, final_sheet=None)


def settle_silent(at: datetime) -> int:
    """Make scores final whose units let the time for objections pass; returns how many (settings.CLOCK_MOVES)."""
    return move_all(unanswered(at), "settle", at)
