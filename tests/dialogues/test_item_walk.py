"""Random walks through the flows: whatever people do in whatever order, these things hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from cchc.workflow.actors import SYSTEM, may
from cchc.workflow.engine import Refused, offers, perform
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation
from dialogues.domain.conference import owed_items
from dialogues.domain.item import ITEM_FLOW
from dialogues.enums import ConferenceState, ItemState, Outcome
from dialogues.models import Conference, Item
from dialogues.models.item import ENDED_STATES
from tests.dialogues.factories import ANSWERED, conference_at, item_at, prepared_move
from tests.factories import Force, force
from tests.walking import Walk, walked

# What its escalation does to an item is walked with the escalation (test_escalation_walk).
ACTIONS = [row.action for row in ITEM_FLOW.transitions if row.who != SYSTEM] + ["promise"]
CONFERENCE_ACTIONS = ["start", "conclude", "close", "reopen"]


class ItemWalk(Walk):
    """Three items of one conference, moved at random by whoever may."""

    town: Force
    conference: Conference

    @initialize()
    def begin(self) -> None:
        self.town = force()
        self.conference = conference_at(self.town, ConferenceState.COLLECTING)
        self.items = [item_at(self.town, conference=self.conference) for _each in range(3)]
        self.now = ANSWERED

    @rule(which=st.integers(0, 2), other=st.integers(0, 2), action=st.sampled_from(ACTIONS), later=st.integers(0, 3))
    def try_a_move(self, which: int, other: int, action: str, later: int) -> None:
        item = Item.objects.get(pk=self.items[which].pk)
        lead = Item.objects.get(pk=self.items[other].pk)
        self.now += timedelta(hours=later)
        name, by, note, data = prepared_move(item, action, self.town, lead=lead)
        if "promised_on" in data:
            data["promised_on"] = (self.now + timedelta(days=30)).date()
        if action == "extend" and item.turn:
            data["to"] = item.turn.due_on + timedelta(days=7)
        before, events = item.state, Event.objects.count()
        row = ITEM_FLOW.row(name)
        allowed = before in row.sources and not row.guard(item)
        try:
            moved = perform(item, name, by=by, at=self.now, note=note, **data)
        except Refused:
            # An effect may refuse what the table allows: a merge into an ended item.
            assert not allowed or name == "merge"
            item.refresh_from_db()
            assert (item.state, Event.objects.count()) == (before, events)
        else:
            assert allowed
            assert moved.state in (row.targets if row.target else (before,))
            # A referral begins its report, which is an event of its own.
            assert Event.objects.count() == events + 1 + (name == "escalate")

    @rule(action=st.sampled_from(CONFERENCE_ACTIONS))
    def try_to_move_the_conference(self, action: str) -> None:
        conference = Conference.objects.get(pk=self.conference.pk)
        by = self.town.leader if action in ("conclude", "reopen") else self.town.secretary
        closable = not owed_items(conference).exists()
        try:
            perform(conference, action, by=by, at=self.now, note="Theo kế hoạch")
        except Refused:
            return
        assert action != "close" or closable

    @precondition(lambda self: hasattr(self, "items"))
    @invariant()
    def one_open_obligation_for_each_turn(self) -> None:
        for item in Item.objects.filter(conference=self.conference).select_related("turn"):
            open_ones = list(Obligation.objects.open().filter(subject_id=str(item.pk)))
            if item.state in ENDED_STATES:
                assert open_ones == []
                assert item.turn is None
            elif item.state == ItemState.ESCALATED:
                assert item.escalation is not None
                assert (open_ones, item.turn) == ([], item.escalation.turn)
                assert item.turn is not None
            else:
                assert open_ones == [item.turn]
                assert item.turn is not None
                assert item.turn.first_due_on <= item.turn.due_on or item.turn.kind in ("prepare", "fulfil")

    @precondition(lambda self: hasattr(self, "items"))
    @invariant()
    def the_sum_adds_up(self) -> None:
        rows = Item.objects.filter(conference=self.conference)
        counts = rows.counts()
        assert sum(counts.values()) == rows.exclude(state=ItemState.DRAFT).count() == len(self.items)
        for outcome in Outcome:
            assert rows.with_outcome().filter(outcome=outcome).count() == counts[outcome]

    @precondition(lambda self: hasattr(self, "items"))
    @invariant()
    def the_ledger_tells_every_move(self) -> None:
        for item in Item.objects.filter(conference=self.conference):
            assert Event.objects.of(item).count() == item.moves
            states = list(Event.objects.of(item).order_by("seq").values_list("to_state", flat=True))
            assert states[-1] == item.state

    @precondition(lambda self: hasattr(self, "items"))
    @invariant()
    def every_button_works_for_whoever_sees_it(self) -> None:
        for item in Item.objects.filter(conference=self.conference):
            flow = flow_of(item)
            for person in self.town.people.values():
                for offer in offers(item, person):
                    assert item.state in flow.row(offer.action).sources
                    assert may(person, flow.row(offer.action).who, item)


@pytest.mark.django_db
def test_whatever_people_do() -> None:
    walked(ItemWalk, examples=25, steps=25)


def test_the_walk_reaches_beyond_the_happy_path() -> None:
    """The machine's own vocabulary covers the whole table, so no row is left untried."""
    by_system = {row.action for row in ITEM_FLOW.transitions if row.who == SYSTEM}
    assert set(ACTIONS) - {"promise"} == {row.action for row in ITEM_FLOW.transitions} - by_system
