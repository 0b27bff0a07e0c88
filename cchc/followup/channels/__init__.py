"""The ways out of the app, by name (settings.CHANNELS); docs/channels.md shows how one is added."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Channel, Letter, Rejected, Sender, TryLater, Unreachable

__all__ = ["Channel", "Letter", "Rejected", "Sender", "TryLater", "Unreachable", "channel", "channels"]


def channel(name: str) -> Channel:
    """The channel called *name*; KeyError when the settings have none."""
    made: Channel = import_string(settings.CHANNELS[name])()
    return made


def channels() -> dict[str, Channel]:
    """Every channel by which something can be sent from here."""
    made = {name: channel(name) for name in settings.CHANNELS}
    return {name: each for name, each in made.items() if each.ready}
