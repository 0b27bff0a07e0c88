"""A browser, the real server with the demo, and the people of the demo at work in both.

The server stands on a database of its own; within this folder the tests' default connection points there, so that what
a test prepares by the domain's functions is what the browser then sees. Each test works on items of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cchc.embedded import chromium
from tests.browser.site import FLAGS, demo_site
from tests.browser.stage import Stage
from tests.browser.window import Windows

# Two halves of the tests may run side by side, each with its own.
DATABASE = f"cchc_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
PATIENCE = 15_000  # milliseconds; long, for machines that are busy: nothing waits longer than it must

Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its files and its log."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="package")
def site(home: Path) -> Iterator[str]:
    """The address of the running server."""
    with demo_site(home, DATABASE) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "No Chromium: see `python -m cchc.embedded.chromium`"
    # Playwright keeps an event loop in this thread, and Django would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()
    expect.set_options(timeout=5_000)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def stage(site: str, django_db_blocker: Any) -> Iterator[Stage]:
    """The demo's people and its open conference, and items brought to a state by the domain's own moves."""
    connection.close()
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.settings_dict["NAME"] = DATABASE
        yield Stage()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="package")
def windows(browser: Browser, site: str, stage: Stage) -> Windows:
    return Windows(browser, site, PATIENCE)


@pytest.fixture
def visit(windows: Windows, home: Path) -> Iterator[Visit]:
    """Opens a window: visit("van.ntt", PHONE) is the secretary on a phone, visit() a guest on a desktop.

    Afterwards no page may have complained: no error in the console, no refused style or script, no 5xx.
    """
    with no_complaints(windows, home):
        yield windows.open


@pytest.fixture
def stay(windows: Windows, home: Path) -> Iterator[Visit]:
    """Like visit, in one desktop window for each person that stays open for the next test: quick, for many pages."""
    with no_complaints(windows, home):
        yield windows.keep


@contextlib.contextmanager
def no_complaints(windows: Windows, home: Path) -> Iterator[None]:
    log = home / "log" / "web-server.log"
    told = log.stat().st_size
    yield
    complaints = windows.close()
    assert not complaints, "\n".join([*complaints, "The server said:", log.read_text(errors="replace")[told:][-3000:]])
