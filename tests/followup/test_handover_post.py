"""The hand-over list of a post: what it owes, before whom, and where it goes when the post ends."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.followup.domain import handover_post as lists
from cchc.followup.domain.handover import confirm
from cchc.organization.domain.absence import record_absence
from cchc.organization.domain.position import end_position
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position
from cchc.workflow.models import Obligation
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at
from tests.factories import AT, Force, person, post
from tests.followup.obligations import morning, owed
from tests.followup.reorganizing import DECISION, NOW, fresh, merge

pytestmark = pytest.mark.django_db
DUE = date(2020, 3, 12)


def post_of(holder: Person) -> Position:
    return Position.objects.select_related("unit__command", "person").get(person=holder)


def page_of(holder: Person) -> str:
    return reverse("handover_post", args=[post_of(holder).pk])


@pytest.fixture
def assigned(force: Force) -> Item:
    return item_at(force, "assigned", conference=conference_at(force, "in_session"))


# --- who sees how much ------------------------------------------------------------------------------------------------
SIGHT = {
    "unit_chief": "all",
    "secretary": "all",
    "leader": "all",
    "deputy": "all",
    "idle_deputy": "all",
    "provincial_secretary": "all",
    "provincial_leader": "all",
    "inspector": "all",
    "administrator": "numbers",
}


@pytest.mark.parametrize("who", ["officer", "ward_chief", "stranger", "next_leader", *SIGHT])
def test_who_sees_what_a_chief_owes(client: Client, force: Force, assigned: Item, who: str) -> None:
    client.force_login(force.people[who])
    page = client.get(page_of(force.unit_chief))
    export = client.get(reverse("handover_post_export", args=[post_of(force.unit_chief).pk]))
    b"".join(export)
    sight = SIGHT.get(who)
    assert page.status_code == (200 if sight else 404)
    assert export.status_code == (200 if sight == "all" else 404)
    if sight:
        assert [kind.count for kind in page.context["kinds"]] == [1]
        assert len(page.context["lines"]) == (1 if sight == "all" else 0)
        # Titles are for those who see the item by its own rule.
        reads = who in ("unit_chief", "secretary", "leader", "deputy", "idle_deputy")
        assert (assigned.title in page.content.decode()) is reads


def test_the_successor_in_the_same_seat_sees_it_and_the_predecessor_too(force: Force, assigned: Item) -> None:
    old = post_of(force.unit_chief)
    end_position(old, on=date(2020, 1, 31), by=None, at=AT)
    successor = person("moi.nv")
    post(successor, force.qlhc, Role.UNIT_CHIEF, valid_from=date(2020, 2, 1))
    for who in (successor, force.unit_chief):
        assert lists.sight_of(fresh(who), old) is lists.Sight.ALL
    assert [each.subject_id for each in lists.owed_by_post(old)] == [str(assigned.pk)]


def test_a_deputy_owes_what_the_head_owes(force: Force) -> None:
    answer = owed(force, DUE, Role.LEADER)
    owed(force, DUE, Role.SECRETARY)
    assert list(lists.owed_by_post(post_of(force.leader))) == [answer]
    assert list(lists.owed_by_post(post_of(force.deputy))) == [answer]
    assert list(lists.owed_by_post(post_of(force.idle_deputy))) == []


def test_kinds_are_counted_with_what_is_late(force: Force) -> None:
    for days, kind in ((0, "prepare"), (1, "prepare"), (9, "prepare"), (2, "fulfil")):
        owed(force, DUE + timedelta(days=days), kind=kind)
    rows = lists.owed_by_post(post_of(force.unit_chief))
    found = lists.kinds(rows, DUE + timedelta(days=1))
    assert found == lists.kinds_of(rows, DUE + timedelta(days=1))
    assert [(kind.count, kind.late, kind.earliest) for kind in found] == [(3, 1, DUE), (1, 0, DUE + timedelta(days=2))]


def test_both_names_stand_on_the_list_and_in_the_table(client: Client, force: Force) -> None:
    owed(force, DUE)
    ended = merge(force.qlhc, force.ward)
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    client.force_login(force.ward_chief)
    page = client.get(page_of(force.ward_chief)).content.decode()
    assert "QLHC" in page
    answer = client.get(reverse("handover_post_export", args=[post_of(force.ward_chief).pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    headings, row = book.active.iter_rows(values_only=True)
    assert len(headings) == 7
    assert row[2:5] == (force.ward.name, force.qlhc.name, morning(DUE, 0).replace(tzinfo=None))


# --- where it goes ----------------------------------------------------------------------------------------------------
def test_what_stays_when_a_post_ends(force: Force) -> None:
    for n in range(3):
        owed(force, DUE + timedelta(days=n))
    held, today = post_of(force.unit_chief), timezone.localdate()
    left = lists.left_with(held, today)
    assert (left.count, left.more, left.holders) == (3, False, [])
    assert set(left.above) == {force.secretary, force.leader, force.deputy}
    stand_in = person("thay.nv")
    post(stand_in, force.qlhc, Role.UNIT_CHIEF, valid_from=today, acting_kind="tl", authority="1/QĐ")
    assert lists.left_with(held, today).holders == [stand_in]
    assert lists.left_with(post_of(force.deputy), today).holders == [force.leader]


def test_ending_a_post_shows_what_stays_and_with_whom(client: Client, force: Force) -> None:
    owed(force, DUE)
    client.force_login(force.administrator)
    held = post_of(force.unit_chief)
    page = client.get(reverse("position_end", args=[held.pk]))
    assert page.context["left"].count == 1
    assert force.secretary.full_name in page.content.decode()
    assert page_of(force.unit_chief) in page.content.decode()
    assert page_of(force.unit_chief) in client.get(reverse("person_show", args=[held.person_id])).content.decode()
    refused = client.post(reverse("position_end", args=[held.pk]), {"on": "hôm qua"})
    assert refused.status_code == 400
    client.force_login(force.unit_chief)
    assert page_of(force.unit_chief) in client.get(reverse("profile")).content.decode()


def test_during_an_absence_it_is_the_stand_ins_turn(client: Client, force: Force) -> None:
    owed(force, DUE)
    today = timezone.localdate()
    record_absence(
        post_of(force.unit_chief), first=today, last=today, reason="Họp", stand_in=force.officer, acting_kind="tl",
        authority="2/QĐ", by=force.secretary, at=timezone.now(),
    )  # fmt: skip
    client.force_login(fresh(force.officer))
    assert list(client.get(page_of(force.unit_chief)).context["turn_of"]) == [force.officer]
    assert list(Obligation.objects.open().owed_by(fresh(force.officer))) == list(Obligation.objects.all())


@pytest.mark.parametrize("rows", [1, 3])
def test_more_rows_cost_no_more_queries(
    client: Client, force: Force, rows: int, django_assert_num_queries: Any
) -> None:
    for _each in range(rows):
        item_at(force, "assigned", conference=conference_at(force, "in_session"))
    client.force_login(force.unit_chief)
    client.get(page_of(force.unit_chief))
    with django_assert_num_queries(12):
        assert len(client.get(page_of(force.unit_chief)).context["lines"]) == rows
    client.force_login(force.administrator)
    client.get(page_of(force.unit_chief))
    with django_assert_num_queries(10):
        client.get(page_of(force.unit_chief))
