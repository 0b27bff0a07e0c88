"""The bell: who is told what, in a sentence, once, and by whom it may be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cchc.followup import bell
from cchc.followup.sentences import Told
from cchc.workflow.models import Notice
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(force: Force) -> Item:
    return item_at(force, "published", conference=conference_at(force, "in_session"))


def lines(client: Client, person: Any, query: str = "") -> list[Told]:
    client.force_login(person)
    answer = client.get(f"/notices/{query}")
    assert answer.status_code == 200
    told: list[Told] = answer.context["told"]
    return told


def test_a_notice_says_who_did_what_to_which(client: Client, force: Force, answered: Item) -> None:
    newest = lines(client, force.officer)[0]
    assert newest.actor == force.secretary.full_name
    assert newest.link is not None
    assert newest.link.title == str(answered)
    assert newest.link.url == f"/items/{answered.pk}/"
    actions = [line.notice.event.action for line in lines(client, force.officer)]
    assert actions == ["publish", "accept", "open"][: len(actions)]


def test_opening_marks_it_read_and_leads_there(client: Client, force: Force, answered: Item) -> None:
    line = lines(client, force.officer)[0]
    before = bell.unread(force.officer)
    assert client.get(f"/notices/{line.notice.pk}/open/").status_code == 405  # reading a page changes nothing
    opened = client.post(f"/notices/{line.notice.pk}/open/")
    assert (opened.status_code, opened.url) == (302, f"/items/{answered.pk}/")
    assert bell.unread(force.officer) == before - 1
    first = Notice.objects.get(pk=line.notice.pk).read_at
    client.post(f"/notices/{line.notice.pk}/open/")
    assert Notice.objects.get(pk=line.notice.pk).read_at == first


def test_all_are_read_at_once_and_the_bell_is_silent(client: Client, force: Force, answered: Item) -> None:
    client.force_login(force.officer)
    assert 'class="n"' in client.get("/notices/").content.decode()
    assert client.post("/notices/read/").status_code == 302
    assert bell.unread(force.officer) == 0
    assert lines(client, force.officer, "?unread=1") == []
    assert len(lines(client, force.officer)) > 0
    assert Notice.objects.visible_to(force.secretary).unread().exists()  # only one's own


def test_other_peoples_notices_do_not_exist(client: Client, force: Force, answered: Item) -> None:
    line = lines(client, force.officer)[0]
    client.force_login(force.stranger)
    assert client.post(f"/notices/{line.notice.pk}/open/").status_code == 404
    assert lines(client, force.stranger) == []


def test_what_one_may_no_longer_see_has_no_title(client: Client, force: Force, answered: Item) -> None:
    notices = Notice.objects.filter(event__subject_id=str(answered.pk), person=force.officer)
    notices.update(person=force.stranger)
    told = lines(client, force.stranger)
    assert told
    assert all(line.link is None and line.note == "" for line in told)
    page = client.get("/notices/").content.decode()
    assert answered.title not in page
    assert client.post(f"/notices/{told[0].notice.pk}/open/").status_code == 404


def test_more_notices_cost_no_more_queries(
    client: Client, force: Force, answered: Item, django_assert_num_queries: Any
) -> None:
    client.force_login(force.secretary)
    client.get("/notices/")
    with django_assert_num_queries(7):
        client.get("/notices/")
    for _each in range(2):
        move(item_at(force, "accepted", conference=answered.conference), "assign", force)
    with django_assert_num_queries(7):
        client.get("/notices/")
