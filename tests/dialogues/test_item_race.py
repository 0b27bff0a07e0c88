"""Two people act at once: exactly one wins, the other is told what happened, and the record stays whole.

The negative control takes the row lock away; then the same race must show, or these tests prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, perform
from cchc.workflow.models import Event, Obligation
from dialogues.enums import ItemState
from dialogues.models import Answer, Item
from tests.dialogues.factories import ANSWERED, conference_at, item_at, prepared_move
from tests.factories import Force, force

PAIRS = 20

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Force:
    return force()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[place] = act()
        except Exception as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def answers_at_once(item: Item, town: Force) -> list[Any]:
    _name, _by, _note, data = prepared_move(item, "answer", town)

    def answer(by: Any, text: str) -> Callable[[], Item]:
        return lambda: perform(item, "answer", by=by, at=ANSWERED, **{**data, "text": text})

    return at_once(answer(town.leader, "Trả lời thứ nhất."), answer(town.deputy, "Trả lời thứ hai."))


def test_two_leaders_answer_one_item(town: Force) -> None:
    conference = conference_at(town, "collecting")
    for _pair in range(PAIRS):
        item = item_at(town, ItemState.PREPARED, conference=conference)
        results = answers_at_once(item, town)
        refused = [result for result in results if isinstance(result, MovedOn)]
        assert len(refused) == 1, results
        assert refused[0].event is not None
        assert refused[0].event.action == "answer"
        item.refresh_from_db()
        assert (item.state, item.answers.exclude(kind="").count()) == (ItemState.ANSWERED, 1)
        assert Event.objects.of(item).filter(action="answer").count() == 1
        assert Obligation.objects.open().filter(subject_id=str(item.pk)).count() == 1
    assert verify().ok


def test_without_the_lock_the_race_shows(town: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    conference = conference_at(town, "collecting")
    items = [item_at(town, ItemState.PREPARED, conference=conference) for _pair in range(PAIRS)]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    results = [answers_at_once(item, town) for item in items]
    assert any(not any(isinstance(result, MovedOn) for result in pair) for pair in results)


def test_numbers_are_given_once(town: Force) -> None:
    """Codes of a hall full of people who send at once have no gap and no double."""
    conference = conference_at(town, "collecting")
    drafts = [item_at(town, ItemState.DRAFT, conference=conference, by=town.officer) for _each in range(12)]

    def send(draft: Item) -> Callable[[], Item]:
        return lambda: perform(draft, "submit", by=town.officer, at=ANSWERED)

    at_once(*[send(draft) for draft in drafts])
    numbers = sorted(Item.objects.filter(conference=conference).values_list("number", flat=True))
    assert numbers == list(range(1, 13))
    assert Answer.objects.count() == 0
