"""A free port for the web server."""

import errno
import socket

from cchc.embedded.errors import CannotStart

FIRST = 8000
HOST = "127.0.0.1"


def claim(asked: str) -> tuple[int, socket.socket]:
    """The port to listen on: the one asked for, or (asked is "") the first free one from 8000.

    The socket returned is bound and silent; while it is open, another checkout's search passes this port by.
    Raises CannotStart when the port asked for is no port or is busy.
    """
    if asked:
        if not asked.isdecimal() or not 1 <= int(asked) <= 65535:
            raise CannotStart(f"PORT={asked} is not a port. Give a number from 1 to 65535.")
        found = _bind(int(asked))
        if found is None:
            raise CannotStart(
                f"Port {asked} is busy or not allowed. Stop what uses it, or give another: make run PORT=…"
            )
        return int(asked), found
    for port in range(FIRST, FIRST + 1000):
        if found := _bind(port):
            return port, found
    raise CannotStart(f"No port is free from {FIRST} to {FIRST + 999}. Give one: make run PORT=…")


def _bind(port: int) -> socket.socket | None:
    # The first try without SO_REUSEPORT meets every listener and every claim; the web server and the claim then share
    # the port by it. A claim with SO_REUSEADDR would not be met: two silent sockets that both have it may share a port.
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        claim = socket.socket()
        claim.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            claim.bind((HOST, port))
        except OSError as error:
            claim.close()
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return None
            raise
        if option == socket.SO_REUSEPORT:
            return claim
        claim.close()
    return None
