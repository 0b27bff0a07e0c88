"""Between two signatures and the seal anything may die or fill up: no signature is lost, and the seal comes later."""

from __future__ import annotations

import errno
import http.cookiejar
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from cchc.documents.domain.seal import verify
from cchc.embedded import postgres
from tests.documents.certificates import PASSWORD as CERTIFICATE_PASSWORD
from tests.documents.certificates import p12
from tests.embedded.conftest import clean_environment
from tests.faults.fill_signed import ADMINISTRATOR, PASSWORD
from tests.faults.stage import HANOI, PROJECT, Servers, Stage

NUMBER = 5  # in force; one more waits for the leader
SIGNED = "signed_site"
LEDGER = 7203170201  # the lock that every event takes, to the end of its transaction (cchc.workflow)
ALL_DAY = {"SENDING_HOURS": "00-24", "SENDING_EVERY_DAY": "1"}
UNLIMITED = "unlimited"
PAPER_BYTES = 20 * 1024 * 1024  # more than a file of PostgreSQL's log, which must still be written


@pytest.fixture(scope="session")
def signed(servers: Servers) -> str:
    """A database to copy from."""
    with servers.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {SIGNED} TEMPLATE {postgres.DATABASE}")
    env = {
        **clean_environment(), "DATABASE_URL": servers.url(postgres.OWNER, SIGNED), "REDIS_URL": servers.queue.url(),
        "SECRET_KEY": "x" * 50, "TLS": "0", "VAR_DIR": str(servers.layout.home), "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": "cchc.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.fill_signed", str(NUMBER)]
    subprocess.run(command, cwd=PROJECT, env=env, check=True)
    return SIGNED


@pytest.fixture
def site(servers: Servers, signed: str, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(**env: str) -> Stage:
        made.append(Stage(servers, tmp_path / "site", datetime.now(tz=HANOI), template=signed, **ALL_DAY, **env))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@contextmanager
def ledger_held(site: Stage) -> Iterator[None]:
    """Whoever writes an event meanwhile stands still in the middle of its transaction."""
    with site.servers.connect(site.name) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LEDGER])
        yield
        connection.execute("SELECT pg_advisory_unlock(%s)", [LEDGER])


def somebody_waits(site: Stage) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
    return bool(site.one(waiting))


def unsealed(site: Stage) -> int:
    found: int = site.one(
        "SELECT count(*) FROM commitments_commitment WHERE in_force_at IS NOT NULL AND sealed_at IS NULL"
    )
    return found


def all_is_sealed(site: Stage, number: int = NUMBER) -> None:
    """Each once, by a seal that covers its whole file; nothing half made is left, and every signature is there."""
    papers = site.rows(
        "SELECT p.data, p.digest FROM commitments_commitment c JOIN documents_paper p ON p.id = c.sealed_id"
    )
    for data, _digest in papers:
        assert [(each.intact, each.whole) for each in verify(bytes(data))] == [(True, True)]
    assert len(papers) == number
    assert site.one("SELECT count(*) FROM workflow_event WHERE action = 'seal'") == number
    # The papers that were signed, those that were sealed, and those that fill the disk.
    others = "SELECT count(*) FROM documents_paper WHERE length(data) < 1000000"
    assert site.one(others) == NUMBER + 1 + number
    assert site.one("SELECT count(*) FROM commitments_signature") == NUMBER + 1 + number


def told(site: Stage, action: str) -> int:
    found: int = site.one(
        "SELECT count(*) FROM workflow_notice n JOIN workflow_event e ON e.seq = n.event_id"
        f" WHERE e.subject_type = 'followup.pulse' AND e.action = '{action}'"
    )
    return found


class Browser:
    """A person at the site's own web server."""

    def __init__(self, site: Stage) -> None:
        self.root = f"http://127.0.0.1:{site.web_port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.root + path, timeout=30) as answer:
            page: str = answer.read().decode()
            return page

    def send(self, path: str, **fields: str) -> str:
        """Fill in the form of the page at *path*; the address of the page that follows."""
        hidden = re.findall(
            r'<input type="hidden" name="(csrfmiddlewaretoken|seen|digest)" value="([^"]+)"', self.get(path)
        )
        data = urllib.parse.urlencode({**dict(hidden), **fields}).encode()
        with self.opener.open(self.root + path, data, timeout=30) as answer:
            address: str = answer.url
            return address

    def reaches(self) -> bool:
        try:
            self.get("/healthz")
        except OSError:
            return False
        return True


