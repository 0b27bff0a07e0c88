"""What the benchmark loads in bulk is what the domain would have written: the same rules hold in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from benchmarks import committing
from benchmarks.national import load
from cchc.organization.models import Person, Position, Unit
from cchc.workdays.domain.day import seed
from cchc.workflow.chain import verify
from cchc.workflow.flow import Waits
from cchc.workflow.models import Event, Obligation
from commitments.models import Commitment
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.domain.item import ITEM_FLOW
from dialogues.domain.item_list import ItemList, Pill, Wanted
from dialogues.domain.topic import seed_taxonomy
from dialogues.models import Conference, Dispatch, Escalation, Item
from dialogues.models.item import ENDED_STATES

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    seed([2025, 2026])
    seed_taxonomy()
    load(200, 12, 6, now=NOW)
    with connection.cursor() as cursor:  # every foreign key, now and not at the end
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_small_country_is_consistent(loaded: None) -> None:
    items = Item.objects.all()
    assert (items.count(), Unit.objects.count(), Conference.objects.count()) == (200, 12, 6)
    assert set(items.values_list("state", flat=True)) <= set(ITEM_FLOW.states)

    open_items = items.exclude(state__in=ENDED_STATES)
    open_duties = Obligation.objects.open().filter(subject_type__in=("dialogues.item", "dialogues.escalation"))
    assert open_items.count() == open_duties.count() > 0
    assert set(open_items.values_list("turn", flat=True)) == set(open_duties.values_list("pk", flat=True))
    for item in open_items.select_related("turn", "escalation__turn"):
        owed = ITEM_FLOW.owes[item.state]
        if isinstance(owed, Waits):
            assert item.turn == item.escalation.turn
            item, owed = item.escalation, ESCALATION_FLOW.owes[item.escalation.state]
        assert (item.turn.subject_id, item.turn.kind, item.turn.role) == (str(item.pk), owed.kind, owed.role or "")
    assert Escalation.objects.count() == items.filter(escalation__isnull=False).count() > 0
    assert Dispatch.objects.count() == Escalation.objects.filter(sent_at__isnull=False).count() > 0
    assert not items.filter(state__in=ENDED_STATES, turn__isnull=False).exists()

    counts = items.counts()
    assert sum(counts.values()) == items.received().count() == 200
    assert not items.filter(~Q(host=F("conference__host"))).exists()
    assert not items.filter(merged_into__isnull=False).exclude(conference=F("merged_into__conference")).exists()


def test_its_ledger_verifies_and_the_next_event_continues_it(loaded: None) -> None:
    verdict = verify()
    assert verdict.ok
    assert verdict.events == Event.objects.count() > 200
    in_full = Item.objects.filter(host__code="TX")
    told = Event.objects.filter(subject_type="dialogues.item").values("subject_id").annotate(n=Count("seq"))
    lines = {row["subject_id"]: row["n"] for row in told}
    assert all(lines[str(item.pk)] == item.moves for item in in_full)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'event_chain'")
        assert cursor.fetchone() == ("A",)


def test_a_campaign_goes_through_its_year(loaded: None) -> None:
    prepared = committing.prepare(0)
    committing.STEPS["open"](0)
    registered = committing.register(0)
    assert (prepared["units"], registered["tasks"], len(registered["signers"])) == (11, 50, 4)
    committing.in_force(2)
    assert Commitment.objects.unsealed().count() == 2
    committing.in_force(0)
    assert committing.STEPS["evaluate"](0)["the chain holds"]
    assert committing.score(0)["scores"] == 11 * 4 * 3
    assert committing.settle(0)["settled"] == 11
    assert committing.publish(0)["check"]["differences"] == 0


def test_its_people_see_their_items_and_new_rows_get_new_numbers(loaded: None) -> None:
    secretary, leader = Person.objects.get(username="thuky"), Person.objects.get(username="truong")
    today = NOW.date()
    for person in (secretary, leader):
        counts = ItemList(person, Wanted(), today).counts()
        assert counts[Pill.ALL] == Item.objects.visible_to(person).received().count() == 80
        assert counts[Pill.OPEN] > counts[Pill.MINE] > 0
    stranger = Person.objects.create(username="moi", full_name="Người Mới", password="!")
    post = Position.objects.create(
        person=stranger, unit=Unit.objects.get(code="TX"), role="officer", title="Cán bộ", valid_from=today
    )
    assert not Person.objects.filter(pk__gt=stranger.pk).exists()
    assert not Position.objects.filter(pk__gt=post.pk).exists()
