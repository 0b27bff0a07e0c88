"""How conferences, items and reports follow to another unit, whatever state they are in."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cchc.followup.domain.handover import beside, confirm, plan
from cchc.organization.enums import UnitKind
from cchc.organization.models import Unit
from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, perform
from cchc.workflow.models import Event, Obligation
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Directive, Escalation, Item
from dialogues.models.item import ENDED_STATES
from tests.dialogues.directing import directive_at
from tests.dialogues.factories import (
    ESCALATION_PATHS,
    conference_at,
    escalation_at,
    item_at,
    move,
    walk,
)
from tests.factories import Force, force, unit
from tests.followup.reorganizing import DECISION, NOW, dissolve_town, fresh, merge

pytestmark = pytest.mark.django_db
E_S = EscalationState


def again(item: Item) -> Item:
    return Item.objects.select_related("turn__unit", "turn__handover__from_unit", "lead_unit", "host").get(pk=item.pk)


def stranded() -> list[Obligation]:
    """Open duties of units that have ended."""
    return list(Obligation.objects.open().filter(unit__valid_to__lt=NOW.date()))


# --- what a team prepared ---------------------------------------------------------------------------------------------
def test_the_lead_passes_with_the_turn(force: Force) -> None:
    item = item_at(force, "assigned")
    ended = merge(force.qlhc, force.ward)
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    now = again(item)
    assert now.turn is not None
    assert now.turn.handover is not None
    assert (now.lead_unit, now.turn.unit, now.turn.handover.from_unit) == (force.ward, force.ward, force.qlhc)
    assert now.host == force.town
    event = Event.objects.of(now).newest_first().first()
    assert event is not None
    assert (event.action, event.actor) == ("hand_over", force.secretary)
    assert force.qlhc.name in event.note
    assert force.ward.name in event.note
    assert DECISION in event.note


def test_both_names_stand_where_it_is_shown_whose_turn_it_is(client: Client, force: Force) -> None:
    item = item_at(force, "assigned")
    ended = merge(force.qlhc, force.ward)
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    client.force_login(force.secretary)
    for address in (reverse("item_show", args=[item.pk]), reverse("obligation_show", args=[item.turn_id])):
        page = client.get(address).content.decode()
        head = page.split("<h1", 1)[1].split('id="h-l"', 1)[0]
        assert [words for words in (force.qlhc.name, "Hòa Bình", DECISION) if words not in head] == [], address


def test_the_new_lead_goes_on_with_the_work_and_the_next_turn_is_its_own(force: Force) -> None:
    item = item_at(force, "promised")
    ended = merge(force.qlhc, force.ward)
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    done = {"text": "Đã thực hiện xong.", "done_on": NOW.date()}
    reported = perform(again(item), "report", by=fresh(force.ward_chief), at=NOW, **done)
    back = perform(reported, "return_report", by=force.leader, at=NOW, note="Chưa đủ.")
    assert back.turn is not None
    assert (back.turn.unit, back.turn.handover) == (force.ward, None)


def test_whoever_typed_before_is_told_that_it_moved_on(force: Force) -> None:
    item = item_at(force, "assigned")
    ended = merge(force.qlhc, force.ward)
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    with pytest.raises(MovedOn):
        perform(item, "prepare", by=fresh(force.ward_chief), at=NOW, seen=item.moves, text="Đề xuất.")


def test_with_everything_pass_also_the_items_that_are_anothers_turn(force: Force) -> None:
    with_leader, helped = item_at(force, "prepared"), item_at(force, "assigned")
    helped.lead_unit, other = force.th, item_at(force, "closed")
    helped.coordinating.set([force.qlhc])
    helped.save()
    Obligation.objects.filter(pk=helped.turn_id).update(unit=force.th)
    ended = merge(force.qlhc, force.ward)
    also = beside(ended)
    assert also == {("dialogues.item", str(with_leader.pk)), ("dialogues.item", str(helped.pk))}
    confirm(ended, force.ward, DECISION, also=also, by=force.secretary, at=NOW)
    assert again(with_leader).lead_unit == force.ward
    assert set(again(helped).coordinating.all()) == {force.qlhc, force.ward}
    assert again(other).lead_unit == force.qlhc  # what has ended stays as it was
    sent_back = move(again(with_leader), "send_back", force, at=NOW)
    assert sent_back.turn is not None
    assert sent_back.turn.unit == force.ward


# --- what a host held -------------------------------------------------------------------------------------------------
def test_a_conference_goes_as_a_whole(force: Force) -> None:
    conference, other = conference_at(force, "in_session"), conference_at(force, "collecting")
    items = [item_at(force, state, conference=conference) for state in ("submitted", "prepared", "closed")]
    elsewhere = item_at(force, conference=other)
    town = dissolve_town(force)
    first = Obligation.objects.get(subject_id=str(items[0].pk), settled_at=None)
    passes = plan(town, [first.pk])
    assert {each.subject_id for each in passes.duties} == {str(conference.pk), str(items[0].pk), str(items[1].pk)}
    confirm(town, force.pv01, DECISION, chosen=[first.pk], by=force.provincial_secretary, at=NOW)
    conference.refresh_from_db()
    assert conference.host == force.province
    assert {again(item).host for item in items} == {force.province}
    assert again(elsewhere).host == town
    assert {each.unit for each in Obligation.objects.open().filter(handover__isnull=False)} == {force.province}
    assert again(items[0]).turn.is_owed_by(fresh(force.provincial_secretary))  # type: ignore[union-attr]


def test_the_new_host_has_all_rights_over_it(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force, "in_session"))
    town = dissolve_town(force)
    leader = fresh(force.provincial_leader)
    client.force_login(leader)
    address = reverse("item_show", args=[item.pk])
    assert client.get(address).status_code == 404
    confirm(town, force.province, DECISION, by=force.provincial_secretary, at=NOW)
    page = client.get(address)
    assert page.status_code == 200
    assert DECISION in page.content.decode()
    assert town.name in page.content.decode()
    perform(again(item), "answer", by=leader, at=NOW, text="Đồng ý.", kind="explained", mode="written")


# --- reports ----------------------------------------------------------------------------------------------------------
def test_a_report_that_was_not_sent_falls_back_when_asker_and_asked_are_one(force: Force) -> None:
    reports = {state: escalation_at(force, state) for state in (E_S.DRAFT, E_S.PROPOSED, E_S.RETURNED)}
    items = {state: report.items.get() for state, report in reports.items()}
    town = dissolve_town(force)
    confirm(town, force.province, DECISION, by=force.provincial_secretary, at=NOW)
    for state, report in reports.items():
        report.refresh_from_db()
        item = again(items[state])
        assert (report.state, item.state, item.host) == (E_S.WITHDRAWN, ItemState.PREPARED, force.province)
        assert item.turn is not None
        assert (item.turn.role, item.turn.unit) == ("leader", force.province)
    assert stranded() == []


def test_a_report_that_was_sent_goes_on_and_its_ruling_reaches_the_new_host(force: Force) -> None:
    report = escalation_at(force, E_S.RECEIVED)
    item = report.items.get()
    town = dissolve_town(force)
    confirm(town, force.province, DECISION, by=force.provincial_secretary, at=NOW)
    report.refresh_from_db()
    assert (report.state, report.host) == (E_S.RECEIVED, town)  # it is on record who asked
    walk(report, ["assign", "advise", "rule"], force, at=NOW)
    now = again(item)
    assert (now.state, now.host) == (ItemState.RULED, force.province)
    assert now.turn is not None
    assert now.turn.unit == force.province
    assert stranded() == []


def test_a_report_goes_with_its_conference_to_another_host(force: Force) -> None:
    """And keeps its code; only the number that tells those of one host apart is the new host's."""
    other = unit("CATX3", force.province, UnitKind.DISTRICT_POLICE, name="Công an thị xã Mới")
    report = escalation_at(force, E_S.SENT)
    Escalation.objects.filter(pk=escalation_at(force).pk).update(host=other, number=report.number)
    code = report.code
    town = dissolve_town(force)
    confirm(town, other, DECISION, by=force.provincial_secretary, at=NOW)
    report.refresh_from_db()
    assert (report.host, report.receiver, report.code) == (other, force.province, code)
    assert report.items.get().host == other


