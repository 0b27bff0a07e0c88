"""Points, levels and places: the rule of the campaign as arithmetic, tried on random units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commitments.domain.ranking import compute
from commitments.domain.scoring import FULL, Scored, level_of, places, rank, share_reached, task_points, total
from commitments.enums import Direction
from tests.commitments.factories import LEVELS

scores = some.decimals(0, 100, places=1)
few_scores = some.sampled_from([Decimal(n) for n in (0, 50, 75, 89, 90, 95, 100)])  # so that there are ties
units = some.lists(
    some.tuples(scores | few_scores, some.sampled_from(["Đội", "Phường, xã"])), min_size=1, max_size=30
).map(lambda rows: [Scored(f"U{n:02d}", group, score) for n, (score, group) in enumerate(rows)])  # fmt: skip
percents = some.integers(0, 100)
# Weights of hundredths that sum to 100: where a line of 100 is cut.
weights = some.sets(some.integers(1, 9_999), max_size=9).map(
    lambda cuts: [Decimal(end - start) / 100 for start, end in pairwise([0, *sorted(cuts), 10_000])]
)
points = some.decimals(0, 100, places=2)
ORDER = [name for name, _minimum in LEVELS]


# Results of the case: weight, target, reached, late, points.
@pytest.mark.parametrize(
    ("weight", "target", "value", "late", "points"),
    [
        (25, 80, 72, False, "22.50"),
        (15, 100, 97, False, "14.55"),
        (35, 100, "98.5", False, "34.48"),
        (20, 2, 2, True, "15.00"),
        (40, 95, 86, False, "36.21"),
        (20, 40, 46, False, "20.00"),
        (30, 6, 0, False, "0.00"),
    ],
)
def test_points_of_a_task(weight: int, target: int, value: float, late: bool, points: str) -> None:
    found = task_points(
        Decimal(weight), Direction.AT_LEAST, Decimal(target), Decimal(value), late=late, late_factor=Decimal("0.75")
    )
    assert str(found) == points


def test_at_most_is_full_within_the_target_and_falls_beyond() -> None:
    assert share_reached(Direction.AT_MOST, Decimal(4), Decimal(4)) == 1
    assert share_reached(Direction.AT_MOST, Decimal(4), Decimal(0)) == 1
    assert share_reached(Direction.AT_MOST, Decimal(4), Decimal(8)) == Decimal("0.5")


def test_a_half_is_rounded_up_and_deductions_stop_at_zero() -> None:
    assert total([(Decimal(100), Decimal("97.05"))]) == Decimal("97.1")
    assert total([(Decimal(60), Decimal(90)), (Decimal(40), Decimal(80))], Decimal(2)) == Decimal("84.0")
    assert total([(Decimal(100), Decimal(1))], Decimal(5)) == 0


@given(some.decimals(0, 200, places=2), some.decimals(0, 200, places=2), some.sampled_from(Direction.values))
def test_more_reached_is_never_fewer_points(one: Decimal, other: Decimal, direction: str) -> None:
    low, high = sorted((one, other))
    points = [share_reached(direction, Decimal(50), value) for value in (low, high)]
    assert points == sorted(points, reverse=direction == Direction.AT_MOST)
    assert all(0 <= share <= 1 for share in points)


@given(weights, some.data())
def test_a_score_lies_between_its_parts_whatever_the_weights(given: list[Decimal], data: some.DataObject) -> None:
    assert sum(given) == FULL
    parts = [(weight, data.draw(points)) for weight in given]
    found = total(parts)
    low, high = min(value for _weight, value in parts), max(value for _weight, value in parts)
    assert low - Decimal("0.05") <= found <= high + Decimal("0.05")
    assert found == total(data.draw(some.permutations(parts)))
    assert total([(weight, FULL) for weight in given]) == FULL


@given(weights, some.data())
def test_more_points_are_never_a_lower_score_and_deductions_never_a_higher(
    given: list[Decimal], data: some.DataObject
) -> None:
    parts = [(weight, data.draw(points)) for weight in given]
    which, less = data.draw(some.integers(0, len(parts) - 1)), data.draw(some.decimals(0, 20, places=1))
    weight, value = parts[which]
    better = [*parts[:which], (weight, data.draw(some.decimals(value, 100, places=2))), *parts[which + 1 :]]
    assert total(parts) <= total(better)
    assert 0 <= total(parts, less) <= total(parts)


@given(weights, some.data())
def test_tasks_together_never_bring_more_than_their_weights(given: list[Decimal], data: some.DataObject) -> None:
    def brought(late: bool) -> Decimal:
        return task_points(
            weight, data.draw(some.sampled_from(Direction.values)), Decimal(50), value, late=late,
            late_factor=Decimal("0.75"),
        )  # fmt: skip

    for weight in given:
        value = data.draw(some.decimals(0, 200, places=2))
        assert 0 <= brought(late=False) <= weight
        assert 0 <= brought(late=True) <= weight * Decimal("0.75") + Decimal("0.005")


@given(units, percents, some.randoms())
def test_the_order_of_the_input_does_not_matter(given_units: list[Scored], percent: int, random: object) -> None:
    shuffled = list(given_units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled, LEVELS, best_percent=percent) == rank(given_units, LEVELS, best_percent=percent)


@given(units, percents, some.randoms())
def test_the_frozen_input_may_list_its_units_in_any_order(
    given_units: list[Scored], percent: int, random: object
) -> None:
    rows = [
        {"commitment": each.key, "group": each.group, "score": str(each.score), "unranked": ""} for each in given_units
    ]
    content = {"units": rows, "levels": [[name, str(minimum)] for name, minimum in LEVELS], "best_percent": percent}
    expected = rank(given_units, LEVELS, best_percent=percent)
    random.shuffle(rows)  # type: ignore[attr-defined]
    rows.append({"commitment": "none", "group": "Đội", "score": None, "unranked": "unsigned"})
    assert compute(content) == expected


@given(units, percents)
def test_a_higher_score_is_never_a_lower_place_or_level(given_units: list[Scored], percent: int) -> None:
    score = {each.key: each.score for each in given_units}
    placed = rank(given_units, LEVELS, best_percent=percent)
    for better, worse in pairwise(placed):
        assert better.overall <= worse.overall
        assert ORDER.index(better.level) <= ORDER.index(worse.level)
        assert (better.overall == worse.overall) == (score[better.key] == score[worse.key])


@given(units, percents, some.data())
def test_whoever_scores_more_rises_and_lifts_nobody_else(
    given_units: list[Scored], percent: int, data: some.DataObject
) -> None:
    which = data.draw(some.integers(0, len(given_units) - 1))
    risen = replace(given_units[which], score=data.draw(some.decimals(given_units[which].score, 100, places=1)))
    before = {each.key: each for each in rank(given_units, LEVELS, best_percent=percent)}
    units_now = [*given_units[:which], risen, *given_units[which + 1 :]]
    for now in rank(units_now, LEVELS, best_percent=percent):
        was = before[now.key]
        if now.key == risen.key:
            assert (now.overall <= was.overall, now.in_group <= was.in_group) == (True, True)
            assert ORDER.index(now.level) <= ORDER.index(was.level)
        else:
            assert (now.overall >= was.overall, now.in_group >= was.in_group) == (True, True)
            assert ORDER.index(now.level) >= ORDER.index(was.level)


@given(units)
def test_equal_scores_share_place_and_level_and_the_next_one_comes_behind_all_of_them(
    given_units: list[Scored],
) -> None:
    scored = {each.key: each.score for each in given_units}
    for each in rank(given_units, LEVELS, best_percent=20):
        assert each.overall == 1 + sum(score > scored[each.key] for score in scored.values())


@given(units, some.integers(0, 100))
def test_the_best_level_keeps_its_cap(given_units: list[Scored], percent: int) -> None:
    placed = rank(given_units, LEVELS, best_percent=percent)
    best = [each for each in placed if each.level == LEVELS[0][0]]
    assert len(best) * 100 <= percent * len(given_units)
    assert all(each.level_by_score == LEVELS[0][0] for each in best)


@given(units)
def test_places_of_a_group_are_counted_within_it(given_units: list[Scored]) -> None:
    for each in rank(given_units, LEVELS):
        own = next(unit for unit in given_units if unit.key == each.key)
        same = [unit.score for unit in given_units if unit.group == own.group]
        assert each.of_group == len(same)
        assert each.in_group == 1 + sum(score > own.score for score in same)


def test_equal_scores_share_a_place() -> None:
    assert places([Decimal(n) for n in (90, 80, 80, 70)]) == {Decimal(90): 1, Decimal(80): 2, Decimal(70): 4}


def test_a_tie_across_the_cap_gets_it_all_or_not_at_all() -> None:
    tied = [Scored(f"U{n}", "Đội", Decimal(score)) for n, score in enumerate((99, 95, 95, 60, 60))]
    best = [each.key for each in rank(tied, LEVELS, best_percent=40) if each.level == LEVELS[0][0]]
    assert best == ["U0"]


@given(scores)
def test_every_score_has_one_level(score: Decimal) -> None:
    assert level_of(score, LEVELS) == next(name for name, minimum in LEVELS if score >= minimum)
