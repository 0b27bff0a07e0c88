"""Ports are claimed before anything listens: two checkouts that start at once must not share one."""

import socket

import pytest

from cchc.embedded import ports
from cchc.embedded.errors import CannotStart


def test_a_second_search_passes_a_claimed_port_by() -> None:
    first, claim = ports.claim("")
    second, other = ports.claim("")
    try:
        assert first != second
    finally:
        claim.close()
        other.close()


def test_a_claimed_port_is_refused_by_number() -> None:
    port, claim = ports.claim("")
    with claim, pytest.raises(CannotStart):
        ports.claim(str(port))


def test_the_server_shares_the_claimed_port_and_a_restart_gets_it_at_once() -> None:
    port, claim = ports.claim("")
    with claim, _listening(port) as server, socket.create_connection((ports.HOST, port)) as client:
        accepted, _address = server.accept()
        accepted.close()  # the server closes first, so its end waits in TIME_WAIT
        assert client.recv(1) == b""
    again, claim = ports.claim(str(port))
    claim.close()
    assert again == port


def _listening(port: int) -> socket.socket:
    """As granian opens its port."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind((ports.HOST, port))
    server.listen()
    return server
