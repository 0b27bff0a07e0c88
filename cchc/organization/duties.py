"""What a post still owes when it ends: known to follow-up alone, which the settings name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from .models import Person, Position


@dataclass(frozen=True)
class Left:
    """*count* open duties, bounded; then they are the turn of *holders*, or else *above* is told. *url* lists them."""

    count: int
    more: bool
    holders: list[Person]
    above: list[Person]
    url: str


def left_with(post: Position, day: date) -> Left:
    """What stays when *post* ends after *day*."""
    ask: Callable[[Position, date], Left] = import_string(settings.POST_DUTIES)
    return ask(post, day)
