"""The history of a campaign or a commitment, from its events: what was done, by whom, in which post."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.web import markup
from cchc.workflow.flow import flow_of
from cchc.workflow.history import Entry, entry
from cchc.workflow.models import Event, Subject
from commitments import presentation

MOST = 200
_ICONS = {
    "create": "plus",
    "edit": "edit",
    "register": "list",
    "seal": "shield",
    "add_copy": "shield",
    "add_scan": "clip",
    "remind": "bell",
}
_TONES = {
    "sign": "is-done", "countersign": "is-done", "open": "is-done", "return": "is-wait", "take_back": "is-wait",
    "cancel": "is-late", "terminate": "is-late",
}  # fmt: skip


def timeline(subject: Subject) -> list[Entry]:
    """Newest first, starting with what is expected next; what one person did several times in a row is told once."""
    events = list(Event.objects.of(subject).newest_first()[:MOST])
    told = [event for event, later in zip(events, [None, *events], strict=False) if not _goes_on(event, later)]
    return [*_expected(subject), *(line_of(event) for event in told)]


def _goes_on(event: Event, later: Event | None) -> bool:
    """Whether *later* tells all that *event* does: the same edit by the same person on the same day."""
    if later is None or event.to_state or later.to_state:
        return False
    return (event.action, event.actor_id, event.at.date()) == (later.action, later.actor_id, later.at.date())


def line_of(event: Event) -> Entry:
    line = entry(event, note="\n".join(part for part in (_detail(event), event.note) if part))
    title = event.acting_as if event.actor else ""
    return replace(
        line,
        icon=_ICONS.get(event.action, line.icon),
        tone=_TONES.get(event.action, ""),
        actor=f"{line.actor} ({title})" if title else line.actor,
    )


def _detail(event: Event) -> str:
    if event.action != "register" or "tasks" not in event.data:
        return ""
    n = int(event.data["tasks"])
    words = ngettext("%(n)d task, weights together %(sum)s", "%(n)d tasks, weights together %(sum)s", n)
    return words % {"n": n, "sum": presentation.number(Decimal(event.data.get("weight", "0")))}


def _expected(subject: Subject) -> list[Entry]:
    owed = flow_of(subject).owes.get(subject.state)
    if subject.turn is None or owed is None:
        return []
    label = getattr(owed, "label", "")
    words = _("%(step)s, by %(day)s") % {"step": label, "day": markup.day(subject.turn.due_on)}
    return [Entry(words, icon="clock", next=True)]
