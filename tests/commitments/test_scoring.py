"""Points, levels and places: the rule of the campaign as arithmetic, tried on random units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commitments.domain.scoring import Scored, level_of, places, rank, share_reached, task_points, total
from commitments.enums import Direction
from tests.commitments.factories import LEVELS

scores = some.decimals(0, 100, places=1)
units = some.lists(
    some.tuples(scores, some.sampled_from(["Đội", "Phường, xã"])), min_size=1, max_size=30
).map(lambda rows: [Scored(f"U{n:02d}", group, score) for n, (score, group) in enumerate(rows)])  # fmt: skip


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


@given(units, some.randoms())
def test_the_order_of_the_input_does_not_matter(given_units: list[Scored], random: object) -> None:
    shuffled = list(given_units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled, LEVELS, best_percent=20) == rank(given_units, LEVELS, best_percent=20)


@given(units)
def test_a_higher_score_is_never_a_lower_place_or_level(given_units: list[Scored]) -> None:
    score = {each.key: each.score for each in given_units}
    placed = rank(given_units, LEVELS, best_percent=20)
    order = [name for name, _minimum in LEVELS]
    for better, worse in zip(placed, placed[1:], strict=False):
        assert better.overall <= worse.overall
        assert order.index(better.level) <= order.index(worse.level)
        assert (better.overall == worse.overall) == (score[better.key] == score[worse.key])


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
