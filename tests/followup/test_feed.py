"""The calendar feed: a secret address that opens what awaits its owner, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cchc.followup.domain import feed as feeds
from cchc.followup.models import Feed
from cchc.organization.models import Person
from cchc.workflow.engine import extend
from cchc.workflow.models import Obligation
from tests.dialogues.factories import conference_at, item_at, move
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db


def address(person: Person) -> str:
    return reverse("feed_file", args=[feeds.make(person, timezone.now())])


def events(url: str) -> list[Any]:
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_only_the_digest_is_kept_and_the_secret_is_long(force: Force) -> None:
    first, second = (feeds.make(force.officer, timezone.now()) for _each in range(2))
    feed = Feed.objects.get()
    assert first != second
    assert len(first) * 6 >= 128
    assert feed.digest == hashlib.sha256(second.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT followup_feed::text FROM followup_feed")
        assert second not in cursor.fetchone()[0]


def test_each_open_obligation_is_a_day(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "collecting"))
    (event,) = events(address(force.unit_chief))
    assert item.turn is not None
    assert event.start == item.turn.due_on
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event.end - event.start == timedelta(days=1)
    assert item.title in event["SUMMARY"]
    assert event["SUMMARY"] != item.title  # what is to be done stands before it
    assert event["URL"] == f"http://testserver/items/{item.pk}/"
    assert event["DTSTAMP"].dt.tzinfo is not None
    assert str(item.turn.pk) in event["UID"]


def test_it_keeps_its_name_when_its_day_moves(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "collecting"))
    url = address(force.unit_chief)
    (before,) = events(url)
    extend(item.turn, item.turn.due_on + timedelta(days=7), reason="Chờ hồ sơ", by=force.leader, at=timezone.now())
    (after,) = events(url)
    assert after["UID"] == before["UID"]
    assert after.start > before.start
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_what_is_settled_vanishes(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "collecting"))
    url = address(force.unit_chief)
    assert len(events(url)) == 1
    move(item, "prepare", force)
    assert events(url) == []


def test_of_what_one_may_not_see_only_the_duty_is_told(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "collecting"))
    Obligation.objects.filter(pk=item.turn_id).update(role="", unit=None, person=force.stranger)
    (event,) = events(address(force.stranger))
    assert item.title not in event.to_ical().decode()
    assert str(item.pk) not in event.to_ical().decode()
    assert event["SUMMARY"]


def test_a_post_that_ended_owes_nothing(force: Force) -> None:
    item_at(force, "assigned", conference=conference_at(force, "collecting"))
    url = address(force.unit_chief)
    force.unit_chief.positions.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert events(url) == []


def test_a_closed_account_has_no_calendar(force: Force) -> None:
    url = address(force.unit_chief)
    Person.objects.filter(pk=force.unit_chief.pk).update(is_active=False)
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("secret", ["x" * 43, "tracking-code-1234"])
def test_an_unknown_address_is_nothing(force: Force, secret: str) -> None:
    answer = Client().get(reverse("feed_file", args=[secret]))
    assert (answer.status_code, answer.content) == (404, b"")


def test_wrong_addresses_are_counted_and_right_ones_are_not(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc.followup.views.feed.WRONG_AN_HOUR", 2)
    url, wrong = address(force.officer), reverse("feed_file", args=["x" * 43])
    client = Client()
    assert [client.get(url).status_code for _each in range(4)] == [200] * 4
    assert [client.get(wrong).status_code for _each in range(3)] == [404, 404, 429]
    assert client.get(url).status_code == 429


def test_no_cookie_and_no_shared_copy(force: Force) -> None:
    client = Client()
    for url in (address(force.officer), reverse("feed_file", args=["x" * 43])):
        answer = client.get(url)
        assert not answer.cookies
    assert "private" in client.get(address(force.officer))["Cache-Control"]
    assert "sessionid" not in client.cookies


def test_reading_keeps_the_day_alone(force: Force) -> None:
    url = address(force.officer)
    assert Feed.objects.get().read_on is None
    Client().get(url)
    assert Feed.objects.get().read_on == timezone.localdate()


def test_making_replacing_and_revoking_by_the_page(force: Force) -> None:
    client = signed_in(force.officer)
    page = reverse("feed_show")
    assert client.get(page).context["address"] == ""
    assert not Feed.objects.exists()
    first = client.post(page).context["address"]
    second = client.post(page).context["address"]
    assert client.get(page).context["address"] == ""
    assert second not in client.get(page).content.decode()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert client.post(reverse("feed_revoke")).status_code == 302
    assert Client().get(second).status_code == 404
    assert client.post(reverse("feed_revoke")).status_code == 302


def test_english_for_whoever_reads_english(force: Force) -> None:
    item_at(force, "assigned", conference=conference_at(force, "collecting"))
    Person.objects.filter(pk=force.unit_chief.pk).update(language="en")
    (event,) = events(address(force.unit_chief))
    assert event["SUMMARY"].startswith("Prepare an answer: ")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    conference = conference_at(force, "collecting")
    for _each in range(rows):
        item_at(force, "assigned", conference=conference)
    url = address(force.unit_chief)
    Client().get(url)
    with django_assert_num_queries(5):
        assert len(events(url)) == rows
