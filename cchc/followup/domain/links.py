"""The things that rows of obligations or events are about, as far as somebody may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cchc.followup.bell import Link, links_of
from cchc.organization.models import Person
from cchc.workflow.models import Event, Obligation


def links(person: Person, rows: Iterable[Obligation | Event]) -> Mapping[tuple[str, str], Link]:
    """By subject type and id; what *person* may not see is missing. A question or two for each type, none per row."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.subject_type].add(row.subject_id)
    return {(kind, pk): link for kind, ids in wanted.items() for pk, link in links_of(kind, person, ids).items()}
