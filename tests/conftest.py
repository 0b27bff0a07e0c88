"""What every test may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import Force
from tests.factories import force as build_force


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose; tests/organization/test_hashers.py tries the real one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def force(db: None) -> Force:
    """A province with a division, a town with teams and a ward, the town next door, and who holds which post."""
    return build_force()
