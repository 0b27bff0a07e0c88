"""What the unit above makes of it: advice, joining, a ruling for all, asking for more, referring further, and days."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import transaction

from cchc.organization.enums import UnitKind
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused, perform
from cchc.workflow.models import Event, Notice, Obligation
from dialogues.enums import EscalationState, ItemState, ReplyKind
from dialogues.models import Escalation, Item, Reply
from tests.dialogues.factories import (
    REFERRED,
    WISHED,
    conference_at,
    escalation_at,
    item_at,
    neighbor,
    step,
    write,
)
from tests.dialogues.joining import SECOND, fresh, joined, received_from, three_towns
from tests.factories import Force, unit

pytestmark = pytest.mark.django_db


def item_of(made: Escalation) -> Item:
    return Item.objects.get(escalation=made)


@pytest.fixture
def towns(force: Force) -> list[Force]:
    return three_towns(force)


@pytest.fixture
def three(towns: list[Force]) -> list[Escalation]:
    return received_from(towns)


def kinds(made: Escalation) -> list[str]:
    return list(made.replies.values_list("kind", flat=True))


# --- advice -----------------------------------------------------------------------------------------------------------
def test_advice_is_kept_with_who_gave_it(force: Force) -> None:
    made = escalation_at(force, "presented")
    assert (made.advice, made.advised_by, made.advised_at) == (
        "Đề nghị đồng ý theo phương án 2.", force.provincial_secretary, REFERRED,
    )  # fmt: skip
    assert made.division == force.pv01


def test_presented_without_a_word_there_is_no_advice(force: Force) -> None:
    made = step(escalation_at(force, "received"), "present", force, text="")
    assert (made.state, made.advice, made.advised_by) == ("presented", "", None)


def test_asked_again_it_goes_to_the_division_or_the_clerk_if_there_was_none(force: Force) -> None:
    assert step(escalation_at(force, "presented"), "ask_again", force).state == "assigned"
    straight = step(escalation_at(force, "received"), "present", force, text="")
    assert step(straight, "ask_again", force).state == "received"


def test_advice_is_due_three_days_before_the_opinion_or_when_set_or_tomorrow(force: Force) -> None:
    days = calendar()
    made = step(escalation_at(force, "received"), "assign", force)
    assert made.turn is not None
    assert made.turn.due_on == days.before(WISHED, 3) == date(2020, 2, 11)
    made = step(made, "assign", force, due=date(2020, 1, 18))  # a Saturday
    assert made.turn is not None
    assert made.turn.due_on == date(2020, 1, 20)
    late = escalation_at(force, "received", requested_on=date(2020, 1, 8))
    late = step(late, "assign", force)
    assert late.turn is not None
    assert late.turn.due_on == days.due(REFERRED.date(), 1)


# --- ruling -----------------------------------------------------------------------------------------------------------
def test_one_ruling_serves_both_items_of_a_report(force: Force) -> None:
    conference = conference_at(force)
    pair = [item_at(force, ItemState.PREPARED, conference=conference) for _each in range(2)]
    made = step(escalation_at(force, "presented", items=pair), "rule", force, done_by=date(2020, 4, 30))
    reply = made.replies.get()
    assert (reply.kind, reply.given_by, reply.acting_kind, reply.done_by) == (
        ReplyKind.RULED, force.provincial_leader, "", date(2020, 4, 30),
    )  # fmt: skip
    assert reply.capacity == "Phó Giám đốc Công an tỉnh"
    for item in made.items.all():
        assert (item.state, item.turn.kind, item.turn.unit) == ("ruled", "answer", force.town)
    assert Obligation.objects.open().filter(kind="answer").count() == 2


def test_joined_from_three_units_one_ruling_reaches_each_leader(force: Force, three: list[Escalation]) -> None:
    lead, members = joined(three, force)
    assert {fresh(each).turn for each in members} == {lead.turn}
    assert {item_of(each).turn for each in three} == {lead.turn}
    assert Obligation.objects.open().filter(subject_type="dialogues.escalation").count() == 1

    step(lead, "rule", force)
    assert Reply.objects.count() == 1
    for each in three:
        ruled, item = fresh(each), item_of(each)
        assert (ruled.state, ruled.turn, item.state) == (EscalationState.RULED, None, ItemState.RULED)
        assert ruled.last_reply == Reply.objects.get()
        assert item.turn is not None
        assert (item.turn.kind, item.turn.unit) == ("answer", each.host)
    assert not Obligation.objects.open().filter(subject_type="dialogues.escalation").exists()


@pytest.mark.parametrize(("action", "state"), [("delegate_back", "delegated"), ("refuse", "refused")])
def test_those_joined_share_any_final_reply(force: Force, three: list[Escalation], action: str, state: str) -> None:
    lead, _members = joined(three, force)
    step(lead, action, force)
    assert {fresh(each).state for each in three} == {state}
    assert {item_of(each).state for each in three} == {ItemState.RULED}


def test_the_turn_of_the_issue_is_that_of_all_of_it(force: Force, three: list[Escalation]) -> None:
    lead, _members = joined(three, force)
    for action in ("assign", "advise", "ask_again", "advise"):
        lead = step(lead, action, force)
        assert {fresh(each).turn for each in three} == {item_of(each).turn for each in three} == {lead.turn}


def test_those_joined_are_told_the_reply_and_nothing_of_each_other(towns: list[Force], three: list[Escalation]) -> None:
    lead, members = joined(three, towns[0])
    step(lead, "rule", towns[0])
    for town, each in zip(towns[1:], members, strict=True):
        event = Event.objects.of(each).newest_first()[0]
        assert event.action == "follow"
        told = set(Notice.objects.filter(event=event).values_list("person", flat=True))
        assert told == {town.leader.pk, town.secretary.pk}
        seen = Escalation.objects.visible_to(town.leader)
        assert list(seen) == [fresh(each)]


def test_taken_out_it_is_routed_alone_and_not_ruled_on(force: Force, three: list[Escalation]) -> None:
    lead, (second, third) = joined(three, force)
    second = step(second, "take_out", force)
    assert (second.state, second.lead) == ("received", None)
    assert second.turn is not None
    assert (second.turn.kind, second.turn.due_on) == ("route", SECOND)
    assert item_of(second).turn == second.turn

    step(lead, "rule", force)
    assert [fresh(each).state for each in three] == ["ruled", "received", "ruled"]
    assert item_of(second).state == ItemState.ESCALATED
    assert third.lead == lead


def test_what_cannot_be_joined(force: Force, three: list[Escalation]) -> None:
    lead, (second, third) = joined(three, force)
    elsewhere = escalation_at(neighbor(force, "CATX5"), "received")
    refusals = {
        "itself": (elsewhere, elsewhere),
        "one that is joined": (elsewhere, second),
        "one that is being written": (elsewhere, escalation_at(force, "draft")),
        "one that is decided": (elsewhere, escalation_at(force, "ruled")),
        "one that leads": (lead, elsewhere),
    }
    for what, (each, onto) in refusals.items():
        with pytest.raises(Refused), transaction.atomic():
            step(each, "join", force, lead=onto)
            pytest.fail(what)
    assert third.lead == lead


def test_an_issue_with_others_behind_it_is_not_returned(force: Force, three: list[Escalation]) -> None:
    lead, members = joined(three, force)
    with pytest.raises(Refused):
        step(lead, "return_for_information", force)
    for each in members:
        step(each, "take_out", force)
    assert step(lead, "return_for_information", force).state == "returned"


# --- asked for more ---------------------------------------------------------------------------------------------------
def test_returned_supplemented_and_sent_again(force: Force) -> None:
    made = escalation_at(force, "received")
    made = step(made, "return_for_information", force, done_by=date(2020, 1, 31))
    item = item_of(made)
    assert made.turn is not None
    assert (made.turn.kind, made.turn.due_on, item.turn) == ("supplement", date(2020, 1, 31), made.turn)
    assert item.state == ItemState.ESCALATED

    made = write(made, force, text="Bổ sung danh sách 19 chức danh.", report_number="19/BC-CATX-TH")
    made = perform(made, "send", by=force.deputy, at=REFERRED + timedelta(days=20))
    rounds = list(made.dispatches.values_list("round", "report_number", "acting_kind"))
    assert rounds[1:] == [(2, "19/BC-CATX-TH", "kt")]
    made = step(step(step(made, "receive", force), "present", force), "rule", force)
    assert kinds(made) == ["returned_for_information", "ruled"]


def test_without_a_day_the_supplement_is_due_in_five(force: Force) -> None:
    made = escalation_at(force, "returned")
    assert made.turn is not None
    assert made.turn.due_on == calendar().due(REFERRED.date(), 5)


# --- referred further -------------------------------------------------------------------------------------------------
def test_referred_further_it_waits_on_a_report_of_the_provinces_own(force: Force, three: list[Escalation]) -> None:
    lead, _members = joined(three, force)
    lead = step(lead, "forward_up", force)
    child = lead.children.get()
    assert (child.host, child.receiver, child.text) == (force.province, force.ministry, lead.text)
    assert child.turn is not None
    assert (child.turn.kind, child.turn.unit) == ("report", force.province)
    everybody = [*three, *(item_of(each) for each in three)]
    assert {type(each).objects.get(pk=each.pk).turn for each in everybody} == {child.turn}

    child = step(write(child, force, report_number="188/CAT-PC08"), "send", force)
    assert child.state == EscalationState.OUTSIDE
    assert {item["id"] for item in child_items(child)} == {str(item_of(each).pk) for each in three}
    assert {type(each).objects.get(pk=each.pk).turn for each in everybody} == {child.turn}


def child_items(child: Escalation) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(child.dispatches.get().content)["items"]
    return found


def test_what_the_ministry_says_comes_back_as_advice_and_the_province_rules(force: Force) -> None:
    child = escalation_at(force, "outside")
    parent = child.parent
    assert parent is not None
    child = step(child, "record_reply", force, text="Cho thí điểm 06 tháng.", document="77/C08-P1")
    said = child.replies.get()
    assert (child.state, said.outside, said.given_by) == ("ruled", True, force.provincial_secretary)
    parent = fresh(parent)
    assert (parent.state, parent.advice, parent.advised_by) == (
        "presented", "Cho thí điểm 06 tháng.", force.provincial_secretary,
    )  # fmt: skip
    assert parent.turn is not None
    assert (parent.turn.kind, item_of(parent).turn) == ("rule", parent.turn)

    parent = step(parent, "rule", force)
    assert kinds(parent) == ["forwarded_up", "ruled"]
    assert item_of(parent).state == ItemState.RULED


def test_the_ministry_asks_for_more_and_the_province_sends_again(force: Force) -> None:
    child = escalation_at(force, "outside")
    child = step(child, "record_reply", force, kind=ReplyKind.RETURNED_FOR_INFORMATION, text="Thiếu số liệu.")
    assert (child.state, fresh(child.parent).state) == ("returned", "forwarded")  # type: ignore[arg-type]
    assert fresh(child.parent).turn == child.turn  # type: ignore[arg-type]
    child = step(write(child, force, text="Bổ sung."), "send", force)
    assert (child.state, child.dispatches.count()) == ("outside", 2)


def test_withdrawn_at_the_ministry_it_is_before_the_provincial_leader_again(force: Force) -> None:
    parent = escalation_at(force, "forwarded")
    step(parent.children.get(), "withdraw", force)
    parent = fresh(parent)
    assert parent.state == EscalationState.PRESENTED
    assert parent.turn is not None
    assert item_of(parent).turn == parent.turn
    again = step(parent, "forward_up", force)
    assert (again.children.count(), again.turn) == (2, again.children.latest("number").turn)


def test_it_may_be_referred_to_a_body_beside_the_one_above(force: Force) -> None:
    bureau = unit("C08", force.ministry, UnitKind.MINISTRY_DEPARTMENT)
    parent = step(escalation_at(force, "presented"), "forward_up", force, to=bureau)
    assert parent.children.get().receiver == bureau


def test_only_a_reply_can_be_recorded(force: Force) -> None:
    with pytest.raises(Refused):
        step(escalation_at(force, "outside"), "record_reply", force, kind=ReplyKind.FORWARDED_UP)
