"""The ranking of a campaign: frozen with its input when it is published, and computed again from it at any time."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from cchc.workflow.engine import MovedOn
from cchc.workflow.flow import Move
from cchc.workflow.models import Event
from commitments.domain import scoring
from commitments.domain.evaluation import final_scores
from commitments.enums import CommitmentState, Unranked
from commitments.models import Campaign, Commitment, Place, Ranking, Task

S = CommitmentState
FACTS = ("score", "deducted", "level_by_score", "level", "overall", "in_group", "of_group", "unranked")


def publish(campaign: Campaign, move: Move) -> None:
    """Freeze input and result, and `paper`, the notice of the number `document` and the day `document_on`.

    Raises MovedOn when the result is no longer the one whose `digest` was shown.
    """
    assert move.by is not None
    content = frozen(campaign)
    if move.data.get("digest", digest_of(content)) != digest_of(content):
        last = Event.objects.of(campaign).newest_first().first()
        raise MovedOn(_("The result has changed since it was shown; look at it again before you publish it."), last)
    made = Ranking.objects.create(
        campaign=campaign, content=content, digest=digest_of(content), document=move.data.get("document", ""),
        document_on=move.data.get("document_on"), paper=move.data.get("paper"), published_by=move.by,
        published_at=move.at,
    )  # fmt: skip
    loaded = json.loads(content)
    placed = {each.key: each for each in compute(loaded)}
    Place.objects.bulk_create(_place(made, unit, placed.get(unit["commitment"])) for unit in loaded["units"])


def frozen(campaign: Campaign) -> str:
    """The input as it would freeze now, as the bytes over which its digest is taken."""
    return json.dumps(gather(campaign), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def gather(campaign: Campaign) -> dict[str, Any]:
    """Everything a ranking depends on, one entry for each unit that had to sign."""
    standing: dict[int, Commitment] = {}
    versions = campaign.commitments.exclude(state=S.SUPERSEDED).select_related("unit", "group").defer("content")
    # A final version counts, whatever was drafted beside it; then one that was ended, then the last one.
    for each in sorted(versions, key=lambda each: (each.state == S.FINAL, each.state == S.TERMINATED, each.version)):
        standing[each.unit_id] = each
    final = [each for each in standing.values() if each.state == S.FINAL]
    tasks = dict(Task.objects.filter(commitment__in=final).order_by().values_list("commitment").annotate(n=Count("pk")))
    scores = final_scores(campaign, final)
    return {
        "campaign": campaign.digest,
        "levels": [[level.name, str(level.minimum)] for level in campaign.levels.all()],
        "best_percent": campaign.excellent_percent,
        "units": sorted(
            (_unit(each, scores.get(each.pk), tasks.get(each.pk, 0)) for each in standing.values()),
            key=lambda unit: unit["unit"],
        ),
    }


def _unit(commitment: Commitment, scored: tuple[Decimal, Decimal] | None, tasks: int) -> dict[str, Any]:
    reason = _why_not(commitment, tasks)
    score, less = scored or (None, Decimal(0))
    return {
        "commitment": str(commitment.pk),
        "unit": commitment.unit.code,
        "group": commitment.group.name,
        "score": None if reason else str(score),
        "deducted": str(less),
        "unranked": reason,
    }


def _why_not(commitment: Commitment, tasks: int) -> str:
    if commitment.state == S.TERMINATED:
        return Unranked.TERMINATED
    if commitment.state != S.FINAL:
        return Unranked.UNSIGNED
    return Unranked.FEW_TASKS if tasks < commitment.campaign.least_tasks else ""


def compute(content: dict[str, Any]) -> list[scoring.Placed]:
    """Places and levels from the frozen input alone."""
    scored = [
        scoring.Scored(unit["commitment"], unit["group"], Decimal(unit["score"]))
        for unit in content["units"]
        if not unit["unranked"]
    ]
    levels = [(name, Decimal(minimum)) for name, minimum in content["levels"]]
    return scoring.rank(scored, levels, best_percent=content["best_percent"])


def _place(ranking: Ranking, unit: dict[str, Any], placed: scoring.Placed | None) -> Place:
    if placed is None:
        return Place(ranking=ranking, commitment_id=unit["commitment"], unranked=unit["unranked"])
    return Place(
        ranking=ranking, commitment_id=placed.key, score=Decimal(unit["score"]), deducted=Decimal(unit["deducted"]),
        level_by_score=placed.level_by_score, level=placed.level, overall=placed.overall, in_group=placed.in_group,
        of_group=placed.of_group,
    )  # fmt: skip


def differences(ranking: Ranking) -> list[str]:
    """What a new computation from the frozen input finds otherwise than published: nothing, if nobody touched it."""
    found = []
    if digest_of(ranking.content) != ranking.digest:
        found.append("the frozen input does not have its digest")
    content = json.loads(ranking.content)
    again = {each.key: each for each in compute(content)}
    rows = ((unit["commitment"], unit) for unit in content["units"])
    expected = {key: _facts(_place(ranking, unit, again.get(key))) for key, unit in rows}
    for place in ranking.places.all():
        kept, wanted = _facts(place), expected.pop(str(place.commitment_id), None)
        if kept != wanted:
            found.append(f"{place.commitment_id}: {kept} instead of {wanted}")
    return found + [f"{key} is missing" for key in expected]


def _facts(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in FACTS}
