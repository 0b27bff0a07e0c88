"""The forms of a commitment as the chiefs and the leader send them; of each only the sending is measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg

from benchmarks.client import Connection, send
from benchmarks.measuring import Client, Figures, charge
from benchmarks.running import Site, connect
from benchmarks.words import Words

SAVE, SIGN, CONFIRM, REPORT = "tasks saved", "signed by the chief", "confirmed by the leader", "report submitted"
ROUND = 4  # few, so that what disturbs one kind disturbs the others
WARM = 16  # until then the server learns what it learns once
PASSWORD = "mot-cua-xanh-27"
WEIGHTS = (30, 25, 20, 15, 10)
Signer = dict[str, str]
Step = dict[str, Any]


def sent(client: Client, site: Site, sessions: dict[str, str], signers: list[Signer]) -> dict[str, dict[str, Any]]:
    """In each round other commitments, from the tasks to the first report."""
    leader, words = sessions["bo.truong"], Words(seed=77, sentences=2_000)
    kinds: dict[str, Callable[[Signer], Step]] = {
        SAVE: lambda each: _save(each["commitment"], sessions[each["chief"]], words),
        SIGN: lambda each: _sign(each["commitment"], "sign", sessions[each["chief"]]),
        CONFIRM: lambda each: _sign(each["commitment"], "countersign", leader),
        REPORT: lambda each: _report(site.name, each["commitment"], sessions[each["chief"]]),
    }
    found = {name: Figures(site.name, name) for name in kinds}
    for first in range(0, len(signers), ROUND):
        chosen = signers[first : first + ROUND]
        for name, step in kinds.items():
            job = {"port": site.port, "steps": [step(each) for each in chosen]}
            ready = client.run(**job, prepare=True)["steps"]
            if not first:
                _probe(site, ready.pop(0), found[name])
            into = found[name] if first >= WARM else Figures(site.name, name)
            charge(
                client, site, into,
                {**job, "steps": ready, "count": len(ready), "connections": 1, "good": [302]},
            )  # fmt: skip
    return {name: {**figures.summary(), "slow": figures.statements} for name, figures in found.items()}


def _probe(site: Site, ready: Step, figures: Figures) -> None:
    """What one sending asks of the database."""
    connection = Connection(site.port)
    _status, _headers, body = send(connection, {**ready, "headers_of_sending": "X-Probe: 1\r\n"})
    connection.close()
    statements = json.loads(body)["statements"]
    figures.sending_queries, figures.rows = len(statements), sum(each["rows"] for each in statements)
    figures.statements = [each for each in statements if each["ms"] > 2 or each["took"] > 10]


def _form(path: str, session: str, keep: list[str], **fields: Any) -> Step:
    keep = ["csrfmiddlewaretoken", *keep]
    return {"form": path, "path": path, "cookie": f"cchc_session={session}", "keep": keep, "fields": fields}


def _save(commitment: str, session: str, words: Words) -> Step:
    due = (date.today() + timedelta(days=300)).isoformat()  # noqa: DTZ011 - any day of the year
    rows = {
        f"task-{n}-{name}": value
        for n, weight in enumerate(WEIGHTS, 1)
        for name, value in {
            "text": words.title(), "measure": "Tỷ lệ hồ sơ giải quyết đúng hạn",
            "measure_unit": "%", "direction": "at_least", "target": "95", "due_on": due, "weight": weight,
        }.items()
    }  # fmt: skip
    numbers = list(range(1, len(WEIGHTS) + 1))
    return _form(f"/commitments/{commitment}/tasks/", session, ["seen"], _do="save", rows=numbers, **rows)


def _sign(commitment: str, action: str, session: str) -> Step:
    path = f"/commitments/{commitment}/do/{action}/"
    return _form(path, session, ["seen", "digest"], has_read="on", password=PASSWORD)


def _report(database: str, commitment: str, session: str) -> Step:
    info = connect().info
    with psycopg.connect(host=info.host, port=info.port, user=info.user, dbname=database) as server:
        found = server.execute(
            "SELECT id, task_id FROM commitments_report WHERE commitment_id = %s AND task_id IS NOT NULL", [commitment]
        ).fetchone()
    assert found is not None
    path = f"/commitments/reports/{found[0]}/do/submit/"
    return _form(path, session, ["seen"], **{f"task-{found[1]}-value": "50", "note": "Đúng tiến độ."})
