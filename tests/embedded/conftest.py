"""A checkout of its own for each test, and its site as a real process."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from cchc.embedded.layout import prepare_layout
from cchc.embedded.orphans import MARK, processes_in, processes_marked

PROJECT = Path(__file__).resolve().parent.parent.parent
PARTS = ("cchc", "dialogues", "commitments", "templates", "static", "locale", "manage.py")
SECONDS = 120  # the most that anything here may take; nothing is measured by it


@dataclass
class Site:
    """One checkout; up() starts it and returns when it says that it is ready or that it cannot be."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def up(self, **env: str) -> subprocess.Popen[str]:
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "up"],
            cwd=self.folder,
            env=clean_environment() | {"DEMO": "0", "TLS": "0"} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("Ready"):
                break
        return self.process

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def port(self) -> int:
        return int(re.search(r"http://localhost:(\d+)", self.lines[-1])[1])

    def status(self) -> int:
        """The login page's status, after redirects."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=20) as answer:
            return answer.status

    def processes(self) -> list[psutil.Process]:
        found = [processes_marked(self.var), processes_in(self.var / "postgres"), processes_in(self.var / "valkey")]
        return list({process.pid: process for processes in found for process in processes}.values())

    def stop(self) -> int:
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=SECONDS)
        self.lines += rest.splitlines()
        return self.process.returncode

    def kill(self) -> None:
        """kill -9 of everything at once, the supervisor included."""
        for process in [*self.processes(), psutil.Process(self.process.pid)]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.communicate(timeout=SECONDS)


def clean_environment() -> dict[str, str]:
    """Without what the test's own servers put there."""
    ours = {
        "DATABASE_URL",
        "DATABASE_WEB_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "VAR_DIR",
        "PORT",
        MARK,
    }
    return {name: value for name, value in os.environ.items() if name not in ours}


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; a test that waits too long fails."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    """Makes a checkout under the name given; every site still running at the end is killed."""
    sites = []

    def make(name: str) -> Site:
        folder = tmp_path / name
        for part in PARTS:
            source = PROJECT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "var"))
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, folder / part)
        sites.append(Site(folder))
        return sites[-1]

    yield make
    for site in sites:
        if site.process is not None and site.process.poll() is None:
            site.kill()
        shutil.rmtree(prepare_layout(site.var).sockets)
