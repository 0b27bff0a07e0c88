"""Moves that the clock makes (settings.CLOCK_MOVES)."""

from __future__ import annotations

from datetime import datetime

from cchc.workflow.actors import CLOCK
from cchc.workflow.engine import Refused, perform
from dialogues.domain.item import expired


def expire_published(at: datetime) -> int:
    """Close the answers whose askers kept silent through their term; returns how many. Each stands by itself."""
    closed = 0
    for item in expired(at):
        try:
            perform(item, "expire", by=CLOCK, at=at, seen=item.moves)
        except Refused:
            continue  # the asker was quicker
        closed += 1
    return closed
