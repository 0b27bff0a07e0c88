"""Units that have ended: what they owe waits above, and passes to another unit once, by a decision, with both names."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.followup import dashboard
from cchc.followup.domain import handover as handovers
from cchc.followup.domain.reminder import open_reminders
from cchc.organization.domain.absence import name_stand_in, record_absence
from cchc.organization.domain.unit import record_succession
from cchc.organization.enums import Role
from cchc.organization.models import Succession, Unit
from cchc.web.panels import Panel
from cchc.workflow.engine import NotAllowed, Refused
from cchc.workflow.models import Event, Handover, Notice, Obligation
from tests.factories import Force, force, unit
from tests.followup.obligations import morning, owed, told
from tests.followup.reorganizing import DECISION, LAST, NOW, dissolve_town, fresh, merge

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DUE = date(2020, 3, 12)


@pytest.fixture
def ended(force: Force) -> Unit:
    """QLHC, which still owes three answers, was merged into TH."""
    for n in range(3):
        owed(force, DUE + timedelta(days=n))
    return merge(force.qlhc, force.th)


def waiting_for(force: Force) -> dict[str, list[str]]:
    """The codes of the units in everybody's queue, where there are any."""
    found = {}
    for name, person in force.people.items():
        if codes := [each.unit.code for each in handovers.waiting(fresh(person), TODAY)]:
            found[name] = codes
    return found


# --- what waits, and before whom --------------------------------------------------------------------------------------
def test_while_a_unit_exists_nothing_waits(force: Force) -> None:
    owed(force, DUE)
    assert waiting_for(force) == {}
    merge(force.qlhc, force.th, on=TODAY + timedelta(days=1))  # today is its last day
    assert waiting_for(force) == {}


def test_it_waits_before_those_above_who_work_for_the_command(force: Force, ended: Unit) -> None:
    above = ("secretary", "leader", "deputy", "provincial_secretary", "provincial_leader")
    assert waiting_for(force) == dict.fromkeys(above, ["QLHC"])
    first = handovers.waiting(force.secretary, TODAY)[0]
    assert (first.count, first.late, first.earliest, first.suggested) == (3, 0, DUE, [force.th])


def test_of_the_town_itself_only_the_province_is_left(force: Force) -> None:
    owed(force, DUE, Role.SECRETARY)
    owed(force, DUE, Role.UNIT_CHIEF)
    owed(force, DUE, Role.UNIT_CHIEF, unit=force.ward)
    dissolve_town(force)
    both = {"CATX", "QLHC"}
    found = waiting_for(force)
    assert set(found) == {"provincial_secretary", "provincial_leader"}
    assert {frozenset(codes) for codes in found.values()} == {frozenset(both)}


def test_the_successor_of_a_successor_is_proposed_and_functions_come_last(force: Force) -> None:
    second = unit("MOI", force.town)
    ended_qlhc = merge(force.qlhc, force.th)
    ended_th = merge(force.th, second)
    found = handovers.successors([ended_qlhc, ended_th], TODAY)
    assert found == {force.qlhc.pk: [second], force.th.pk: [second]}
    record_succession(
        unit=ended_qlhc, successor=force.pv01, kind="function_transfer", decision=DECISION, on=LAST, at=NOW
    )
    assert handovers.successors([ended_qlhc], TODAY)[force.qlhc.pk] == [second, force.pv01]


def test_a_circle_of_successions_ends(force: Force) -> None:
    one, other = merge(force.qlhc, force.th), merge(force.th, force.ward)
    Succession.objects.create(unit=other, successor=one, kind="merged", decision=DECISION, on=LAST)
    assert handovers.successors([one], TODAY)[one.pk] == [force.ward]


# --- confirming -------------------------------------------------------------------------------------------------------
def test_all_of_it_passes_and_both_names_stay(force: Force, ended: Unit) -> None:
    done = handovers.confirm(ended, force.th, f" {DECISION} ", by=force.secretary, at=NOW)
    passed = Obligation.objects.filter(handover=done)
    assert (done.from_unit, done.to_unit, done.decision, done.by, done.at) == (
        ended, force.th, DECISION, force.secretary, NOW,
    )  # fmt: skip
    assert set(passed.values_list("unit", "role")) == {(force.th.pk, Role.UNIT_CHIEF)}
    assert [each.first_due_on for each in passed.order_by("pk")] == [DUE + timedelta(days=n) for n in range(3)]
    assert waiting_for(force) == {}


