"""Bad input, and what the domain itself refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from dialogues.domain import intake
from dialogues.domain.intake import Asking, ask
from dialogues.enums import Audience, Channel, Identity, ItemKind
from dialogues.models import Conference, Item
from tests.dialogues.asking import (
    TEXT,
    asked_now,
    code_holder,
    entered,
    for_others,
    form_of,
    open_now,
    typed,
    typed_by_guest,
)
from tests.dialogues.factories import item_at
from tests.factories import Force

# --- bad input ---
BAD: list[Any] = [None, "", "x", "\x00\u202e", "9" * 5000, "á" * 9000, "-1", "2026-13-45", ["a", "b"]]
OFFICER_FIELDS = ("identity", "kind", "text", "title", "topic", "field", "submit_key", "files", "do")
GUEST_FIELDS = (
    "identity",
    "kind",
    "text",
    "audience",
    "asker_name",
    "asker_contact",
    "locality",
    "field",
    "submit_key",
    "files",
)
OTHERS_FIELDS = (
    "identity", "kind", "text", "channel", "received_on", "audience", "author", "asker_name", "asker_contact", "unit",
    "locality", "title", "topic", "field", "submit_key", "files",
)  # fmt: skip
FINE = (200, 302, 400, 409)


def test_bad_input_of_an_officer(officer: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.intake.NAMED_AN_HOUR", 10_000)
    for name in OFFICER_FIELDS:
        for bad in BAD:
            answer = officer.post(form_of(conference), typed(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)
            if answer.status_code == 400 and name not in ("text", "do"):
                assert TEXT in answer.content.decode(), (name, bad)


def test_bad_input_of_a_guest(guest: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.guest.BROWSER_A_MINUTE", 10_000)
    monkeypatch.setattr("dialogues.views.guest.HALL_AN_HOUR", 10_000)
    for name in GUEST_FIELDS:
        for bad in BAD:
            answer = guest.post(reverse("guest_ask"), typed_by_guest(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)


def test_bad_input_of_the_secretary(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    for name in OTHERS_FIELDS:
        for bad in BAD:
            answer = client.post(for_others(conference), entered(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)


def test_bad_input_of_an_edit(officer: Client, force: Force, conference: Conference) -> None:
    item = asked_now(force, conference)
    for name in ("text", "title", "topic", "field", "seen", "do"):
        for bad in BAD:
            fields = {"text": TEXT, "seen": Item.objects.get().moves, name: bad}
            answer = officer.post(
                reverse("ask_edit", args=[item.pk]), {k: v for k, v in fields.items() if v is not None}
            )
            assert answer.status_code in FINE, (name, bad)


def test_fields_that_are_not_in_the_form_change_nothing(officer: Client, force: Force, conference: Conference) -> None:
    extra = {
        "state": "closed", "author": force.leader.pk, "unit": force.ward.pk, "number": 99, "code": "CH-99",
        "channel": "box", "audience": "citizens", "asker_name": "X", "host": force.province.pk, "on_floor": "1",
        "submitted_at": "2000-01-01",
    }  # fmt: skip
    officer.post(form_of(conference), {**typed(), **extra})
    item = Item.objects.get()
    assert (item.state, item.author, item.unit, item.code, item.channel) == (
        "submitted",
        force.officer,
        force.qlhc,
        "CH-01",
        "web_advance",
    )
    assert (item.audience, item.asker_name, item.host, item.on_floor) == ("officers", "", force.town, False)


# --- the domain's own refusals ---
def test_the_domain_refuses_what_the_form_would_not_offer(force: Force, conference: Conference) -> None:
    at = timezone.now()
    with pytest.raises(NotAllowed):
        ask(Asking(TEXT, author=force.stranger), conference=conference, by=force.stranger, at=at)
    with pytest.raises(NotAllowed):
        ask(Asking(TEXT, channel=Channel.PAPER), conference=conference, by=force.officer, at=at)
    with pytest.raises(Refused):
        ask(Asking(TEXT, author=force.officer), conference=conference, by=force.officer, at=at + timedelta(days=300))
    only = open_now(force, audiences=[Audience.CITIZENS])
    with pytest.raises(Refused):
        ask(Asking(TEXT, author=force.officer), conference=only, by=force.officer, at=at)
    assert not Item.objects.exists()


def test_numbers_run_by_kind(force: Force, conference: Conference) -> None:
    at = timezone.now()
    kinds = [ItemKind.QUESTION, ItemKind.OPINION, ItemKind.QUESTION, ItemKind.PROPOSAL]
    codes = [
        ask(Asking(TEXT, kind=kind, author=force.officer), conference=conference, by=force.officer, at=at).item.code
        for kind in kinds
    ]
    assert codes == ["CH-01", "YK-01", "CH-02", "KN-01"]


def test_a_receipt_names_its_dates(officer: Client, force: Force) -> None:
    conference = open_now(force)
    page = officer.post(form_of(conference), typed(identity="anonymous")).content.decode()
    meets = timezone.localtime(conference.starts_at)
    assert f"{meets:%d/%m/%Y}" in page
    assert Item.objects.get().turn is not None
    assert f"{Item.objects.get().turn.due_on:%d/%m/%Y}" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_form(officer: Client, force: Force, rows: int, django_assert_max_num_queries: Any) -> None:
    conference = open_now(force)
    for _ in range(rows):
        item_at(force, "published", by=force.unit_chief)
    officer.get(form_of(conference))  # notes once in five minutes that he is there
    with django_assert_max_num_queries(12):
        officer.get(form_of(conference))


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_sending(officer: Client, force: Force, rows: int) -> None:
    conference = open_now(force)
    for _ in range(rows):
        officer.post(form_of(conference), typed())
    with CaptureQueriesContext(connection) as found:
        officer.post(form_of(conference), typed())
    told = [query["sql"] for query in found if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    counting = [sql for sql in told if '"cache"' in sql or "advisory" in sql]
    assert len(told) - len(counting) <= 21, told


def test_an_anonymous_item_keeps_no_link(force: Force, conference: Conference) -> None:
    asking = Asking(
        TEXT, identity=Identity.ANONYMOUS, author=force.officer, unit=force.qlhc, asker_name="An", locality="Đây"
    )
    item = ask(asking, conference=conference, by=force.officer, at=timezone.now()).item
    assert (item.author, item.unit, item.asker_name, item.locality) == (None, None, "", "")
    with pytest.raises(MovedOn):
        intake.edit(perform_accept(item, force), by=code_holder(item), at=timezone.now(), text="Muộn rồi")


def perform_accept(item: Item, force: Force) -> Item:
    return perform(item, "accept", by=force.secretary, at=timezone.now())


def test_without_a_name_on_the_day_the_window_opens(force: Force, conference: Conference) -> None:
    """Only the day of it is kept, whose midnight lies before the hour at which the window opened."""
    opens = conference.opens_at
    for audience, by in ((Audience.CITIZENS, None), (Audience.OFFICERS, force.officer)):
        asking = Asking(TEXT, identity=Identity.ANONYMOUS, audience=audience)
        with pytest.raises(Refused):
            ask(asking, conference=conference, by=by, at=opens - timedelta(minutes=1))
        item = ask(asking, conference=conference, by=by, at=opens + timedelta(minutes=1)).item
        assert item.submitted_at == intake.on_day(opens)
