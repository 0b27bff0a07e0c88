"""Random walks of items and the reports they go up in: whatever towns, province and system do, these things hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, perform
from cchc.workflow.flow import Owed
from cchc.workflow.models import Event, Obligation
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.domain.escalation_report import take_in
from dialogues.domain.item import ITEM_FLOW
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Escalation, Item
from dialogues.models.escalation import AT_RECEIVER, ENDED, OPEN, REPLIED
from tests.dialogues.factories import REFERRED, escalation_at, neighbor, prepared_move, prepared_step, write
from tests.factories import Force, force
from tests.walking import Walk, walked

S = EscalationState
BY_PEOPLE = [row.action for row in ESCALATION_FLOW.transitions if row.who != SYSTEM]
# What the table allows and the effect may refuse all the same: a wrong partner, a day that has passed.
PARTICULAR = {"join", "send", "extend", "ask_time"}
BACKWARD = {"withdraw", "recall", "send_back", "ask_time", "deny_time"}
CHOICE = st.integers(0, 400)
ITEM_MOVES = ["prepare", "escalate", "answer", "take_back", "send_back", "publish", "contest", "confirm", "reopen"]


class EscalationWalk(Walk):
    """Two items of a town and one of the next that is joined, referred upward again and again."""

    @initialize()
    def begin(self) -> None:
        town = force()
        self.towns = [town, town, neighbor(town, "CATX3")]
        self.forces = {each.town.pk: each for each in self.towns}
        self.now = REFERRED
        self.first_days: dict[Any, Any] = {}
        lead = None
        for each, state in zip(self.towns, (S.DRAFT, S.RECEIVED, S.JOINED), strict=True):
            lead = escalation_at(each, state, at=self.now, lead=lead)

    # --- what people do -------------------------------------------------------------------------------------------
    @rule(which=st.integers(0, 5), steps=st.lists(st.tuples(CHOICE, st.integers(0, 5), st.integers(0, 3)), min_size=1))
    def go_some_way(self, which: int, steps: list[tuple[int, int, int]]) -> None:
        """One report makes some allowed steps, mostly forward; one that was sent further goes on as its child."""
        for choice, other, days in steps:
            self.now += timedelta(days=days)
            made = self._escalation(which)
            while made.state == S.FORWARDED:
                made = made.children.get(state__in=OPEN)
            allowed = [
                row.action
                for row in ESCALATION_FLOW.transitions
                if row.action in BY_PEOPLE and made.state in row.sources and not row.guard(made)
            ]
            forward = [action for action in allowed if action not in BACKWARD]
            if made.state in (S.DRAFT, S.RETURNED) and (not made.report_number or choice % 5 == 0):
                wished = self.now + timedelta(days=choice) if choice % 3 else None
                write(made, self._force(made), at=self.now, requested_on=wished and wished.date())
            elif choice % 8 == 0 and allowed:
                self._step(made, allowed[choice // 8 % len(allowed)], self._escalation(other), allowed=True)
            elif forward:
                self._step(made, forward[choice % len(forward)], self._escalation(other), allowed=True)
            self.each_turn_is_owed_once_and_shown_by_all_who_wait()

    @rule(which=st.integers(0, 5), other=st.integers(0, 5), action=st.sampled_from(BY_PEOPLE))
    def try_any_step(self, which: int, other: int, action: str) -> None:
        made = self._escalation(which)
        row = ESCALATION_FLOW.row(action)
        self._step(made, action, self._escalation(other), allowed=made.state in row.sources and not row.guard(made))

    @rule(which=st.integers(0, 5), other=st.integers(0, 2))
    def take_in_an_item(self, which: int, other: int) -> None:
        made, item = self._escalation(which), self._item(other)
        before = Event.objects.count()
        try:
            with transaction.atomic():
                take_in(made, item, by=self._force(made).leader, at=self.now)
        except Refused:
            assert Event.objects.count() == before

    @rule(which=st.integers(0, 2), action=st.sampled_from(ITEM_MOVES), into=st.integers(0, 5))
    def move_an_item(self, which: int, action: str, into: int) -> None:
        item = self._item(which)
        town = self.forces[item.host_id]
        name, by, note, data = prepared_move(item, action, town)
        if action == "escalate" and into % 2:
            data["report"] = self._escalation(into)
        row, before = ITEM_FLOW.row(name), Event.objects.count()
        allowed = item.state in row.sources and not row.guard(item)
        try:
            with transaction.atomic():
                perform(item, name, by=by, at=self.now, note=note, **data)
        except Refused:
            assert not allowed or data.get("report")
            assert Event.objects.count() == before
        else:
            assert allowed

    def _step(self, made: Escalation, action: str, other: Escalation, *, allowed: bool) -> None:
        by, note, data = prepared_step(made, action, self._force(made), lead=other)
        if action in ("extend", "ask_time") and made.answer_by:
            data["to"] = max(made.answer_by, self.now.date()) + timedelta(days=7)
        row, before = ESCALATION_FLOW.row(action), Event.objects.count()
        try:
            with transaction.atomic():
                moved = perform(made, action, by=by, at=self.now, note=note, **data)
        except Refused:
            assert not allowed or action in PARTICULAR
            assert Event.objects.count() == before
            assert Escalation.objects.get(pk=made.pk).state == made.state
        else:
            assert allowed
            assert moved.state in (row.targets if row.target else (made.state,))

    def _escalation(self, number: int) -> Escalation:
        known = list(Escalation.objects.order_by("host", "year", "number"))
        return known[number % len(known)]

    def _item(self, number: int) -> Item:
        return Item.objects.order_by("host", "pk")[number]

    def _force(self, made: Escalation) -> Force:
        return self.forces.get(made.host_id, self.towns[0])

    # --- what holds -----------------------------------------------------------------------------------------------
    @precondition(lambda self: hasattr(self, "towns"))
    @invariant()
    def each_turn_is_owed_once_and_shown_by_all_who_wait(self) -> None:
        for made in Escalation.objects.select_related("turn", "lead"):
            open_ones = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
            if isinstance(ESCALATION_FLOW.owes.get(made.state), Owed):
                assert open_ones == [made.turn]
                continue
            assert open_ones == []
            if made.state == S.JOINED:
                assert made.lead is not None
                assert made.lead.state in (*AT_RECEIVER, S.FORWARDED)
                assert made.turn == made.lead.turn
            elif made.state == S.FORWARDED:
                assert made.turn == made.children.get(state__in=OPEN).turn
            else:
                assert made.state in ENDED
                assert made.turn is None
        for item in Item.objects.select_related("turn", "escalation__turn"):
            open_ones = list(Obligation.objects.open().filter(subject_id=str(item.pk)))
            if item.state == ItemState.ESCALATED:
                assert item.escalation is not None
                assert (open_ones, item.turn) == ([], item.escalation.turn)
                assert item.turn is not None
            else:
                assert open_ones == ([item.turn] if item.turn else [])

    @precondition(lambda self: hasattr(self, "towns"))
    @invariant()
    def no_item_is_lost_above(self) -> None:
        for item in Item.objects.select_related("escalation"):
            assert item.escalation is not None
            if item.state == ItemState.ESCALATED:
                assert item.escalation.state in OPEN
            elif item.state == ItemState.RULED:
                assert item.escalation.state in REPLIED
        waiting = Item.objects.filter(state=ItemState.ESCALATED).values("escalation")
        assert not Escalation.objects.open().filter(parent=None).exclude(pk__in=waiting).exists()

    @precondition(lambda self: hasattr(self, "towns"))
    @invariant()
    def what_was_sent_stays_and_first_days_too(self) -> None:
        for made in Escalation.objects.prefetch_related("dispatches"):
            rounds = [sent.round for sent in made.dispatches.all()]
            assert rounds == list(range(1, len(rounds) + 1))
            if made.sent_at:
                assert rounds
                assert made.first_answer_by is not None
                # What was taken back unread was never sent, unless it had been returned before.
                back = made.replies.filter(kind="returned_for_information").order_by("given_at").first()
                recalls = Event.objects.of(made).filter(action="recall")
                key = (made.pk, (recalls.filter(at__lt=back.given_at) if back else recalls).count())
                assert made.first_answer_by == self.first_days.setdefault(key, made.first_answer_by)
                assert made.answer_by is not None
                assert made.answer_by >= made.first_answer_by

    @precondition(lambda self: hasattr(self, "towns"))
    @invariant()
    def the_ledger_tells_every_move(self) -> None:
        for made in (*Escalation.objects.all(), *Item.objects.all()):
            assert Event.objects.of(made).count() == made.moves


@pytest.mark.django_db
def test_whatever_towns_and_province_do() -> None:
    walked(EscalationWalk, examples=12, steps=40)
