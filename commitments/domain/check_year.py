"""Whether reports, scores and rankings are still those that the ledger recorded and the frozen input gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cchc.workflow.models import Event
from commitments.domain import scoring
from commitments.domain.ranking import differences
from commitments.enums import CampaignState, Stage
from commitments.models import Campaign, Commitment, Ranking, Report, Score

GIVEN_BY = {"self_score": Stage.SELF, "check": Stage.CHECK, "score": Stage.LEADER, "decide": Stage.OBJECTION}


def of_commitment(commitment: Commitment, events: Sequence[Event]) -> Iterator[str]:
    """What is wrong with its reports and its scores, in sentences."""
    reports = list(commitment.reports.all())
    handed_in = _handed_in(reports)
    for report in reports:
        if not _is_as_reported(report, handed_in.get(str(report.pk))):
            yield _("the report due on %(day)s says otherwise than what was handed in.") % {
                "day": f"{report.due_on:%d/%m/%Y}"
            }
    scores = sorted(commitment.scores.all(), key=lambda score: score.pk)
    if not _follow_each_other(scores):
        yield _("its scores do not follow from one another.")
    given = [event for event in events if event.action in GIVEN_BY]
    if any(not _is_as_given(event, scores) for event in given) or _of_nobody(scores, given):
        yield _("its scores are not those that were given.")


def _handed_in(reports: Sequence[Report]) -> dict[str, Event]:
    """The last handing in of each."""
    kind, keys = Report._meta.label_lower, [str(report.pk) for report in reports]
    events = Event.objects.filter(subject_type=kind, subject_id__in=keys, action="submit").order_by("seq")
    return {event.subject_id: event for event in events}


def _is_as_reported(report: Report, last: Event | None) -> bool:
    if last is None:
        return report.submitted_at is None and not report.entries.all()
    told = {str(each["task"]): (Decimal(each["value"]), each["done_on"], each["text"]) for each in last.data["entries"]}
    kept = {
        str(each.task_id): (each.value, each.done_on.isoformat() if each.done_on else None, each.text)
        for each in report.entries.all()
    }
    return (kept, report.submitted_at, report.submitted_by_id) == (told, last.at, last.actor_id)


def _follow_each_other(scores: Sequence[Score]) -> bool:
    """Each names what stood before it."""
    standing: dict[int, Decimal] = {}
    for score in scores:
        if score.before != standing.get(score.criterion_id):
            return False
        standing[score.criterion_id] = score.points
    return True


def _is_as_given(event: Event, scores: Sequence[Score]) -> bool:
    """One for each criterion, with the points that were typed where some were."""
    stage, typed = GIVEN_BY[event.action], event.data.get("points", {})
    rows = {str(each.criterion_id): each for each in scores if each.stage == stage and each.at == event.at}
    by = {each.by_id for each in rows.values()} <= {event.actor_id}
    return bool(rows) and by and all(key in rows and rows[key].points == Decimal(typed[key]) for key in typed)


def _of_nobody(scores: Sequence[Score], given: Sequence[Event]) -> bool:
    """Whether a score stands there that no event gave."""
    known = {(GIVEN_BY[event.action], event.at) for event in given}
    return any(each.stage != Stage.AUTOMATIC and (each.stage, each.at) not in known for each in scores)


def of_campaign(campaign: Campaign) -> Iterator[str]:
    """What is wrong with its ranking, in sentences."""
    ranking = Ranking.objects.filter(campaign=campaign).first()
    if ranking is None:
        if campaign.state == CampaignState.PUBLISHED:
            yield _("its ranking was removed.")
        return
    event = Event.objects.of(campaign).filter(action="publish").newest_first().first()
    if event is None or not _is_as_published(ranking, event):
        yield _("its ranking is not the one that was published.")
    if differences(ranking):
        yield _("its places do not follow from the frozen input.")
    if not _is_from_scores(ranking):
        yield _("the frozen input of its ranking does not follow from the scores.")


def _is_as_published(ranking: Ranking, event: Event) -> bool:
    recorded = event.data.get("digest", ranking.digest)
    same = (ranking.published_by_id, ranking.published_at) == (event.actor_id, event.at)
    return bool(same and recorded == ranking.digest and ranking.document == event.data.get("document", ""))


def _is_from_scores(ranking: Ranking) -> bool:
    """Whether the frozen scores are those that the rows of scores give, with the deductions of that day."""
    weights = dict(ranking.campaign.criteria.values_list("pk", "weight"))
    newest: dict[str, dict[int, Decimal]] = {}
    for score in Score.objects.filter(commitment__campaign=ranking.campaign).newest():
        newest.setdefault(str(score.commitment_id), {})[score.criterion_id] = score.points
    units: list[Mapping[str, Any]] = json.loads(ranking.content)["units"]
    return all(
        Decimal(unit["score"]) == _whole(newest.get(unit["commitment"], {}), weights, Decimal(unit["deducted"]))
        for unit in units
        if not unit["unranked"]
    )


def _whole(points: Mapping[int, Decimal], weights: Mapping[int, Decimal], deducted: Decimal) -> Decimal:
    return scoring.total(((weights[key], given) for key, given in points.items()), deducted)
