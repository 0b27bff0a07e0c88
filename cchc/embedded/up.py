"""`manage.py up`: everything that a working site needs, under one process, until Ctrl-C.

Runs before there are any settings: it is what makes the secret key, the servers and their addresses. PORT, DATABASE_URL
(with DATABASE_OWNER_URL for migrations), REDIS_URL and VAR_DIR of the environment are respected.
"""

import contextlib
import hashlib
import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from cchc.embedded import orphans, ports, postgres, process
from cchc.embedded.errors import CannotStart
from cchc.embedded.layout import Layout, prepare_layout
from cchc.embedded.lock import Lock
from cchc.embedded.supervisor import Service, Supervisor
from cchc.embedded.valkey import Valkey

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
LOG_BYTES = 5_000_000


def main() -> int:
    """Start, watch and stop everything; the exit code is 0 after Ctrl-C or SIGTERM and 2 when it could not start."""
    for number in STOPPING:
        signal.signal(number, _stop)
    try:
        _run(prepare_layout(Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")))
    except CannotStart as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _run(layout: Layout) -> None:
    lock = Lock(layout.home)
    supervisor = Supervisor(_say)
    try:
        orphans.wait_until_gone(lambda: orphans.processes_marked(layout.home), seconds=10, ask=True)
        port, claim = ports.claim(os.environ.get("PORT", ""))
        lock.describe(f"at http://localhost:{port}")
        _shorten_logs(layout)
        env = {"SITE_URL": f"http://localhost:{port}", **_start_servers(supervisor, layout)}
        _manage("prepare", env={**env, "DATABASE_URL": env["DATABASE_OWNER_URL"]})
        web, worker, beat = site(layout, port, env)
        _say("Starting the site …")
        supervisor.start(worker)
        supervisor.start(web, beat)
        _say(f"Ready: http://localhost:{port}    (Ctrl-C stops everything; logs are in {layout.logs})")
        if env["DEMO"].lower() in {"1", "true", "yes", "on"}:
            _manage("demo_logins", env=env)
        while True:
            time.sleep(0.3)
            supervisor.check()
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        if supervisor.stages:
            _say("Stopping …")
        supervisor.stop()
        lock.close()


def _start_servers(supervisor: Supervisor, layout: Layout) -> dict[str, str]:
    """Start those that the environment does not name, and return the environment of the site."""
    env = {name: value for name, value in os.environ.items() if value or not name.endswith("_URL")}
    env |= {"VAR_DIR": str(layout.home), "PYTHONUNBUFFERED": "1", orphans.MARK: str(layout.home)}
    env["DEMO"] = env.get("DEMO") or "1"
    if not env.get("SECRET_KEY") and not env.get("SECRET_KEY_FILE"):
        env["SECRET_KEY_FILE"] = str(_secret_key(layout.home))
    services = []
    if "DATABASE_URL" not in env:
        database = postgres.Postgres(layout)
        if not layout.postgres_data.exists():
            _say("Creating the database's data folder …")
        services.append(
            Service("PostgreSQL", database.start, database.wait_ready, database.stop_signal, 60, database.log)
        )
        env |= {"DATABASE_URL": database.url(postgres.WEB), "DATABASE_OWNER_URL": database.url(postgres.OWNER)}
    if "REDIS_URL" not in env:
        queue = Valkey(layout)
        services.append(Service("Valkey", queue.start, queue.wait_ready, queue.stop_signal, log=queue.log))
        env["REDIS_URL"] = queue.url()
    env.setdefault("DATABASE_OWNER_URL", env["DATABASE_URL"])
    if web_role := urlsplit(env["DATABASE_URL"]).username:
        env["WEB_ROLE"] = web_role
    if services:
        _say("Starting " + " and ".join(service.name for service in services) + " …")
        supervisor.start(*services)
    return env


def site(layout: Layout, port: int, env: dict[str, str]) -> tuple[Service, Service, Service]:
    """Web server, worker and beat, not started yet; the benchmark measures the same ones."""
    python = sys.executable
    # Two checkouts may share one broker: their workers must not share a name.
    mark = hashlib.sha256(os.fsencode(layout.home)).hexdigest()[:8]
    web = [python, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
    web += ["--no-ws", "--workers-kill-timeout", "3", "--respawn-failed-workers", "--host", ports.HOST]
    web += ["--port", str(port), "cchc.wsgi:application"]
    celery = [python, "-m", "celery", "-A", "cchc.celery"]
    worker = [*celery, "worker", "-n", f"{mark}@%h", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    # No pid file: a stale one would stop beat after a hard kill.
    beat = [*celery, "beat", "--pidfile=", "--schedule", str(layout.home / "beat-schedule")]

    def service(name: str, argv: list[str], seconds: float) -> Service:
        log = layout.logs / f"{name.replace(' ', '-').lower()}.log"

        def start() -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                return process.spawn(argv, env=env, output=output.fileno(), cwd=BASE_DIR)

        return Service(name, start, stop_seconds=seconds, log=log)

    site = service("Web server", web, 8), service("Worker", worker, 30), service("Beat", beat, 5)
    site[0].ready = lambda child: _wait_for_page(child, port, layout)
    return site


def _manage(command: str, *, env: dict[str, str]) -> None:
    """Run one command of manage.py at this terminal; raises CannotStart when it fails."""
    # A session of its own: Ctrl-C goes to the supervisor, and with it the command ends.
    child = process.spawn([sys.executable, BASE_DIR / "manage.py", command], env=env, cwd=BASE_DIR)
    try:
        if child.wait() != 0:
            raise CannotStart(f"manage.py {command} failed; the reason is above.")
    finally:
        process.stop(child)


def _wait_for_page(child: subprocess.Popen[bytes], port: int, layout: Layout) -> None:
    deadline = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(ports.HOST, port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": "localhost"})
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise CannotStart(f"The web server does not answer. Its log: {layout.logs / 'web-server.log'}")


def _secret_key(home: Path) -> Path:
    """The installation's own key, made once; a kill in between leaves no half key."""
    path = home / "secret_key"
    if not path.exists():
        beside = path.with_name("secret_key.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(50))
        beside.replace(path)
    return path


def _shorten_logs(layout: Layout) -> None:
    for log in layout.logs.glob("*.log"):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))


def _say(text: str) -> None:
    # A terminal that is gone must not keep the servers from being stopped.
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