def test_the_new_owners_are_told_once_of_the_whole(force: Force, ended: Unit) -> None:
    done = handovers.confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    event = Event.objects.of(done).get()
    assert (event.action, event.actor, event.data["duties"]) == ("confirm", force.secretary, 3)
    assert [notice.person for notice in Notice.objects.filter(event=event)] == [force.ward_chief]


def test_where_nobody_holds_the_post_the_next_above_is_told(force: Force, ended: Unit) -> None:
    done = handovers.confirm(ended, force.th, DECISION, by=force.provincial_secretary, at=NOW)
    people = {notice.person for notice in Notice.objects.filter(event__subject_id=str(done.pk))}
    assert people == {force.secretary, force.leader, force.deputy}


def test_what_a_command_owed_passes_to_the_command(force: Force) -> None:
    """A team takes over from its town: its chief the chief's duties, its command what only a command owes."""
    chief = owed(force, DUE, Role.UNIT_CHIEF, unit=force.town)
    secretary = owed(force, DUE, Role.SECRETARY)
    town = dissolve_town(force)
    handovers.confirm(town, force.pv01, DECISION, by=force.provincial_secretary, at=NOW)
    chief.refresh_from_db()
    secretary.refresh_from_db()
    assert (chief.unit, secretary.unit) == (force.pv01, force.province)
    assert secretary.is_owed_by(fresh(force.provincial_secretary))


def test_only_what_was_chosen_passes(force: Force, ended: Unit) -> None:
    first, *others = Obligation.objects.filter(unit=ended).order_by("due_on")
    handovers.confirm(ended, force.th, DECISION, chosen=[first.pk], by=force.leader, at=NOW)
    assert list(Obligation.objects.filter(unit=ended).order_by("due_on")) == others
    handovers.confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    assert not Obligation.objects.filter(unit=ended).exists()
    assert list(Handover.objects.order_by("pk").values_list("to_unit__code", flat=True)) == ["TH", "PHUONG"]


def test_what_was_settled_meanwhile_is_left_out(force: Force, ended: Unit) -> None:
    ids = list(Obligation.objects.filter(unit=ended).values_list("pk", flat=True))
    Obligation.objects.filter(pk=ids[0]).update(settled_at=NOW)
    done = handovers.confirm(ended, force.th, DECISION, chosen=ids, by=force.secretary, at=NOW)
    assert set(done.obligations.values_list("pk", flat=True)) == set(ids[1:])


@pytest.mark.parametrize("who", ["officer", "unit_chief", "idle_deputy", "next_leader", "inspector", "administrator"])
def test_who_may_not_confirm(force: Force, ended: Unit, who: str) -> None:
    with pytest.raises(NotAllowed):
        handovers.confirm(ended, force.th, DECISION, by=fresh(force.people[who]), at=NOW)
    assert Handover.objects.count() == 0


def test_what_is_refused(force: Force, ended: Unit) -> None:
    gone = merge(force.ward, force.th)
    owed(force, DUE, unit=force.th)
    for unit_from, unit_to, decision in (
        (force.th, force.town, DECISION),  # it exists
        (ended, gone, DECISION),  # the other one has ended
        (ended, force.th, "  "),  # by which decision?
        (gone, force.th, DECISION),  # it owes nothing
    ):
        with pytest.raises(Refused):
            handovers.confirm(unit_from, unit_to, decision, by=force.secretary, at=NOW)
    assert Handover.objects.count() == 0
    assert Event.objects.filter(subject_type="workflow.handover").count() == 0


def test_the_second_is_told_who_was_quicker(force: Force, ended: Unit) -> None:
    ids = list(Obligation.objects.filter(unit=ended).values_list("pk", flat=True))
    handovers.confirm(ended, force.th, DECISION, by=force.leader, at=NOW)
    for chosen in (None, ids):
        with pytest.raises(Refused) as refusal:
            handovers.confirm(ended, force.ward, DECISION, chosen=chosen, by=force.secretary, at=NOW)
        assert force.leader.full_name in str(refusal.value)
        assert str(force.th) in str(refusal.value)


