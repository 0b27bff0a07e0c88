"""A hand-over while somebody moves one of the things that pass: one waits for the other, and both are done.

The negative control writes the first line without holding the rest: then each waits for the other, and the database
ends one of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from cchc.followup.domain import handover as handovers
from cchc.organization.models import Unit
from cchc.workflow.chain import verify
from cchc.workflow.engine import hold, perform, record
from cchc.workflow.models import Event, Handover, Subject
from tests.dialogues.factories import conference_at, item_at, prepared_move
from tests.dialogues.test_item_race import at_once
from tests.documents.issuing import draft
from tests.factories import Force, force
from tests.followup.reorganizing import DECISION, NOW, dissolve_town, merge

pytestmark = pytest.mark.django_db(transaction=True)
Move = Callable[[], Any]
Case = tuple[Unit, Unit, Subject, Move]


def an_item(town: Force) -> Case:
    """Two items that a team prepared; the second is sent back to it while they pass to another team."""
    conference = conference_at(town, "in_session")
    item = max((item_at(town, "prepared", conference=conference) for _each in range(2)), key=lambda each: each.pk)
    name, by, note, data = prepared_move(item, "send_back", town)
    move = lambda: perform(item, name, by=by, at=NOW, note=note, **data)  # noqa: E731
    return merge(town.qlhc, town.th), town.th, item, move


def a_draft(town: Force) -> Case:
    """A conference with the draft of a paper about it, which is commented on while both pass to another town."""
    paper = draft(town, conference=conference_at(town, "collecting"))
    move = lambda: record(paper, "comment", by=None, at=NOW)  # noqa: E731
    return dissolve_town(town), town.next_town, paper, move


def meet(town: Force, case: Case) -> list[Any]:
    """What comes of the move, begun first, and of the hand-over, which comes to what is being moved."""
    unit, to_unit, subject, move = case
    held = threading.Event()

    def move_it() -> Any:
        with transaction.atomic():
            hold(type(subject)._base_manager.filter(pk=subject.pk))
            held.set()
            _until_somebody_waits()
            return move()

    def hand_over() -> Handover:
        held.wait()
        also = handovers.beside(unit)
        return handovers.confirm(unit, to_unit, DECISION, also=also, by=town.provincial_secretary, at=NOW)

    return at_once(move_it, hand_over)


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _attempt in range(1000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody came")


@pytest.mark.parametrize("case", [an_item, a_draft])
def test_both_are_done(case: Callable[[Force], Case]) -> None:
    town = force()
    made = case(town)
    moved, done = meet(town, made)
    assert not isinstance(moved, Exception), moved
    assert isinstance(done, Handover), done
    last, before = Event.objects.of(made[2]).newest_first()[:2]
    assert last.action == "hand_over"
    assert before.action in ("send_back", "comment")
    assert verify().ok


@pytest.mark.parametrize("case", [an_item, a_draft])
def test_without_holding_them_first_they_wait_for_each_other(
    case: Callable[[Force], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = force()
    made = case(town)
    monkeypatch.setattr(handovers, "_hold", lambda keys, passing: None)
    assert any(isinstance(result, OperationalError) for result in meet(town, made))
