"""Where changes of the organization are written down: the platform's event log, named in the settings.

The log stands above this package (architecture.md §1), so it is reached through a dotted name, never by an import.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    if settings.AUDIT:
        import_string(settings.AUDIT)(subject, action, by=by, at=at, note=note, data=dict(data or {}))