def test_the_web_killed_in_the_middle_of_a_signature_and_right_after_it(site: Callable[..., Stage]) -> None:
    stage = site()
    stage.start("web")
    leader = Browser(stage)
    stage.until(leader.reaches)
    leader.send("/login/", username="lanh.dao", password=PASSWORD)
    key = stage.one("SELECT id FROM commitments_commitment WHERE state = 'signed_by_chief'")
    page = f"/commitments/{key}/do/countersign/"
    confirm = {"password": PASSWORD, "has_read": "on"}
    answers: list[Any] = []

    def sign() -> None:
        try:
            answers.append(leader.send(page, **confirm))
        except OSError as error:
            answers.append(error)

    with ledger_held(stage):
        pressed = threading.Thread(target=sign)
        pressed.start()
        stage.until(lambda: somebody_waits(stage))
        stage.kill("web")
        pressed.join()
    assert isinstance(answers[0], OSError), "nobody was told that it is signed"
    signatures = f"SELECT count(*) FROM commitments_signature WHERE commitment_id = '{key}'"
    assert (stage.one(signatures), unsealed(stage)) == (1, NUMBER)
    stage.until(leader.reaches)
    assert page not in leader.send(page, **confirm)
    stage.kill("web")
    assert (stage.one(signatures), unsealed(stage)) == (2, NUMBER + 1)
    stage.end("web")
    stage.start("worker", "beat")
    stage.until(lambda: unsealed(stage) == 0)
    all_is_sealed(stage, NUMBER + 1)


def test_the_worker_killed_while_it_seals(site: Callable[..., Stage]) -> None:
    stage = site()
    stage.start("worker", "beat")
    with ledger_held(stage):
        stage.until(lambda: somebody_waits(stage))
        stage.kill("worker")
    assert unsealed(stage) == NUMBER
    stage.until(lambda: unsealed(stage) == 0)
    all_is_sealed(stage)


def says(stage: Stage, words: str) -> bool:
    return bool(stage.one(f"SELECT count(*) FROM followup_pulse WHERE name = 'seal' AND detail LIKE '%{words}%'"))


def limited(process: psutil.Process, size: int | str) -> None:
    """No file of *process*, nor of those it started and will start, may reach further than *size* from now on."""
    # As its own account: the database has another, and root itself may not in every container.
    account = {"user": process.uids().real, "group": process.gids().real}
    subprocess.run(["prlimit", f"--fsize={size}:", "--pid", str(process.pid)], check=True, **account)
    for each in process.children(recursive=True):  # of which some have ended meanwhile
        subprocess.run(["prlimit", f"--fsize={size}:", "--pid", str(each.pid)], check=False, **account)


def test_wrong_password_expired_certificate_and_full_disks(
    site: Callable[..., Stage], servers: Servers, tmp_path: Path
) -> None:
    """A full disk is a file that the kernel lets grow no further: of the worker, then of the database's papers."""
    file, now = tmp_path / "seal.p12", datetime.now(tz=UTC)
    stage = site(SEAL_P12=str(file), SEAL_P12_PASSWORD="not this one")
    p12(file, at=now)
    stage.start("sink")
    stage.start("worker", "beat")
    stage.until(lambda: told(stage, "fail") == 1 and mails(stage) == 1)
    assert says(stage, str(file))
    stage.end("worker")
    stage.env["SEAL_P12_PASSWORD"] = CERTIFICATE_PASSWORD
    p12(file, at=now - timedelta(days=800))
    stage.start("worker")
    ended = (now - timedelta(days=436)).astimezone(HANOI)
    stage.until(lambda: says(stage, f"{ended:%d/%m/%Y}"))
    worker = psutil.Process(child_of(stage, "worker"))
    limited(worker, 0)
    p12(file, at=now)
    stage.until(lambda: says(stage, os.strerror(errno.EFBIG)))
    fill_papers(stage)
    database = psutil.Process(servers.running["database"].pid)
    limited(database, PAPER_BYTES)
    limited(worker, UNLIMITED)
    stage.until(lambda: says(stage, "InternalError"))
    assert (unsealed(stage), told(stage, "fail"), told(stage, "recover")) == (NUMBER, 1, 0)
    limited(database, UNLIMITED)
    stage.until(lambda: unsealed(stage) == 0 and told(stage, "recover") == 1)
    all_is_sealed(stage)
    assert (told(stage, "fail"), mails(stage), says(stage, "_")) == (1, 1, False)


def mails(stage: Stage) -> int:
    """How many the administrator got: of the fault at once; that it is over waits for the morning."""
    return [mail["to"] for mail in stage.mails()].count(ADMINISTRATOR)


def child_of(stage: Stage, name: str) -> int:
    child = stage.services[name].child
    assert child is not None
    return child.pid


def fill_papers(stage: Stage) -> None:
    """Let the file of papers reach beyond what will be allowed."""
    size = PAPER_BYTES // 20
    with stage.servers.connect(stage.name) as connection:
        for data in (os.urandom(size) for _each in range(21)):
            connection.execute(
                "INSERT INTO documents_paper (data, digest, made_at) VALUES (%s, encode(sha256(%s), 'hex'), now())",
                [data, data],
            )
