"""How often something may be done, counted for all workers together, and whom a request comes from.

The counts stand in the database's cache table, so they outlive a restart and need no Redis. They are never kept under a
readable key: a table of who tried what from where would be a record nobody asked for.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def hit(name: str, key: object, limit: int, seconds: int) -> bool:
    """Count one use of *name* by *key*; True when it is one too many within a window of *seconds*.

    Windows are fixed, so at their border up to twice the limit can pass. What is refused counts too.
    """
    place, window = _place(name, key, seconds)
    with transaction.atomic(), connection.cursor() as cursor:
        # The cache cannot add one in a single step; without the lock two workers would count as one.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [place])
        used = (cache.get(place) or 0) + 1
        cache.set(place, used, window)
    return used > limit


def is_over(name: str, key: object, limit: int, seconds: int) -> bool:
    """Whether the next use would be one too many; counts nothing."""
    return (cache.get(_place(name, key, seconds)[0]) or 0) >= limit


def address_of(request: HttpRequest) -> str:
    """The address a request came from.

    X-Forwarded-For counts only behind our own proxy, and only its last entry: the rest anybody can write.
    """
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:45]
    return request.META.get("REMOTE_ADDR") or "127.0.0.1"


def _place(name: str, key: object, seconds: int) -> tuple[str, int]:
    now = int(time.time())
    digest = salted_hmac("cchc.web.limits", f"{name}:{key}", algorithm="sha256").hexdigest()[:32]
    return f"limit:{name}:{now // seconds}:{digest}", seconds - now % seconds
