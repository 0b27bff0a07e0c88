"""What becomes of a table's lines when some of them were edited, moved, taken out or added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class Edited(Protocol):
    """One line as it was typed: *at* is where it stood, *cleaned_data* has its `place` and `drop`."""

    at: int
    is_new: bool
    cleaned_data: dict[str, Any]

    @property
    def is_blank(self) -> bool: ...

    def content_of(self, data: dict[str, Any]) -> dict[str, Any]: ...


def changed_lines(lines: list[Any], edited: Iterable[Edited]) -> list[Any]:
    """All *lines*, with the *edited* ones in their places; one that is moved up stands before what was there."""
    found: list[tuple[float, Any]] = []
    known = {each.at: each for each in edited}
    for at, line in enumerate(lines, 1):
        each = known.get(at)
        if each is None:
            found.append((at, line))
        elif not each.cleaned_data["drop"] and not each.is_blank:
            found.append((_place(at, each.cleaned_data["place"]), each.content_of(each.cleaned_data)))
    for at, each in known.items():
        if each.is_new and not each.is_blank and not each.cleaned_data["drop"]:
            found.append((_place(at, each.cleaned_data["place"]), each.content_of(each.cleaned_data)))
    return [line for _at, line in sorted(found, key=lambda pair: pair[0])]


def _place(at: int, wanted: int | None) -> float:
    if wanted is None or wanted == at:
        return at
    return wanted - 0.5 if wanted < at else wanted + 0.5
