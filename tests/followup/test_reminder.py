"""Opening a morning's reminders: who is told when, once, and never a superior first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cchc.followup.domain import reminder
from cchc.followup.domain.ladder import Rung, change
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.models import Pulse, Run
from cchc.organization.domain.person import disable
from cchc.organization.enums import Role
from cchc.organization.models import Position, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workdays.models import Day
from cchc.workflow.engine import extend
from cchc.workflow.models import Notice
from tests.factories import AT, SINCE, Force, person, post, unit
from tests.followup.obligations import morning, owed, told

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 18)  # a Wednesday without holidays near


def step(day: date, days: int) -> date:
    return calendar().due(day, days) if days >= 0 else calendar().before(day, -days)


def on(day: date, **more: Any) -> reminder.Opening:
    return open_reminders(day, morning(day), **more)


def mornings(first: date, last: date) -> None:
    day = first
    while day <= last:
        on(day)
        day = step(day, 1)


# --- the ladder -------------------------------------------------------------------------------------------------------
def test_the_whole_ladder_of_a_chiefs_duty(force: Force) -> None:
    owed(force, DUE)
    mornings(step(DUE, -6), step(DUE, 12))
    assert told(force) == [
        (-3, "unit_chief", "owner"),
        (-1, "unit_chief", "owner"),
        (0, "unit_chief", "owner"),
        (1, "unit_chief", "owner"),  # who is the chief of the unit as well
        (3, "secretary", "secretary"),
        (5, "leader", "leader"),
        (5, "deputy", "leader"),  # with written authority; the idle deputy hears nothing
        (10, "provincial_secretary", "above"),
    ]


def test_an_officers_chief_is_told_the_day_after(force: Force) -> None:
    owed(force, DUE, Role.OFFICER)
    on(step(DUE, 1))
    assert told(force) == [(1, "officer", "owner"), (1, "unit_chief", "chief")]


def test_who_owes_by_name_has_nobody_above(force: Force) -> None:
    owed(force, DUE, role="", unit=None, person=force.officer, kind="other")
    mornings(step(DUE, -6), step(DUE, 12))
    assert told(force) == [(stage, "officer", "owner") for stage in (-3, -1, 0, 1)]


def test_silence_of_an_asker_goes_no_further_than_his_day(force: Force) -> None:
    owed(force, DUE, role="", unit=None, person=force.officer, kind="confirm")
    mornings(step(DUE, -6), step(DUE, 12))
    assert told(force) == [(-3, "officer", "owner"), (0, "officer", "owner")]


def test_what_nobody_owes_reminds_nobody(force: Force) -> None:
    owed(force, DUE, role="", unit=None)  # the asker kept the name to himself
    gone = owed(force, DUE, role="", unit=None, person=force.officer, kind="other")
    disable(force.officer, by=None, at=AT)
    settled = owed(force, DUE)
    settled.settled_at = timezone.now()
    settled.save()
    mornings(step(DUE, -6), step(DUE, 12))
    assert told(force) == []
    assert gone.settled_at is None


def test_a_superior_stage_tells_the_owner_first_when_nobody_did(force: Force) -> None:
    owed(force, DUE)
    on(step(DUE, 5))
    assert told(force) == [(5, "unit_chief", "owner"), (5, "leader", "leader"), (5, "deputy", "leader")]


def test_a_new_chief_is_told_before_the_leader(force: Force) -> None:
    owed(force, DUE)
    mornings(step(DUE, -3), step(DUE, 3))
    Position.objects.filter(person=force.unit_chief).update(valid_to=step(DUE, 4))
    post(force.ward_officer, force.qlhc, Role.UNIT_CHIEF, valid_from=step(DUE, 5))
    on(step(DUE, 5))
    assert told(force, stage=5) == [(5, "ward_officer", "owner"), (5, "leader", "leader"), (5, "deputy", "leader")]


# --- once -------------------------------------------------------------------------------------------------------------
def test_twice_the_same_morning_tells_nothing_twice(force: Force) -> None:
    owed(force, DUE)
    first, second = on(DUE), on(DUE)
    assert (first.opened, second.opened) == (1, 0)
    assert Run.objects.get(day=DUE).opened == 1
    assert told(force) == [(0, "unit_chief", "owner")]
    before = Notice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            person=before.person, obligation=before.obligation, stage=0, due_on=DUE, capacity="owner",
            told_at=before.told_at,
        )  # fmt: skip


def test_a_run_that_died_in_the_middle_is_finished_by_the_next(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder, "BATCH", 3)
    for _each in range(8):
        owed(force, DUE)
    write, written = reminder._insert, []

    def dies(*args: Any) -> int:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(write(*args))
        return written[-1]

    monkeypatch.setattr(reminder, "_insert", dies)
    with pytest.raises(KeyboardInterrupt):
        on(DUE)
    assert (sum(written), Run.objects.get(day=DUE).finished_at) == (6, None)
    monkeypatch.setattr(reminder, "_insert", write)
    assert on(DUE).opened == 2
    assert Run.objects.get(day=DUE).finished_at == morning(DUE)
    assert Pulse.objects.get(name="reminders").at == morning(DUE)
    assert len(told(force)) == 8


def test_after_an_absence_only_the_highest_stage_is_told(force: Force) -> None:
    late, near = owed(force, DUE), owed(force, step(DUE, 8))
    on(step(DUE, -4))
    opening = on(step(DUE, 7))  # of eleven working days nobody was reminded
    assert opening.since == step(DUE, -4)
    assert told(force, obligation=late) == [
        (5, "unit_chief", "owner"),
        (5, "leader", "leader"),
        (5, "deputy", "leader"),
    ]
    assert told(force, obligation=near) == [(-1, "unit_chief", "owner")]
    mornings(step(DUE, 8), step(DUE, 10))
    assert told(force, obligation=late)[3:] == [(10, "provincial_secretary", "above")]
    assert told(force, obligation=near)[1:] == [(0, "unit_chief", "owner"), (1, "unit_chief", "owner")]


def test_an_unfinished_morning_counts_as_missed(force: Force) -> None:
    owed(force, DUE)
    on(step(DUE, -1))
    Notice.objects.all().delete()
    Run.objects.filter(day=step(DUE, -1)).update(finished_at=None)
    Run.objects.create(day=step(DUE, -2), began_at=AT, finished_at=AT)
    assert on(DUE).since == step(DUE, -2)
    assert told(force) == [(0, "unit_chief", "owner")]


def test_the_first_morning_of_all_is_about_itself_alone(force: Force) -> None:
    owed(force, DUE)
    owed(force, step(DUE, -40))
    opening = on(DUE)
    assert (opening.since, told(force)) == (step(DUE, -1), [(0, "unit_chief", "owner")])


def test_an_earlier_day_run_again_tells_no_lower_stage(force: Force) -> None:
    owed(force, DUE)
    mornings(step(DUE, -4), step(DUE, 1))
    Notice.objects.filter(stage=0).delete()
    assert on(DUE).opened == 0  # the stage after it has been told
    Notice.objects.filter(stage=1).delete()
    assert on(step(DUE, 1)).opened == 1


def test_a_duty_that_began_later_is_not_of_that_day(force: Force) -> None:
    owed(force, step(DUE, 3), started_on=step(DUE, 1))
    assert on(DUE).opened == 0


def test_a_due_date_that_was_moved_is_reminded_of_anew(force: Force) -> None:
    duty = owed(force, DUE)
    mornings(step(DUE, -3), step(DUE, 3))
    later = step(DUE, 20)
    extend(duty, later, reason="Chờ cơ quan phối hợp", by=force.leader, at=morning(step(DUE, 3)))
    mornings(step(DUE, 4), step(later, 3))
    assert told(force, due_on=DUE) == [
        *((stage, "unit_chief", "owner") for stage in (-3, -1, 0, 1)),
        (3, "secretary", "secretary"),
    ]
    assert told(force, due_on=later) == told(force, due_on=DUE)


def test_a_dry_run_counts_and_writes_nothing(force: Force) -> None:
    owed(force, DUE)
    assert on(DUE, dry=True).opened == 1
    assert (Notice.objects.count(), Run.objects.count()) == (0, 0)
    on(DUE)
    assert on(DUE, dry=True).opened == 0


# --- vacant posts -----------------------------------------------------------------------------------------------------
def test_nobody_in_the_post_means_the_unit_above_and_says_so(force: Force) -> None:
    owed(force, DUE)
    Position.objects.filter(person=force.unit_chief).delete()
    on(step(DUE, -3))
    above = {(-3, name, "owner") for name in ("secretary", "leader", "deputy")}
    assert set(told(force)) == above
    assert set(Notice.objects.values_list("vacant", flat=True)) == {True}


def test_a_vacant_superior_is_stood_for_as_well(force: Force) -> None:
    owed(force, DUE)
    Position.objects.filter(person=force.secretary).delete()
    on(step(DUE, 3))
    assert told(force) == [(3, "unit_chief", "owner"), (3, "leader", "secretary"), (3, "deputy", "secretary")]
    vacant = dict(Notice.objects.values_list("person", "vacant"))
    assert vacant == {force.unit_chief.pk: False, force.leader.pk: True, force.deputy.pk: True}


def test_a_dissolved_units_duty_is_told_above(force: Force) -> None:
    owed(force, DUE, Role.SECRETARY)
    Unit.objects.filter(path__startswith=force.town.path).update(valid_to=step(DUE, -10))
    on(DUE)
    assert told(force) == [(0, "provincial_secretary", "owner")]
    assert Notice.objects.get().vacant


# --- the calendar -----------------------------------------------------------------------------------------------------
def test_weekends_and_tet_lie_between(force: Force) -> None:
    for day in range(23, 30):
        Day.objects.create(date=date(2020, 1, day), kind=Day.Kind.OFF, name="Tết Nguyên đán")
    owed(force, date(2020, 1, 31))
    seen = {}
    for day in (date(2020, 1, 13) + timedelta(days=number) for number in range(40)):
        if calendar().is_working(day):
            on(day)
            seen |= {stage: day for stage, _name, _as in told(force) if stage not in seen}
    assert {stage: day.isoformat() for stage, day in seen.items()} == {
        -3: "2020-01-21", -1: "2020-01-30", 0: "2020-01-31", 1: "2020-02-03", 3: "2020-02-05", 5: "2020-02-07",
        10: "2020-02-14",
    }  # fmt: skip


# --- its cost ---------------------------------------------------------------------------------------------------------
def test_what_is_not_due_costs_nothing(force: Force, django_assert_num_queries: Any) -> None:
    for _each in range(3):
        owed(force, DUE)
    on(DUE)
    with django_assert_num_queries(23) as few:
        on(DUE)
    for number in range(30):
        owed(force, step(DUE, 30 + number))
    with django_assert_num_queries(len(few)):
        on(DUE)


def test_a_ladder_of_its_own_replaces_the_general_one(force: Force) -> None:
    promise = owed(force, DUE, kind="fulfil")
    rungs = [Rung(-5, ("owner",)), Rung(1, ("owner", "secretary"))]
    change("dialogues.item:fulfil", rungs, by=force.provincial_secretary, at=AT)
    mornings(step(DUE, -8), step(DUE, 12))
    assert told(force, obligation=promise) == [
        (-5, "unit_chief", "owner"),
        (1, "unit_chief", "owner"),
        (1, "secretary", "secretary"),
    ]


def test_the_ward_above_whom_the_town_stands(force: Force) -> None:
    group = unit("TO1", force.ward, name="Tổ 1")
    holder = person("to1")
    post(holder, group, Role.UNIT_CHIEF, valid_from=SINCE)
    owed(force, DUE, unit=group)
    on(step(DUE, 10))
    assert Notice.objects.filter(capacity="above").get().person == force.secretary
