"""A published ranking to read: its groups, its places with what their scores are made of, how one place came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cchc.organization import access
from cchc.organization.access import Visitor
from commitments import permissions
from commitments.domain import scoring
from commitments.models import Campaign, Group, Place, Ranking, Score

MOST_UNRANKED = 200
IN_GROUP, OVERALL = ("in_group", "id"), ("overall", "id")


def ranking_of(campaign: Campaign) -> Ranking | None:
    """The published ranking, its frozen input left in the database."""
    found = Ranking.objects.filter(campaign=campaign).select_related("published_by").defer("content").first()
    if found is not None:
        found.campaign = campaign
    return found


def groups_of(ranking: Ranking) -> list[Group]:
    """The groups of comparable units, each with `ranked`: how many of its units have a place."""
    own = Place.objects.filter(ranking=ranking.pk, unranked="", commitment__group=OuterRef("pk")).order_by()
    count = own.values("commitment__group").annotate(n=Count("pk")).values("n")
    return list(Group.objects.filter(campaign=ranking.campaign_id).annotate(ranked=Coalesce(Subquery(count), 0)))


def places_of(ranking: Ranking, group: Group | None = None) -> QuerySet[Place]:
    """Those of *group*, or all."""
    rows = ranking.places.select_related("commitment__unit", "commitment__group").defer("commitment__content")
    return rows.filter(commitment__group=group) if group else rows


def ranked(places: QuerySet[Place]) -> QuerySet[Place]:
    return places.filter(unranked="")


def unranked(places: QuerySet[Place]) -> list[Place]:
    """Whoever is not ranked, by unit; two hundred at most, all are in the export."""
    return list(places.exclude(unranked="").order_by("commitment__unit__sort_key", "id")[:MOST_UNRANKED])


def own_places(ranking: Ranking, person: Visitor) -> list[Place]:
    """Those of the person's own unit, each with `equal`: how many of its group have the same score, it included."""
    own = access.within(person, permissions.READ_OWN_COMMITMENT, "commitment__unit")
    same = Place.objects.filter(
        ranking=ranking.pk, commitment__group=OuterRef("commitment__group"), score=OuterRef("score")
    ).order_by()
    count = Coalesce(Subquery(same.values("score").annotate(n=Count("pk")).values("n")), 0)
    return list(places_of(ranking).filter(own).annotate(equal=count).order_by("id"))


def parts_of(commitments: Iterable[Any]) -> dict[Any, list[tuple[str, Decimal]]]:
    """By commitment: what each criterion added to its score, in their order."""
    newest = Score.objects.filter(commitment__in=list(commitments)).newest()
    found: dict[Any, list[tuple[int, str, Decimal]]] = defaultdict(list)
    wanted = ("commitment", "criterion__place", "criterion__name", "criterion__weight", "points")
    for commitment, place, name, weight, points in newest.values_list(*wanted):
        found[commitment].append((place, name, weight * points / scoring.FULL))
    return {commitment: [(name, value) for _place, name, value in sorted(own)] for commitment, own in found.items()}


@dataclass(frozen=True)
class Story:
    """How a place came about: of the units compared *higher* scored more and *equal* others the same.

    *capped*: it reached the best level by its score, which goes to a part of the units alone. *missing*: points to
    the next level.
    """

    place: Place
    parts: list[tuple[str, Decimal]]
    higher: int
    equal: int
    capped: bool
    missing: Decimal | None


def story_of(place: Any, parts: list[tuple[str, Decimal]], levels: Sequence[tuple[str, Decimal]]) -> Story:
    """*place* as `own_places` gives it."""
    if place.unranked or place.score is None:
        return Story(place, parts, 0, 0, False, None)
    above = [minimum for _name, minimum in levels if minimum > place.score]
    missing = min(above) - place.score if above else None
    capped = place.level != place.level_by_score
    return Story(place, parts, (place.in_group or 1) - 1, place.equal - 1, capped, missing)


def rows_to_export(ranking: Ranking) -> Iterator[tuple[Place, dict[str, Decimal]]]:
    """Every place, best first and the unranked last, with what each criterion added."""
    places = list(places_of(ranking).order_by("overall", "commitment__unit__sort_key", "id"))
    parts = parts_of([place.commitment_id for place in places])
    for place in places:
        yield place, dict(parts.get(place.commitment_id, []))
