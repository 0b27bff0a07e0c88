"""The events of a subject as lines of a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from .flow import FLOWS, Sentence
from .models import Event

# Parties without an account, as the history names them (cchc/workflow/actors.py).
PARTIES = {
    "asker": _("The asker"),
    "submitter": _("The asker"),
    "guest": _("A guest"),
    "clock": _("The clock"),
    "system": _("The system"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a timeline (templates/components/_timeline.html). *next*: what is expected, without a time."""

    text: Sentence
    actor: str = ""
    icon: str = "history"
    tone: str = ""
    note: str = ""
    at: datetime | None = None
    next: bool = False
    day_only: bool = False


def who(event: Event) -> str:
    """The actor of an event: a name, or the party that it was."""
    if event.actor:
        return event.actor.full_name
    return str(PARTIES.get(event.acting_as, event.acting_as or PARTIES["system"]))


def entries(events: Iterable[Event]) -> list[Entry]:
    """Lines for *events* in their order, each as "actor verb" with its note."""
    return [entry(event) for event in events]


def entry(event: Event, actor: str = "", note: str | None = None) -> Entry:
    """One event as a line; *actor* and *note* stand in for its own where a reader may not know them."""
    flow = FLOWS.get(event.subject_type)
    row = {row.action: row for row in flow.transitions}.get(event.action) if flow else None
    return Entry(
        text=flow.done(event.action) if flow else event.action,
        actor=actor or who(event),
        icon=(row.icon if row else "") or "history",
        note=event.note if note is None else note,
        at=event.at,
        # Without a name the hour is not kept either (dialogues.domain.intake.on_day).
        day_only=event.actor_id is None and event.acting_as in PARTIES,
    )
