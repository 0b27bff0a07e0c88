"""Writing the ledger: any number of lines in one statement; the database numbers and chains them (in its migration)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from .actors import Actor, Party
from .flow import Move, Unrecorded
from .models import Event

# In the order of the lines: the trigger that chains them sees the line before.
_INSERT = """
INSERT INTO workflow_event (subject_type, subject_id, action, from_state, to_state, actor_id, at, payload, salt, digest)
SELECT %s, line.subject, %s, line.before, line.after, %s, %s, %s, line.salt, line.digest
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    WITH ORDINALITY AS line (subject, before, after, salt, digest, place)
ORDER BY line.place RETURNING seq, previous, hash
"""


def write(
    subjects: Sequence[models.Model], action: str, move: Move, states: Sequence[tuple[str, str]], by: Actor | None
) -> list[Event]:
    """A line of the ledger for each, from one state to another."""
    content = {
        "actor": move.by.pk if move.by else None,
        "as": move.capacity or (by.name if isinstance(by, Party) else ""),
        "note": move.note,
        "data": move.data,
    }
    payload = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=_Recorded)
    events = [
        Event(
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            action=action,
            from_state=before,
            to_state=after,
            actor=move.by,
            at=move.at,
            payload=payload,
            salt=(salt := secrets.token_hex(16)),
            digest=hashlib.sha256((salt + payload).encode()).hexdigest(),
        )
        for subject, (before, after) in zip(subjects, states, strict=True)
    ]
    lines = [(each.subject_id, each.from_state, each.to_state, each.salt, each.digest) for each in events]
    with connection.cursor() as cursor:
        told = [events[0].subject_type, action, events[0].actor_id, move.at, payload]
        cursor.execute(_INSERT, [*told, *(list(column) for column in zip(*lines, strict=True))])
        for event, numbered in zip(events, cursor.fetchall(), strict=True):
            event.seq, event.previous, event.hash = numbered
    return events


class _Recorded(DjangoJSONEncoder):
    """Model instances are recorded by their id or what they say, dataclasses by their fields, Unrecorded not at all."""

    def default(self, value: Any) -> Any:
        if isinstance(value, Unrecorded):
            return None
        if is_dataclass(value):
            return vars(value)
        if isinstance(value, models.Model):
            return getattr(value, "recorded", str(value.pk))
        return super().default(value)
