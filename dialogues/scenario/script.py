"""Who and what is on stage, and the steps of the play: each at its time, all in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.actors import Actor
from cchc.workflow.engine import perform
from dialogues.models import Conference, Escalation, Field, Item, Plan, Topic, TopicSet


@dataclass
class Cast:
    """What has been loaded so far, by the codes of the data."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    conferences: dict[str, Conference] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    escalations: dict[str, Escalation] = field(default_factory=dict)

    def do(self, code: str, action: str, by: Actor, at: datetime, note: str = "", **data: Any) -> Item:
        """One move of an item."""
        self.items[code] = perform(self.items[code], action, by=by, at=at, note=note, **data)
        return self.items[code]

    def unit_list(self, codes: Iterable[str]) -> list[Unit]:
        return [self.units[code] for code in codes]

    def chief(self, unit: str, day: date) -> Person:
        """The chief of the unit on that day."""
        held = Position.objects.valid_on(day).filter(unit__code=unit, role=Role.UNIT_CHIEF)
        posts = held.filter(acting_kind=ActingKind.DIRECT).select_related("person")
        return self.people[posts.get().person.username]


@dataclass(frozen=True)
class Step:
    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class Taxonomy:
    """Contents and fields by their codes; the contents of another program go by the codes of 30c/NQ-CP too."""

    set: TopicSet
    topics: dict[str, Topic]
    fields: dict[str, Field]

    @classmethod
    def on(cls, day: date, later: dict[str, str]) -> Taxonomy:
        found = TopicSet.objects.on(day)
        assert found is not None
        topics = {topic.code: topic for topic in found.topics.all()}
        topics |= {old: topics[new] for old, new in later.items() if new in topics}
        return cls(found, topics, {each.code: each for each in Field.objects.all()})


def play(steps: Iterable[Step], until: datetime) -> int:
    """Make every step up to that moment, in the order of time; returns how many."""
    due = sorted((step for step in steps if step.at <= until), key=lambda step: step.at)
    for step in due:
        step.do()
    return len(due)
