"""What every test may ask for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from cchc.organization import sessions
from tests.factories import Force
from tests.factories import force as build_force

ROUND_A_COUNT = 5  # seconds


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose; tests/organization/test_hashers.py tries the real one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Addresses without a manifest: nothing has to be collected before a page can be asked for."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture(autouse=True, scope="session")
def _folder_of_static_files() -> None:
    """WhiteNoise warns when it is missing, and the live server starts before any test's settings."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True, scope="session")
def _short_connections() -> None:
    """A thread of the live server that waits for its browser must not hold the test database open."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Transactional tests empty every table after themselves; the ledger refuses that, so its TRUNCATE trigger rests.

    tests/workflow/test_ledger.py wakes it to see it refuse.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_event DISABLE TRIGGER event_kept_whole")


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: Any) -> Any:
    """Not around the moment at which sessions are written again: that costs whoever asks then three statements more."""
    step = sessions._step().total_seconds()
    if step - time.time() % step < ROUND_A_COUNT:
        time.sleep(ROUND_A_COUNT)
    return django_assert_num_queries


@pytest.fixture
def force(db: None) -> Force:
    """A province with a division, a town with teams and a ward, the town next door, and who holds which post."""
    return build_force()
