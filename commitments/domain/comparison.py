"""Two states of a commitment's tasks beside each other: what was added, left out or changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from commitments.models import Task


@dataclass(frozen=True)
class TaskLine:
    """A task as a text says it; its place is that in the list."""

    text: str
    measure: str
    measure_unit: str
    direction: str
    target: Decimal
    due_on: date
    weight: Decimal

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls(task.text, task.measure, task.measure_unit, task.direction, task.target, task.due_on, task.weight)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """A task of the signed text (commitments.domain.draft.contents)."""
        return cls(
            row["text"], row["measure"], row["measure_unit"], row["direction"], Decimal(row["target"]),
            date.fromisoformat(row["due_on"]), Decimal(row["weight"]),
        )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A task that differs: *before* is None for one that is new, *after* for one that is gone."""

    place: int
    before: TaskLine | None
    after: TaskLine | None


def changes(
    before: Sequence[TaskLine], after: Sequence[TaskLine], same: Mapping[int, int] | None = None
) -> list[Change]:
    """What differs, in the order of *after*; *same* says which place of *after* continues which of *before* (from 0).

    Others are matched by their text, and what is then left by its place.
    """
    pairs = dict(same or {})
    _pair(pairs, before, after, lambda old, new: before[old].text == after[new].text)
    _pair(pairs, before, after, lambda old, new: old == new)
    found = [
        Change(new + 1, before[pairs[new]] if new in pairs else None, line)
        for new, line in enumerate(after)
        if new not in pairs or before[pairs[new]] != line
    ]
    gone = [Change(old + 1, line, None) for old, line in enumerate(before) if old not in pairs.values()]
    return [*found, *gone]


def _pair(pairs: dict[int, int], before: Sequence[TaskLine], after: Sequence[TaskLine], alike: Any) -> None:
    taken = set(pairs.values())
    for new in range(len(after)):
        old = next((old for old in range(len(before)) if old not in taken and alike(old, new)), None)
        if new not in pairs and old is not None:
            pairs[new] = old
            taken.add(old)


def between(earlier: Iterable[Task], later: Iterable[Task]) -> list[Change]:
    """What differs between two versions; a task knows from which one it was taken over."""
    old, new = list(earlier), list(later)
    places = {task.pk: place for place, task in enumerate(old)}
    same = {place: places[task.copied_from_id] for place, task in enumerate(new) if task.copied_from_id in places}
    return changes([TaskLine.of(task) for task in old], [TaskLine.of(task) for task in new], same)


def between_texts(shown: str, now: str) -> list[Change]:
    """What differs between two canonical texts."""
    return changes(_lines(shown), _lines(now))


def _lines(text: str) -> list[TaskLine]:
    return [TaskLine.read(row) for row in json.loads(text)["tasks"]]
