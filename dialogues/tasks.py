"""Moves that the clock makes (settings.CLOCK_MOVES)."""

from __future__ import annotations

from datetime import datetime

from cchc.workflow.clock import move_all
from dialogues.domain.item import expired


def expire_published(at: datetime) -> int:
    """Close the answers whose askers kept silent through their term; returns how many."""
    return move_all(expired(at), "expire", at)
