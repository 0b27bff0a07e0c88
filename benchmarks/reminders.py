"""`python -m benchmarks reminders`: a morning's reminders over a million obligations, and the sending of its mails.

The aims: 50,000 due of 1,000,000 within 60 seconds and 300 MB, cost linear in the due ones and flat in the others, 200
mails a second against a server on this machine. Writes var/bench/reminders.json.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg

from benchmarks.running import ROOT, address, connect, create, say

NAME = "cchc_reminders"
ITEMS = 20_000  # that the obligations are of; each has several, of kinds made up here
DAY = date(2026, 3, 18)  # a Wednesday; its mornings and those of the two others see none of each other's due dates
OTHER_DAYS = {"half": date(2026, 6, 17), "double": date(2026, 9, 16)}
FAR = date(2027, 3, 1)
# Calendar days from the morning to the due dates of its stages, -3 to +10, and how many of a thousand lie there.
HOME = "to.1"  # the chief whose "My work" is asked for, before and after
STAGES = {5: 250, 1: 250, 0: 250, -1: 100, -5: 60, -7: 50, -14: 40}
SENDERS = 2

_OWED = """
INSERT INTO workflow_obligation (subject_type, subject_id, kind, role, unit_id, started_on, due_on, first_due_on,
    opened_at)
SELECT 'dialogues.item', items.id[1 + n %% cardinality(items.id)], 'bench' || n / cardinality(items.id), 'unit_chief',
    chiefs.id[1 + n %% cardinality(chiefs.id)], '2026-01-05', %(due)s, %(due)s, '2026-01-05'
FROM generate_series(%(first)s::int, %(last)s::int) n,
    (SELECT array_agg(id::text) AS id FROM dialogues_item) items,
    (SELECT array_agg(DISTINCT unit_id) AS id FROM organization_position WHERE role = 'unit_chief') chiefs
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks reminders", description=__doc__)
    parser.add_argument("--obligations", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=50_000)
    options = parser.parse_args(arguments)
    create(NAME, (ITEMS, 3_300, 200))
    with _database() as database:
        _fill(database, options.obligations, options.due)
        before = _step("home", HOME)
        found = _openings(database)
        found["home"] = {"before": before, "after": _step("home", HOME)}
        found["delivery"] = _delivery(database, "digests")
        _one_line_each(database)
        found["delivery, one line each"] = _delivery(database, "single")
    found |= _ratios(found, options.obligations, options.due)
    print(json.dumps(found, indent=1))
    target = ROOT / "var" / "bench" / "reminders.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=1))
    return 0


def _database() -> psycopg.Connection[Any]:
    info = connect().info
    return psycopg.connect(host=info.host, port=info.port, user=info.user, dbname=NAME, autocommit=True)


