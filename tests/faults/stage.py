"""Real processes for tests of faults: their own PostgreSQL and Valkey, a mail server, a worker and beat."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import psycopg

from cchc.embedded import postgres, process
from cchc.embedded.layout import prepare_layout
from cchc.embedded.supervisor import Service, Supervisor
from cchc.embedded.valkey import Valkey

PROJECT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60  # the most that anything here may take; nothing is measured by it
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# A day of the site in seconds of the test.
QUICK = {
    "TICK_SECONDS": "1", "DIGEST_DELAY": "0", "DELIVERY_WAIT": "0.5", "DELIVERY_PAUSE": "0.5", "EMAIL_TIMEOUT": "0.6",
    "DELIVERY_LEASE": "6", "DELIVERY_BACKOFF": ",".join(["0.5"] * 12),
}  # fmt: skip


class Servers:
    """PostgreSQL, as durable as in earnest, and Valkey, under one folder."""

    def __init__(self, home: Path) -> None:
        self.layout = prepare_layout(home)
        self.database = postgres.Postgres(self.layout)
        self.queue = Valkey(self.layout, throwaway=True)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        server = {"database": self.database, "queue": self.queue}[name]
        self.running[name] = server.start()
        server.wait_ready(self.running[name])

    def kill(self, name: str) -> None:
        """kill -9 of all of it."""
        child = self.running.pop(name)
        family = [child.pid, *(each.pid for each in psutil.Process(child.pid).children(recursive=True))]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.wait()

    def url(self, role: str, database: str) -> str:
        return self.database.url(role).rsplit("/", 1)[0] + f"/{database}"

    def connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """As the owner."""
        sockets = str(self.layout.postgres_sockets)
        return psycopg.connect(host=sockets, dbname=database, user=postgres.OWNER, autocommit=True)

    def stop(self) -> None:
        for name in list(self.running):  # the folder goes too: nothing is to be written down
            self.kill(name)


class Stage:
    """One test's site: a copy of the filled database, and processes on a clock that says *at* when they start.

    The web server alone knows no other time than ours.
    """

    def __init__(
        self, servers: Servers, folder: Path, at: datetime, *, template: str = postgres.DATABASE, **env: str
    ) -> None:
        self.servers, self.folder = servers, folder
        folder.mkdir(exist_ok=True)
        self.name = f"case_{secrets.token_hex(4)}"
        with self.servers.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {self.name} TEMPLATE {template}")
        self.port, self.web_port = _free_port(), _free_port()
        self.env = {
            **os.environ, **QUICK, "DATABASE_URL": servers.url(postgres.WEB, self.name), "TLS": "0", "DEMO": "0",
            "REDIS_URL": servers.queue.url(), "SECRET_KEY": "x" * 50, "VAR_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "SITE_URL": "https://cchc.example.vn",
            "PYTHONWARNINGS": "ignore", **env,
        }  # fmt: skip
        self.chiefs = 0
        self.set_clock(at)
        self.supervisor = Supervisor(lambda text: None)
        self.services: dict[str, Service] = {}

    def set_clock(self, at: datetime) -> None:
        """What the processes started from now on think the time is."""
        self.env["TESTS_SHIFT"] = str((at - datetime.now(tz=HANOI)).total_seconds())

    # --- processes, which the supervisor of the site starts again when they die
    def start(self, *names: str) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "tests.faults.app"]
        commands = {
            "sink": [sys.executable, "-m", "tests.faults.sink", str(self.port), str(self.folder)],
            "worker": [*celery, "worker", "-n", f"{self.name}@%h", "--concurrency", "2", "--without-gossip",
                       "--without-mingle", "--loglevel", "INFO"],
            "web": [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2",
                    "--host", "127.0.0.1", "--port", str(self.web_port), "cchc.wsgi:application"],
            "beat": [*celery, "beat", "--pidfile=", "--schedule", str(self.folder / "beat"), "--loglevel", "INFO"],
        }  # fmt: skip
        made = [self._service(name, commands[name]) for name in names]
        self.supervisor.start(*made)
        self.services |= {service.name: service for service in made}

    def _service(self, name: str, command: list[str]) -> Service:
        def start() -> subprocess.Popen[bytes]:
            with (self.folder / f"{name}.log").open("ab") as log:
                return process.spawn(command, env=self.env, output=log.fileno(), cwd=PROJECT)

        return Service(name, start, stop_seconds=5)

    def kill(self, name: str, *, part: bool = False) -> None:
        """kill -9 of a process with all that it started, or of one (*part*) that it started."""
        child = self.services[name].child
        assert child is not None
        below = [each.pid for each in psutil.Process(child.pid).children(recursive=True)]
        for pid in below[:1] if part else [child.pid, *below]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def end(self, *names: str) -> None:
        """kill -9 for good: nobody starts them again."""
        for name in names:
            self.kill(name)
            service = self.services.pop(name)
            for stage in self.supervisor.stages:
                if service in stage:
                    stage.remove(service)
            assert service.child is not None
            service.child.wait()

    def stop(self) -> None:
        for name in list(self.services):  # nothing is written any more: no need to ask
            self.end(name)

    def keep(self, chiefs: int) -> None:
        """Only so many chiefs owe anything."""
        self.chiefs = chiefs
        with self.servers.connect(self.name) as connection:
            connection.execute(
                "DELETE FROM workflow_obligation WHERE unit_id NOT IN"
                " (SELECT id FROM organization_unit WHERE kind = 'team' ORDER BY id LIMIT %s)",
                [chiefs],
            )

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds, while the supervisor does its work."""
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, self.story()
            self.supervisor.check()
            time.sleep(0.1)

    # --- what became of it
    def mode(self, text: str) -> None:
        beside = self.folder / "mode.new"
        beside.write_text(text)
        beside.replace(self.folder / "mode")

    def mails(self) -> list[dict[str, Any]]:
        path = self.folder / "mails"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.servers.connect(self.name) as connection:
            return connection.execute(query).fetchall()

    def one(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def states(self) -> Counter[str]:
        return Counter(dict(self.rows("SELECT state, count(*) FROM followup_delivery GROUP BY state")))

    def all_ended(self) -> bool:
        """The morning is complete, everything dispatched, nothing waits."""
        with contextlib.suppress(psycopg.OperationalError):
            finished = self.one("SELECT count(*) FROM followup_run WHERE finished_at IS NOT NULL")
            open_yet = self.one("SELECT count(*) FROM workflow_notice WHERE dispatched_at IS NULL")
            return bool(finished) and not open_yet and not {"queued", "claimed"} & set(self.states())
        return False

    def story(self) -> str:
        logs = {path.name: path.read_text(errors="replace")[-1500:] for path in self.folder.glob("*.log")}
        return f"{len(self.mails())} mails; " + "\n".join(f"== {name}\n{text}" for name, text in logs.items())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=HANOI)
