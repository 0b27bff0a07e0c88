"""Sender and province act at once on one report: one wins, the other is told, and nothing is half done.

The negative control takes the row locks away; then the same race must show, or these tests prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from cchc.organization.enums import Rank, Role
from cchc.organization.models import Person
from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, Refused, perform
from cchc.workflow.models import Event, Obligation
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Escalation, Item
from tests.dialogues.factories import REFERRED, conference_at, escalation_at, item_at, prepared_step
from tests.dialogues.test_item_race import at_once
from tests.factories import Force, force, person, post

S = EscalationState
PAIRS = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Force:
    return force()


@pytest.fixture
def second_chief(town: Force) -> Person:
    made = person("son.dv", rank=Rank.DAI_TA)
    post(made, town.province, Role.PROVINCIAL_LEADER, "Phó Giám đốc Công an tỉnh")
    return made


def reports(town: Force, state: str, number: int = PAIRS) -> list[Escalation]:
    conference = conference_at(town)
    items = [item_at(town, ItemState.PREPARED, conference=conference) for _each in range(number)]
    return [escalation_at(town, state, items=[item]) for item in items]


def act(made: Escalation, action: str, town: Force, **changed: Any) -> Callable[[], Escalation]:
    by, note, data = prepared_step(made, action, town, lead=changed.get("lead"))
    by = changed.pop("by", by)
    return lambda: perform(made, action, by=by, at=REFERRED, note=note, **{**data, **changed})


def one_wins(results: list[Any]) -> Refused:
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], Refused), results
    return refused[0]


def each_owes_once() -> None:
    for made in Escalation.objects.all():
        open_ones = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
        if made.state == S.JOINED:
            assert made.lead is not None
            assert (open_ones, made.turn) == ([], made.lead.turn)
        else:
            assert open_ones == ([made.turn] if made.turn else [])
        for item in made.items.filter(state=ItemState.ESCALATED):
            assert item.turn == made.turn
    assert verify().ok


def rule_at_once(made: Escalation, town: Force, other: Person) -> list[Any]:
    return at_once(act(made, "rule", town, text="Đồng ý."), act(made, "rule", town, by=other, text="Không đồng ý."))


def test_two_provincial_leaders_rule_at_once(town: Force, second_chief: Person) -> None:
    for made in reports(town, S.PRESENTED):
        refused = one_wins(rule_at_once(made, town, second_chief))
        assert isinstance(refused, MovedOn)
        assert refused.event is not None
        assert refused.event.action == "rule"
        assert made.replies.count() == 1
        item = Item.objects.get(escalation=made)
        assert item.state == ItemState.RULED
        assert Event.objects.of(item).filter(action="rule").count() == 1
    each_owes_once()


def test_without_the_locks_the_race_shows(town: Force, second_chief: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the second is not told that it has moved on: only a constraint of the database stops him, as an error."""
    made = reports(town, S.PRESENTED)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    results = [rule_at_once(each, town, second_chief) for each in made]
    assert any(not any(isinstance(result, MovedOn) for result in pair) for pair in results)


def test_the_sender_takes_back_what_the_province_receives(town: Force) -> None:
    states = set()
    for made in reports(town, S.SENT):
        refused = one_wins(at_once(act(made, "recall", town), act(made, "receive", town)))
        assert isinstance(refused, MovedOn)
        made.refresh_from_db()
        states.add(made.state)
        seen = Escalation.objects.visible_to(town.provincial_secretary).filter(pk=made.pk).exists()
        assert seen == (made.state == S.RECEIVED) == (made.sent_at is not None)
        assert (made.items.get().escalated_at is not None) == seen
    assert states <= {S.DRAFT, S.RECEIVED}
    each_owes_once()


def test_joined_while_its_lead_is_ruled_on(town: Force) -> None:
    """Either it was joined in time and ruled on with its lead, or it was refused and waits alone."""
    lone, leads = reports(town, S.RECEIVED), reports(town, S.RECEIVED)
    for made, lead in zip(lone, leads, strict=True):
        results = at_once(act(made, "join", town, lead=lead), act(lead, "rule", town))
        assert not isinstance(results[1], Exception), results[1]
        made.refresh_from_db()
        item = made.items.get()
        if isinstance(results[0], Exception):
            assert isinstance(results[0], Refused)
            assert (made.state, made.lead, item.state) == (S.RECEIVED, None, ItemState.ESCALATED)
        else:
            assert (made.state, made.lead, item.state) == (S.RULED, lead, ItemState.RULED)
    each_owes_once()


def test_taken_out_while_its_lead_is_ruled_on(town: Force) -> None:
    leads = reports(town, S.RECEIVED)
    lone = reports(town, S.RECEIVED)
    joined = [perform(*args, **kwargs) for args, kwargs in _joins(lone, leads, town)]
    for made, lead in zip(joined, leads, strict=True):
        results = at_once(act(made, "take_out", town), act(lead, "rule", town))
        assert all(isinstance(result, Escalation | Refused) for result in results), results
        assert not all(isinstance(result, Refused) for result in results), results
        made.refresh_from_db()
        lead.refresh_from_db()
        if made.state == S.RECEIVED:
            assert made.lead is None
            assert lead.state in (S.RULED, S.RECEIVED)  # refused: whoever rules looks again at what he rules on
        else:
            assert (made.state, lead.state) == (S.RULED, S.RULED)
    each_owes_once()


def _joins(lone: list[Escalation], leads: list[Escalation], town: Force) -> list[tuple[Any, Any]]:
    clerk = town.provincial_secretary
    return [
        ((made, "join"), {"by": clerk, "at": REFERRED, "lead": lead}) for made, lead in zip(lone, leads, strict=True)
    ]


def test_an_item_referred_into_a_report_while_it_is_sent(town: Force) -> None:
    """It is in what was sent, or it is refused and stays before the leader: never above without its text."""
    conference = conference_at(town)
    for made in [escalation_at(town, S.PROPOSED) for _each in range(PAIRS)]:
        late = item_at(town, ItemState.PREPARED, conference=conference)
        back = perform(made, "send_back", by=town.leader, at=REFERRED, note="Thêm một nội dung")
        holding = {"text": "Xin ý kiến tỉnh.", "mode": "written", "reason": "beyond_authority", "report": back}

        def refer(item: Item = late, data: dict[str, Any] = holding) -> Item:
            return perform(item, "escalate", by=town.leader, at=REFERRED, **data)

        results = at_once(refer, act(back, "send", town))
        assert not isinstance(results[1], Exception), results[1]
        late.refresh_from_db()
        within = str(late.pk) in made.dispatches.get().content
        assert within == (late.state == ItemState.ESCALATED) == (not isinstance(results[0], Exception))
    each_owes_once()


def test_numbers_of_reports_are_given_once(town: Force) -> None:
    conference = conference_at(town)
    items = [item_at(town, ItemState.PREPARED, conference=conference) for _each in range(6)]
    holding = {"text": "Xin ý kiến tỉnh.", "mode": "written", "reason": "beyond_authority"}

    def refer(item: Item) -> Callable[[], Item]:
        return lambda: perform(item, "escalate", by=town.leader, at=REFERRED, **holding)

    at_once(*[refer(item) for item in items])
    assert sorted(Escalation.objects.values_list("number", flat=True)) == list(range(1, 7))
