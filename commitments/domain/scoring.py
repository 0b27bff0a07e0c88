"""Points, levels and places: arithmetic without a database, so that a ranking can be computed again by anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import groupby

from commitments.enums import Direction

CENT, TENTH, FULL, NONE = Decimal("0.01"), Decimal("0.1"), Decimal(100), Decimal(0)


def share_reached(direction: str, target: Decimal, value: Decimal) -> Decimal:
    """The part of the target that was reached, 1 at most.

    At least: value / target. At most: 1 while the value does not exceed the target, target / value beyond.
    """
    if direction == Direction.AT_MOST:
        return Decimal(1) if value <= target else target / value
    return Decimal(1) if target == 0 else min(Decimal(1), value / target)


def task_points(
    weight: Decimal, direction: str, target: Decimal, value: Decimal, *, late: bool, late_factor: Decimal
) -> Decimal:
    """The weight times the share reached, times the factor when it was finished late; to a hundredth, half up."""
    points = weight * share_reached(direction, target, value)
    return (points * late_factor if late else points).quantize(CENT, ROUND_HALF_UP)


def total(parts: Iterable[tuple[Decimal, Decimal]], deducted: Decimal = NONE) -> Decimal:
    """(weight, points of 100) of every criterion as one score, less what is deducted; to a tenth, half up."""
    score = sum((weight * points / FULL for weight, points in parts), NONE) - deducted
    return max(NONE, score).quantize(TENTH, ROUND_HALF_UP)


def level_of(score: Decimal, levels: Sequence[tuple[str, Decimal]]) -> str:
    """The highest level whose minimum *score* reaches; *levels* in any order, one of them from 0."""
    return max((minimum, name) for name, minimum in levels if score >= minimum)[1]


@dataclass(frozen=True)
class Scored:
    """A unit with its score and the group of comparable units in which it is ranked."""

    key: str
    group: str
    score: Decimal


@dataclass(frozen=True)
class Placed:
    key: str
    overall: int
    in_group: int
    of_group: int
    level_by_score: str
    level: str


def places(scores: Iterable[Decimal]) -> Mapping[Decimal, int]:
    """The place of each score: equal scores share a place, and the next one is as many places further (1, 2, 2, 4)."""
    found: dict[Decimal, int] = {}
    place = 1
    for score, same in groupby(sorted(scores, reverse=True)):
        found[score] = place
        place += len(list(same))
    return found


def rank(scored: Sequence[Scored], levels: Sequence[tuple[str, Decimal]], *, best_percent: int = 100) -> list[Placed]:
    """Everybody's place and level, best first; the same input in any order gives the same result.

    At most *best_percent* of the units (rounded down) get the best level, by score from above; of units with equal
    scores all get it or none. The others who reached it get the next level.
    """
    ordered = sorted(levels, key=lambda level: -level[1])
    overall = places(each.score for each in scored)
    groups = {name: [each.score for each in scored if each.group == name] for name in {each.group for each in scored}}
    within = {name: places(found) for name, found in groups.items()}
    most = int((Decimal(len(scored)) * best_percent / FULL).to_integral_value(ROUND_FLOOR))
    found = []
    for each in sorted(scored, key=lambda each: (-each.score, each.key)):
        by_score = level_of(each.score, levels)
        last_sharing = overall[each.score] + sum(other.score == each.score for other in scored) - 1
        capped = by_score == ordered[0][0] and last_sharing > most and len(ordered) > 1
        found.append(
            Placed(
                key=each.key,
                overall=overall[each.score],
                in_group=within[each.group][each.score],
                of_group=len(groups[each.group]),
                level_by_score=by_score,
                level=ordered[1][0] if capped else by_score,
            )
        )
    return found
