"""The reorganization of 2025: the town's police ends, and what it still owes passes to the province."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cchc.followup.domain import handover as handovers
from cchc.organization.models import Person, Unit
from cchc.workflow.chain import verify
from cchc.workflow.models import Notice, Obligation
from dialogues.models import Conference, Escalation, Item
from dialogues.models.escalation import ENDED
from dialogues.models.item import ENDED_STATES
from dialogues.scenario.loader import load
from dialogues.scenario.source import moment

DISSOLVED = date(2025, 3, 1)


@pytest.mark.django_db
def test_what_the_town_owed_waits_at_the_province_and_passes_to_it() -> None:
    load(until=moment(DISSOLVED, 8), chapters=False)
    secretary = Person.objects.get(username="linh.ctd")
    town, province = Unit.objects.get(code="CATX"), Unit.objects.get(code="CATNA")
    conference = Conference.objects.get(code="HN-2020-01")
    open_items = set(Item.objects.filter(conference=conference).exclude(state__in=ENDED_STATES))

    waiting = handovers.waiting(secretary, DISSOLVED)
    assert "CATX" in [each.unit.code for each in waiting]
    assert {each.unit.valid_to for each in waiting} == {DISSOLVED - timedelta(days=1)}
    assert handovers.waiting(Person.objects.get(username="van.ntt"), DISSOLVED) == []
    of_town = next(each for each in waiting if each.unit == town)
    assert of_town.suggested == []  # nobody succeeded the town's police: its parts went to many

    at = moment(DISSOLVED, 10)
    done = handovers.confirm(town, province, "Quyết định số 01/QĐ-CAT", by=secretary, at=at)
    for each in waiting:
        if each.unit != town:
            taker = each.suggested[0] if each.suggested else province
            handovers.confirm(each.unit, taker, "Quyết định số 01/QĐ-CAT", by=secretary, at=at)

    conference.refresh_from_db()
    assert conference.host == province
    assert not Item.objects.filter(conference=conference).exclude(host=province).exists()
    assert handovers.waiting(secretary, DISSOLVED) == []
    assert not Obligation.objects.open().filter(unit__valid_to__lt=DISSOLVED).exists()
    assert {item.pk for item in open_items} == set(
        Item.objects.filter(conference=conference).exclude(state__in=ENDED_STATES).values_list("pk", flat=True)
    )
    for report in Escalation.objects.exclude(state__in=ENDED):
        assert report.turn is None or report.turn.unit is None or report.turn.unit.valid_to is None
    told = {notice.person.username for notice in Notice.objects.filter(event__subject_id=str(done.pk))}
    assert told <= {"khue.dq"}  # whoever confirms is not told; the leader is, where it is his turn now
    assert verify().ok