def test_the_advising_division_passes_with_its_turn(force: Force) -> None:
    report = escalation_at(force, E_S.ASSIGNED)
    other = unit("PV05", force.province, UnitKind.DIVISION, name="Phòng PV05")
    ended = merge(force.pv01, other)
    # The provincial secretary's own division has ended: the leader confirms.
    confirm(ended, other, DECISION, by=fresh(force.provincial_leader), at=NOW)
    report.refresh_from_db()
    assert report.division == other
    assert report.turn is not None
    assert report.turn.unit == other


# --- whatever the states ----------------------------------------------------------------------------------------------
ITEM_STATES = [state for state in ItemState if state not in (ItemState.DRAFT, ItemState.ESCALATED)]
REPORT_STATES = [state for state in ESCALATION_PATHS if state not in ENDED_STATES]


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    items=st.lists(st.sampled_from(ITEM_STATES), min_size=1, max_size=4),
    reports=st.lists(st.sampled_from(REPORT_STATES), max_size=2),
    shared=st.booleans(),
    elsewhere=st.booleans(),
)
def test_after_the_hand_over_no_ended_unit_owes_anything(
    db: None, items: list[str], reports: list[str], shared: bool, elsewhere: bool
) -> None:
    with transaction.atomic():
        small = force()
        conference = conference_at(small, "concluded" if not shared else "collecting")
        made = [item_at(small, state, conference=conference if shared else None) for state in items]
        for state in reports:
            escalation_at(small, state)
        before = Obligation.objects.open().count()
        other = unit("MOI", small.province, UnitKind.DISTRICT_POLICE) if elsewhere else small.province
        dissolve_town(small)
        for ended in (small.qlhc, small.town):
            if Obligation.objects.open().filter(unit=ended).exists():
                taker = small.ward if ended == small.qlhc else other
                confirm(Unit.objects.get(pk=ended.pk), taker, DECISION, by=fresh(small.provincial_secretary), at=NOW)
        assert stranded() == []
        assert Obligation.objects.open().count() <= before  # what falls back replaces what it was
        for item in map(again, made):
            assert (item.turn is not None) is (item.state not in ENDED_STATES)
            assert item.turn is None or item.turn.unit is None or item.turn.unit.valid_to is None
            assert item.host == item.conference.host
        assert verify().ok
        transaction.set_rollback(True)


# --- what was concluded and is to be done -----------------------------------------------------------------------------
def test_a_directive_passes_with_the_unit_that_leads_it(force: Force) -> None:
    made, helped = directive_at(force, "in_progress"), directive_at(force, "in_progress", lead=force.ward)
    reported = directive_at(force, "reported")
    helped.coordinating.set([force.qlhc])
    ended = merge(force.qlhc, force.ward)
    keys = beside(ended)
    assert ("dialogues.directive", str(helped.pk)) in keys
    assert ("dialogues.directive", str(reported.pk)) in keys
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    now = Directive.objects.select_related("turn__unit").get(pk=made.pk)
    assert now.turn is not None
    assert (now.lead, now.turn.unit, now.host) == (force.ward, force.ward, force.town)
    assert force.ward not in now.coordinating.all()
    assert perform(now, "update", by=fresh(force.ward_chief), at=NOW, percent=50, text="Tiếp tục.").percent == 50
    assert not [each for each in stranded() if each.subject_type == "dialogues.directive"]
    assert verify().ok
