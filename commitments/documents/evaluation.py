"""The evaluation sheet of a commitment: the data of templates/commitments/document/evaluation.typ.

Every stage side by side, what a computed number was made of, who gave which points and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cchc.documents.docx import written
from cchc.documents.typeface import unprintable
from cchc.documents.typesetting import pictures, qr_picture, sheet_of, typeset
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event
from commitments import permissions
from commitments.documents.party import Signature, awaited, rank_of
from commitments.domain import evaluation_page
from commitments.domain.commitment import signing_post
from commitments.domain.evaluation_page import Counted, Sheet
from commitments.enums import CommitmentState, Scoring, Stage

if TYPE_CHECKING:
    from cchc.organization.models import Unit
    from cchc.organization.permissions import Permission
    from commitments.models import Commitment, Score

EVALUATION = "commitments/document/evaluation.typ"
# The steps of the flow that a sheet tells, as it calls them; None: as the flow does.
STEPS = {
    "self_score": Stage.SELF.label, "check": Stage.CHECK.label, "score": Stage.LEADER.label,
    "decide": Stage.OBJECTION.label, "send_back": None, "object": None, "agree": None, "settle": None,
}  # fmt: skip


@dataclass(frozen=True)
class CriterionRow:
    """A criterion with the points of each stage, in the order of the paper's stages; *share* is what counts."""

    name: str
    scoring: str
    weight: Decimal
    points: list[Decimal | None]
    share: Decimal


@dataclass(frozen=True)
class TaskResult:
    """A registered task with the accepted result that counts; *value* is None where there is none."""

    text: str
    direction: str
    target: Decimal
    unit: str
    value: Decimal | None
    done: date | None
    late: bool
    points: Decimal
    weight: Decimal


@dataclass(frozen=True)
class Given:
    """Who gave points, objected or agreed, when, with which words."""

    step: str
    who: str
    at: datetime
    note: str


@dataclass(frozen=True)
class EvaluationPaper:
    """The whole sheet. *total* is None until every criterion has points; *is_final* when nobody can change it."""

    code: str
    version: int
    year: int
    title: str
    superior: str
    issuer: str
    place: str
    day: date | None
    is_final: bool
    stages: list[str]
    criteria: list[CriterionRow]
    totals: list[Decimal | None]
    deducted: Decimal
    total: Decimal | None
    level: str
    tasks: list[TaskResult]
    given: list[Given]
    chief: Signature
    leader: Signature
    address: str
    qr: str


def evaluation_sheet(commitment: Commitment) -> bytes:
    """The PDF. Of a commitment that nobody changes any more it is always the same."""
    sheet = evaluation_page.sheet_of(commitment)
    return typeset(EVALUATION, evaluation_paper(commitment, sheet), at=_moment(commitment, sheet))


def evaluation_pictures(commitment: Commitment) -> list[bytes]:
    """The same page by page as PNG."""
    sheet = evaluation_page.sheet_of(commitment)
    return pictures(EVALUATION, evaluation_paper(commitment, sheet), at=_moment(commitment, sheet))


def evaluation_docx(commitment: Commitment) -> bytes:
    """The same to be worked on elsewhere; of a final one it says that only the PDF counts."""
    return written(sheet_of(EVALUATION, evaluation_paper(commitment, evaluation_page.sheet_of(commitment))))


def _moment(commitment: Commitment, sheet: Sheet) -> datetime:
    """When the latest points were given; before any, when it came into force."""
    newest = sheet.history[0].at if sheet.history else commitment.in_force_at
    assert newest is not None
    return newest


def evaluation_paper(commitment: Commitment, sheet: Sheet) -> EvaluationPaper:
    """What the sheet says."""
    campaign, unit, host = commitment.campaign, commitment.unit, commitment.host
    is_final = commitment.state == CommitmentState.FINAL
    address = f"{settings.SITE_URL}{reverse('evaluation_show', args=[commitment.pk])}"
    latest = {score.stage: score for score in reversed(sheet.history)}
    leader = latest.get(Stage.OBJECTION) or latest.get(Stage.LEADER)
    with override("vi"):  # papers are Vietnamese, whatever language the page has
        return EvaluationPaper(
            code=commitment.code, version=commitment.version, year=campaign.year, title=campaign.title,
            superior=host.name, issuer=unit.name, place=campaign.place,
            day=timezone.localdate(_moment(commitment, sheet)) if is_final else None, is_final=is_final,
            stages=[str(stage.label) for stage in sheet.stages],
            criteria=[_criterion(line, sheet) for line in sheet.lines],
            totals=[sheet.total_of(stage) for stage in sheet.stages], deducted=sheet.deducted, total=sheet.total,
            level=evaluation_page.level_of(commitment, sheet.total), tasks=[*_tasks(commitment, sheet)],
            given=[*_given(commitment)], chief=_signer(latest.get(Stage.SELF), permissions.REGISTER, unit),
            leader=_signer(leader, permissions.SCORE, host), address=address, qr=qr_picture(address),
        )  # fmt: skip


def _criterion(line: evaluation_page.Line, sheet: Sheet) -> CriterionRow:
    given = [line.by_stage.get(stage) for stage in sheet.stages]
    criterion = line.criterion
    return CriterionRow(
        criterion.name, str(criterion.get_scoring_display()), criterion.weight,
        [score.points if score else None for score in given], line.share.quantize(Decimal("0.01")),
    )  # fmt: skip


def _tasks(commitment: Commitment, sheet: Sheet) -> Iterable[TaskResult]:
    """Those of the first criterion that is computed of tasks."""
    own = next((line.criterion for line in sheet.lines if line.criterion.scoring == Scoring.TASKS), None)
    rows: list[Counted] = evaluation_page.counted_tasks(commitment, own)[1] if own and sheet.history else []
    for row in rows:
        task, entry = row.task, row.entry
        yield TaskResult(
            task.text, task.direction, task.target, task.measure_unit, entry.value if entry else None,
            entry.done_on if entry else None, row.late, row.points, task.weight,
        )  # fmt: skip


def _given(commitment: Commitment) -> Iterable[Given]:
    """The steps of the evaluation, the earliest first."""
    rows = Event.objects.of(commitment).filter(action__in=STEPS).select_related("actor").order_by("seq")
    for event in rows:
        label = STEPS[event.action] or flow_of(commitment).row(event.action).label
        yield Given(str(label), event.actor.ranked_name if event.actor else "–", event.at, _printable(event.note))


def _printable(text: str) -> str:
    """What was typed with whatever a telephone offers must not keep a sheet from being printed."""
    return text.translate({ord(letter): "□" for letter in unprintable(text)})


def _signer(score: Score | None, right: Permission, unit: Unit) -> Signature:
    """Whoever gave these points, by the post of that day."""
    if score is None or score.by is None:
        return Signature(name="…", rank="", title="…", post="…")
    post = signing_post(score.by, right, unit, timezone.localdate(score.at))
    if post is None:
        rank = rank_of(score.by.rank, score.by.get_rank_display())
        return Signature(name=score.by.full_name, rank=rank, title="…", post="…")
    return awaited(post, unit.name)
