"""Rows of several tables in one question are those of the plain querysets, in their order and with their types."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cchc.followup.models import Pulse, Run
from cchc.web.gathering import gathered

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 17, 2, 0, 0, 123456, tzinfo=UTC)


def test_they_are_the_rows_of_each(django_assert_num_queries: Any) -> None:
    for day in (16, 18, 17):
        Run.objects.create(day=date(2026, 11, day), began_at=AT, opened=day)
    Pulse.objects.create(name="beat", at=AT, ok=False, detail="Có dấu: \u201cnháy\u201d, %s, \\")
    wanted = {
        "runs": Run.objects.order_by("-day")[:2],
        "pulses": Pulse.objects.all(),
        "few": Run.objects.filter(day=date(2020, 1, 1)),
        "none": Run.objects.none(),
    }
    with django_assert_num_queries(1):
        found = gathered(wanted)
    for name, rows in wanted.items():
        assert [each.__dict__ | {"_state": None} for each in found[name]] == [
            each.__dict__ | {"_state": None} for each in rows
        ]
    assert [run.day.day for run in found["runs"]] == [18, 17]


def test_of_nothing_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert gathered({"none": Run.objects.none()}) == {"none": []}
