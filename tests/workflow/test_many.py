"""The engine's door for many at once: what it leaves behind is what one move after the other leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from cchc.organization.models import Unit
from cchc.workflow.actors import CLOCK, SYSTEM
from cchc.workflow.chain import verify
from cchc.workflow.engine import perform, perform_many
from cchc.workflow.models import Event, Notice, Obligation
from commitments.models import Campaign, Commitment
from tests.commitments.factories import AT, WHEN, campaign, commitment_at
from tests.factories import Force

LATER = WHEN["evaluate"]


def left_by(commitment: Commitment) -> dict[str, Any]:
    """What the last move of *commitment* wrote, without numbers and salts."""
    pk = str(commitment.pk)
    own = Obligation.objects.filter(subject_id=pk).order_by("pk")
    event = Event.objects.of(commitment).newest_first()[0]
    return {
        "state": commitment.state,
        "moves": commitment.moves,
        "turn": commitment.turn.kind if commitment.turn else "",
        "owed": [(each.kind, each.role, each.unit_id, each.due_on, each.settled_at) for each in own],
        "event": (event.action, event.from_state, event.to_state, event.payload, event.at),
        "told": list(Notice.objects.filter(event=event).values_list("person__username", "capacity", "told_at")),
        "scores": list(commitment.scores.values_list("stage", "points", "before", "basis")),
    }


def twins(force: Force) -> list[Commitment]:
    """Two commitments in force that differ in nothing but their campaign."""
    return [commitment_at(force, "in_force", of=campaign(force, code=f"CK-{n}")) for n in (1, 2)]


def test_many_at_once_leave_what_one_leaves(force: Force) -> None:
    one, other = twins(force)
    alone = perform(one, "assess", by=SYSTEM, at=LATER)
    [made] = perform_many(Commitment.objects.filter(pk=other.pk), "assess", by=SYSTEM, at=LATER)
    stored = Commitment.objects.get(pk=other.pk)
    assert (stored.state, stored.moves, stored.turn) == (made.state, made.moves, made.turn)
    found, expected = left_by(stored), left_by(alone)
    for told in (found, expected):  # the tasks are not the same rows
        told["scores"] = [(*score[:3], len(score[3])) for score in told["scores"]]
    assert found == expected
    assert expected["told"] == [(force.unit_chief.username, "owner", LATER)]
    assert (expected["state"], expected["turn"], len(expected["scores"])) == ("self_due", "self_score", 1)


def test_the_ledger_goes_on_line_by_line(force: Force) -> None:
    made = campaign(force)
    moved = perform_many(made.commitments.all(), "lapse", by=SYSTEM, at=AT, note="Bỏ.")
    lines = list(Event.objects.order_by("-seq")[: len(moved)])[::-1]
    assert [line.subject_id for line in lines] == [str(each.pk) for each in moved]
    assert (len(moved), len({line.salt for line in lines}), {line.note for line in lines}) == (3, 3, {"Bỏ."})
    assert verify().ok
    assert not Obligation.objects.open().filter(subject_type="commitments.commitment").exists()


def test_begun_together_each_owes_and_has_its_line(force: Force) -> None:
    drafts = list(campaign(force).commitments.select_related("turn").order_by("unit_id"))
    assert [(each.moves, each.turn.kind, each.turn.unit_id) for each in drafts] == [
        (1, "sign", unit.pk) for unit in sorted((force.qlhc, force.th, force.ward), key=lambda unit: unit.pk)
    ]
    assert all(Event.objects.of(each).get().action == "create" for each in drafts)
    assert len({each.check_code for each in drafts}) == 3
    assert verify().ok


def test_whatever_has_moved_on_stays_as_it_is(force: Force) -> None:
    signed = commitment_at(force, "in_force")
    assert perform_many(Commitment.objects.all(), "lapse", by=SYSTEM, at=AT) == list(
        Commitment.objects.filter(state="lapsed").order_by("pk")
    )
    assert Commitment.objects.get(pk=signed.pk).moves == signed.moves
    assert perform_many(Commitment.objects.all(), "lapse", by=SYSTEM, at=AT) == []


@pytest.mark.parametrize(("action", "by"), [("supersede", SYSTEM), ("lapse", CLOCK), ("sign", SYSTEM)])
def test_what_looks_at_each_by_itself_is_no_move_for_many(force: Force, action: str, by: Any) -> None:
    commitment_at(force, "in_force")
    with pytest.raises(ValueError, match=action):
        perform_many(Commitment.objects.all(), action, by=by, at=AT)


@pytest.mark.parametrize("extra", [0, 30])
def test_statements_do_not_grow_with_the_number(force: Force, extra: int, django_assert_num_queries: Any) -> None:
    made = campaign(force)
    draft = made.commitments.select_related("group").get(unit=force.qlhc)
    units = Unit.objects.bulk_create(
        Unit(code=f"D{n}", name=f"Đội {n}", short_name=f"D{n}", kind="team", parent=force.town, path=force.town.path)
        for n in range(extra)
    )
    Commitment.objects.bulk_create(
        Commitment(campaign=made, host=force.town, unit=unit, group=draft.group, code=unit.code, check_code=unit.code)
        for unit in units
    )
    with django_assert_num_queries(8):
        moved = perform_many(Campaign.objects.get().commitments.all(), "lapse", by=SYSTEM, at=AT)
    assert len(moved) == 3 + extra
