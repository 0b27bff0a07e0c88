"""The search page: one question for all kinds, each row as its reader may know it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cchc.web.sought import FOUND, panels
from cchc.workdays.domain.calendar import calendar
from commitments.models import Task
from commitments.search import sought as committed
from dialogues import home
from dialogues.models import Item
from dialogues.search import sought
from tests.commitments.factories import AT, campaign, commitment_at
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


def of_each_kind(force: Force, rows: int) -> None:
    """So many of every kind with the words "cải cách", all before the secretary."""
    conference, inspection = conference_at(force), inspection_at(force)
    for n in range(rows):
        item = item_at(force, "prepared", conference=conference, text=f"Cải cách việc tiếp nhận hồ sơ số {n} ra sao?")
        escalation_at(force, title=f"Cải cách tiếp nhận {n}", items=[item])
        plan(force)
        practice_at(force, name=f"Cải cách phiếu hẹn {n}")
        request_of(inspection, force, text=f"Quy chế cải cách {n}")
        finding_of(inspection, force, text=f"Cải cách còn chậm {n}")
        commitment_at(force, of=campaign(force, code=f"CK-{n}"))
        directive_at(force, title=f"Cải cách niêm yết {n}")  # and a conference
    Task.objects.filter(place=1).update(text="Cải cách một cửa")
    type(force.qlhc).objects.filter(pk=force.qlhc.pk).update(name="Đội Cải cách")


@pytest.mark.parametrize("rows", [1, 3])
def test_hits_of_every_kind_are_read_in_one_question(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    of_each_kind(force, rows)
    client = signed_in(force.secretary)
    client.get(reverse("search"))
    with django_assert_num_queries(7):
        found = client.get(reverse("search"), {"q": "cai cach"}).context["panels"]
    assert {panel.key for panel in found} == KINDS
    assert all(rows <= len(panel.rows) <= FOUND for panel in found)


def test_a_row_is_as_of_the_whole_object(force: Force) -> None:
    item = item_at(force, "published", text="Hồ sơ một cửa nộp ở đâu?")
    commitment_at(force)
    rows = {panel.key: panel.rows for panel in panels(force.secretary, sought(force.secretary, item.code, AT))}
    listed = Item.objects.for_list().get(pk=item.pk)
    assert rows["found-items"] == [home.item_row(listed, timezone.localdate(AT), calendar())]
    tasks = next(kind for kind in committed(force.secretary, "nhiem vu", AT) if kind.key == "found-tasks")
    assert panels(force.secretary, [tasks])[0].rows == [tasks.show(task) for task in Task.objects.order_by("place")]


def test_of_more_than_are_shown_the_first_are_and_the_list_is_offered(force: Force) -> None:
    conference = conference_at(force)
    made = [item_at(force, conference=conference) for _n in range(FOUND + 1)]
    found = panels(force.secretary, sought(force.secretary, "thuong tru", AT))[0]
    newest = Item.objects.filter(pk__in=[item.pk for item in made]).order_by("-submitted_at", "id")
    assert [row.code for row in found.rows] == [item.code for item in newest[:FOUND]]
    assert found.more_url == f"{reverse('item_list')}?pill=all&q=thuong+tru"
    assert panels(force.stranger, sought(force.stranger, "thuong tru", AT)) == []