def _fill(database: psycopg.Connection[Any], obligations: int, due: int) -> None:
    """*due* around DAY, half and twice as many around the other days, all others far away."""
    say(f"Filling {obligations:,} obligations …")
    database.execute("UPDATE organization_person SET email = 'p' || id || '@example.vn'")
    database.execute("DELETE FROM workflow_notice")
    database.execute("UPDATE workflow_obligation SET settled_at = now() WHERE settled_at IS NULL")
    number = 0
    for day, many in [(DAY, due), (OTHER_DAYS["half"], due // 2), (OTHER_DAYS["double"], due * 2)]:
        for days, share in STAGES.items():
            number = _owe(database, day + timedelta(days=days), number, many * share // 1000)
    while number < obligations:
        number = _owe(database, FAR + timedelta(days=number % 250), number, min(20_000, obligations - number))
    database.execute("VACUUM ANALYZE")


def _owe(database: psycopg.Connection[Any], due: date, first: int, many: int) -> int:
    database.execute(_OWED, {"due": due, "first": first, "last": first + many - 1})
    return first + many


def _openings(database: psycopg.Connection[Any]) -> dict[str, Any]:
    """The morning, one with half as many due, one with twice as many, and the first again without the others."""
    found: dict[str, Any] = {}
    for name, day in [*OTHER_DAYS.items(), ("morning", DAY)]:
        found[name] = _open(database, day)
    database.execute("UPDATE workflow_obligation SET settled_at = now() WHERE due_on >= %s", [FAR])
    database.execute("VACUUM ANALYZE workflow_obligation")
    found["alone"] = _open(database, DAY)
    return found


def _open(database: psycopg.Connection[Any], day: date) -> dict[str, Any]:
    _undo(database)
    say(f"Opening the morning of {day} …")
    return _step("open", day)


def _undo(database: psycopg.Connection[Any]) -> None:
    """As if no morning had been opened."""
    database.execute("TRUNCATE followup_run, followup_delivery, followup_delivery_notices, workflow_notice CASCADE")


def _step(what: str, of: date | str, *more: str, port: int = 9) -> dict[str, Any]:
    with _process(what, of, *more, port=port) as child:
        output, _nothing = child.communicate()
    found: dict[str, Any] = json.loads(output)
    return found


@contextmanager
def _process(what: str, of: date | str, *more: str, port: int) -> Iterator[subprocess.Popen[str]]:
    env = {
        **os.environ, "DATABASE_URL": address(NAME, "DATABASE_WEB_URL"), "TLS": "0", "DEMO": "0",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}", "SITE_URL": "https://cchc.example.vn", "DIGEST_DELAY": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.reminding", what, str(of), *more]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as child:
        yield child


def _delivery(database: psycopg.Connection[Any], name: str) -> dict[str, Any]:
    """Everything that waits on DAY, by SENDERS processes at once."""
    waiting, lines = database.execute(
        "SELECT count(DISTINCT delivery_id), count(*) FROM followup_delivery_notices h"
        " JOIN followup_delivery d ON d.id = h.delivery_id WHERE state = 'queued'"
    ).fetchone() or (0, 0)
    say(f"Sending {waiting:,} mails with {lines:,} lines ({name}) …")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [sys.executable, "-m", "benchmarks.sink", str(port)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        sink.stdout.readline()  # it says so when it listens
        try:
            with _process("deliver", DAY, "300", port=port) as one, _process("deliver", DAY, "300", port=port) as two:
                parts = [json.loads(child.communicate()[0]) for child in (one, two)]
        finally:
            sink.kill()
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part["counts"])
    seconds = max(part["seconds"] for part in parts)
    return {
        "counts": counts, "lines": lines, "seconds": seconds, "mails_a_second": counts["sent"] / seconds,
        "cpu": sum(part["cpu"] for part in parts), "mb": max(part["mb"] for part in parts),
    }  # fmt: skip


def _one_line_each(database: psycopg.Connection[Any], many: int = 5_000) -> None:
    """Instead of the digests, a mail for each of so many reminders of owners."""
    database.execute("TRUNCATE followup_delivery, followup_delivery_notices")
    database.execute(
        "WITH told AS (SELECT id, person_id, told_at, gen_random_uuid() AS key FROM workflow_notice"
        " WHERE capacity = 'owner' ORDER BY id LIMIT %s), made AS (INSERT INTO followup_delivery (id, person_id,"
        " channel, manner, state, made_at, not_before, attempts, address, message_id, answer) SELECT key, person_id,"
        " 'email', 'at_once', 'queued', told_at, told_at, 0, '', '<' || key || '@bench>', '' FROM told)"
        " INSERT INTO followup_delivery_notices (delivery_id, notice_id) SELECT key, id FROM told",
        [many],
    )


def _ratios(found: dict[str, Any], obligations: int, due: int) -> dict[str, Any]:
    half, double, morning, alone = (found[name] for name in ("half", "double", "morning", "alone"))
    return {
        "obligations": obligations, "due": due, "processors": os.cpu_count(), "load": os.getloadavg(),
        "seconds for four times as many due": round(double["seconds"] / half["seconds"], 2),
        "seconds with and without the others": round(morning["seconds"] / alone["seconds"], 2),
        "my work after and before": round(found["home"]["after"]["ms"] / found["home"]["before"]["ms"], 2),
    }  # fmt: skip
