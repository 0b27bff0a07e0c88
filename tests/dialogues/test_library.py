"""The library: what is published, found without accents, with what became of its promise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from dialogues import presentation
from dialogues.domain.library import Promise, promise_of
from dialogues.models import Answer, Item
from tests.dialogues.factories import ANSWERED, PROMISE, conference_at, item_at, move
from tests.dialogues.pages import signed_in, text_of
from tests.dialogues.results import practice_at
from tests.factories import Force

LATER = PROMISE + timedelta(days=5)


def found(client: Any, **chosen: Any) -> list[Item]:
    return list(client.get(reverse("library"), chosen).context["page"].rows)


def test_published_ones_are_found_by_words_content_field_and_year(force: Force) -> None:
    conference = conference_at(force, "collecting")
    one = item_at(force, "published", conference=conference, text="Lệ phí cấp hộ chiếu nộp ở đâu?")
    other = item_at(
        force, "closed", conference=conference, text="Phiếu hẹn trả kết quả có được gửi qua tin nhắn không?"
    )
    item_at(force, "answered", conference=conference, text="Hộ chiếu hết hạn xử lý thế nào?")
    practice = practice_at(force)
    practice_at(force, "proposed")
    client = signed_in(force.officer)
    assert set(found(client)) == {one, other}
    assert found(client, q="ho chieu") == [one]
    assert found(client, q="PHIEU HEN", topic=other.topic_id, field=other.field_id, year=2019) == [other]
    assert found(client, year=2018) == []
    assert found(client, topic="x", field="0", year="y", q="ho chieu") == [one]
    page = client.get(reverse("library"), {"q": "phieu hen"})
    assert page.context["practices"] == [practice]
    assert one.conference.title in text_of(client.get(reverse("library")))
    assert found(signed_in(force.stranger)) == found(signed_in(force.administrator)) == []


def test_its_own_unpublished_ones_are_not_in_the_library_of_the_secretary(force: Force) -> None:
    item_at(force, "answered")
    assert found(signed_in(force.secretary)) == []


def promised(force: Force, done_on: date | None = None, accept: bool = True) -> Item:
    item = item_at(force, "promised")
    if done_on:
        item = move(item, "report", force, done_on=done_on, at=ANSWERED + timedelta(days=200))
        item = move(item, "accept_report", force, at=ANSWERED + timedelta(days=200)) if accept else item
    return item


def test_what_became_of_the_promise(force: Force) -> None:
    open_one = promised(force)
    assert promise_of(open_one, PROMISE) == Promise.OPEN
    assert promise_of(open_one, LATER) == Promise.LATE
    assert promise_of(promised(force, done_on=PROMISE), LATER) == Promise.KEPT
    assert promise_of(promised(force, done_on=LATER), LATER) == Promise.LATE
    assert promise_of(promised(force, done_on=PROMISE, accept=False), PROMISE) == Promise.OPEN  # not confirmed yet
    assert promise_of(item_at(force, "published"), LATER) is None
    moved = move(promised(force), "extend", force)
    moved.answer = Answer.objects.get(item=moved)
    assert promise_of(moved, LATER) == Promise.OPEN


def test_the_promise_stands_in_the_library_and_while_one_types(force: Force) -> None:
    item = promised(force, done_on=PROMISE)
    item = Item.objects.select_related("answer").get(pk=item.pk)
    client = signed_in(force.officer)
    assert str(presentation.promise(item)) in text_of(client.get(reverse("library")))
    address = reverse("ask_similar", args=[conference_at(force, "collecting").code])
    typed = client.post(address, {"text": item.text}, headers={"HX-Request": "true"})
    assert str(presentation.promise(item)) in text_of(typed)
    assert reverse("library") in text_of(typed)


def test_empty_and_without_a_find(force: Force) -> None:
    client = signed_in(force.officer)
    assert client.get(reverse("library")).status_code == 200
    assert f'href="{reverse("library")}"' in text_of(client.get(reverse("library"), {"q": "khongcogi"}))


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    conference = conference_at(force, "collecting")
    for _each in range(number):
        item_at(force, "published", conference=conference)
        practice_at(force)
    client = signed_in(force.officer)
    client.get(reverse("library"))
    with django_assert_num_queries(10):
        client.get(reverse("library"), {"q": "ho so"})
