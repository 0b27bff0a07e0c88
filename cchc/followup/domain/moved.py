"""The due dates that a change of the calendar would move, as lines that a person may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cchc.followup.bell import Link
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence, duty
from cchc.workflow.models import Obligation

from .explain import owner_words
from .links import links
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
    known = links(reader, owed.values())
    return [_line(each, owed[each.pk], known, reader) for each in shown]


def _line(moved: Moved, owed: Obligation, known: Mapping[tuple[str, str], Link], reader: Person) -> Line:
    link = known.get((owed.subject_type, owed.subject_id))
    what, whose = duty(owed.subject_type, owed.kind), owner_words(owed, reader)
    return Line(moved.pk, what, whose, link, moved.before, moved.after)
