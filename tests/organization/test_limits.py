"""Counts that hold for all workers together, with what happens without their lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from cchc.web import limits


@pytest.fixture(autouse=True)
def _still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, 1_000_000)


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """For the windows only: the cache goes on living in the present."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: float(seconds)))


def test_the_fourth_of_three_is_one_too_many(db: None) -> None:
    assert [limits.hit("ask", "a", 3, 60) for _each in range(5)] == [False, False, False, True, True]
    assert not limits.hit("ask", "b", 3, 60)
    assert not limits.hit("answer", "a", 3, 60)
    assert limits.is_over("ask", "a", 3, 60)
    assert not limits.is_over("ask", "b", 3, 60)


def test_a_new_window_begins_at_zero(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.hit("ask", "a", 0, 60)
    set_clock(monkeypatch, 1_000_080)
    assert not limits.hit("ask", "a", 1, 60)


def test_who_tried_what_cannot_be_read_back(db: None) -> None:
    limits.hit("login", "10.1.2.3", 3, 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        kept = str(cursor.fetchall())
    assert "login" in kept
    assert "10.1.2.3" not in kept


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted() -> None:
    cache.clear()
    assert sum(at_once(lambda: limits.hit("race", "a", 10, 60))) == 30


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_some_would_slip_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same race, and the counts are lost."""
    cache.clear()

    def unlocked() -> bool:
        used = (cache.get("race") or 0) + 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
        cache.set("race", used, 60)
        return used > 10

    assert sum(at_once(unlocked)) < 30


def at_once(job: Any) -> list[bool]:
    def one(_number: int) -> bool:
        try:
            return bool(job())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(40)))


@pytest.mark.parametrize(
    ("behind", "header", "expected"),
    [
        (False, "", "127.0.0.1"),
        (False, "10.0.0.1", "127.0.0.1"),
        (True, "", "127.0.0.1"),
        (True, "10.0.0.1", "10.0.0.1"),
        (True, "6.6.6.6, 10.0.0.1", "10.0.0.1"),
    ],
)
def test_only_our_own_proxy_is_believed(settings: Any, behind: bool, header: str, expected: str) -> None:
    settings.BEHIND_PROXY = behind
    request = RequestFactory().get("/", headers={"X-Forwarded-For": header} if header else {})
    assert limits.address_of(request) == expected
