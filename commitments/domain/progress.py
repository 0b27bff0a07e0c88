"""Reports on registered tasks: owed on the days of the campaign and of each task, checked by the host's secretary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Role
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, begin_many, perform_many
from cchc.workflow.flow import Move, Owed, Transition, flow
from commitments import permissions
from commitments.enums import ReportState
from commitments.models import Commitment, Entry, Report, Task

S = ReportState


@dataclass(frozen=True)
class Reached:
    """What is reported on one task; *done_on* once it is finished."""

    task: Task
    value: Decimal
    done_on: date | None = None
    text: str = ""


def _submit(report: Report, move: Move) -> None:
    """Keep the `entries` (Reached) and the note. Raises Refused for a day to come, or another unit's task."""
    entries: Sequence[Reached] = move.data["entries"]
    today = timezone.localdate(move.at)
    wanted = {report.task_id} if report.task_id else set(report.commitment.tasks.values_list("pk", flat=True))
    if not entries or {entry.task.pk for entry in entries} - wanted:
        raise Refused(_("Report on at least one of these tasks."))
    if any(entry.done_on and entry.done_on > today for entry in entries):
        raise Refused(_("A task cannot be finished on a day to come."))
    report.entries.all().delete()
    Entry.objects.bulk_create(Entry(report=report, **vars(entry)) for entry in entries)
    report.note = move.note
    report.submitted_by, report.submitted_at = move.by, move.at


def _day(report: Report, start: date) -> date:
    return max(report.due_on, start)


# fmt: off
REPORT_FLOW = flow("commitments.report", [
    Transition("submit", (S.DUE, S.RETURNED), S.SUBMITTED, permissions.REGISTER, _("Submit the report"),
               _("submitted the report"), "send", effect=_submit),
    Transition("accept", (S.SUBMITTED,), S.ACCEPTED, permissions.CHECK, _("Accept the report"),
               _("accepted the report"), "check"),
    Transition("return", (S.SUBMITTED,), S.RETURNED, permissions.CHECK, _("Return the report"),
               _("returned the report"), "back", note_required=True, primary=False),
    Transition("close", (S.DUE, S.SUBMITTED, S.RETURNED), S.CLOSED, SYSTEM, _("Close"), _("closed it"), "sx"),
], title=_("Reports on registered tasks"), owes={
    S.DUE: Owed("report_progress", _("Report on the registered tasks"), Role.UNIT_CHIEF, unit=lambda each: each.unit,
                due=_day),
    S.SUBMITTED: Owed("check_progress", _("Check the report on registered tasks"), Role.SECRETARY, within=5),
    S.RETURNED: Owed("report_progress", _("Report on the registered tasks"), Role.UNIT_CHIEF,
                     unit=lambda each: each.unit, within=3),
}, verbs={"create": _("opened it for the unit")})
# fmt: on


def open_reports(commitment: Commitment, at: datetime) -> None:
    """What a commitment in force owes: the reporting days to come, and the result of every task on its day."""
    today = timezone.localdate(at)
    days = [day for day in commitment.campaign.report_days if day >= today]
    owed = [(day, None) for day in days] + [(task.due_on, task) for task in commitment.tasks.all()]
    begin_many([Report(commitment=commitment, due_on=day, task=task) for day, task in owed], by=SYSTEM, at=at)


def close_reports(commitment: Commitment, at: datetime) -> None:
    """Nothing more is owed on a commitment that has ended or was superseded; what was reported stays."""
    perform_many(commitment.reports.all(), "close", by=SYSTEM, at=at)


def results(*commitments: Commitment) -> dict[int, Entry]:
    """The accepted number of each task that counts, by its id."""
    accepted = Entry.objects.filter(report__commitment__in=commitments, report__state=S.ACCEPTED)
    newest = accepted.select_related("report", "task").order_by("report__submitted_at", "id")
    return counting(newest)


def counting(accepted: Iterable[Entry]) -> dict[int, Entry]:
    """Of *accepted* numbers in their order, by task: the newest that says when it was finished, else the newest."""
    return {entry.task_id: entry for entry in sorted(accepted, key=lambda entry: entry.done_on is not None)}


def finished_late(entry: Entry) -> bool:
    """Whether the number was reached after the task's day; without a day of finishing the day of the report counts."""
    finished = entry.done_on or timezone.localdate(entry.report.submitted_at)
    return finished > entry.task.due_on
