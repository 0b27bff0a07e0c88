"""Scores at the end of the year: computed, stated by the unit, checked, given by the leader, objected to once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Role
from cchc.workflow.engine import Refused
from cchc.workflow.flow import Move
from cchc.workflow.models import Obligation
from commitments.domain import scoring
from commitments.domain.progress import finished_late, results
from commitments.enums import Scoring, Stage
from commitments.models import Campaign, Commitment, Criterion, Score, Task

# Which duties of the dialogue a criterion looks at, by their kinds.
DUTIES = {Scoring.ANSWERS: ("prepare",), Scoring.PROMISES: ("fulfil",)}
HUNDREDTH = Decimal("0.01")
BATCH = 2000


Computed = tuple[Decimal, list[Any]]


def computed(commitment: Commitment, criterion: Criterion) -> Computed | None:
    """Points of 100 and what they are made of; None for a criterion that is judged.

    Nothing asked of a unit in the year counts as everything on time.
    """
    return computed_of_all([commitment], criterion).get(commitment.pk)


def computed_of_all(commitments: Sequence[Commitment], criterion: Criterion) -> dict[Any, Computed]:
    """What `computed` says, by commitment, for many of the campaign that has *criterion*."""
    if criterion.scoring == Scoring.JUDGED:
        return {}
    if criterion.scoring == Scoring.TASKS:
        return _of_tasks(commitments, criterion.campaign.late_factor)
    counted = _duties_counted(criterion.campaign, commitments, DUTIES[Scoring(criterion.scoring)])
    return {each.pk: _of_duties(*counted.get(each.unit_id, (0, 0))) for each in commitments}


def _of_tasks(commitments: Sequence[Commitment], factor: Decimal) -> dict[Any, Computed]:
    counting = results(*commitments)
    found: dict[Any, Computed] = {each.pk: (Decimal(0), []) for each in commitments}
    for task in Task.objects.filter(commitment__in=found).order_by("commitment", "place"):
        entry = counting.get(task.pk)
        late = entry is not None and finished_late(entry)
        value = entry.value if entry else Decimal(0)
        reached = scoring.task_points(task.weight, task.direction, task.target, value, late=late, late_factor=factor)
        own = reached if entry else Decimal(0)
        points, basis = found[task.commitment_id]
        basis.append({"task": task.pk, "entry": entry.pk if entry else None, "late": late, "points": str(own)})
        found[task.commitment_id] = points + own, basis
    return found


def _of_duties(asked: int, late: int) -> Computed:
    points = Decimal(100) if not asked else Decimal(100 * (asked - late)) / asked
    return points.quantize(HUNDREDTH), [{"asked": asked, "on_time": asked - late}]


def duties_of(commitment: Commitment, kinds: tuple[str, ...]) -> QuerySet[Obligation]:
    """The steps of the dialogue that the unit owed in the year of the campaign: the rows that an indicator counts."""
    return _duties(commitment.campaign, kinds).filter(unit=commitment.unit_id)


def _duties(campaign: Campaign, kinds: tuple[str, ...]) -> QuerySet[Obligation]:
    year = date(campaign.year, 1, 1), date(campaign.year, 12, 31)
    owed = Obligation.objects.filter(role=Role.UNIT_CHIEF, subject_type="dialogues.item", kind__in=kinds)
    return owed.filter(due_on__range=year)


def was_late(campaign: Campaign) -> Q:
    """Settled after its day, or still open when the year was over."""
    end = date(campaign.year, 12, 31)
    return Q(settled_at__date__gt=F("due_on")) | Q(settled_at__isnull=True, due_on__lt=end)


def _duties_counted(
    campaign: Campaign, commitments: Sequence[Commitment], kinds: tuple[str, ...]
) -> dict[int, tuple[int, int]]:
    """By unit: how many of these steps it owed, and how many were late; of units that owed none nothing."""
    owed = _duties(campaign, kinds).filter(unit__in={each.unit_id for each in commitments})
    rows = owed.order_by().values_list("unit").annotate(asked=Count("pk"), late=Count("pk", filter=was_late(campaign)))
    return {unit: (asked, late) for unit, asked, late in rows if unit}


def deducted(commitment: Commitment) -> Decimal:
    """Points lost for steps of the dialogue that were late in the year (`late_deduction` each)."""
    return _deductions(commitment.campaign, [commitment])[commitment.pk]


def _deductions(campaign: Campaign, commitments: Sequence[Commitment]) -> dict[Any, Decimal]:
    if not campaign.late_deduction:
        return {each.pk: Decimal(0) for each in commitments}
    counted = _duties_counted(campaign, commitments, tuple(kind for kinds in DUTIES.values() for kind in kinds))
    return {each.pk: campaign.late_deduction * counted.get(each.unit_id, (0, 0))[1] for each in commitments}


def latest(commitments: Sequence[Commitment]) -> dict[tuple[Any, int], Decimal]:
    """The points that count now, by commitment and criterion."""
    newest = Score.objects.filter(commitment__in=commitments).newest()
    return {(each, criterion): points for each, criterion, points in newest.values_list(*_POINTS)}


_POINTS = ("commitment", "criterion", "points")


def final_scores(campaign: Campaign, commitments: Iterable[Commitment]) -> dict[Any, tuple[Decimal, Decimal]]:
    """By commitment: the whole score (criteria by their weights, less deductions, to a tenth) and what was deducted."""
    listed = list(commitments)
    weights = dict(campaign.criteria.values_list("pk", "weight"))
    points: dict[Any, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for (commitment, criterion), given in latest(listed).items():
        points[commitment].append((weights[criterion], given))
    less = _deductions(campaign, listed)
    return {each.pk: (scoring.total(points[each.pk], less[each.pk]), less[each.pk]) for each in listed}


def final_score(commitment: Commitment) -> Decimal:
    """The whole score of one commitment."""
    return final_scores(commitment.campaign, [commitment])[commitment.pk][0]


# --- effects of the flow -------------------------------------------------------------------------------------------
def compute(commitments: Sequence[Commitment], move: Move) -> None:
    """Write down what can be computed now, of commitments of one campaign."""
    standing, rows = latest(commitments), []
    for criterion in commitments[0].campaign.criteria.select_related("campaign"):
        found = computed_of_all(commitments, criterion)
        for each in commitments if found else ():
            points, basis = found[each.pk]
            rows.append(_score(each, criterion, Stage.AUTOMATIC, points, move, standing, basis))
    Score.objects.bulk_create(rows, batch_size=BATCH)


def give(stage: Stage) -> Any:
    """The effect that keeps `points` (criterion id → points of 100) of *stage*; what is not given stays as it was."""

    def effect(commitment: Commitment, move: Move) -> None:
        if stage == Stage.CHECK:
            compute([commitment], move)
        standing, points = latest([commitment]), _points(move.data.get("points", {}))
        rows = []
        for criterion in commitment.campaign.criteria.all():
            value = points.get(criterion.pk, standing.get((commitment.pk, criterion.pk)))
            if value is None:
                raise Refused(_("Give points for every criterion."))
            rows.append(_score(commitment, criterion, stage, value, move, standing))
        Score.objects.bulk_create(rows)

    return effect


def _points(given: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    if any(not 0 <= value <= 100 for value in given.values()):
        raise Refused(_("Points lie between 0 and 100."))
    return given


def _score(
    commitment: Commitment, criterion: Criterion, stage: Stage, points: Decimal, move: Move,
    standing: Mapping[tuple[Any, int], Decimal], basis: list[Any] | None = None,
) -> Score:  # fmt: skip
    return Score(
        commitment=commitment, criterion=criterion, stage=stage, points=points,
        before=standing.get((commitment.pk, criterion.pk)), note=move.note[:1000], basis=basis or [],
        by=None if stage == Stage.AUTOMATIC else move.by, at=move.at,
    )  # fmt: skip


def in_time_to_object(commitment: Commitment, move: Move) -> None:
    if timezone.localdate(move.at) > commitment.campaign.object_by:
        raise Refused(_("The time for objections has passed."))
