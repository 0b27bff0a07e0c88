"""The real web server on a database of its own that holds the demo: for the browser's tests, and for the pictures."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psycopg
from psycopg import sql

from cchc.embedded import ports, up
from cchc.embedded.layout import prepare_layout
from cchc.embedded.supervisor import Supervisor

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--no-first-run", "--force-color-profile=srgb",
    "--font-render-hinting=none", "--disable-features=Translate,OptimizationHints,MediaRouter",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def demo_site(home: Path, name: str, say: Callable[[str], None] = lambda text: None) -> Iterator[str]:
    """Fill the database *name* with the demo, start the web server on it, and give the server's address.

    Needs what cchc.embedded.run puts into the environment. The server acts with the web's lesser rights, as it does in
    production; *home* holds its files and its log.
    """
    owner, web = _address("DATABASE_URL", name), _address("DATABASE_WEB_URL", name)
    env = {**os.environ, "DEMO": "1", "TLS": "0", "VAR_DIR": str(home), "DATABASE_URL": owner}
    with _server(owner) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(done.stdout.decode(errors="replace"))
    supervisor, (port, claim) = Supervisor(say), ports.claim("")
    try:
        supervisor.start(up.site(prepare_layout(home), port, {**env, "DATABASE_URL": web})[0])
        yield f"http://localhost:{port}"
    finally:
        supervisor.stop()
        claim.close()
        with _server(owner) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _address(variable: str, name: str) -> str:
    """The address in *variable* of the environment, of another database on the same server."""
    return f"{os.environ[variable].rpartition('/')[0]}/{name}"


def _server(address: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connected beside the database of that address, so that it can come and go."""
    config = environ.Env.db_url_config(address)
    given = {"host": config["HOST"], "port": config["PORT"], "user": config["USER"], "password": config["PASSWORD"]}
    return psycopg.connect(
        dbname="postgres", autocommit=True, **{key: str(value) for key, value in given.items() if value}
    )
