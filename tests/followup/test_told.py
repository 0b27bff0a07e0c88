"""Who has been told: for those at work on a thing, with names only where they are theirs to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cchc.followup.domain.told import ToldLine
from cchc.organization.models import Person
from cchc.workflow.models import Capacity, Notice
from dialogues.domain.intake import support
from dialogues.enums import Identity
from dialogues.models import Item
from tests.dialogues.factories import ANSWERED, conference_at, escalation_at, item_at, move
from tests.dialogues.pages import signed_in
from tests.factories import Force
from tests.followup.outbox import delivery

pytestmark = pytest.mark.django_db


def page(person: Person, item: Any) -> str:
    return f"/told/{item._meta.label_lower}/{item.pk}/"


def told(person: Person, item: Any) -> list[ToldLine]:
    answer = signed_in(person).get(page(person, item))
    assert answer.status_code == 200
    lines: list[ToldLine] = answer.context["lines"]
    return lines


@pytest.fixture
def published(force: Force) -> Item:
    return item_at(force, "published", conference=conference_at(force, "in_session"))


def test_every_notice_with_its_person_newest_first(force: Force, published: Item) -> None:
    lines = told(force.secretary, published)
    wanted = Notice.objects.filter(event__subject_id=str(published.pk)).order_by("-pk")
    assert [line.notice for line in lines] == list(wanted)
    assert {line.name for line in lines} >= {force.officer.full_name, force.unit_chief.full_name}
    assert lines[0].of


def test_reminders_are_among_them(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "in_session"))
    Notice.objects.create(
        person=force.unit_chief, obligation=item.turn, stage=3, due_on=item.turn.due_on, capacity=Capacity.OWNER,
        told_at=timezone.now(), vacant=True,
    )  # fmt: skip
    first = told(force.secretary, item)[0]
    assert (first.reminder, first.name) == (True, force.unit_chief.full_name)
    assert f"{item.turn.due_on:%d/%m/%Y}" in first.of


def test_read_and_sent(force: Force, published: Item) -> None:
    notice = Notice.objects.filter(person=force.officer, event__subject_id=str(published.pk)).latest("pk")
    sent = delivery(force.officer, notice, state="sent", ended_at=timezone.now())
    lines = {line.notice: line for line in told(force.secretary, published)}
    assert lines[notice].notice.read_at is None
    assert lines[notice].deliveries == [sent]
    Notice.objects.filter(pk=notice.pk).update(read_at=timezone.now())
    assert any(line.notice.read_at for line in told(force.secretary, published))


INSIDE = ["unit_chief", "ward_chief", "secretary", "leader", "deputy", "idle_deputy"]
OUTSIDE = ["officer", "ward_officer", "stranger", "next_leader", "provincial_leader", "inspector", "administrator"]


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
def test_only_those_at_work_on_it(force: Force, published: Item, who: str) -> None:
    """Its asker too is outside: that he is told of everything he knows."""
    client = signed_in(getattr(force, who))
    assert client.get(page(force.officer, published)).status_code == (200 if who in INSIDE else 404)
    shown = client.get(f"/items/{published.pk}/")
    link = page(force.officer, published) in shown.content.decode()
    assert link is (who in INSIDE)


@pytest.mark.parametrize(
    "address", ["dialogues.item/x", "dialogues.item/00000000-0000-4000-8000-000000000000", "dialogues.plan/1", "a/b"]
)
def test_what_is_not_there(force: Force, address: str) -> None:
    assert signed_in(force.secretary).get(f"/told/{address}/").status_code == 404


def test_who_has_the_same_concern_is_nobodys_to_know(force: Force) -> None:
    item = item_at(force, "answered", conference=conference_at(force, "in_session"))
    support(item, by=force.ward_officer, at=ANSWERED)
    move(item, "publish", force)
    for who in ("secretary", "leader", "unit_chief"):
        lines = told(getattr(force, who), item)
        theirs = [line for line in lines if line.notice.person_id == force.ward_officer.pk]
        assert theirs
        assert all(line.name != force.ward_officer.full_name for line in theirs)
        content = signed_in(getattr(force, who)).get(page(force.leader, item)).content.decode()
        assert force.ward_officer.full_name not in content


def test_a_name_stands_where_a_duty_was_owed(force: Force) -> None:
    """A supporter who also has a post is told as its holder by name."""
    item = item_at(force, "prepared", conference=conference_at(force, "in_session"))
    support(item, by=force.unit_chief, at=ANSWERED)
    move(item, "send_back", force)
    lines = told(force.secretary, item)
    owner = [line for line in lines if line.notice.person_id == force.unit_chief.pk and line.notice.capacity]
    assert owner
    assert all(line.name == force.unit_chief.full_name for line in owner)


def test_who_asked_what_was_joined_is_the_hosts_to_know(force: Force) -> None:
    conference = conference_at(force, "in_session")
    lead = item_at(force, "accepted", conference=conference)
    joined = item_at(force, "accepted", conference=conference, by=force.ward_officer)
    move(joined, "merge", force, lead=lead)
    for action in ("assign", "prepare", "answer", "publish"):
        lead = move(lead, action, force)
    names = {who: {line.name for line in told(getattr(force, who), lead)} for who in ("secretary", "unit_chief")}
    assert force.ward_officer.full_name in names["secretary"]
    assert force.ward_officer.full_name not in names["unit_chief"]
    assert force.officer.full_name in names["unit_chief"]  # whom he answers


def test_an_anonymous_asker_is_not_in_it(force: Force) -> None:
    item = item_at(
        force, "published", conference=conference_at(force, "in_session"), author=None, unit=None,
        identity=Identity.ANONYMOUS,
    )  # fmt: skip
    lines = told(force.secretary, item)
    assert lines
    assert force.officer.full_name not in {line.name for line in lines}


def test_each_side_of_an_escalation_its_own_steps(force: Force) -> None:
    escalation = escalation_at(force, "presented")
    town, province = (
        {line.notice.event.action for line in told(who, escalation) if line.notice.event}
        for who in (force.leader, force.provincial_leader)
    )
    assert "send" in town & province
    assert "advise" in province - town
    assert "propose" in town - province
    assert signed_in(force.stranger).get(page(force.stranger, escalation)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(force: Force, published: Item, rows: int, django_assert_num_queries: Any) -> None:
    event = Notice.objects.filter(event__subject_id=str(published.pk)).latest("pk").event
    for place in range(rows):
        notice = Notice.objects.create(
            person=[force.stranger, force.inspector, force.next_leader][place], event=event,
            told_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        delivery(notice.person, notice, state="sent", ended_at=timezone.now())
    client = signed_in(force.secretary)
    client.get(page(force.secretary, published))
    with django_assert_num_queries(12):
        client.get(page(force.secretary, published))
