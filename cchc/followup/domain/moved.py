"""The due dates that a change of the calendar would move, as lines that a person may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cchc.followup.bell import Link, links_of
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence
from cchc.workflow.models import Obligation

from .explain import owed_label, owner_words
from .recount import Moved

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """*link* is None when the reader may not see what it is about."""

    pk: int
    label: Sentence
    owner: Sentence
    link: Link | None
    before: date
    after: date


def lines(moved: Sequence[Moved], reader: Person) -> list[Line]:
    """The first SHOWN of *moved*, in their order."""
    shown = moved[:SHOWN]
    owed = Obligation.objects.select_related("unit").in_bulk([each.pk for each in shown])
    wanted: dict[str, set[str]] = defaultdict(set)
    for obligation in owed.values():
        wanted[obligation.subject_type].add(obligation.subject_id)
    links = {kind: links_of(kind, reader, ids) for kind, ids in wanted.items()}
    return [_line(each, owed[each.pk], links[owed[each.pk].subject_type], reader) for each in shown]


def _line(moved: Moved, owed: Obligation, links: Mapping[str, Link], reader: Person) -> Line:
    link = links.get(owed.subject_id)
    return Line(moved.pk, owed_label(owed), owner_words(owed, reader), link, moved.before, moved.after)