# --- reminders --------------------------------------------------------------------------------------------------------
def test_reminders_of_an_ended_unit_go_to_those_above_who_are_told_so(force: Force) -> None:
    day = date(2020, 3, 9)
    late = owed(force, day)
    merge(force.qlhc, force.th)
    open_reminders(day, morning(day))
    assert sorted(name for _stage, name, _capacity in told(force)) == ["deputy", "leader", "secretary"]
    assert set(Notice.objects.filter(obligation=late).values_list("vacant", flat=True)) == {True}
    taken = handovers.confirm(
        Unit.objects.get(pk=force.qlhc.pk), force.ward, DECISION, by=force.secretary, at=morning(day, 9)
    )
    assert taken.obligations.get() == late
    next_day = date(2020, 3, 10)
    open_reminders(next_day, morning(next_day))
    newest = Notice.objects.filter(obligation=late, stage=1, person=force.ward_chief).get()
    assert (newest.capacity, newest.vacant) == ("owner", False)


def test_reminders_during_an_absence(force: Force) -> None:
    """To the stand-in; without one to those above, told so, and to the absent all the same."""
    day = date(2020, 1, 6)
    absence = record_absence(
        force.unit_chief.positions.get(), first=date(2020, 1, 2), last=date(2020, 1, 10), reason="Nghỉ phép",
        by=force.secretary, at=morning(date(2020, 1, 2)),
    )  # fmt: skip
    first = owed(force, day)
    open_reminders(day, morning(day))
    found = {notice.person: notice.vacant for notice in Notice.objects.filter(obligation=first)}
    assert found == {force.unit_chief: False, force.secretary: True, force.leader: True, force.deputy: True}
    next_day = date(2020, 1, 7)
    name_stand_in(
        absence, force.officer, acting_kind="tl", authority="5/QĐ", by=force.secretary, at=morning(next_day, 6)
    )
    second = owed(force, next_day)
    open_reminders(next_day, morning(next_day))
    found = {notice.person: notice.vacant for notice in Notice.objects.filter(obligation=second)}
    assert found == {force.officer: False}


# --- two at once ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told() -> None:
    small = force()
    for n in range(3):
        owed(small, DUE + timedelta(days=n))
    ended = merge(small.qlhc, small.th)
    ids = list(Obligation.objects.filter(unit=ended).values_list("pk", flat=True))
    start, outcomes = threading.Barrier(2), []

    def try_it(who: str, to_unit: Unit) -> None:
        start.wait()
        try:
            handovers.confirm(ended, to_unit, DECISION, chosen=ids, by=small.people[who], at=NOW)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=each) for each in (("secretary", small.th), ("leader", small.ward))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = Handover.objects.get()
    assert sorted(outcomes, key=len)[0] == "done"
    assert done.by.full_name in sorted(outcomes, key=len)[1]
    assert set(Obligation.objects.values_list("unit", flat=True)) == {done.to_unit_id}


# --- pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def secretary(client: Client, force: Force, ended: Unit) -> Client:
    client.force_login(force.secretary)
    return client


def typed(**given: Any) -> dict[str, Any]:
    return {"to_unit": "TH - Đội Tổng hợp", "decision": DECISION, "scope": "all", "step": "preview", **given}


def test_from_my_work_to_the_confirmed_hand_over(secretary: Client, force: Force, ended: Unit) -> None:
    address = reverse("handover_unit", args=["QLHC"])
    home = secretary.get(reverse("home")).content.decode()
    assert address in home
    assert f'href="{reverse("handover_queue")}"' in home
    assert address in secretary.get(reverse("handover_queue")).content.decode()
    page = secretary.get(address)
    assert page.context["form"].initial == {"to_unit": force.th, "decision": DECISION}
    assert len(page.context["lines"]) == 3
    preview = secretary.post(address, typed())
    assert preview.status_code == 200
    assert (preview.context["count"], preview.context["to_unit"]) == (3, force.th)
    seat = preview.context["seats"][0]
    assert (seat.unit, seat.count, seat.holders) == (force.th, 3, [])
    assert Handover.objects.count() == 0
    done = secretary.post(address, typed(step="confirm"))
    handover = Handover.objects.get()
    assert (done.status_code, done.url) == (302, reverse("handover_show", args=[handover.pk]))
    shown = secretary.get(done.url).content.decode()
    assert DECISION in shown
    assert "Đội Tổng hợp" in shown
    assert "QLHC" in shown
    assert secretary.get(address).status_code == 200
    again = secretary.post(address, typed(step="confirm"), follow=True)
    assert again.redirect_chain == [(reverse("handover_queue"), 302)]
    assert Handover.objects.count() == 1
    assert f'href="{reverse("handover_queue")}"' not in secretary.get(reverse("home")).content.decode()


