"""Open tasks of a unit that was reorganized: which they are, and how its successor takes them over."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, QuerySet

from cchc.organization.models import Unit
from commitments.domain import scoring
from commitments.domain.draft import MOST_TASKS, copy_tasks
from commitments.domain.progress import results
from commitments.enums import CampaignState, CommitmentState
from commitments.models import Commitment, Task

S = CommitmentState
REACHED = 1
ENDED = (S.SUPERSEDED, S.LAPSED, S.TERMINATED)


def open_tasks(commitment: Commitment) -> list[Task]:
    """Tasks whose target no accepted number has reached; none of what was never confirmed, which nobody promised."""
    if commitment.in_force_at is None:
        return []
    found = results(commitment)
    return [task for task in commitment.tasks.select_related("commitment") if not _reached(task, found.get(task.pk))]


def _reached(task: Task, entry: object) -> bool:
    value = getattr(entry, "value", None)
    return value is not None and scoring.share_reached(task.direction, task.target, value) >= REACHED


def successor_units(commitment: Commitment) -> QuerySet[Unit]:
    """Units of the same campaign whose commitments have not ended."""
    others = Commitment.objects.filter(campaign=commitment.campaign_id).exclude(state__in=ENDED)
    return Unit.objects.filter(pk__in=others.exclude(unit=commitment.unit_id).values("unit"))


def latest_of(commitment: Commitment, successor: Unit) -> Commitment | None:
    """The latest version of *successor* in the same campaign that has not ended."""
    same = Commitment.objects.filter(campaign=commitment.campaign_id, unit=successor).exclude(state__in=ENDED)
    return same.order_by("-version").first()


def receiver_of(commitment: Commitment, successor: Unit) -> Commitment | None:
    """The version of *successor* to which tasks can be added now, or from which a next one can be drafted.

    None while its chief has signed and the leader has not, or has returned it: the version after that brings them.
    """
    latest = latest_of(commitment, successor)
    if latest is None or commitment.campaign.state != CampaignState.OPEN:
        return None
    return latest if latest.state in (S.DRAFT, S.IN_FORCE) else None


def waiting_tasks(commitment: Commitment) -> list[Task]:
    """Open tasks that the unit took over and that stand in none of its versions yet."""
    ended = Commitment.objects.filter(
        campaign=commitment.campaign_id, state=S.TERMINATED, taken_over_by__unit=commitment.unit_id
    )
    own = Task.objects.filter(commitment__campaign=commitment.campaign_id, commitment__unit=commitment.unit_id)
    taken = set(own.values_list("copied_from", flat=True))
    found = [task for each in ended.order_by("unit__sort_key", "pk") for task in open_tasks(each)]
    return [task for task in found if task.pk not in taken]


def add_tasks(draft: Commitment, tasks: Sequence[Task]) -> None:
    """Put *tasks* behind those of *draft*, as far as there is room; its chief sets the weights anew before he signs."""
    last = draft.tasks.aggregate(last=Max("place"))["last"] or 0
    copy_tasks(draft, tasks[: max(0, MOST_TASKS - draft.tasks.count())], after=last)
