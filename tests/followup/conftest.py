"""Tests of following up send by e-mail, into a list."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _email_is_on(settings: Any) -> None:
    settings.SENDS_EMAIL = True
    settings.SITE_URL = "https://cchc.example.vn"
