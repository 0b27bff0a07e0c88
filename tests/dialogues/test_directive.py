"""Directives: what their moves do, who sees what, and how they are counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cchc.workdays.domain.calendar import calendar
from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Event, Extension, Notice, Obligation
from dialogues import directives as frame
from dialogues.domain import directive_draft as writing
from dialogues.domain.directive import DIRECTIVE_FLOW
from dialogues.domain.directive_list import By, DirectiveList, Pill, Stage, Wanted
from dialogues.domain.directive_page import warnings
from dialogues.domain.plan_tree import trees
from dialogues.models import Conclusion, Directive
from tests.dialogues.directing import (
    DIRECTIVE_PATHS,
    DUE,
    WORKED,
    WROTE,
    add,
    conclusion_at,
    directive_at,
    move_conclusion,
    prepared,
    step,
)
from tests.dialogues.factories import conference_at, item_at, neighbor, plan
from tests.factories import Force

pytestmark = pytest.mark.django_db
LATER = date(2020, 3, 16)
TODAY = WORKED.date()


# --- Written down -----------------------------------------------------------------------------------------------------
def test_they_are_numbered_moved_and_taken_out(force: Force) -> None:
    conclusion = conclusion_at(force, number=0)
    for title in ("Một", "Hai", "Ba"):
        add(conclusion, force, title=title)

    def titles() -> list[tuple[int, str]]:
        return list(conclusion.directives.order_by("number").values_list("number", "title"))

    writing.move_up(conclusion.directives.get(number=3), by=force.secretary, at=WROTE)
    assert titles() == [(1, "Một"), (2, "Ba"), (3, "Hai")]
    writing.move_up(conclusion.directives.get(number=1), by=force.secretary, at=WROTE)
    writing.remove_directive(conclusion.directives.get(number=1), by=force.secretary, at=WROTE)
    assert titles() == [(1, "Ba"), (2, "Hai")]


def test_only_items_of_its_own_conference_are_its_sources(force: Force) -> None:
    conference = conference_at(force, "in_session")
    own, other = item_at(force, "accepted", conference=conference), item_at(force, "accepted")
    made = add(conclusion_at(force, conference=conference, number=0), force, items=[own, other])
    assert list(made.items.all()) == [own]


def test_whoever_writes_on_an_old_page_is_told(force: Force) -> None:
    conclusion = conclusion_at(force)
    seen = conclusion.moves
    add(conclusion, force)
    with pytest.raises(MovedOn):
        writing.write_directive(
            conclusion, by=force.leader, at=WROTE, seen=seen, title="Khác", lead=force.qlhc, due_on=DUE
        )
    with pytest.raises(NotAllowed):
        writing.write_directive(conclusion, by=force.officer, at=WROTE, title="Khác", lead=force.qlhc, due_on=DUE)
    issued = directive_at(force, "issued")
    with pytest.raises(Refused):
        writing.edit_directive(issued, by=force.secretary, at=WROTE, title="Khác")


def test_an_unusual_deadline_is_warned_of_and_allowed(force: Force) -> None:
    conclusion = conclusion_at(force, number=0)
    past = add(conclusion, force, due_on=date(2019, 12, 31))
    after = add(conclusion, force, due_on=date(2021, 1, 4))
    sunday = add(conclusion, force, due_on=date(2020, 2, 16))
    usual = add(conclusion, force, due_on=DUE)
    found = [len(warnings(each, TODAY, calendar())) for each in (past, after, sunday, usual)]
    assert found == [1, 1, 1, 0]
    move_conclusion(move_conclusion(conclusion, "present", force), "issue", force)
    assert Directive.objects.get(pk=sunday.pk).first_due_on == date(2020, 2, 17)


# --- Carried out ------------------------------------------------------------------------------------------------------
def test_issued_they_are_the_units_turn(force: Force) -> None:
    made = directive_at(force)
    assert made.turn is not None
    assert (made.turn.kind, made.turn.unit, made.turn.due_on) == ("take_up", force.qlhc, date(2020, 1, 9))
    told = Notice.objects.filter(event__subject_id=str(made.pk)).values_list("person__username", flat=True)
    assert set(told) == {force.unit_chief.username, force.ward_chief.username}
    taken = step(made, "take_up", force)
    assert taken.turn is not None
    assert (taken.turn.kind, taken.turn.due_on) == ("carry_out", DUE)


def test_time_asked_for_is_granted_and_the_first_day_stays(force: Force) -> None:
    asked = step(directive_at(force, "in_progress"), "ask_time", force, until=LATER)
    assert (asked.asked_until, asked.due_on) == (LATER, DUE)
    with pytest.raises(Refused):
        step(asked, "ask_time", force, until=LATER + timedelta(days=1))
    granted = step(asked, "grant_time", force)
    assert granted.turn is not None
    assert (granted.due_on, granted.first_due_on, granted.asked_until) == (LATER, DUE, None)
    assert (granted.turn.due_on, granted.turn.first_due_on) == (LATER, DUE)
    moved = Extension.objects.get(obligation=granted.turn)
    assert (moved.due_before, moved.due_after, moved.approved_by, moved.reason) == (
        DUE, LATER, force.leader, "Tạm dừng vì dịch."
    )  # fmt: skip


def test_denied_or_needless_the_day_stays(force: Force) -> None:
    denied = step(step(directive_at(force, "in_progress"), "ask_time", force), "deny_time", force)
    assert (denied.due_on, denied.asked_until, denied.asked_reason) == (DUE, None, "")
    done = step(step(denied, "ask_time", force), "report", force)
    assert done.asked_until is None
    with pytest.raises(Refused):
        step(directive_at(force, "in_progress"), "extend", force, until=DUE)


def test_late_days_are_working_days(force: Force) -> None:
    late = step(directive_at(force, "in_progress", due_on=date(2020, 1, 31)), "report", force)
    assert (late.done_on, late.late_days(calendar())) == (TODAY, 1)
    assert step(directive_at(force, "in_progress"), "report", force).late_days(calendar()) == 0


def test_given_to_another_unit_it_is_taken_up_anew(force: Force) -> None:
    made = step(step(directive_at(force, "in_progress"), "update", force), "assign", force)
    assert made.turn is not None
    assert (made.lead, made.state, made.turn.unit, made.percent) == (force.ward, "issued", force.ward, 45)
    assert force.ward not in made.coordinating.all()
    with pytest.raises(Refused):
        perform(made, "assign", by=force.leader, at=WORKED, note="Nhầm", lead=force.ward)


def test_what_was_reported_on_the_way_may_be_returned(force: Force) -> None:
    made = directive_at(force, "in_progress")
    with pytest.raises(Refused):
        step(made, "return", force)
    returned = step(step(made, "update", force), "return", force)
    assert (returned.state, returned.percent) == ("returned", 45)


def test_tasks_of_a_plan_go_with_it(force: Force) -> None:
    draft = plan(force, issue=False)
    waiting = add(draft, force)
    assert (waiting.code, waiting.state) == ("NV01", "draft")
    in_force = perform(draft, "issue", by=force.secretary, at=WROTE)
    assert Directive.objects.get(pk=waiting.pk).state == "issued"
    assert add(in_force, force).state == "issued"
    with pytest.raises(Refused):
        perform(in_force, "complete", by=force.secretary, at=WROTE)
    perform(in_force, "cancel", by=force.secretary, at=WROTE, note="Thay thế")
    assert set(in_force.directives.values_list("state", flat=True)) == {"closed"}
    assert not Obligation.objects.open().filter(subject_type="dialogues.directive").exists()


def test_progress_of_a_tree_counts_each_task_once(force: Force) -> None:
    top = plan(force)
    middle = plan(force, implements=top)
    low = plan(force, implements=middle)
    for basis, percent in ((top, 0), (middle, 45), (low, 45), (low, 100)):
        task = step(add(basis, force), "take_up", force)
        if percent == 100:
            step(step(task, "report", force), "accept", force)
        elif percent:
            step(task, "update", force)
    (node,) = trees([top], force.secretary)
    found = [(node.own, node.whole), (node.children[0].own, node.children[0].whole)]
    assert [(own.tasks, own.percent, whole.tasks, whole.done, whole.percent) for own, whole in found] == [
        (1, 0, 4, 1, 47), (1, 45, 3, 1, 63),
    ]  # fmt: skip


# --- Who sees what ----------------------------------------------------------------------------------------------------
SEES = {  # the directive, its reports; the draft
    "officer": (True, False, False), "unit_chief": (True, True, False), "ward_chief": (True, True, False),
    "ward_officer": (True, False, False), "secretary": (True, True, True), "leader": (True, True, True),
    "deputy": (True, True, True), "provincial_leader": (True, True, False), "inspector": (True, True, False),
    "administrator": (False, False, False), "stranger": (False, False, False), "next_leader": (False, False, False),
}  # fmt: skip


def test_who_sees_directives_reports_and_drafts(force: Force) -> None:
    made = step(directive_at(force, "in_progress"), "update", force)
    (update,) = made.updates.all()
    draft = conclusion_at(force).directives.get()
    found = {}
    for name in SEES:
        person = getattr(force, name)
        shown = frame.visible_directive(person, str(made.pk)) == made
        told = frame.visible_update(person, str(update.pk)) == update
        found[name] = (shown, told, frame.visible_directive(person, str(draft.pk)) == draft)
    assert found == SEES


def test_a_conclusion_is_seen_when_it_is_issued(force: Force) -> None:
    draft, issued = conclusion_at(force), conclusion_at(force, "issued")
    for name, seen in (("officer", {issued}), ("secretary", {draft, issued}), ("stranger", set())):
        assert set(Conclusion.objects.visible_to(getattr(force, name))) == seen, name


def test_a_unit_of_another_town_helps_and_sees_only_that(force: Force) -> None:
    other = neighbor(force, "CATX3")
    helped = directive_at(force, coordinating=[other.qlhc])
    directive_at(force)
    assert list(Directive.objects.visible_to(other.unit_chief)) == [helped]
    assert list(Directive.objects.followed_by(other.unit_chief)) == [helped]
    assert not Directive.objects.visible_to(other.officer).exists()


# --- Counted ----------------------------------------------------------------------------------------------------------
def test_every_number_opens_exactly_its_rows(force: Force) -> None:
    for state in DIRECTIVE_PATHS:
        directive_at(force, state, due_on=DUE if state != "reported" else date(2020, 1, 15))
    directive_at(force, "accepted", due_on=date(2020, 1, 15))
    directive_at(force, "issued", due_on=date(2020, 1, 15), lead=force.ward)
    add(plan(force), force)
    for name in ("leader", "unit_chief", "officer", "stranger"):
        person = getattr(force, name)
        listed = DirectiveList(person, Wanted(), TODAY)
        counts = listed.counts()
        for pill in Pill:
            rows = DirectiveList(person, Wanted(pill), TODAY).rows()
            assert rows.count() == counts[pill], (name, pill)
        assert sum(counts[stage.value] for stage in Stage) == counts[Pill.ALL], name
        for by in By:
            for group in listed.groups(by):
                assert sum(group.counts.values()) == group.total
                for stage in Stage:
                    wanted = Wanted(Pill(stage.value), **{by.value: group.key})
                    assert DirectiveList(person, wanted, TODAY).rows().count() == group.counts[stage.value]
        if name != "stranger":
            assert sum(group.total for group in listed.groups(By.UNIT)) == counts[Pill.ALL]


# --- At random --------------------------------------------------------------------------------------------------------
BY_PEOPLE = [row.action for row in DIRECTIVE_FLOW.transitions if row.action != "issue"]
# What the table allows and the effect may refuse all the same: a day that lies before, a unit that leads already.
PARTICULAR = {"assign", "extend", "ask_time"}


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(actions=st.lists(st.sampled_from(BY_PEOPLE), min_size=5, max_size=14))
def test_a_random_walk(force: Force, actions: list[str]) -> None:
    made, first = directive_at(force), DUE
    for number, action in enumerate(actions):
        row, before = DIRECTIVE_FLOW.row(action), made.state
        allowed = made.state in row.sources and not row.guard(made)
        by, note, data = prepared(made, action, force)
        events = Event.objects.of(made).count()
        try:
            made = perform(made, action, by=by, at=WORKED + timedelta(hours=number), note=note, **data)
        except Refused:
            assert not allowed or action in PARTICULAR
            made = Directive.objects.get(pk=made.pk)
            assert (made.state, Event.objects.of(made).count()) == (before, events)
        else:
            assert allowed
            assert made.state in (row.targets if row.target else (before,))
        assert (made.first_due_on, made.due_on >= first) == (first, True)
        assert (made.done_on is not None) == (made.state in ("reported", "accepted"))
        open_ones = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
        assert open_ones == ([made.turn] if made.turn else [])
        if made.turn and made.turn.kind == "carry_out":
            assert made.turn.due_on == made.due_on
        assert Event.objects.of(made).count() == made.moves
        assert made.percent == (made.updates.order_by("-id").values_list("percent", flat=True).first() or 0)
    assert verify().ok
