"""The numbers of the dialogue for those who lead (cchc.followup.domain.overview), a file for each noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cchc.followup.domain.overview import Figure
from cchc.web.cube import Tally
from cchc.workflow.flow import Sentence

NONE = "none"  # in keys, for rows that have no value


def figures(
    prefix: str, tally: Tally, labels: Iterable[tuple[Any, Sentence]], *, all_of_them: bool = False
) -> tuple[Figure, ...]:
    """A figure for each value of *labels* in their order; those of nothing are left out unless *all_of_them*."""
    found = [(value, label, tally.get(None if value is None else str(value), 0)) for value, label in labels]
    return tuple(
        Figure(f"{prefix}.{NONE if value in (None, '') else value}", label, number)
        for value, label, number in found
        if number or all_of_them
    )


def most_first(made: Sequence[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(made, key=lambda figure: -figure.number))
