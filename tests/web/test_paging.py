"""Keyset pages: every row once, forwards and backwards, whatever is empty, equal or forged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cchc.web.models import Draft
from cchc.web.paging import Page, paginate
from tests.factories import person

AT = datetime(2020, 1, 2, 1, 0, tzinfo=UTC)
ORDERS = [("saved_at", "pk"), ("-saved_at", "pk"), ("saved_at", "-pk"), ("key", "-saved_at", "pk")]
WITH_EMPTY = [("person_id", "pk"), ("-person_id", "pk"), ("-person_id", "-pk")]


def make(moments: list[int], owned: list[bool] | None = None) -> None:
    Draft.objects.all().delete()
    for number, moment in enumerate(moments):
        mine = bool(owned and owned[number])
        Draft.objects.create(
            person=person() if mine else None,
            session_key="" if mine else f"s{number}",
            key=f"k{moment % 2}",
            data={},
            saved_at=AT + timedelta(minutes=moment),
        )


def walk(order: tuple[str, ...], size: int, **options: Any) -> tuple[list[int], list[int]]:
    """Ids met on the way to the last page, and on the way back to the first."""
    there: list[list[int]] = []
    page: Page[Draft] = paginate(Draft.objects.all(), order, size=size, **options)
    there.append([row.pk for row in page])
    while page.next:
        page = paginate(Draft.objects.all(), order, after=page.next, size=size, **options)
        there.append([row.pk for row in page])
    back = [[row.pk for row in page]]
    while page.previous:
        page = paginate(Draft.objects.all(), order, before=page.previous, size=size, **options)
        back.append([row.pk for row in page])
        assert len(back) < 100
    return sum(there, []), sum(reversed(back), [])


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_every_row_once_and_in_order(order: tuple[str, ...]) -> None:
    make([5, 1, 3, 3, 3, 2, 9, 3, 0])
    expected = list(Draft.objects.order_by(*order).values_list("pk", flat=True))
    there, back = walk(order, 3)
    assert there == expected
    assert back == expected


@pytest.mark.django_db
@pytest.mark.parametrize("order", WITH_EMPTY)
@pytest.mark.parametrize("owned", [[1, 0, 1, 0, 1, 0, 0], [0] * 7, [1] * 7, [0, 0, 1, 0, 0, 0, 0]])
def test_empty_values_come_last(order: tuple[str, ...], owned: list[int]) -> None:
    make(list(range(7)), [bool(each) for each in owned])
    there, back = walk(order, 2, nullable=True)
    rows = {row.pk: row.person_id for row in Draft.objects.all()}
    assert sorted(there) == sorted(rows)
    empty = [rows[pk] is None for pk in there]
    assert empty == sorted(empty)
    assert back == there or set(back) == set(there)


@pytest.mark.django_db
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(st.integers(0, 4), max_size=9), size=st.integers(1, 4), order=st.sampled_from(ORDERS))
def test_any_list(moments: list[int], size: int, order: tuple[str, ...]) -> None:
    make(moments)
    expected = list(Draft.objects.order_by(*order).values_list("pk", flat=True))
    assert walk(order, size)[0] == expected


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "::", "a" * 5000, "\x00", "W10:abc", "eyJ4IjoxfQ:bad"])
def test_a_bad_cursor_is_the_first_page(cursor: str) -> None:
    make([1, 2, 3])
    first = [row.pk for row in paginate(Draft.objects.all(), ("saved_at", "pk"), size=2)]
    assert [row.pk for row in paginate(Draft.objects.all(), ("saved_at", "pk"), size=2, after=cursor)] == first
    assert [row.pk for row in paginate(Draft.objects.all(), ("saved_at", "pk"), size=2, before=cursor)] == first


@pytest.mark.django_db
def test_a_cursor_of_another_order_is_refused() -> None:
    make([1, 2, 3])
    other = paginate(Draft.objects.all(), ("-saved_at", "pk"), size=1).next
    page = paginate(Draft.objects.all(), ("saved_at", "pk"), size=1, after=other)
    assert page.previous == ""


@pytest.mark.django_db
def test_one_query_for_a_page() -> None:
    make([1, 2, 3, 4])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = paginate(Draft.objects.all(), ("saved_at", "pk"), size=2)
        paginate(Draft.objects.all(), ("saved_at", "pk"), size=2, after=page.next)
    assert len(queries) == 2
    assert all("LIMIT 3" in query["sql"] for query in queries)


@pytest.mark.django_db
def test_nothing() -> None:
    page = paginate(Draft.objects.none(), ("saved_at", "pk"))
    assert (list(page), len(page), page.next, page.previous) == ([], 0, "", "")
