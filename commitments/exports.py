"""The tables of commitments that may be long (settings.EXPORTS)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cchc.followup.domain.export import Sheet, counting
from cchc.organization.models import Person
from commitments.domain import ranking_page
from commitments.domain.terms import frozen_terms
from commitments.enums import Unranked
from commitments.models import Campaign, Ranking


def ranking(person: Person, query: QueryDict, day: date) -> Sheet:
    """All groups of the campaign whose code is in *query*, as one table. Raises KeyError when there is no ranking."""
    code = query.get("code", "")
    campaign = Campaign.objects.visible_to(person).filter(code=code).first()
    made = ranking_page.ranking_of(campaign) if campaign else None
    if campaign is None or made is None:
        raise KeyError(code)
    criteria = [name for name, *_rest in frozen_terms(campaign).criteria]
    columns = [
        _("Place among all"), _("Group"), _("Place in its group"), _("Units in the group"), _("Unit code"), _("Unit"),
        *criteria, _("Deducted"), _("Score"), _("Level by the score"), _("Level"), _("Not ranked because"),
    ]  # fmt: skip
    return Sheet(
        _("Ranking: %(campaign)s") % {"campaign": campaign}, f"xep-hang-{campaign.code}", columns,
        counting(ranking_page.places_of(made)), lambda: _lines(made, criteria),
    )  # fmt: skip


def _lines(made: Ranking, criteria: list[str]) -> Iterator[list[Any]]:
    for place, parts in ranking_page.rows_to_export(made):
        unit = place.commitment.unit
        yield [
            place.overall, place.commitment.group.name, place.in_group, place.of_group, unit.code, unit.name,
            *(round(parts[name], 2) if name in parts else None for name in criteria),
            place.deducted if place.score is not None else None, place.score, place.level_by_score, place.level,
            Unranked(place.unranked).label if place.unranked else "",
        ]  # fmt: skip
