"""The scores of a commitment side by side, what stood before each, and the rows that a computed number counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from commitments.domain import evaluation, scoring
from commitments.enums import Scoring, Stage
from commitments.models import Commitment, Criterion, Entry, Score, Task

COMPUTED = frozenset({Scoring.TASKS, Scoring.ANSWERS, Scoring.PROMISES})


@dataclass(frozen=True)
class Line:
    """One criterion: the latest score of each stage, and the one that counts now."""

    criterion: Criterion
    by_stage: dict[str, Score]
    newest: Score | None

    @property
    def is_computed(self) -> bool:
        return self.criterion.scoring in COMPUTED

    @property
    def share(self) -> Decimal:
        """What it adds to the whole score."""
        return self.criterion.weight * self.newest.points / scoring.FULL if self.newest else scoring.NONE


@dataclass(frozen=True)
class Sheet:
    """All that was scored. *history*: every score, newest first. *deducted*: for late steps of the dialogue."""

    lines: list[Line]
    history: list[Score]
    deducted: Decimal

    @cached_property
    def stages(self) -> list[Stage]:
        """Those that have been reached, in their order."""
        given = {score.stage for score in self.history}
        return [stage for stage in Stage if stage in given]

    def total_of(self, stage: Stage) -> Decimal | None:
        """The whole score as *stage* gave it, nothing deducted; None where it did not score every criterion."""
        given = [(line.criterion.weight, line.by_stage.get(stage)) for line in self.lines]
        points = [(weight, score.points) for weight, score in given if score is not None]
        return scoring.total(points) if len(points) == len(self.lines) else None

    @property
    def total(self) -> Decimal | None:
        """The whole score that counts now, to a tenth; None until every criterion has points."""
        points = [(line.criterion.weight, line.newest.points) for line in self.lines if line.newest]
        return scoring.total(points, self.deducted) if points and len(points) == len(self.lines) else None


def sheet_of(commitment: Commitment) -> Sheet:
    """In three queries, of which one only where lateness is deducted."""
    scores = list(Score.objects.filter(commitment=commitment).select_related("by", "criterion").order_by("id"))
    lines = []
    for criterion in commitment.campaign.criteria.all():
        own = [score for score in scores if score.criterion_id == criterion.pk]
        lines.append(Line(criterion, {score.stage: score for score in own}, own[-1] if own else None))
    return Sheet(lines, scores[::-1], evaluation.deducted(commitment) if scores else Decimal(0))


def level_of(commitment: Commitment, score: Decimal | None) -> str:
    """The level that *score* reaches by itself, before the best one is capped among all units."""
    levels = list(commitment.campaign.levels.values_list("name", "minimum"))
    return scoring.level_of(score, levels) if score is not None and levels else ""


@dataclass(frozen=True)
class Counted:
    """A task in a computed number: the accepted entry that counts, and the points it brought."""

    task: Task
    entry: Entry | None
    late: bool
    points: Decimal


def counted_tasks(commitment: Commitment, criterion: Criterion) -> tuple[Decimal, list[Counted]]:
    """The points and the rows they are made of: as they were last written down, or as they would be now."""
    written = Score.objects.filter(commitment=commitment, criterion=criterion, stage=Stage.AUTOMATIC).last()
    if written is not None:
        points, basis = written.points, written.basis
    else:
        found = evaluation.computed(commitment, criterion)
        assert found is not None
        points, basis = found
    entries = _entries(row["entry"] for row in basis)
    tasks = {task.pk: task for task in commitment.tasks.all()}
    rows = [
        Counted(tasks[row["task"]], entries.get(row["entry"]), row["late"], Decimal(row["points"])) for row in basis
    ]
    return points, rows


def _entries(ids: Iterable[int | None]) -> dict[int | None, Entry]:
    found = Entry.objects.filter(pk__in=[each for each in ids if each]).select_related("report__submitted_by", "task")
    return {entry.pk: entry for entry in found}
