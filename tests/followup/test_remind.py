"""Reminding by hand: the owners at once, once a day, and it stands in the history."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cchc.followup.bell import notices_of
from cchc.followup.domain.delivery import claim
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.remind import Reminded, remind_all, remind_now
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.models import Delivery
from cchc.followup.sentences import sentences
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workflow.models import Event, Notice, Obligation
from tests.factories import Force
from tests.followup.obligations import morning, owed, told

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 18)  # a Wednesday without holidays near
LATE = DUE + timedelta(days=2)


def press(force: Force, *rows: Obligation, on: date = LATE, by: Person | None = None, hour: int = 9) -> Reminded:
    return remind_now(rows, by=by or force.secretary, at=morning(on, hour))


def test_the_owner_is_told_by_whom_and_it_is_written_down(force: Force) -> None:
    row = owed(force, DUE)
    done = press(force, row)
    assert [(each.pk, people) for each, people in done.told] == [(row.pk, [force.unit_chief])]
    assert told(force) == [(2, "unit_chief", "owner")]
    line = sentences(notices_of(force.unit_chief), force.unit_chief)[0]
    assert line.late and line.mine
    assert force.secretary.full_name in line.note
    event = Event.objects.get(subject_type=row.subject_type, subject_id=row.subject_id, action="remind")
    assert event.actor == force.secretary
    assert event.data == {"kind": "prepare", "due_on": "2026-03-18", "people": [force.unit_chief.pk]}


def test_once_a_day_and_again_on_the_next(force: Force) -> None:
    row = owed(force, DUE)
    press(force, row)
    again = press(force, row, hour=16, by=force.leader)
    assert (again.told, again.earlier) == ([], [row])
    assert Event.objects.filter(action="remind").count() == 1
    assert press(force, row, on=LATE + timedelta(days=3)).told


def test_a_morning_on_which_the_ladder_told_the_owner_needs_no_more(force: Force) -> None:
    row = owed(force, DUE)
    open_reminders(DUE, morning(DUE))
    assert press(force, row, on=DUE).earlier == [row]


def test_the_ladder_goes_on_as_ever(force: Force) -> None:
    row = owed(force, DUE)
    press(force, row, on=DUE - timedelta(days=2))
    for day in (DUE - timedelta(days=1), DUE):
        open_reminders(day, morning(day))
    press(force, row, on=DUE + timedelta(days=1), hour=6)
    open_reminders(DUE + timedelta(days=1), morning(DUE + timedelta(days=1)))
    assert told(force) == [(n, "unit_chief", "owner") for n in (-2, -1, 0, 1)]


def test_a_weekend_belongs_to_the_friday_before_it(force: Force) -> None:
    row, friday = owed(force, DUE), date(2026, 3, 13)
    press(force, row, on=friday)
    assert press(force, row, on=friday + timedelta(days=1)).earlier == [row]
    assert press(force, row, on=friday + timedelta(days=3)).told


def test_on_a_day_off_behind_the_due_date_it_is_late(force: Force) -> None:
    friday = date(2026, 3, 20)
    press(force, owed(force, friday), on=friday + timedelta(days=1))
    assert [stage for stage, _person, _capacity in told(force)] == [1]


def test_what_is_settled_is_left_alone_and_nobody_reminds_himself(force: Force) -> None:
    row, own = owed(force, DUE), owed(force, DUE, role=Role.SECRETARY)
    Obligation.objects.filter(pk=row.pk).update(settled_at=morning(DUE))
    done = press(force, row, own)
    assert (done.told, done.earlier, done.nobody) == ([], [], [own])
    assert not Notice.objects.exists() and not Event.objects.filter(action="remind").exists()


def test_in_a_vacant_post_whoever_is_told_in_its_place(force: Force) -> None:
    force.unit_chief.positions.update(valid_to=date(2026, 1, 1))
    press(force, owed(force, DUE), by=force.leader)
    notice = Notice.objects.get(person=force.secretary)
    assert notice.vacant
    assert force.leader.full_name in sentences([notice], force.secretary)[0].note


def test_many_at_once_the_fresh_ones_first(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc.followup.domain.remind.MOST", 2)
    rows = [owed(force, DUE) for _each in range(3)]
    press(force, rows[0])
    done = remind_all(Obligation.objects.all(), by=force.secretary, at=morning(LATE, 10))
    assert {each.pk for each, _people in done.told} == {rows[1].pk, rows[2].pk}
    assert not done.more
    rows += [owed(force, DUE) for _each in range(3)]
    assert remind_all(Obligation.objects.all(), by=force.secretary, at=morning(LATE, 11)).more
    assert not remind_all(Obligation.objects.all(), by=force.secretary, at=morning(LATE, 12)).more
    last = remind_all(Obligation.objects.all(), by=force.secretary, at=morning(LATE, 13))
    assert (last.told, len(last.earlier)) == ([], 2)
    assert all(done.sentences for done in (done, last, Reminded()))


def test_it_leaves_the_app_with_the_name_of_who_reminds(force: Force, django_assert_num_queries: Any) -> None:
    force.unit_chief.email = "chief@example.vn"
    force.unit_chief.save()
    press(force, owed(force, DUE))
    dispatch(morning(LATE, 9, 1))
    delivery = Delivery.objects.get()
    taken = claim(morning(LATE, 9, 2), ["email"])
    assert [each.pk for each in taken] == [delivery.pk]
    notice = taken[0].notices.all()[0]
    with django_assert_num_queries(0):
        assert notice.reminded_by == force.secretary


def test_only_a_duty_is_reminded_of(force: Force) -> None:
    press(force, owed(force, DUE))
    event = Event.objects.get(action="remind")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(person=force.leader, event=event, told_at=event.at, reminded_by=force.secretary)


def test_the_history_costs_the_same_for_one_and_three(force: Force, django_assert_num_queries: Any) -> None:
    """Beside one row of history each."""
    for n in (1, 3):
        rows = [owed(force, DUE) for _each in range(n)]
        press(force, owed(force, DUE))
        with django_assert_num_queries(10 + n):
            press(force, *rows)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_tell_once(force: Force) -> None:
    rows = [owed(force, DUE) for _each in range(5)]
    start, done = Barrier(2), []

    def push(by: Person) -> None:
        try:
            start.wait()
            done.append(press(force, *rows, by=by))
        finally:
            connection.close()

    for _round in range(10):
        Notice.objects.all().delete()
        done.clear()
        both = [Thread(target=push, args=(who,)) for who in (force.secretary, force.leader)]
        [each.start() for each in both]
        [each.join() for each in both]
        assert sum(len(each.told) for each in done) == 5
        assert sum(len(each.earlier) for each in done) == 5
        assert Notice.objects.count() == 5
