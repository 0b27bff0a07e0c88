"""The evaluation of a commitment: points of every stage side by side, giving them, and the rows behind a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from cchc.followup.bell import links_of
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused, offers, perform, refusal_of
from cchc.workflow.flow import Offer
from cchc.workflow.models import Event
from commitments import documents, figures, presentation
from commitments.domain import evaluation, evaluation_page
from commitments.domain.evaluation_page import Line, Sheet
from commitments.enums import Scoring, Stage
from commitments.forms.evaluation import ScoreForm
from commitments.models import Commitment, Criterion, FinalSheet, Score
from commitments.views.commitment import load, name_of, title_of
from commitments.views.move import action_or_404, send_again, status_of
from commitments.views.paper import pdf_file

SCORING = ("self_score", "check", "score", "decide")
SHOWN = frozenset({*SCORING, "send_back", "agree", "object"})
LEADS_TO = {
    "self_score": T("The secretary checks them next. Computed points stand as they are unless you change them."),
    "check": T("What can be computed is computed once more before; the leader gives the scores next."),
    "score": T("The unit agrees with them, or objects once until the day of the campaign."),
    "decide": T("The scores are final then."),
}
# Whose words a step answers: what the unit objected, why the secretary sent it back.
ANSWERS = {"decide": "object", "self_score": "send_back"}


@dataclass(frozen=True)
class Cell:
    """A score of one stage."""

    score: Score | None
    stage: str
    points: str = ""


@dataclass(frozen=True)
class Row:
    line: Line
    weight: str
    points: str
    share: str
    color: str
    cells: list[Cell]
    field: Any = None


@require_safe
def evaluation_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment, today = load(request, pk), timezone.localdate()
    sheet = evaluation_page.sheet_of(commitment)
    mine = commitment.turn is not None and commitment.turn.is_owed_by(request.user)
    context = {
        **frame_of(commitment, sheet),
        "badge": presentation.badge(commitment),
        "turn": presentation.turn(commitment.turn, mine),
        "due": presentation.due(commitment.turn, today, calendar()),
        "level": evaluation_page.level_of(commitment, sheet.total),
        "bar": figures.structure_bar(
            [(each.criterion.name, each.share) for each in sheet.lines if each.newest], sheet.deducted
        ),
        "history": [
            (each, figures.points(each.before), figures.points(each.points))
            for each in sheet.history
        ],
        "objection": last_words(commitment, "object") if commitment.state in ("objected", "final") else None,
        "offers": [_in_time(each, commitment) for each in offers(commitment, request.user) if each.action in SHOWN],
        "base": f"{reverse('commitment_show', args=[commitment.pk])}do/",
    }  # fmt: skip
    return render(request, "commitments/evaluation_show.html", context)


def frame_of(commitment: Commitment, sheet: Sheet, form: ScoreForm | None = None) -> dict[str, Any]:
    """What both pages show: the table, its sums, and whose commitment it is."""
    return {
        "commitment": commitment,
        "campaign": commitment.campaign,
        "title": title_of(commitment),
        "stages": sheet.stages,
        "rows": [
            _row(line, color, sheet, form) for line, color in zip(sheet.lines, cycle(figures.COLORS), strict=False)
        ],
        "totals": [(stage.label, figures.points(sheet.total_of(stage), 1)) for stage in sheet.stages],
        "total": figures.points(sheet.total, 1),
        "deducted": figures.points(sheet.deducted, 1) if sheet.deducted else "",
    }


def _row(line: Line, color: str, sheet: Sheet, form: ScoreForm | None) -> Row:
    cells = [_cell(line.by_stage.get(stage), stage) for stage in sheet.stages]
    field = form.field_of(line.criterion.pk) if form else None
    points = figures.points(line.newest.points) if line.newest else ""
    return Row(line, figures.points(line.criterion.weight), points, figures.points(line.share), color, cells, field)


def _cell(score: Score | None, stage: Stage) -> Cell:
    return Cell(score, str(stage.label), figures.points(score.points) if score else "")


def _in_time(offer: Offer, commitment: Commitment) -> Offer:
    """Objecting ends with its day: said on the button already."""
    over = timezone.localdate() > commitment.campaign.object_by
    if offer.action == "object" and over:
        return replace(offer, reason=_("The time for objections has passed."))
    return offer


def last_words(commitment: Commitment, action: str) -> Event | None:
    """The latest move of this kind, with the reason that was written."""
    return Event.objects.of(commitment).newest_first().filter(action=action).first()


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_score(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    commitment = load(request, pk)
    row, sheet = action_or_404(commitment, action), evaluation_page.sheet_of(commitment)
    form = ScoreForm(request.POST or None, commitment=commitment, lines=sheet.lines, needs_note=row.note_required)
    refusal = refusal_of(commitment, action, request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            perform(
                commitment, action, by=request.user, at=timezone.now(), note=data["note"], seen=data["seen"],
                points=form.points,
            )  # fmt: skip
        except Refused as refused:
            refusal, commitment = refused, load(request, pk)
            sheet = evaluation_page.sheet_of(commitment)
            send_again(form, commitment, refused)
        else:
            words = _("Done: %(action)s, %(code)s.") % {"action": row.label, "code": commitment.code}
            messages.success(request, words)
            return redirect("evaluation_show", commitment.pk)
    context = {
        **frame_of(commitment, sheet, form),
        "row": row,
        "leads_to": LEADS_TO[action],
        "words": last_words(commitment, ANSWERS[action]) if action in ANSWERS else None,
        "form": form,
        "refusal": refusal,
        "possible": refusal_of(commitment, action, request.user) is None,
    }
    return render(request, "commitments/evaluation_score.html", context, status=status_of(form, refusal))


@require_safe
def evaluation_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet as it was printed when the score became final, or as it stands."""
    commitment = load(request, pk)
    name = f"phieu-danh-gia-{name_of(commitment)}"
    kept = FinalSheet.objects.filter(commitment=commitment).select_related("paper").first()
    if kept is None and not commitment.scores.exists():
        raise Http404
    return pdf_file(bytes(kept.paper.data) if kept else documents.evaluation_sheet(commitment), name)


