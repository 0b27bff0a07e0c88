"""The ranking of a campaign: groups as tabs, places and what scores are made of, its rule and proof, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cchc.followup.views.export import table
from cchc.organization import access
from cchc.web import markup
from cchc.web.paging import page_of
from commitments import figures, permissions, presentation
from commitments.domain import ranking as rankings
from commitments.domain import ranking_page
from commitments.domain.campaign import Terms
from commitments.domain.ranking_page import IN_GROUP, OVERALL, Story
from commitments.domain.terms import frozen_terms
from commitments.enums import Unranked
from commitments.models import Campaign, Group, Place, Ranking
from commitments.views.campaign import load
from commitments.views.paper import pdf_file

Parts = dict[Any, list[tuple[str, Decimal]]]
ALL = "all"


@dataclass(frozen=True)
class Row:
    """A place ready to print."""

    place: Place
    number: int | None
    score: str
    bar: SafeString
    level: SafeString
    parts: list[str]
    deducted: str
    mine: bool
    opens: bool


@dataclass(frozen=True)
class Own:
    """The reader's own unit: its figures, and the parts of its score."""

    story: Story
    score: str
    missing: str
    deducted: str
    parts: list[tuple[str, str]]
    reason: str


@require_safe
def ranking_show(request: HttpRequest, code: str) -> HttpResponse:
    campaign = load(request, code, whole=True)
    ranking = ranking_page.ranking_of(campaign)
    if ranking is None:
        return render(request, "commitments/ranking_show.html", {"campaign": campaign, "ranking": None})
    terms = frozen_terms(campaign)
    own, groups = ranking_page.own_places(ranking, request.user), ranking_page.groups_of(ranking)
    group = _group(request.GET.get("group", ""), groups, own)
    places = ranking_page.places_of(ranking, group)
    page = page_of(request, ranking_page.ranked(places), IN_GROUP if group else OVERALL)
    parts = ranking_page.parts_of(each.commitment_id for each in (*page.rows, *own[:1]))
    rows = _rows(request, campaign, page.rows, own, parts, terms, group)
    context = {
        "campaign": campaign,
        "ranking": ranking,
        "short_code": presentation.short_code(ranking.digest),
        "group": group,
        "tabs": _tabs(groups, group),
        "total": sum(each.ranked for each in groups),
        "page": page,
        "rows": rows,
        "best": _best(terms),
        "capped": any(row.place.level != row.place.level_by_score for row in rows),
        "legend": list(zip((name for name, *_rest in terms.criteria), cycle(figures.COLORS), strict=False)),
        "unranked": [(place, Unranked(place.unranked).label) for place in ranking_page.unranked(places)],
        "own": _own(own[0], parts.get(own[0].commitment_id, []), terms) if own else None,
        **_again(request, ranking),
    }
    return render(request, "commitments/ranking_show.html", context)


def _group(wanted: str, groups: list[Group], own: list[Place]) -> Group | None:
    """The one asked for; without a wish that of the reader's own unit, else the first; None for all together."""
    if wanted == ALL:
        return None
    named = next((each for each in groups if str(each.pk) == wanted), None)
    mine = next((each for each in groups if own and each.pk == own[0].commitment.group_id), None)
    return named or mine or (groups[0] if groups else None)


def _tabs(groups: list[Group], active: Group | None) -> list[dict[str, Any]]:
    tabs = [
        {"label": each.name, "url": f"?group={each.pk}", "count": each.ranked, "active": each == active}
        for each in groups
    ]
    if len(groups) > 1:
        everybody = {"label": _("All units"), "url": f"?group={ALL}", "active": active is None}
        tabs.append({**everybody, "count": sum(each.ranked for each in groups)})
    return tabs


def _rows(
    request: HttpRequest, campaign: Campaign, places: list[Place], own: list[Place], parts: Parts, terms: Terms,
    group: Group | None,
) -> list[Row]:  # fmt: skip
    """A unit opens its own evaluation, those who read all of the host every one."""
    inside, mine = access.can(request.user, permissions.READ_COMMITMENTS, campaign.host), {each.pk for each in own}
    return [
        Row(
            each,
            each.in_group if group else each.overall,
            _tenths(each.score),
            figures.structure_bar(parts.get(each.commitment_id, []), each.deducted),
            _level(each, _best(terms)),
            [figures.points(value) for _name, value in parts.get(each.commitment_id, [])],
            figures.points(each.deducted, 1) if each.deducted else "0",
            each.pk in mine,
            inside or each.pk in mine,
        )
        for each in places
    ]


def _best(terms: Terms) -> str:
    return max(terms.levels, key=lambda level: level[1])[0]


def _tenths(score: Decimal | None) -> str:
    """94 as 94,0: in a column of places the commas stand below each other."""
    return "" if score is None else number_format(score, 1)


def _level(place: Place, best: str) -> SafeString:
    """The best level stands out."""
    return markup.state_badge(place.level, *(("is-done", "star") if place.level == best else ("", "s4")))


def _own(place: Place, parts: list[tuple[str, Decimal]], terms: Terms) -> Own:
    story = ranking_page.story_of(place, parts, terms.levels)
    return Own(
        story,
        _tenths(place.score),
        figures.points(story.missing, 1),
        figures.points(place.deducted, 1) if place.deducted else "",
        [(name, figures.points(value)) for name, value in story.parts],
        str(Unranked(place.unranked).label) if place.unranked else "",
    )


def _again(request: HttpRequest, ranking: Ranking) -> dict[str, Any]:
    """On demand: what a new computation from the frozen input finds otherwise."""
    if "again" not in request.GET:
        return {"again": None}
    return {"again": {"at": timezone.now(), "differences": len(rankings.differences(ranking))}}


@require_safe
def ranking_export(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """All groups as one table, or the notice as it was published."""
    if kind != "pdf":
        return table(request, "ranking", kind, code=code)
    campaign = load(request, code)
    ranking = ranking_page.ranking_of(campaign)
    if ranking is None or not ranking.paper:
        raise Http404
    return pdf_file(bytes(ranking.paper.data), f"xep-hang-{campaign.code}")
