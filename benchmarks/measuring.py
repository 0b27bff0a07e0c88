"""One page on one site, measured: time by the client's clock, processor time of the server, statements by the probe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles
from typing import Any

from benchmarks import meters
from benchmarks.client import Connection, get, head, send_form
from benchmarks.pages import Page
from benchmarks.running import ROOT, Site, postmaster

CONNECTIONS = 4


class Client:
    """The client's process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.client"],
            cwd=ROOT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, **job: Any) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


@dataclass
class Figures:
    """Of one page on one site; times in milliseconds, each round's figure kept."""

    site: str
    page: str
    requests: int = 0
    web_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    a_second: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    queries: int = 0
    sending_queries: int = 0
    rows: int = 0
    kilobytes: float = 0
    problems: list[str] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """Processor time of a request, web server and PostgreSQL together."""
        return median(self.web_ms) + median(self.database_ms) if self.web_ms else 0

    def summary(self) -> dict[str, Any]:
        cut = quantiles(self.times, n=20) if len(self.times) > 1 else [0.0] * 19
        kept = {name: value for name, value in asdict(self).items() if name not in ("times", "statements")}
        return {
            **kept,
            "web_ms": round(median(self.web_ms or [0]), 2),
            "database_ms": round(median(self.database_ms or [0]), 2),
            "cpu_ms": round(self.cpu_ms, 2),
            "a_second": round(median(self.a_second or [0]), 1),
            "p50_ms": round(cut[9] * 1000, 1),
            "p95_ms": round(cut[18] * 1000, 1),
        }


def probe(site: Site, page: Page, figures: Figures) -> None:
    """Statements, rows and bytes: the most of any step (of forms the page that shows them, and one sending)."""
    connection = Connection(site.port)
    for step in page.steps[:4]:
        asked = {**step, "path": step.get("form", step["path"]), "headers": "X-Probe: 1\r\n"}
        # What a process learns once, and that somebody is there, noted once in five minutes, is no page's own.
        get(connection, {**asked, "headers": ""})
        status, _headers, body = get(connection, asked)
        if status != 200:
            figures.problems.append(f"probe of {asked['path']}: {status}")
            continue
        found = json.loads(body)
        statements = found["statements"]
        if found["status"] != 200:
            figures.problems.append(f"{asked['path']}: {found['status']}")
        figures.queries = max(figures.queries, len(statements))
        figures.rows = max(figures.rows, sum(each["rows"] for each in statements))
        figures.kilobytes = max(figures.kilobytes, found["bytes"] / 1024)
        slow = [{**each, "path": asked["path"]} for each in statements if each["ms"] > 5]
        figures.statements += sorted(slow, key=lambda each: -each["ms"])[:5]
    if page.times:
        _status, _headers, body = send_form(connection, {**page.steps[-1], "headers_of_sending": "X-Probe: 1\r\n"})
        figures.sending_queries = len(json.loads(body)["statements"])
    connection.close()


def measure(client: Client, site: Site, page: Page, figures: Figures, seconds: float, round_number: int) -> None:
    """One round. Web and database are charged with what their processes used meanwhile."""
    job: dict[str, Any] = {"port": site.port, "connections": CONNECTIONS, "good": page.good}
    if page.times:
        start = page.times * round_number
        steps = (page.steps * 9)[start : start + page.times]
        job |= {"steps": steps, "count": page.times}
    else:
        client.run(**job, steps=page.steps, count=2 * CONNECTIONS)
        job |= {"steps": page.steps, "seconds": seconds}
    charge(client, site, figures, job)


def charge(client: Client, site: Site, figures: Figures, job: dict[str, Any]) -> None:
    """Let the client do the job, and note what it took."""
    main = postmaster()

    def used() -> tuple[float, float]:
        database = meters.cpu_seconds(meters.backends(main, site.name)) if main else 0
        return meters.cpu_seconds(site.processes("Web server")), database

    before = used()
    done = client.run(**job)
    after = used()
    number = len(done["times"])
    figures.requests += number
    figures.times += done["times"]
    figures.problems += done["problems"]
    figures.web_ms.append((after[0] - before[0]) * 1000 / number)
    figures.database_ms.append((after[1] - before[1]) * 1000 / number)
    figures.a_second.append(number / done["wall"])


def first_load(site: Site, page: Page) -> dict[str, int]:
    """Bytes on the wire, compressed, when a browser with an empty cache opens the page, by kind."""
    connection, step = Connection(site.port), page.steps[0]
    _status, _headers, html = get(connection, step)
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html.decode()))
    found = {"html": len(html)}
    while wanted:
        path = wanted.pop()
        status, headers, body = connection.ask(head("GET", path, ""))
        kind = path.rpartition(".")[2]
        if status == 200:
            found[kind] = found.get(kind, 0) + len(body)
        if kind == "css":
            wanted |= _fonts(path, headers, body)
    connection.close()
    return found


def _fonts(path: str, headers: str, body: bytes) -> set[str]:
    """All weights that a style sheet names, whether the page uses them or not."""
    if "content-encoding: br" in headers.lower():
        import brotli

        body = brotli.decompress(body)
    folder = path.rpartition("/")[0]
    return {f"{folder}/{name}" for name in re.findall(r"url\(\"?([\w./-]+\.woff2)\"?\)", body.decode())}
