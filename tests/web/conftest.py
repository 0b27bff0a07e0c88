from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def frame(settings: Any) -> Any:
    """The frame with made-up domains around it and a few pages of its own (tests/web/urls.py)."""
    settings.NAVIGATION = ["tests.web.fakes.navigation"]
    settings.BELL_COUNT = "tests.web.fakes.bell"
    settings.WORKPLACE = "tests.web.fakes.workplace"
    settings.HOME_PANELS = ["tests.web.fakes.home"]
    settings.GLOBAL_SEARCH = ["tests.web.fakes.search"]
    settings.ROOT_URLCONF = "tests.web.urls"
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    return settings
