"""A report with its evidence, and how far each registered task has come by what was reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.models import Person
from cchc.workflow.engine import Refused, perform
from commitments.domain import scoring
from commitments.domain.progress import Reached, counting, finished_late
from commitments.enums import ReportState
from commitments.models import Commitment, Entry, Report, Task

SUBJECT = "commitments.report"
NONE, FULL = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class TaskProgress:
    """A task on *today*. *counted*: its accepted number that counts; *told*: all that was reported, newest first."""

    task: Task
    today: date
    counted: Entry | None = None
    told: list[Entry] = field(default_factory=list)

    @property
    def share(self) -> Decimal:
        """The part of the target that was reached, 1 at most."""
        if self.counted is None:
            return NONE
        return scoring.share_reached(self.task.direction, self.task.target, self.counted.value)

    @property
    def percent(self) -> int:
        """Rounded down: 100 means reached."""
        return int(self.share * 100)

    @property
    def is_late(self) -> bool:
        """Reached after its day, or not reached although it has passed."""
        if self.counted is not None and self.share == 1:
            return finished_late(self.counted)
        return self.today > self.task.due_on


def progress_of(commitment: Commitment, today: date) -> list[TaskProgress]:
    """Every task in its order, in two queries."""
    told: dict[int, list[Entry]] = {}
    for entry in reported(commitment):
        told.setdefault(entry.task_id, []).insert(0, entry)
    return [_of_task(task, today, told.get(task.pk, [])) for task in commitment.tasks.all()]


def _of_task(task: Task, today: date, told: list[Entry]) -> TaskProgress:
    accepted = [each for each in reversed(told) if each.report.state == ReportState.ACCEPTED]
    return TaskProgress(task, today, counting(accepted).get(task.pk), told)


def reported(commitment: Commitment) -> QuerySet[Entry]:
    """All numbers that were ever reported, in the order of their reports."""
    entries = Entry.objects.filter(report__commitment=commitment, report__submitted_at__isnull=False)
    return entries.select_related("report__submitted_by", "task").order_by("report__submitted_at", "id")


def whole(progress: Iterable[TaskProgress]) -> Decimal:
    """How far the commitment is: shares of the tasks by their weights, of 100, to a tenth (lateness not counted)."""
    return scoring.total((each.task.weight, each.share * FULL) for each in progress)


@transaction.atomic
def submit(
    report: Report, entries: Sequence[Reached], files: Sequence[Checked] = (), *, by: Person, at: datetime,
    note: str = "", seen: int | None = None,
) -> Report:  # fmt: skip
    """Hand the report in with its evidence, all or nothing.

    Raises Refused as the flow does, and when the disk is full.
    """
    moved = perform(report, "submit", by=by, at=at, note=note, seen=seen, entries=entries)
    try:
        for checked in files:
            attach(subject_type=SUBJECT, subject_id=report.pk, checked=checked, by=by, at=at)
    except OSError as error:
        raise Refused(_("The server has no room for files now; send the text and add the file later.")) from error
    return moved


def asked(report: Report) -> list[Task]:
    """The tasks on which *report* is to tell something."""
    return [report.task] if report.task else list(report.commitment.tasks.all())
