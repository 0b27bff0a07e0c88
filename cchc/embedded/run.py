"""Run one command beside throwaway servers: `python -m cchc.embedded.run [--keep DIR] [--durable] -- pytest tests -q`.

The command gets DATABASE_URL (the owner's role, which may create test databases), DATABASE_WEB_URL, REDIS_URL,
SECRET_KEY and VAR_DIR; its exit code is passed on. --keep DIR keeps the data folder, so that the next start is quicker.
--durable: with the settings of `make run`, which survive a power cut, instead of quick ones; for measuring.
"""

import argparse
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from cchc.embedded import postgres, process
from cchc.embedded.errors import CannotStart
from cchc.embedded.layout import prepare_layout
from cchc.embedded.lock import Lock
from cchc.embedded.valkey import Valkey
from cchc.web.catalog import compile_catalog


def main(arguments: Sequence[str]) -> int:
    """Parse the command line, run the command, return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m cchc.embedded.run", description=__doc__)
    parser.add_argument("--keep", metavar="DIR", type=Path, help="keep the data in this folder for the next run")
    parser.add_argument("--durable", action="store_true", help="servers as `make run` has them, for measuring")
    parser.add_argument("command", nargs="+", help="the command, after --")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if options.keep:
            return run_beside_servers(options.command, home=options.keep, durable=options.durable)
        with tempfile.TemporaryDirectory(prefix="cchc-", ignore_cleanup_errors=True) as home:
            Path(home).chmod(0o755)  # the database's user must pass
            return run_beside_servers(options.command, home=Path(home), durable=options.durable)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run_beside_servers(command: Sequence[str], *, home: Path, durable: bool = False) -> int:
    """Start both servers under `home`, run the command with their addresses, stop them; return its exit code."""
    compile_catalog()
    layout = prepare_layout(home)
    lock = Lock(layout.home)
    database = postgres.Postgres(layout, throwaway=not durable)
    queue = Valkey(layout, throwaway=not durable)
    servers = []
    try:
        servers = [(database.start(), database.stop_signal), (queue.start(), queue.stop_signal)]
        database.wait_ready(servers[0][0])
        queue.wait_ready(servers[1][0])
        env = {
            **os.environ,
            "DATABASE_URL": database.url(postgres.OWNER),
            "DATABASE_WEB_URL": database.url(postgres.WEB),
            "REDIS_URL": queue.url(),
            "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50),
            "VAR_DIR": str(layout.home / "var"),
            "TLS": os.environ.get("TLS", "0"),
        }
        (layout.home / "var").mkdir(exist_ok=True)
        # In the terminal's own group: Ctrl-C reaches the command directly.
        child = process.spawn(command, env=env, session=False)
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()
            child.wait()
            raise
    finally:
        for server, how in servers:
            process.stop(server, how=how)
        lock.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
