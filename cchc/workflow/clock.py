"""Moves that nobody makes but the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .actors import CLOCK
from .engine import Refused, perform
from .models import Subject


def move_all(waiting: Iterable[Subject], action: str, at: datetime) -> int:
    """Make *action* on each of *waiting*, by itself; returns how many. Where a person was quicker nothing is done."""
    made = 0
    for subject in waiting:
        try:
            perform(subject, action, by=CLOCK, at=at, seen=subject.moves)
        except Refused:
            continue
        made += 1
    return made
