"""Points, levels and places: arithmetic without a database, so that a ranking can be computed again by anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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


def places(scores: Iterable[Decimal]) -> dict[Decimal, int]:
    """The place of each score: equal scores share a place, and the next one is as many places further (1, 2, 2, 4)."""
    found, place, counts = {}, 1, Counter(scores)
    for score in sorted(counts, reverse=True):
        found[score] = place
        place += counts[score]
    return found


def rank(scored: Sequence[Scored], levels: Sequence[tuple[str, Decimal]], *, best_percent: int = 100) -> list[Placed]:
    """Everybody's place and level, best first; the same input in any order gives the same result.

    At most *best_percent* of the units (rounded down) get the best level, by score from above; of units with equal
    scores all get it or none. The others who reached it get the next level.
    """
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for each in scored:
        groups[each.group].append(each.score)
    overall, within = places(each.score for each in scored), {name: places(found) for name, found in groups.items()}
    by_score = {score: level_of(score, levels) for score in overall}
    level = by_score | _capped(scored, by_score, levels, len(scored) * best_percent // 100)
    return [
        Placed(
            key=each.key, overall=overall[each.score], in_group=within[each.group][each.score],
            of_group=len(groups[each.group]), level_by_score=by_score[each.score], level=level[each.score],
        )
        for each in sorted(scored, key=lambda each: (-each.score, each.key))
    ]  # fmt: skip


def _capped(
    scored: Sequence[Scored], reached: Mapping[Decimal, str], levels: Sequence[tuple[str, Decimal]], most: int
) -> dict[Decimal, str]:
    """The scores that reach the best level while more than *most* units have them or higher ones: the next level."""
    best, *others = [name for name, _minimum in sorted(levels, key=lambda level: -level[1])]
    counts, so_far, found = Counter(each.score for each in scored), 0, {}
    for score in sorted(counts, reverse=True):
        so_far += counts[score]
        if reached[score] == best and so_far > most and others:
            found[score] = others[0]
    return found
