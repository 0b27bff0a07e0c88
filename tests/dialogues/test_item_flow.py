"""Every state can be reached by real moves, owes what it should to whom, and leaves its trail."""

from __future__ import annotations

import pytest

from cchc.workflow.chain import verify
from cchc.workflow.models import Event, Obligation
from dialogues.enums import ItemState
from dialogues.models import Item
from tests.dialogues.factories import ITEM_PATHS, conference_at, item_at
from tests.factories import Force

TURN = {
    "draft": None,
    "submitted": "triage",
    "accepted": "assign",
    "assigned": "prepare",
    "prepared": "answer",
    "escalated": "report",  # its escalation owes it
    "ruled": "answer",
    "answered": "publish",
    "published": "confirm",
    "promised": "fulfil",
    "reported": "check",
    "closed": None,
    "merged": None,
    "declined": None,
    "withdrawn": None,
}


@pytest.mark.parametrize("state", ItemState.values)
def test_each_state_is_reached_and_owes_one_turn(force: Force, state: str) -> None:
    item = item_at(force, state, conference=conference_at(force, "in_session"))
    assert item.state == state
    open_kinds = list(Obligation.objects.open().filter(subject_id=str(item.pk)).values_list("kind", flat=True))
    assert open_kinds == ([TURN[state]] if TURN[state] and state != ItemState.ESCALATED else [])
    assert (item.turn.kind if item.turn else None) == TURN[state]
    assert Event.objects.of(item).count() == item.moves
    assert verify().ok


def test_the_table_of_paths_names_every_state() -> None:
    assert set(ITEM_PATHS) == set(Item.State.values)
