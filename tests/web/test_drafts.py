"""What is typed is kept on the server, for its author only, and never for an anonymous one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cchc.web.domain import draft as drafts
from cchc.web.domain.draft import Owner
from cchc.web.models import Draft
from tests.factories import person

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 2, 1, 0, tzinfo=UTC)
GUEST = Owner(session_key="s1")


def test_kept_recalled_discarded() -> None:
    drafts.keep(GUEST, "item:new:1", {"text": ["Một"], "units": ["1", "2"]}, at=AT)
    drafts.keep(GUEST, "item:new:1", {"text": ["Hai"], "units": ["1", "2"]}, at=AT)
    assert Draft.objects.count() == 1
    assert drafts.recall(GUEST, "item:new:1") == {"text": "Hai", "units": ["1", "2"]}
    drafts.discard(GUEST, "item:new:1")
    assert drafts.recall(GUEST, "item:new:1") == {}


def test_nobody_else_sees_it() -> None:
    mine, other = person(), person()
    drafts.keep(Owner(person_id=mine.pk), "k", {"text": ["mật"]}, at=AT)
    assert drafts.recall(Owner(person_id=other.pk), "k") == {}
    assert drafts.recall(GUEST, "k") == {}
    assert drafts.recall(Owner(), "k") == {}


def test_what_cannot_be_stored_is_left_out() -> None:
    drafts.keep(GUEST, "k", {"te\x00xt": ["a\x00b\ud800c"]}, at=AT)
    assert drafts.recall(GUEST, "k") == {"text": "abc"}


def test_too_large() -> None:
    with pytest.raises(drafts.TooLarge):
        drafts.keep(GUEST, "k", {"text": ["đ" * drafts.MAX_BYTES]}, at=AT)


def test_the_oldest_makes_room() -> None:
    for number in range(drafts.MAX_DRAFTS + 2):
        drafts.keep(GUEST, f"k{number}", {}, at=AT + timedelta(minutes=number))
    assert Draft.objects.count() == drafts.MAX_DRAFTS
    assert drafts.find(GUEST, "k1") is None
    assert drafts.find(GUEST, "k2") is not None


def test_old_ones_expire() -> None:
    drafts.keep(GUEST, "old", {}, at=AT)
    drafts.keep(GUEST, "new", {}, at=AT + timedelta(days=2))
    assert drafts.expire(AT + timedelta(days=drafts.KEEP_CALENDAR_DAYS, minutes=1)) == 1
    assert drafts.find(GUEST, "new") is not None


@pytest.mark.parametrize("fields", [{"session_key": ""}, {"session_key": "s"}])
def test_the_database_wants_exactly_one_owner(fields: dict[str, Any]) -> None:
    owner = person() if fields["session_key"] else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(person=owner, key="k", data={}, saved_at=AT, **fields)


def test_saving_over_http(client: Client) -> None:
    author = person()
    client.force_login(author)
    answer = client.post("/drafts/item:new:1/", {"text": "Câu hỏi", "password": "x", "csrfmiddlewaretoken": "y"})
    assert set(answer.json()) == {"saved_at"}
    assert drafts.recall(Owner(person_id=author.pk), "item:new:1") == {"text": "Câu hỏi"}
    assert client.post("/drafts/item:new:1/", {"_discard": "1"}).status_code == 204
    assert Draft.objects.count() == 0


def test_a_guest_keeps_drafts_in_the_session(client: Client) -> None:
    client.post("/drafts/k/", {"text": "Một"})
    assert drafts.recall(Owner(session_key=client.session.session_key), "k") == {"text": "Một"}


def test_an_anonymous_choice_forgets(client: Client) -> None:
    client.force_login(person())
    client.post("/drafts/k/", {"text": "Một", "author": "named"})
    assert client.post("/drafts/k/", {"text": "Một hai", "author": "anonymous"}).status_code == 204
    assert Draft.objects.count() == 0


def test_an_anonymous_guest_gets_no_session(client: Client) -> None:
    client.post("/drafts/k/", {"text": "Một", "author": "anonymous"})
    assert "cchc_session" not in client.cookies


def test_refusals(client: Client) -> None:
    assert client.get("/drafts/k/").status_code == 405
    assert client.post("/drafts/a b/", {}).status_code == 404
    assert client.post(f"/drafts/{'k' * 201}/", {}).status_code == 404
    assert client.post("/drafts/k/", {"text": "x" * drafts.MAX_BYTES}).status_code == 413
    assert Client(enforce_csrf_checks=True).post("/drafts/k/", {"text": "x"}).status_code == 403
