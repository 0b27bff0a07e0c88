"""Reports: how far a commitment is, one report with its evidence, handing it in, accepting or returning it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import attachments_of
from cchc.documents.models import Attachment
from cchc.followup.domain.explain import explain
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused, offers, perform, refusal_of
from commitments import figures, presentation
from commitments.bases import basis_of_report
from commitments.domain import report as reports
from commitments.domain.report import SUBJECT, TaskProgress
from commitments.forms.move import MoveForm
from commitments.forms.report import ReportForm
from commitments.models import Commitment, Entry, Report
from commitments.views.commitment import load as load_commitment
from commitments.views.commitment import title_of
from commitments.views.history import timeline
from commitments.views.move import action_or_404, send_again, status_of

LEADS_TO = {
    "accept": T("Its numbers count from then on: in the progress, and in the score at the end of the year."),
    "return": T("The unit corrects it with your reason before it and hands it in again."),
}


@dataclass(frozen=True)
class EntryRow:
    """A reported number ready to print."""

    entry: Entry
    reached: str
    badge: SafeString


@dataclass(frozen=True)
class TaskRow:
    progress: TaskProgress
    target: str
    reached: str
    bar: SafeString
    told: list[EntryRow]


@dataclass(frozen=True)
class ReportRow:
    report: Report
    title: str
    badge: SafeString
    due: SafeString
    turn: SafeString
    files: list[Attachment]


# --- How far a commitment is ------------------------------------------------------------------------------------------
@require_safe
def report_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment, today = load_commitment(request, pk), timezone.localdate()
    progress = reports.progress_of(commitment, today)
    rows = report_rows(commitment)
    context = {
        "commitment": commitment,
        "campaign": commitment.campaign,
        "title": title_of(commitment),
        "badge": presentation.badge(commitment),
        "tasks": [task_row(each) for each in progress],
        "whole": reports.whole(progress),
        "done": sum(1 for each in progress if each.share == 1),
        "late": sum(1 for each in progress if each.is_late),
        "reports": rows,
        "next": next((row for row in rows if row.report.turn_id), None),
    }
    return render(request, "commitments/report_list.html", context)


def task_row(progress: TaskProgress) -> TaskRow:
    counted = progress.counted
    return TaskRow(
        progress,
        presentation.target(progress.task),
        figures.reached(counted) if counted else "",
        figures.progress_bar(progress),
        [EntryRow(each, figures.reached(each), figures.report_badge(each.report)) for each in progress.told],
    )


def report_rows(commitment: Commitment) -> list[ReportRow]:
    """All reports by their days, with their files."""
    today, days = timezone.localdate(), calendar()
    found = list(
        commitment.reports.select_related("task", "turn__unit", "submitted_by").order_by("due_on", "task__place")
    )
    files = attachments_of(SUBJECT, [each.pk for each in found])
    return [
        ReportRow(
            each, figures.report_title(each), figures.report_badge(each), presentation.due(each.turn, today, days),
            presentation.turn(each.turn), files.get(str(each.pk), []),
        )
        for each in found
    ]  # fmt: skip


# --- One report -------------------------------------------------------------------------------------------------------
def load(request: HttpRequest, pk: UUID) -> Report:
    """The report if the person may see it; otherwise there is none."""
    rows = Report.objects.visible_to(request.user).prefetch_related("entries__task")
    wanted = (
        "commitment__campaign",
        "commitment__host__parent",
        "commitment__unit",
        "turn__unit",
        "task",
        "submitted_by",
    )
    hidden = ("commitment__content", "commitment__campaign__content")
    return get_object_or_404(rows.select_related(*wanted).defer(*hidden), pk=pk)


def frame_of(report: Report) -> dict[str, Any]:
    """What the head of every page about a report shows."""
    return {
        "report": report,
        "commitment": report.commitment,
        "title": figures.report_title(report),
        "whose": title_of(report.commitment),
        "files": attachments_of(SUBJECT, [report.pk]).get(str(report.pk), []),
        "rows": [
            {"entry": each, "reached": figures.reached(each), "target": presentation.target(each.task)}
            for each in report.entries.all()
        ],
    }


@require_safe
def report_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    report, today, days = load(request, pk), timezone.localdate(), calendar()
    turn = report.turn
    mine = turn is not None and turn.is_owed_by(request.user)
    entries = timeline(report)
    context = {
        **frame_of(report),
        "badge": figures.report_badge(report),
        "turn": presentation.turn(turn, mine),
        "due": presentation.due(turn, today, days),
        "counted": explain(turn, days, basis_of_report(report, turn)) if turn else None,
        "asked": [] if report.entries.all() else reports.asked(report),
        "returned": report.state == Report.State.RETURNED
        and next((each for each in entries if each.icon == "back"), None),
        "entries": entries,
        "offers": offers(report, request.user),
        "base": f"{reverse('report_show', args=[report.pk])}do/",
    }
    return render(request, "commitments/report_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    report = load(request, pk)
    row = action_or_404(report, "submit")
    form = ReportForm(request.POST or None, request.FILES or None, report=report)
    refusal = refusal_of(report, "submit", request.user)
    if request.method == "POST" and form.is_valid() and not refusal:
        data = form.cleaned_data
        try:
            reports.submit(
                report, form.entries, data["files"], by=request.user, at=timezone.now(), note=data["note"],
                seen=data["seen"],
            )  # fmt: skip
        except Refused as refused:
            refusal, report = refused, load(request, pk)
            send_again(form, report, refused)
        else:
            messages.success(request, _("The report was submitted; the secretary checks it."))
            return redirect("report_show", report.pk)
    context = {
        **frame_of(report),
        "row": row,
        "form": form,
        "tasks": zip(form.rows, [presentation.target(each.task) for each in form.rows], strict=True),
        "refusal": refusal,
        "possible": refusal_of(report, "submit", request.user) is None,
    }
    return render(request, "commitments/report_submit.html", context, status=status_of(form, refusal))


@require_http_methods(["GET", "HEAD", "POST"])
def report_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    report = load(request, pk)
    row = action_or_404(report, action)
    form = MoveForm(request.POST or None, subject=report, needs_note=row.note_required)
    refusal = refusal_of(report, action, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            perform(report, action, by=request.user, at=timezone.now(), **form.for_move)
        except Refused as refused:
            refusal, report = refused, load(request, pk)
            send_again(form, report, refused)
        else:
            messages.success(
                request, _("Done: %(action)s, %(code)s.") % {"action": row.label, "code": figures.report_title(report)}
            )
            return redirect("report_show", report.pk)
    context = {
        **frame_of(report),
        "row": row,
        "leads_to": LEADS_TO.get(action, ""),
        "form": form,
        "refusal": refusal,
        "possible": refusal_of(report, action, request.user) is None,
    }
    return render(request, "commitments/report_move.html", context, status=status_of(form, refusal))
