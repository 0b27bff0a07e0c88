"""The two sites that are compared, run as `make run` runs them, beside each other on one PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import psycopg
from psycopg import sql

from benchmarks import meters
from cchc.embedded import ports, up
from cchc.embedded.layout import prepare_layout
from cchc.embedded.supervisor import Service, Supervisor

ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def address(name: str, variable: str) -> str:
    """The address in this variable of the environment, of another database on the same server."""
    return f"{os.environ[variable].rpartition('/')[0]}/{name}"


def connect() -> psycopg.Connection[Any]:
    """To the server, as the owner of the tables."""
    config = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    given = {"host": config["HOST"], "port": config["PORT"], "user": config["USER"], "password": config["PASSWORD"]}
    return psycopg.connect(dbname=config["NAME"], autocommit=True, **{key: text for key, text in given.items() if text})


def create(name: str, sizes: tuple[int, int, int]) -> dict[str, Any]:
    """A new database with so many items, units and conferences; returns what benchmarks.fill tells of it."""
    with connect() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return look(name, *map(str, sizes))


def look(name: str, *sizes: str) -> dict[str, Any]:
    """What benchmarks.fill tells of a database."""
    command = [sys.executable, "-m", "benchmarks.fill", *sizes]
    env = {**os.environ, "DATABASE_URL": address(name, "DATABASE_URL")}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Site:
    """Web server, worker and beat on one database."""

    def __init__(self, name: str) -> None:
        self.name, self.supervisor = name, Supervisor(say)
        self.port, self.claim = ports.claim("")
        self.services: dict[str, Service] = {}

    def start(self, *, worker: bool) -> None:
        env = {
            **os.environ,
            "DATABASE_URL": address(self.name, "DATABASE_WEB_URL"),
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "TLS": "0",
            "DEMO": "0",
        }
        layout = prepare_layout(Path(os.environ["VAR_DIR"]) / self.name)
        web, tasks, beat = up.site(layout, self.port, env)
        for service in (web, tasks, beat) if worker else (web,):
            self.services[service.name] = service
        self.supervisor.start(*self.services.values())

    def processes(self, service: str) -> list[Any]:
        child = self.services[service].child
        return meters.family(child.pid) if child else []

    def stop(self) -> None:
        self.supervisor.stop()
        self.claim.close()


def postmaster() -> int:
    """The process number of PostgreSQL, when it runs on this machine; else 0."""
    with connect() as server:
        mine = server.info.backend_pid
        try:
            stat = Path("/proc", str(mine), "stat").read_text()
        except OSError:
            return 0
    return int(stat.rpartition(")")[2].split()[1]) if "postgres" in stat else 0
