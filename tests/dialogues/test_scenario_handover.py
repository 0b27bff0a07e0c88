"""The reorganization of 2020: the commune of Nghĩa Hòa becomes part of the ward of Long Sơn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cchc.followup.domain import handover as handovers
from cchc.workflow.chain import verify
from cchc.workflow.models import Event, Handover, Obligation
from dialogues.models import Item
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import moment

MERGED = date(2020, 2, 1)


@pytest.fixture(scope="module")
def merged(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """The evening of 1 February 2020."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(until=end_of(MERGED), chapters=False)
        transaction.set_rollback(True)


def test_what_nghia_hoa_helped_with_is_long_sons(merged: Cast) -> None:
    done = Handover.objects.get()
    assert (done.from_unit.code, done.to_unit.code, done.by.username) == ("TH-NH", "TH-LS", "van.ntt")
    assert done.decision.startswith("Nghị quyết số 831/NQ-UBTVQH14")
    assert handovers.visible_handovers(merged.chief("TH-LS", MERGED)).get() == done


def test_ch16_says_so_and_stays_what_it_is(merged: Cast) -> None:
    item = Item.objects.get(pk=merged.items["CH16"].pk)
    event = Event.objects.of(item).newest_first().first()
    assert event is not None
    assert (event.action, event.at) == ("hand_over", moment(MERGED, 9))
    assert "Công an xã Nghĩa Hòa → Công an phường Long Sơn" in event.note
    assert (item.state, item.lead_unit and item.lead_unit.code) == ("closed", "TH-DQLHC")
    assert set(item.coordinating.values_list("code", flat=True)) == {"TH-LS", "TH-NH"}
    assert Event.objects.filter(action="hand_over").count() == 1


def test_nobody_is_left_owing_for_nghia_hoa(merged: Cast) -> None:
    assert not Obligation.objects.open().filter(unit__code="TH-NH").exists()
    assert verify().ok
