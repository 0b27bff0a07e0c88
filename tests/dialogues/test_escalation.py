"""Every move of an escalation: who may make it, where it leads, whose turn it becomes and who is told."""

from __future__ import annotations

import pytest
from django.db import transaction

from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workflow.actors import SYSTEM
from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Event, Notice, Obligation
from dialogues.domain.conference import owed_items
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Escalation, Item
from dialogues.models.escalation import ENDED
from tests.dialogues.factories import (
    ESCALATION_PATHS,
    REFERRED,
    conference_at,
    escalation_at,
    item_at,
    move,
    prepared_step,
    step,
    write,
)
from tests.factories import Force, person, post

pytestmark = pytest.mark.django_db

# state -> the kind of its obligation and whose it is; what waits has none of its own
TURN = {
    "draft": ("report", "secretary"),
    "proposed": ("send", "leader"),
    "sent": ("receive", "provincial_secretary"),
    "outside": ("pursue", "secretary"),
    "received": ("route", "provincial_secretary"),
    "assigned": ("advise", "unit_chief"),
    "presented": ("rule", "provincial_leader"),
    "joined": None,
    "returned": ("supplement", "secretary"),
    "forwarded": None,
    "ruled": None,
    "delegated": None,
    "refused": None,
    "withdrawn": None,
}
TOWN_LEADERS, CLERK, CHIEF = {"leader", "deputy"}, {"provincial_secretary"}, {"provincial_leader"}
DESK = {"leader", "deputy", "secretary"}
# (action, from, who may, to, who is told of it besides whoever did it)
MOVES: list[tuple[str, str, set[str], str, set[str]]] = [
    ("propose", "draft", {"secretary"}, "proposed", TOWN_LEADERS),
    ("propose", "returned", {"secretary"}, "proposed", TOWN_LEADERS),
    ("send", "draft", TOWN_LEADERS, "sent", DESK | CLERK),
    ("send", "proposed", TOWN_LEADERS, "sent", DESK | CLERK),
    ("send", "returned", TOWN_LEADERS, "sent", DESK | CLERK),
    ("send_back", "proposed", TOWN_LEADERS, "draft", {"secretary"}),
    ("recall", "sent", TOWN_LEADERS, "draft", DESK | CLERK),
    ("withdraw", "draft", TOWN_LEADERS, "withdrawn", DESK),
    ("withdraw", "proposed", TOWN_LEADERS, "withdrawn", DESK),
    ("withdraw", "sent", TOWN_LEADERS, "withdrawn", DESK | CLERK),
    ("withdraw", "returned", TOWN_LEADERS, "withdrawn", DESK | CLERK),
    ("receive", "sent", CLERK, "received", DESK),
    ("assign", "received", CLERK, "assigned", {"division_chief"}),
    ("assign", "assigned", CLERK, "assigned", {"division_chief"}),
    ("assign", "presented", CLERK, "assigned", {"division_chief"}),
    ("advise", "assigned", CLERK | {"division_chief"}, "presented", CLERK | CHIEF),
    ("present", "received", CLERK, "presented", CHIEF),
    ("rule", "received", CHIEF, "ruled", DESK | CLERK),
    ("rule", "presented", CHIEF, "ruled", DESK | CLERK),
    ("delegate_back", "presented", CHIEF, "delegated", DESK | CLERK),
    ("refuse", "presented", CHIEF, "refused", DESK | CLERK),
    ("ask_again", "presented", CHIEF, "assigned", {"division_chief"}),
    ("return_for_information", "received", CLERK | CHIEF, "returned", DESK | CLERK),
    ("return_for_information", "presented", CLERK | CHIEF, "returned", DESK | CLERK),
    ("forward_up", "received", CHIEF, "forwarded", DESK | CLERK),
    ("forward_up", "presented", CHIEF, "forwarded", DESK | CLERK),
    ("join", "received", CLERK, "joined", CLERK),
    ("take_out", "joined", CLERK, "received", CLERK),
    ("record_reply", "outside", CLERK, "ruled", CHIEF | CLERK),
    ("extend", "received", CHIEF, "received", DESK | CLERK),
    ("extend", "assigned", CHIEF, "assigned", DESK | CLERK | {"division_chief"}),
    ("extend", "presented", CHIEF, "presented", DESK | CLERK),
    ("ask_time", "received", CLERK, "received", DESK),
    ("grant_time", "received", TOWN_LEADERS, "received", CLERK),
    ("deny_time", "received", TOWN_LEADERS, "received", CLERK),
]
SYSTEMS_OWN = {"empty", "come_back", "follow", "move_day", "fall_back"}


@pytest.fixture
def people(force: Force) -> dict[str, Person]:
    """Everybody, and the chief of the division that advises."""
    chief = person("phuc.tv")
    post(chief, force.pv01, Role.UNIT_CHIEF, "Trưởng phòng")
    return {**force.people, "division_chief": chief}


def ready(force: Force, action: str, state: str) -> Escalation:
    made = escalation_at(force, state)
    if state == EscalationState.DRAFT and action in ("propose", "send"):
        return write(made, force)
    return step(made, "ask_time", force) if action in ("grant_time", "deny_time") else made


