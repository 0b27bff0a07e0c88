"""Two leaders decide on one reported directive at once: one wins, the other is told, and nothing is half done.

The negative control takes the row lock away; then the same race must show, or these tests prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, perform
from cchc.workflow.models import Event, Obligation
from dialogues.models import Directive
from tests.dialogues.directing import WORKED, add, conclusion_at, move_conclusion, step
from tests.dialogues.test_item_race import at_once
from tests.factories import Force, force

PAIRS = 20

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reported() -> tuple[Force, list[Directive]]:
    town = force()
    conclusion = conclusion_at(town, number=0)
    made = [add(conclusion, town) for _each in range(PAIRS)]
    move_conclusion(move_conclusion(conclusion, "present", town), "issue", town)
    found = [step(Directive.objects.get(pk=each.pk), "report", town) for each in made]
    return town, found


def decide_at_once(made: Directive, town: Force) -> list[Any]:
    return at_once(
        lambda: perform(made, "accept", by=town.leader, at=WORKED),
        lambda: perform(made, "return", by=town.deputy, at=WORKED, note="Chưa đủ."),
    )


def test_one_accepts_or_one_returns(reported: tuple[Force, list[Directive]]) -> None:
    town, rows = reported
    for made in rows:
        results = decide_at_once(made, town)
        (refused,) = (each for each in results if isinstance(each, Exception))
        (won,) = (each for each in results if isinstance(each, Directive))
        assert isinstance(refused, MovedOn), refused
        assert refused.event is not None
        assert refused.event.to_state == won.state == Directive.objects.get(pk=made.pk).state
        assert Event.objects.of(made).filter(action__in=("accept", "return")).count() == 1
        open_ones = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
        assert open_ones == ([won.turn] if won.state == "returned" else [])
    assert verify().ok


def test_without_the_lock_the_race_shows(
    reported: tuple[Force, list[Directive]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then both are made, or only the database stops the second: he is not told by whom it has moved on."""
    town, rows = reported
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **options: found)
    results = [decide_at_once(made, town) for made in rows]
    assert any(not any(isinstance(each, MovedOn) for each in pair) for pair in results)
