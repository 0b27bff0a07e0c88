"""Two people change the calendar at once: one is told so, and no due date is counted by half of the changes.

The negative control takes the lock away; then a date comes out wrong, or this test proves nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cchc.followup.domain import day as days
from cchc.followup.domain import recount
from cchc.workdays.domain.calendar import calendar, fingerprint
from cchc.workdays.models import Day
from cchc.workflow.chain import verify
from cchc.workflow.models import Obligation
from tests.dialogues.test_item_race import at_once
from tests.factories import Force, force
from tests.followup.test_recount import AT, day_off, owe

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, TUESDAY = date(2020, 1, 6), date(2020, 1, 7)


@pytest.fixture
def town() -> Force:
    return force()


def both_at_once(town: Force) -> list[Any]:
    """The administrator and the provincial secretary enter a day each, from the same calendar."""
    mark = fingerprint()

    def enter(by: Any, day: date) -> Any:
        changes = day_off(day)
        return lambda: days.change(changes, by=by, at=AT, seen=mark)

    return at_once(enter(town.administrator, MONDAY), enter(town.provincial_secretary, TUESDAY))


def test_one_is_told_and_asks_again(town: Force) -> None:
    owed = owe(town)
    results = both_at_once(town)
    assert sorted(type(result) for result in results if result != 1) == [days.CalendarChanged], results
    left = TUESDAY if Day.objects.get().date == MONDAY else MONDAY
    assert days.change(day_off(left), by=town.administrator, at=AT, seen=fingerprint()) == 1
    owed.refresh_from_db()
    assert owed.due_on == calendar().due(owed.started_on, 5) == date(2020, 1, 13)
    assert owed.extensions.count() == 2
    assert verify().ok


def test_without_the_lock_a_day_is_lost(town: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    owed, both = owe(town), threading.Barrier(2)

    def together(act: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_act(*arguments: Any, **named: Any) -> Any:
            both.wait()
            return act(*arguments, **named)

        return wait_and_act

    monkeypatch.setattr(days, "_alone", lambda: None)
    monkeypatch.setattr(days, "_save", together(days._save))  # both have read the old days
    monkeypatch.setattr(recount, "move", together(recount.move))  # both have counted by their own day alone
    both_at_once(town)
    owed.refresh_from_db()
    assert Day.objects.count() == 2
    assert owed.due_on != calendar().due(owed.started_on, 5)


def test_who_comes_while_another_is_at_it_does_not_wait(town: Force) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with days.transaction.atomic():
            days._alone()
            held.set()
            done.wait()

    def come() -> int:
        held.wait()
        try:
            return days.change(day_off(MONDAY), by=town.administrator, at=AT, seen=fingerprint())
        finally:
            done.set()

    assert isinstance(at_once(hold, come)[1], days.CalendarChanged)
    assert not Day.objects.exists() and not Obligation.objects.exists()
