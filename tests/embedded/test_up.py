"""`manage.py up` as a person meets it: real processes, killed for real."""

import os
import signal
import socket
import stat

import psutil
import psycopg

from cchc.embedded.layout import prepare_layout
from tests.embedded.conftest import SECONDS, clean_environment, until


def test_it_starts_survives_and_takes_over(checkout):
    site = checkout("Đối thoại CCHC của tôi")
    site.up()
    assert site.status() == 200, site.said
    assert stat.S_IMODE((site.var / "secret_key").stat().st_mode) == 0o600
    key = (site.var / "secret_key").read_text()
    _the_web_owns_nothing(site)

    # A neighbor finds another port, and does not disturb.
    neighbor = checkout("neighbor")
    neighbor.up()
    assert neighbor.port != site.port
    assert neighbor.status() == site.status() == 200
    assert neighbor.stop() == 0, neighbor.said
    assert neighbor.processes() == []

    # The same checkout runs once.
    first, address = site.process, f"http://localhost:{site.port}"
    lines = site.lines
    second = site.up()
    assert second.wait(SECONDS) == 2
    assert "Already running" in site.said
    assert address in site.said
    second.stdout.close()
    site.process, site.lines = first, lines

    # Whatever server dies comes back.
    for child in psutil.Process(site.process.pid).children():
        child.kill()
        until(lambda dead=child.pid: len(_children(site, without=dead)) == 5)
    until(lambda: _answers(site))

    # After a hard kill of everything the next start takes over, with the same data.
    site.kill()
    site.up()
    assert site.status() == 200, site.said
    assert "Creating" not in site.said
    assert "Migrating" not in site.said
    assert (site.var / "secret_key").read_text() == key

    # When only the supervisor is killed, nobody outlives it.
    site.process.send_signal(signal.SIGKILL)
    site.process.communicate(timeout=SECONDS)
    until(lambda: site.processes() == [])

    site.up()
    site.process.send_signal(signal.SIGINT)
    site.process.communicate(timeout=SECONDS)
    assert site.process.returncode == 0
    assert site.processes() == []


def test_real_servers_are_used_when_they_are_named(checkout):
    site = checkout("real")
    site.up(
        DATABASE_URL=os.environ["DATABASE_WEB_URL"],
        DATABASE_OWNER_URL=os.environ["DATABASE_URL"],
        REDIS_URL=os.environ["REDIS_URL"].replace("virtual_host=0", "virtual_host=5"),
    )
    assert site.status() == 200, site.said
    assert "PostgreSQL" not in site.said
    assert not (site.var / "postgres").exists()
    assert len(_children(site, without=0)) == 3
    assert site.stop() == 0


def test_a_busy_port_is_a_sentence(checkout):
    site = checkout("busy")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert site.up(PORT=str(port)).wait(SECONDS) == 2
    assert site.said == f"Port {port} is busy or not allowed. Stop what uses it, or give another: make run PORT=…"
    assert not (site.var / "postgres").exists()
    site.process.stdout.close()


def test_a_port_that_is_none_is_a_sentence(checkout):
    site = checkout("wrong")
    assert site.up(PORT="http").wait(SECONDS) == 2
    assert site.said == "PORT=http is not a port. Give a number from 1 to 65535."
    site.process.stdout.close()


def test_the_environment_of_these_tests_does_not_leak():
    assert not {"DATABASE_URL", "REDIS_URL"} & clean_environment().keys()


def _children(site, *, without: int) -> list[int]:
    children = psutil.Process(site.process.pid).children()
    return [child.pid for child in children if child.pid != without and child.status() != psutil.STATUS_ZOMBIE]


def _answers(site) -> bool:
    try:
        return site.status() == 200
    except OSError:
        return False


def _the_web_owns_nothing(site) -> None:
    sockets = prepare_layout(site.var).postgres_sockets
    with psycopg.connect(host=str(sockets), user="cchc_web", dbname="cchc") as connection:
        owners = connection.execute("select tableowner, count(*) from pg_tables where schemaname = 'public' group by 1")
        assert {row[0] for row in owners} == {"cchc_owner"}
        rights = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, pg_has_role('cchc_web', 'cchc_owner', 'member') "
            "from pg_roles where rolname = 'cchc_web'"
        )
        assert rights.fetchone() == (False, False, False, False)
