"""Whoever signs a paper: name, rank and post as decree30.typ prints them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cchc.web.text import fold

if TYPE_CHECKING:
    from cchc.organization.models import Position


@dataclass(frozen=True)
class Signature:
    """One of the two who sign; `at` is None until they have."""

    name: str
    rank: str  # in words: "Đại úy"; "" in a mass organization
    title: str  # above the signature: "Đội trưởng"
    post: str  # in the text: "Đội trưởng Đội Tổng hợp"
    acting_kind: str = ""  # organization.enums.ActingKind: "", "kt", "tl", "tuq", "tm"
    acting_for: str = ""  # the title of whom one acts for: "Trưởng Công an thị xã"; with acting_kind only
    authority: str = ""  # the written authority: "ký thay theo Giấy ủy quyền số 03/GUQ-CATX ngày 02/01/2020"
    at: datetime | None = None
    digest: str = ""  # SHA-256 of the text that was shown and confirmed, as hex


def awaited(post: Position, unit: str, acting_for: str = "") -> Signature:
    """The place of a signature that *post* of *unit* is to give by pen. Wants `person` loaded."""
    return Signature(
        name=post.person.full_name, rank=rank_of(post.person.rank, post.person.get_rank_display()), title=post.title,
        post=post_in_full(post.title, unit), acting_kind=post.acting_kind,
        acting_for=acting_for if post.acting_kind else "", authority=authority_of(post.acting_kind, post.authority),
    )  # fmt: skip


def rank_of(rank: int, words: object) -> str:
    return str(words) if rank else ""


def authority_of(kind: str, authority: str) -> str:
    return _("signing by authority of %(document)s") % {"document": authority} if kind and authority else ""


def post_in_full(title: str, unit: str) -> str:
    """A post in a sentence: the title and the unit, whose first words the title may say already.

    "Trưởng Công an phường" of "Công an phường Hòa Bình" is "Trưởng Công an phường Hòa Bình".
    """
    # "Trưởng Công an xã (bán chuyên trách)": the unit's name goes before what stands in brackets.
    title, bracket, more = title.partition(" (")
    said, named = title.split(), unit.split()
    for length in range(min(len(said), len(named)), 0, -1):
        if [fold(word) for word in said[-length:]] == [fold(word) for word in named[:length]]:
            return " ".join([*said, *named[length:]]) + bracket + more
    return f"{title} {unit}".strip() + bracket + more
