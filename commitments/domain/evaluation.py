"""Scores at the end of the year: computed, stated by the unit, checked, given by the leader, objected to once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Role
from cchc.workflow.engine import Refused
from cchc.workflow.flow import Move
from cchc.workflow.models import Obligation
from commitments.domain import scoring
from commitments.domain.progress import finished_late, results
from commitments.enums import Scoring, Stage
from commitments.models import Campaign, Commitment, Criterion, Score

# Which duties of the dialogue a criterion looks at, by their kinds.
DUTIES = {Scoring.ANSWERS: ("prepare",), Scoring.PROMISES: ("fulfil",)}
HUNDREDTH = Decimal("0.01")


def computed(commitment: Commitment, criterion: Criterion) -> tuple[Decimal, list[Any]] | None:
    """Points of 100 and what they are made of; None for a criterion that is judged.

    Nothing asked of a unit in the year counts as everything on time.
    """
    if criterion.scoring == Scoring.JUDGED:
        return None
    if criterion.scoring == Scoring.TASKS:
        return _of_tasks(commitment)
    duties = duties_of(commitment, DUTIES[Scoring(criterion.scoring)])
    asked, failed = duties.count(), duties.filter(was_late(commitment)).count()
    points = Decimal(100) if not asked else Decimal(100 * (asked - failed)) / asked
    return points.quantize(HUNDREDTH), [{"asked": asked, "on_time": asked - failed}]


def _of_tasks(commitment: Commitment) -> tuple[Decimal, list[Any]]:
    found, factor = results(commitment), commitment.campaign.late_factor
    basis: list[dict[str, Any]] = []
    points = Decimal(0)
    for task in commitment.tasks.all():
        entry = found.get(task.pk)
        late = entry is not None and finished_late(entry)
        value = entry.value if entry else Decimal(0)
        reached = scoring.task_points(task.weight, task.direction, task.target, value, late=late, late_factor=factor)
        own = reached if entry else Decimal(0)
        basis.append({"task": task.pk, "entry": entry.pk if entry else None, "late": late, "points": str(own)})
        points += own
    return points, basis


def duties_of(commitment: Commitment, kinds: tuple[str, ...]) -> Any:
    """The steps of the dialogue that the unit owed in the year of the campaign: the rows that an indicator counts."""
    year = commitment.campaign.year
    owed = Obligation.objects.filter(role=Role.UNIT_CHIEF, unit=commitment.unit_id, subject_type="dialogues.item")
    return owed.filter(kind__in=kinds, due_on__range=(date(year, 1, 1), date(year, 12, 31)))


def was_late(commitment: Commitment) -> Q:
    """Settled after its day, or still open when the year was over."""
    end = date(commitment.campaign.year, 12, 31)
    return Q(settled_at__date__gt=F("due_on")) | Q(settled_at__isnull=True, due_on__lt=end)


def deducted(commitment: Commitment) -> Decimal:
    """Points lost for steps of the dialogue that were late in the year (`late_deduction` each)."""
    each = commitment.campaign.late_deduction
    if not each:
        return Decimal(0)
    kinds = tuple(kind for kinds in DUTIES.values() for kind in kinds)
    return each * duties_of(commitment, kinds).filter(was_late(commitment)).count()


def latest(commitment: Commitment) -> dict[int, Score]:
    """The score that counts now, by criterion."""
    return {score.criterion_id: score for score in Score.objects.filter(commitment=commitment).newest()}


def final_scores(campaign: Campaign, commitments: Iterable[Commitment]) -> dict[Any, tuple[Decimal, Decimal]]:
    """By commitment: the whole score (criteria by their weights, less deductions, to a tenth) and what was deducted."""
    listed = list(commitments)
    weights = dict(campaign.criteria.values_list("pk", "weight"))
    newest = Score.objects.filter(commitment__in=listed).newest()
    points: dict[Any, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for commitment, criterion, given in newest.values_list("commitment", "criterion", "points"):
        points[commitment].append((weights[criterion], given))
    less = {each.pk: deducted(each) for each in listed}
    return {each.pk: (scoring.total(points[each.pk], less[each.pk]), less[each.pk]) for each in listed}


def final_score(commitment: Commitment) -> Decimal:
    """The whole score of one commitment."""
    return final_scores(commitment.campaign, [commitment])[commitment.pk][0]


# --- effects of the flow -------------------------------------------------------------------------------------------
def compute(commitment: Commitment, move: Move) -> None:
    """Write down what can be computed now."""
    standing = latest(commitment)
    for criterion in commitment.campaign.criteria.all():
        if (found := computed(commitment, criterion)) is not None:
            _write(commitment, criterion, Stage.AUTOMATIC, found[0], move, standing, basis=found[1])


def give(stage: Stage) -> Any:
    """The effect that keeps `points` (criterion id → points of 100) of *stage*; what is not given stays as it was."""

    def effect(commitment: Commitment, move: Move) -> None:
        if stage == Stage.CHECK:
            compute(commitment, move)
        standing, points = latest(commitment), _points(commitment, move.data.get("points", {}))
        for criterion in commitment.campaign.criteria.all():
            before = standing.get(criterion.pk)
            value = points.get(criterion.pk, before.points if before else None)
            if value is None:
                raise Refused(_("Give points for every criterion."))
            _write(commitment, criterion, stage, value, move, standing)

    return effect


def _points(commitment: Commitment, given: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    if any(not 0 <= value <= 100 for value in given.values()):
        raise Refused(_("Points lie between 0 and 100."))
    return given


def _write(
    commitment: Commitment, criterion: Criterion, stage: Stage, points: Decimal, move: Move,
    standing: Mapping[int, Score], basis: list[Any] | None = None,
) -> None:  # fmt: skip
    before = standing.get(criterion.pk)
    Score.objects.create(
        commitment=commitment, criterion=criterion, stage=stage, points=points,
        before=before.points if before else None, note=move.note[:1000], basis=basis or [],
        by=None if stage == Stage.AUTOMATIC else move.by, at=move.at,
    )  # fmt: skip


def in_time_to_object(commitment: Commitment, move: Move) -> None:
    if timezone.localdate(move.at) > commitment.campaign.object_by:
        raise Refused(_("The time for objections has passed."))
