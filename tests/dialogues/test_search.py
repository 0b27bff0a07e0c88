"""The search page: one question for all kinds, each row as its reader may know it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.commitments.factories import campaign, commitment_at
from tests.dialogues.directing import directive_at
from tests.dialogues.factories import conference_at, escalation_at, item_at, plan
from tests.dialogues.inspecting import finding_of, inspection_at, request_of
from tests.dialogues.pages import signed_in
from tests.dialogues.results import practice_at
from tests.factories import Force

pytestmark = pytest.mark.django_db
KINDS = {
    "found-items", "found-escalations", "found-directives", "found-conferences", "found-plans", "found-practices",
    "found-inspections", "found-commitments", "found-tasks", "found-campaigns",
}  # fmt: skip


def found(who: Any, text: str) -> dict[str, list[Any]]:
    panels = signed_in(who).get(reverse("search"), {"q": text}).context["panels"]
    return {panel.key: panel.rows for panel in panels}


def one_of_each(force: Force) -> None:
    """Rows of every kind with the words "cải cách", all before the secretary."""
    conference = conference_at(force)
    escalation_at(
        force,
        title="Cải cách tiếp nhận",
        items=[item_at(force, "prepared", conference=conference, text="Cải cách việc tiếp nhận hồ sơ thế nào?")],
    )
    directive_at(force, title="Cải cách niêm yết")
    plan(force)
    practice_at(force, name="Cải cách phiếu hẹn")
    inspection = inspection_at(force)
    request_of(inspection, force, text="Quy chế cải cách")
    finding_of(inspection, force, text="Cải cách còn chậm")
    made = commitment_at(force)
    made.tasks.filter(place=1).update(text="Cải cách một cửa")
    type(force.qlhc).objects.filter(pk=force.qlhc.pk).update(name="Đội Cải cách")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_hit_in_every_kind_is_found_in_one_question(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    one_of_each(force)
    for n in range(1, rows):
        conference_at(force)
        plan(force)
        campaign(force, code=f"CK-{n}")
    client = signed_in(force.secretary)
    client.get(reverse("search"))
    with django_assert_num_queries(10):
        panels = client.get(reverse("search"), {"q": "cai cach"}).context["panels"]
    assert {panel.key for panel in panels} == KINDS
    assert all(row.title and row.url for panel in panels for row in panel.rows)
