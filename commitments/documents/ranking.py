"""The notice that makes a ranking known: the data of templates/commitments/document/ranking.typ.

Made of the input that is about to freeze, so that the paper says exactly what is published with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cchc.documents.docx import written
from cchc.documents.typesetting import pictures, qr_picture, sheet_of, typeset
from cchc.organization import access
from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Position, Unit
from commitments import permissions
from commitments.documents.party import Signature, awaited
from commitments.domain import ranking, scoring
from commitments.enums import Unranked

if TYPE_CHECKING:
    from commitments.models import Campaign, Ranking

RANKING = "commitments/document/ranking.typ"
HEADS = (Role.LEADER, Role.PROVINCIAL_LEADER)


@dataclass(frozen=True)
class RankedRow:
    """A unit's place in its group and among all; *level_by_score* where the best level was capped, else ""."""

    place: int
    unit: str
    score: Decimal
    deducted: Decimal
    level: str
    level_by_score: str
    overall: int


@dataclass(frozen=True)
class RankedGroup:
    name: str
    rows: list[RankedRow]


@dataclass(frozen=True)
class Result:
    """What is ranked how. *unranked*: (unit, why) of whoever has no place."""

    groups: list[RankedGroup]
    unranked: list[tuple[str, str]]

    @property
    def ranked(self) -> int:
        """How many units have a place."""
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True)
class RankingPaper:
    """The whole notice."""

    number: str
    day: date | None
    superior: str
    issuer: str
    place: str
    code: str
    title: str
    year: int
    result: Result
    best_level: str
    best_percent: int
    least_tasks: int
    late_deduction: Decimal
    signer: Signature
    digest: str
    address: str
    qr: str


@dataclass(frozen=True)
class Notice:
    """What is, or is about to be, published: the frozen input, number and day of the notice, the post that signs it."""

    content: str
    number: str
    day: date
    post: Position

    @classmethod
    def of(cls, ranking: Ranking) -> Notice | None:
        """That of a published ranking, signed by the post of that day; None where there was no notice."""
        day = timezone.localdate(ranking.published_at)
        # His post stays what it was where another unit has taken the campaign over since.
        posts = [post for post, _reach in access.granted(ranking.published_by, permissions.DIRECT_CAMPAIGN, day)]
        if not ranking.document_on or not posts:
            return None
        post = next((each for each in posts if each.unit.command_id == ranking.campaign.host_id), posts[0])
        return cls(ranking.content, ranking.document, ranking.document_on, post)

    @property
    def digest(self) -> str:
        return ranking.digest_of(self.content)


def ranking_notice(campaign: Campaign, notice: Notice, at: datetime) -> bytes:
    """The PDF that is published. Raises CannotTypeset when a letter cannot be printed."""
    return typeset(RANKING, ranking_paper(campaign, notice), at=at)


def ranking_pictures(campaign: Campaign, notice: Notice, at: datetime) -> list[bytes]:
    """The same page by page as PNG."""
    return pictures(RANKING, ranking_paper(campaign, notice), at=at)


def ranking_docx(campaign: Campaign, notice: Notice) -> bytes:
    """The same to be worked on elsewhere: it says that only the published PDF counts."""
    return written(sheet_of(RANKING, ranking_paper(campaign, notice)))


def ranking_paper(campaign: Campaign, notice: Notice) -> RankingPaper:
    """What the notice says."""
    content, host, address = json.loads(notice.content), campaign.host, _address(campaign)
    with override("vi"):  # papers are Vietnamese, whatever language the page has
        return RankingPaper(
            number=notice.number, day=notice.day, superior=host.parent.name if host.parent else "", issuer=host.name,
            place=campaign.place, code=campaign.code, title=campaign.title, year=campaign.year,
            result=ranking_result(campaign, notice.content),
            best_level=max(content["levels"], key=lambda level: Decimal(level[1]))[0],
            best_percent=content["best_percent"], least_tasks=campaign.least_tasks,
            late_deduction=campaign.late_deduction, signer=awaited(notice.post, host.name, _head_of(host, notice)),
            digest=notice.digest, address=address, qr=qr_picture(address),
        )  # fmt: skip


def ranking_result(campaign: Campaign, content: str) -> Result:
    """The result that follows from the frozen input *content*, with the names of the units."""
    loaded = json.loads(content)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[each["unit"] for each in loaded["units"]])}
    return Result(_groups(campaign, loaded, units), _unranked(loaded, units))


def _groups(campaign: Campaign, content: dict[str, Any], units: dict[str, Unit]) -> list[RankedGroup]:
    known = {each["commitment"]: each for each in content["units"]}
    rows: dict[str, list[tuple[scoring.Placed, dict[str, Any]]]] = {group.name: [] for group in campaign.groups.all()}
    for placed in ranking.compute(content):
        rows[known[placed.key]["group"]].append((placed, known[placed.key]))
    return [RankedGroup(name, [*_rows(own, units)]) for name, own in rows.items() if own]


def _rows(
    own: Iterable[tuple[scoring.Placed, dict[str, Any]]], units: dict[str, Unit]
) -> Iterable[RankedRow]:  # fmt: skip
    for placed, unit in sorted(own, key=lambda each: (each[0].in_group, units[each[1]["unit"]].sort_key)):
        yield RankedRow(
            placed.in_group, units[unit["unit"]].name, Decimal(unit["score"]), Decimal(unit["deducted"]), placed.level,
            placed.level_by_score if placed.level_by_score != placed.level else "", placed.overall,
        )  # fmt: skip


def _unranked(content: dict[str, Any], units: dict[str, Unit]) -> list[tuple[str, str]]:
    left = [each for each in content["units"] if each["unranked"]]
    left.sort(key=lambda each: units[each["unit"]].sort_key)
    return [(units[each["unit"]].name, str(Unranked(each["unranked"]).label)) for each in left]


def _head_of(host: Unit, notice: Notice) -> str:
    """The title of the head for whom a deputy signs."""
    if not notice.post.acting_kind:
        return ""
    heads = Position.objects.valid_on(notice.day).filter(role__in=HEADS, unit__command=host)
    own = heads.filter(acting_kind=ActingKind.DIRECT).first()
    return own.title if own else ""


def _address(campaign: Campaign) -> str:
    return f"{settings.SITE_URL}{reverse('ranking_show', args=[campaign.code])}"
