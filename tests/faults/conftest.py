"""Servers of their own for tests that kill them, with a database filled once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from cchc.embedded import postgres
from tests.embedded.conftest import clean_environment
from tests.faults.fill import DUE
from tests.faults.stage import PROJECT, Servers, Stage, at

CHIEFS = 200
FEW = 60


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    # Not in pytest's folder: another run closes that to the database's user.
    with tempfile.TemporaryDirectory(prefix="cchc-faults-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)
        yield from _servers(Path(home))


def _servers(home: Path) -> Iterator[Servers]:
    made = Servers(home)
    try:
        made.start("database")
        made.start("queue")
        env = {
            **clean_environment(), "DATABASE_URL": made.database.url(postgres.OWNER), "REDIS_URL": made.queue.url(),
            "SECRET_KEY": "x" * 50, "TLS": "0", "VAR_DIR": str(home), "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "cchc.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "tests.faults.fill", str(CHIEFS)], cwd=PROJECT, env=env, check=True)
        yield made
    finally:
        made.stop()


@pytest.fixture
def stage(servers: Servers, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Makes sites; each ends with the test."""
    made: list[Stage] = []

    def make(when: datetime | None = None, *, chiefs: int = FEW, **env: str) -> Stage:
        site = Stage(servers, tmp_path / f"site{len(made)}", when or at(DUE), **env)
        made.append(site)
        site.keep(chiefs)
        return site

    yield make
    for each in made:
        each.stop()
