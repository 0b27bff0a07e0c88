"""What the platform asks of a domain when the work of a unit that has ended passes to another (settings.HANDOVERS)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from cchc.organization.models import Person, Unit

from .engine import record
from .flow import flow
from .models import Subject

# A subject: its type and its id.
Key = tuple[str, str]


def ids_of(keys: Collection[Key], *types: str) -> dict[str, set[UUID]]:
    """The ids in *keys* by type, none for a type that is not there; other types are left out."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for name, pk in keys:
        if name in types:
            found[name].add(UUID(pk))
    return found


def keys_of(name: str, ids: Iterable[UUID]) -> set[Key]:
    return {(name, str(pk)) for pk in ids}


# A hand-over makes no moves; its events are told by the bell like those of any subject.
HANDOVER_FLOW = flow("workflow.handover", (), {}, verbs={"confirm": _("confirmed what your unit takes over")})
VERB = _("entered that another unit takes it over")


@dataclass(frozen=True)
class Passing:
    """From which unit to which, by which decision, entered by whom and when."""

    from_unit: Unit
    to_unit: Unit
    decision: str
    by: Person
    at: datetime

    @property
    def command(self) -> Unit:
        """The command that takes over what only a command can have: conferences, answers, reports."""
        return self.to_unit.command or self.to_unit

    def write(self, subject: Subject) -> None:
        """Note it in the history of *subject*, and let forms that were opened before know that it has changed."""
        subject.moves += 1
        subject.save(update_fields=["moves"])
        note = f"{self.from_unit.name} → {self.to_unit.name}. {self.decision}"
        data = {"from_unit": self.from_unit.pk, "to_unit": self.to_unit.pk}
        record(subject, "hand_over", by=self.by, at=self.at, note=note, data=data)


def _nothing_ends(keys: Collection[Key], unit: Unit) -> set[Key]:
    return set()


@dataclass(frozen=True)
class Follower:
    """How the subjects of one domain follow; the keys of other domains are none of its business.

    *together* adds to some keys what cannot be parted from them. *rows* is all that `take_over` and its moves change,
    in the order in which ordinary moves lock it; *take_over*, with those rows locked, changes whose they are. *beside*
    are the open subjects, by type, in which the unit has a part while it is another's turn. *ends* are those of some
    keys that do not pass: they end with the unit, by the same decision.
    """

    together: Callable[[Collection[Key], Unit], set[Key]]
    rows: Callable[[Collection[Key], Passing], Sequence[QuerySet[Any]]]
    take_over: Callable[[Collection[Key], Passing], None]
    beside: Callable[[Unit], Mapping[str, QuerySet[Any]]]
    ends: Callable[[Collection[Key], Unit], set[Key]] = _nothing_ends


def followers() -> list[Follower]:
    return [import_string(name) for name in settings.HANDOVERS]
