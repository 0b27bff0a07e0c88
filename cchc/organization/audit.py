"""Where changes of the organization are written down: the platform's event log, named in the settings.

The log stands above this package (architecture.md §1), so it is reached through a dotted name, never by an import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from .models import Person


def record(
    subject: models.Model,
    action: str,
    *,
    by: Person | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one event about *subject*; *by* is None for a load from the command line.

    Call it last in the transaction of the change: the log holds its lock until commit.
    """
    event = (subject, action, {"by": by, "at": at, "note": note, "data": dict(data or {})})
    held_back = _held_back.get()
    if held_back is None:
        _write(*event)
    else:
        held_back.append(event)


@contextmanager
def events_at_the_end() -> Iterator[None]:
    """Hold back the events of this block and write them in one go when it ends without an error.

    For many changes in one transaction: everybody else waits for the log while it is held.
    """
    events: list[tuple[models.Model, str, dict[str, Any]]] = []
    token = _held_back.set(events)
    try:
        yield
    finally:
        _held_back.reset(token)
    for event in events:
        _write(*event)


_held_back: ContextVar[list[tuple[models.Model, str, dict[str, Any]]] | None] = ContextVar("held_back", default=None)


def _write(subject: models.Model, action: str, facts: dict[str, Any]) -> None:
    if settings.AUDIT:
        import_string(settings.AUDIT)(subject, action, **facts)
