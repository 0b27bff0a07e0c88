"""What an earlier run left behind after a hard kill."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import psutil

MARK = "CCHC_HOME"


def processes_in(folder: Path) -> list[psutil.Process]:
    """Processes whose working folder is this one: every process of PostgreSQL works in its data folder."""
    return _matching(lambda process: process.cwd() == str(folder))


def processes_marked(home: Path) -> list[psutil.Process]:
    """Processes that carry this installation's mark in their environment, the caller and its parents apart."""
    own = {process.pid for process in [psutil.Process(), *psutil.Process().parents()]}
    return _matching(lambda process: process.pid not in own and process.environ().get(MARK) == str(home))


def wait_until_gone(find: Callable[[], list[psutil.Process]], *, seconds: float, ask: bool = False) -> None:
    """Wait for processes that are already ending by themselves (ask: tell them to); end the rest the hard way.

    The caller holds the installation's lock, so that nothing found can belong to a living supervisor.
    """
    deadline = time.monotonic() + seconds
    if ask:
        for process in find():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
    while left := find():
        if time.monotonic() > deadline:
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            deadline = time.monotonic() + 2
        time.sleep(0.05)


def _matching(test: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and test(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or another user's
    return found