def test_ticked_rows_pass_and_what_was_typed_is_kept(secretary: Client, ended: Unit) -> None:
    address = reverse("handover_unit", args=["QLHC"])
    first, second, _third = Obligation.objects.filter(unit=ended).order_by("due_on")
    chosen = typed(scope="chosen", duty=[first.pk, second.pk])
    preview = secretary.post(address, chosen)
    assert (preview.context["count"], preview.context["along"]) == (2, [])
    back = secretary.post(address, {**chosen, "step": "edit"})
    assert back.context["ticked"] == [first.pk, second.pk]
    assert back.context["form"]["decision"].value() == DECISION
    secretary.post(address, {**chosen, "step": "confirm"})
    assert set(Handover.objects.get().obligations.all()) == {first, second}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"to_unit": ""}, "to_unit"),
        ({"to_unit": "QLHC"}, "to_unit"),
        ({"to_unit": "CATX2"}, "to_unit"),
        ({"decision": " "}, "decision"),
        ({"scope": "chosen"}, "scope"),
        ({"scope": "chosen", "duty": ["x"]}, "duty"),
    ],
)
def test_a_refused_form_says_why(secretary: Client, given: dict[str, Any], field: str) -> None:
    answer = secretary.post(reverse("handover_unit", args=["QLHC"]), typed(**given))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert Handover.objects.count() == 0


def test_who_gets_in(client: Client, force: Force, ended: Unit) -> None:
    done = handovers.confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    owed(force, DUE, unit=force.qlhc)
    above = {"secretary", "leader", "deputy", "provincial_secretary", "provincial_leader"}
    for name, person in force.people.items():
        client.force_login(person)
        inside = 200 if name in above else 404 if name == "next_leader" else 403
        queue = 200 if name in above | {"next_leader"} else 403
        assert client.get(reverse("handover_queue")).status_code == queue, name
        assert client.get(reverse("handover_unit", args=["QLHC"])).status_code == inside, name
        assert client.post(reverse("handover_unit", args=["QLHC"]), typed()).status_code == inside, name
        show = 200 if name in above | {"ward_chief", "ward_officer"} else 404
        assert client.get(reverse("handover_show", args=[done.pk])).status_code == show, name
    client.force_login(force.secretary)
    assert client.get(reverse("handover_unit", args=["TH"])).status_code == 404  # it exists


def test_the_new_owner_finds_the_way_from_the_bell(client: Client, force: Force, ended: Unit) -> None:
    done = handovers.confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    client.force_login(force.ward_chief)
    line = client.get(reverse("notice_list")).context["told"][0]
    assert line.link is not None
    assert line.link.url == reverse("handover_show", args=[done.pk])


def test_the_panel_names_the_unit_and_its_successor(force: Force, ended: Unit) -> None:
    panels = [each for each in dashboard.home_panels(force.secretary, NOW, 8) if isinstance(each, Panel)]
    assert [panel.key for panel in panels] == ["left"]
    assert panels[0].rows[0].title == ended.name
    assert "Đội TH" in str(panels[0].rows[0].meta)
    assert [each for each in dashboard.home_panels(force.officer, NOW, 8) if isinstance(each, Panel)] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_more_rows_cost_no_more_queries(
    client: Client, force: Force, rows: int, django_assert_num_queries: Any
) -> None:
    teams = [unit(f"DOI{n}", force.town) for n in range(rows)]
    for team in teams:
        for n in range(rows):
            owed(force, DUE + timedelta(days=n), unit=team)
    ended = [merge(team, force.th) for team in teams]
    for each in ended[1:]:
        handovers.confirm(each, force.th, DECISION, by=force.secretary, at=NOW)
        owed(force, DUE, unit=each)
    client.force_login(force.secretary)
    pages = {
        reverse("handover_queue"): 10,
        reverse("handover_unit", args=["DOI0"]): 10,
    }
    for address, queries in pages.items():
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
    # It looks up what cannot be parted, and everybody whose turn it becomes.
    with django_assert_num_queries(12):
        assert client.post(reverse("handover_unit", args=["DOI0"]), typed()).status_code == 200
    done = handovers.confirm(ended[0], force.th, DECISION, by=force.secretary, at=NOW)
    with django_assert_num_queries(9):
        assert len(client.get(reverse("handover_show", args=[done.pk])).context["lines"]) == rows
