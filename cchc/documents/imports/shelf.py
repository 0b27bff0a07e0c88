"""Where a table lies between its preview and its being entered: on the server, for one hour, for one person."""

from __future__ import annotations

import secrets

from django.core.cache import cache

from cchc.organization.models import Person
from cchc.web.sheet import Sheet, SheetRow

SECONDS = 3600


def put(sheet: Sheet, kind: str, person: Person) -> str:
    """Keep the table; returns the name under which only *person* finds it."""
    token = secrets.token_urlsafe(16)
    rows = [(row.number, row.cells) for row in sheet.rows]
    cache.set(_place(kind, person, token), {"headers": sheet.headers, "rows": rows}, SECONDS)
    return token


def take(token: str, kind: str, person: Person) -> Sheet | None:
    kept = cache.get(_place(kind, person, token))
    return Sheet(kept["headers"], [SheetRow(*row) for row in kept["rows"]]) if kept else None


def drop(token: str, kind: str, person: Person) -> None:
    cache.delete(_place(kind, person, token))


def _place(kind: str, person: Person, token: str) -> str:
    return f"import:{kind}:{person.pk}:{token}"
