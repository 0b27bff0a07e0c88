"""Events by the hundred thousand: numbered and chained as the database's trigger does it, which rests meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from django.db import connection

from benchmarks.copying import Table
from cchc.workflow.models import Event


class Ledger:
    """Lines of history; `cchc.workflow.chain.verify` must find nothing wrong with them."""

    def __init__(self, random: Random) -> None:
        self.random, self.table = random, Table(Event)
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq, hash FROM workflow_event ORDER BY seq DESC LIMIT 1")
            self.seq, self.previous = cursor.fetchone() or (0, "")

    def write(
        self, kind: str, pk: str, action: str, before: str, after: str, actor: int | None, minute: int, at: str
    ) -> int:
        """One event at *minute* since 1970, which is *at* in words; returns its number."""
        self.seq += 1
        known = actor if actor is not None else "null"
        payload = f'{{"actor":{known},"as":"","data":{{}},"note":""}}'
        salt = f"{self.random.getrandbits(128):032x}"
        digest = hashlib.sha256((salt + payload).encode()).hexdigest()
        who = "" if actor is None else actor
        line = f"{self.previous}|{self.seq}|{kind}|{pk}|{action}|{before}|{after}|{who}|{minute * 60_000_000}|{digest}"
        chained = hashlib.sha256(line.encode()).hexdigest()
        self.table.add(
            seq=self.seq,
            subject_type=kind,
            subject_id=pk,
            action=action,
            from_state=before,
            to_state=after,
            actor_id=actor,
            at=at,
            payload=payload,
            salt=salt,
            digest=digest,
            previous=self.previous,
            hash=chained,
        )
        self.previous = chained
        return self.seq


@contextmanager
def trigger_resting() -> Iterator[None]:
    """Within, the numbers and hashes of events are taken as given. Only the owner of the table may do this."""
    with connection.cursor() as cursor:
        _quiet(cursor)
        cursor.execute("ALTER TABLE workflow_event DISABLE TRIGGER event_chain")
        yield
        _quiet(cursor)
        cursor.execute("ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_chain")


def _quiet(cursor: Any) -> None:
    """No deferred check may wait while a trigger is switched."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
