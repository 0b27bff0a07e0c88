"""The history of a directive: steps and days for everybody, reasons for those who follow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from cchc.web import markup
from cchc.workflow.flow import flow_of
from cchc.workflow.history import Entry, entry
from cchc.workflow.models import Event
from dialogues.models import Directive

MOST = 200
ICONS = {"create": "plus", "edit": "edit", "hand_over": "users"}
TONES = {
    "report": "is-wait", "accept": "is-done", "return": "is-wait", "close": "is-late", "grant_time": "is-done",
}  # fmt: skip
BEFORE_ISSUE = ("create", "edit", "remove")


def timeline(directive: Directive, *, follows: bool) -> list[Entry]:
    """Newest first, beginning with what is expected; how it was written down is told only to those who follow it."""
    events = Event.objects.of(directive).newest_first()
    if not follows:
        events = events.exclude(action__in=BEFORE_ISSUE)
    return [*_expected(directive), *(line_of(event, follows=follows) for event in events[:MOST])]


def line_of(event: Event, *, follows: bool) -> Entry:
    line = entry(event, note=None if follows else "")
    text, until = line.text, event.data.get("until")
    if event.action == "update":
        text = _("reported %(percent)s %% done") % {"percent": event.data.get("percent", 0)}
    elif until and event.action == "extend":
        text = _("extended the deadline to %(day)s") % {"day": _day(until)}
    elif until and event.action == "ask_time":
        text = _("asked for more time, until %(day)s") % {"day": _day(until)}
    title = event.acting_as if event.actor else ""
    return replace(
        line,
        text=text,
        icon=ICONS.get(event.action, line.icon),
        tone=TONES.get(event.action, ""),
        actor=f"{line.actor} ({title})" if title else line.actor,
    )


def _day(text: str) -> str:
    return markup.day(date.fromisoformat(text))


def _expected(directive: Directive) -> list[Entry]:
    owed = flow_of(directive).owes.get(directive.state)
    if directive.turn is None or owed is None:
        return []
    words = {"step": getattr(owed, "label", ""), "day": markup.day(directive.turn.due_on)}
    return [Entry(_("%(step)s, by %(day)s") % words, icon="clock", next=True)]