# --- The rows behind a computed number --------------------------------------------------------------------------------
@require_safe
def evaluation_rows(request: HttpRequest, pk: UUID, criterion: int) -> HttpResponse:
    commitment = load(request, pk)
    wanted = next((each for each in commitment.campaign.criteria.all() if each.pk == criterion), None)
    if wanted is None or wanted.scoring not in evaluation_page.COMPUTED:
        raise Http404
    context: dict[str, Any] = {
        "commitment": commitment,
        "title": title_of(commitment),
        "criterion": wanted,
        **(_tasks(commitment, wanted) if wanted.scoring == Scoring.TASKS else _duties(request, commitment, wanted)),
    }
    return render(request, "commitments/evaluation_rows.html", context)


def _tasks(commitment: Commitment, criterion: Criterion) -> dict[str, Any]:
    points, rows = evaluation_page.counted_tasks(commitment, criterion)
    return {
        "points": figures.points(points),
        "factor": figures.points(commitment.campaign.late_factor),
        "tasks": [
            (
                each, presentation.target(each.task), figures.reached(each.entry) if each.entry else "",
                figures.points(each.points), figures.points(each.task.weight),
            )
            for each in rows
        ],
    }  # fmt: skip


def _duties(request: HttpRequest, commitment: Commitment, criterion: Criterion) -> dict[str, Any]:
    duties = evaluation.duties_of(commitment, evaluation.DUTIES[Scoring(criterion.scoring)])
    late = set(duties.filter(evaluation.was_late(commitment.campaign)).values_list("pk", flat=True))
    page = page_of(request, duties, ("due_on", "id"))
    links = links_of("dialogues.item", request.user, [each.subject_id for each in page.rows])
    written = Score.objects.filter(commitment=commitment, criterion=criterion, stage=Stage.AUTOMATIC).last()
    return {
        "points": figures.points(written.points) if written else "",
        "counted": written.basis[0] if written and written.basis else None,
        "written": written,
        "page": page,
        "duties": [(each, links.get(each.subject_id), each.pk in late) for each in page.rows],
    }
