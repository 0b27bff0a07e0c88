"""What is over is deleted: sessions, and what the cache kept for an hour (tables to import, counts of tries)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

from cchc.organization.models import Session


def sweep(at: datetime) -> int:
    """Delete expired sessions and expired cache entries; returns how many sessions.

    Django's database cache forgets only when it is full, and a table of names shall not lie there for weeks.
    """
    ended = Session.objects.filter(expire_date__lt=at).delete()[0]
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [at])  # noqa: S608 - the name is a setting
    return ended
