"""The reminders that the case of Thái Hòa tells of, by its own rules as ladders and on its true dates.

The rules of its file differ from the general ladder, so they are set here as data: that is what ladders are for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cchc.followup.domain.ladder import Rung, change
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.models import Run
from cchc.organization.models import Person
from cchc.workflow.models import Notice, Obligation
from dialogues.models import Item
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.source import read
from tests.followup.obligations import morning

pytestmark = pytest.mark.django_db
SOURCE = read()
EXAMPLES = {(each["rule"], each["ref"]): each for each in SOURCE["follow_ups"]["examples"]}
# Rule of the file -> kind of obligation and its ladder here.
LADDERS = {
    "dialogues.item:prepare": [(-3, "owner"), (1, "owner secretary leader")],  # R01, R02
    "dialogues.item:fulfil": [(-5, "owner"), (1, "owner secretary")],  # R03, R04
}
TOLD = [("R01", "CH18"), ("R03", "YK10"), ("R03", "YK01")]


@pytest.fixture(scope="module")
def played(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """The case up to the middle of January 2020, with the ladders of its rules; its tests write within savepoints."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(until=end_of(date(2020, 1, 16)), chapters=False)
        by = Person.objects.get(username="linh.ctd")
        for kind, rungs in LADDERS.items():
            wanted = [Rung(offset, tuple(to.split())) for offset, to in rungs]
            change(kind, wanted, by=by, at=morning(date(2020, 1, 16)))
        yield
        transaction.set_rollback(True)


def told(day: date, code: str) -> set[str]:
    """Who is told on the morning of *day* of the item with this code."""
    Run.objects.all().delete()
    open_reminders(day, morning(day))
    item = next(item for item in Item.objects.all() if item.code.replace("-", "") == code)
    duties = Obligation.objects.filter(subject_id=str(item.pk))
    notices = Notice.objects.filter(obligation__in=duties, told_at=morning(day))
    return set(notices.values_list("person__username", flat=True))


@pytest.mark.parametrize(("rule", "code"), TOLD)
def test_who_is_reminded_and_when(played: None, rule: str, code: str) -> None:
    expected = EXAMPLES[rule, code]
    assert told(expected["remind_on"], code) == set(expected["recipients"])


def test_the_day_before_is_too_early(played: None) -> None:
    assert told(date(2020, 1, 17), "CH18") == set()
