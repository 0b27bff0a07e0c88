"""The house keeps its measure."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("cchc", "dialogues", "commitments", "tests", "benchmarks", "docs")
CAP = 400  # lines; a longer file holds more than one thing


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_is_longer_than_the_cap(room: str) -> None:
    """Generated migrations are as long as what they create."""
    files = [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    assert [str(path.relative_to(ROOT)) for path in files if len(path.read_text().splitlines()) > CAP] == []
