"""Who may sign the papers of a unit, and what stands above the name (Nghị định 30/2020, Điều 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import override

from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Position, Unit

HEADS = (Role.LEADER, Role.PROVINCIAL_LEADER)


@dataclass(frozen=True)
class Signer:
    """The lines of a signature: "KT. TRƯỞNG CÔNG AN" needs *acting_kind* and *acting_for*."""

    acting_kind: str = ""
    acting_for: str = ""
    title: str = "…"
    rank: str = ""
    name: str = "…"


def signers(host: Unit, day: date) -> QuerySet[Position]:
    """The posts whose holders may sign for *host* on *day*: the head, and whoever acts by a written authority."""
    may = Q(role__in=HEADS) | ~Q(acting_kind=ActingKind.DIRECT)
    rows = Position.objects.valid_on(day).filter(may, unit__command=host, person__is_active=True)
    return rows.select_related("person", "unit").order_by("acting_kind", "person__sort_key", "pk")


def signer_of(post: Position | None, host: Unit, day: date) -> Signer:
    """The lines for *post*; dots where nobody was chosen yet."""
    if post is None:
        return Signer()
    with override("vi"):  # a rank on a paper is Vietnamese, whatever language the page has
        rank = str(post.person.get_rank_display()) if post.person.rank else ""
    return Signer(
        post.acting_kind, _head(host, day) if post.acting_kind else "", post.title, rank, post.person.full_name
    )


def _head(host: Unit, day: date) -> str:
    """The title of the head for whom somebody acts; a post that is vacant keeps the title it had."""
    posts = Position.objects.filter(unit=host, role__in=HEADS, acting_kind=ActingKind.DIRECT, valid_from__lte=day)
    found = posts.order_by("-valid_from", "-pk").first()
    return found.title if found else ""
