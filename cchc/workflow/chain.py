"""Checking the ledger: every link, every digest, and that nothing is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

_CHECK = """
SELECT count(*), min(seq) FILTER (WHERE broken), max(seq), (array_agg(hash ORDER BY seq DESC))[1]
FROM (
    SELECT seq, hash,
        hash <> encode(sha256(convert_to(workflow_event_line(workflow_event), 'UTF8')), 'hex')
        OR previous <> coalesce(lag(hash) OVER (ORDER BY seq), '')
        OR seq <> row_number() OVER (ORDER BY seq)
        OR digest <> encode(sha256(convert_to(salt || payload, 'UTF8')), 'hex')
        OR coalesce(payload::jsonb ->> 'actor', '') <> coalesce(actor_id::text, '') AS broken
    FROM workflow_event
) AS line
"""


@dataclass(frozen=True)
class Verdict:
    """What the check found: how many events, the first broken one if any, and the hash of the newest."""

    events: int
    first_broken: int | None
    head: str

    @property
    def ok(self) -> bool:
        return self.first_broken is None


def verify() -> Verdict:
    """Recompute the whole chain inside the database."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECK)
        events, broken, _last, head = cursor.fetchone()
    return Verdict(events, broken, head or "")
