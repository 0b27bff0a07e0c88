"""Restarting, giving up and the order of stopping, on small real processes."""

import os
import sys

import pytest

from cchc.embedded import process
from cchc.embedded.errors import CannotStart
from cchc.embedded.supervisor import DEATHS, Service, Supervisor
from tests.embedded.conftest import until


def service(name: str, code: str, **more) -> Service:
    return Service(name, lambda: process.spawn([sys.executable, "-c", code], env=os.environ), **more)


def test_a_service_that_keeps_dying_is_given_up():
    said = []
    supervisor = Supervisor(said.append)
    supervisor.start(dying := service("Dying", "raise SystemExit(3)"))

    def check_until_it_gives_up():
        while True:
            dying.child.wait()
            supervisor.check()

    with pytest.raises(CannotStart, match=f"Dying has ended {DEATHS} times within a minute \\(code 3\\)"):
        check_until_it_gives_up()
    assert said == ["Dying has ended (code 3); starting it again."] * (DEATHS - 1)


def test_what_started_last_stops_first(tmp_path):
    log = tmp_path / "log"
    code = (
        "import signal, time\n"
        f"def end(*_): open({str(log)!r}, 'a').write(NAME); raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"open({str(tmp_path)!r} + '/' + NAME, 'w').close()\n"
        "time.sleep(100)\n"
    )
    supervisor = Supervisor(print)
    for name in "abc":
        supervisor.start(service(name, f"NAME = {name!r}\n{code}"))
        until((tmp_path / name).exists)
    supervisor.stop()
    assert log.read_text() == "cba"


def test_one_that_does_not_want_to_stop_is_killed_with_its_children(tmp_path):
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        f"open({str(tmp_path / 'ready')!r}, 'w').write(str(child.pid))\n"
        "time.sleep(100)\n"
    )
    supervisor = Supervisor(print)
    supervisor.start(stubborn := service("Stubborn", code, stop_seconds=0.2))
    until(lambda: (tmp_path / "ready").exists() and (tmp_path / "ready").read_text())
    supervisor.stop()
    assert stubborn.child.returncode == -9