@pytest.mark.parametrize(
    ("action", "state", "who", "target", "told"), MOVES, ids=[f"{move[0]}-{move[1]}" for move in MOVES]
)
def test_a_move_by_whoever_may(
    force: Force, people: dict[str, Person], action: str, state: str, who: set[str], target: str, told: set[str]
) -> None:
    made = ready(force, action, state)
    _by, note, data = prepared_step(made, action, force, lead=escalation_at(force, "received"))
    names = {each.pk: name for name, each in people.items()}
    for name, each in people.items():
        with transaction.atomic():
            if name not in who:
                with pytest.raises(NotAllowed):
                    perform(made, action, by=each, at=REFERRED, note=note, **data)
                continue
            moved = perform(made, action, by=each, at=REFERRED, note=note, **data)
            assert moved.state == target
            event = Event.objects.of(moved).newest_first()[0]
            assert (event.action, event.actor) == (action, each)
            seen = {names[pk] for pk in Notice.objects.filter(event=event).values_list("person", flat=True)}
            assert seen == told - {name}
            transaction.set_rollback(True)


def test_the_table_of_moves_names_every_row() -> None:
    rows = {row.action for row in ESCALATION_FLOW.transitions}
    assert {action for action, *_rest in MOVES} == rows - SYSTEMS_OWN
    assert {row.action for row in ESCALATION_FLOW.transitions if row.who == SYSTEM} == SYSTEMS_OWN


@pytest.mark.parametrize("state", EscalationState.values)
def test_what_another_state_allows_has_moved_on(force: Force, state: str) -> None:
    made = escalation_at(force, state)
    events = Event.objects.count()
    for row in ESCALATION_FLOW.transitions:
        if state not in row.sources:
            by, note, data = prepared_step(made, row.action, force, lead=made)
            # Before there is a division nobody is asked for advice.
            with pytest.raises((MovedOn, NotAllowed)), transaction.atomic():
                perform(made, row.action, by=by, at=REFERRED, note=note, **data)
    made.refresh_from_db()
    assert (made.state, Event.objects.count()) == (state, events)


@pytest.mark.parametrize("state", EscalationState.values)
def test_each_state_owes_one_turn_and_its_items_show_it(force: Force, state: str) -> None:
    made = escalation_at(force, state)
    open_ones = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
    assert [(each.kind, each.role) for each in open_ones] == ([TURN[state]] if TURN[state] else [])
    if TURN[state]:
        assert made.turn == open_ones[0]
    assert (made.turn is None) == (state in ENDED)
    for item in Item.objects.filter(state=ItemState.ESCALATED, escalation=made):
        assert item.turn == made.turn
        assert not Obligation.objects.open().filter(subject_id=str(item.pk)).exists()
    assert Event.objects.of(made).count() == made.moves
    assert verify().ok


def test_the_table_of_paths_names_every_state() -> None:
    assert set(ESCALATION_PATHS) == set(EscalationState.values) == set(TURN)


@pytest.mark.parametrize(
    "state", [state for state in EscalationState.values if state not in ENDED and state != "outside"]
)
def test_an_item_can_neither_be_answered_nor_closed_while_its_escalation_is_open(force: Force, state: str) -> None:
    conference = conference_at(force, "collecting")
    made = escalation_at(force, state, items=[item_at(force, ItemState.PREPARED, conference=conference)])
    item = made.items.get()
    for action, by in (("start", force.secretary), ("conclude", force.leader)):
        conference = perform(conference, action, by=by, at=REFERRED)
    for action in ("answer", "publish", "confirm", "decline", "send_back", "assign"):
        with pytest.raises(Refused), transaction.atomic():
            move(item, action, force)
    assert list(owed_items(conference)) == [item]
    with pytest.raises(Refused), transaction.atomic():
        perform(conference, "close", by=force.secretary, at=REFERRED)


@pytest.mark.parametrize("state", ["ruled", "delegated", "refused"])
def test_a_final_reply_gives_the_leader_his_turn_with_three_days(force: Force, state: str) -> None:
    made = escalation_at(force, state)
    item = made.items.get()
    assert item.state == ItemState.RULED
    assert item.turn is not None
    assert (item.turn.kind, item.turn.role, item.turn.unit, item.turn.term) == ("answer", "leader", force.town, 3)
    event = Event.objects.of(item).newest_first()[0]
    told = Notice.objects.filter(event=event).values_list("person__username", flat=True)
    assert set(told) == {force.leader.username, force.deputy.username}
    assert move(item, "answer", force).state == ItemState.ANSWERED


def test_the_asker_is_told_that_it_goes_up_and_then_the_answer(force: Force) -> None:
    def told(item: Item) -> list[str]:
        lines = Notice.objects.filter(person=force.officer, event__subject_id=str(item.pk)).order_by("event")
        return list(lines.values_list("event__action", flat=True))

    item = escalation_at(force, "ruled").items.get()
    assert told(item) == ["accept", "escalate"]
    item = move(move(item, "answer", force), "publish", force)
    assert told(item)[-1] == "publish"
