"""The history of a conference or a plan, from its events: what was done, by whom, and what was there before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cchc.organization.models import Person
from cchc.web import markup
from cchc.workflow.flow import flow_of
from cchc.workflow.history import Entry, entry
from cchc.workflow.models import Event, Subject
from dialogues.enums import Audience, Part
from dialogues.models import Conference
from dialogues.presentation_inspection import DONE, MOVES

MOST = 200
_ICONS = {
    "create": "plus", "edit": "edit", "agenda": "list", "participants": "users", "new_link": "link", "attach": "clip",
    "scope": "search", "delegation": "users", "finding": "flag", "notice": "doc",
}  # fmt: skip
_TONES = {"close": "is-done", "complete": "is-done", "cancel": "is-late", "reschedule": "is-wait"}


def timeline(subject: Subject, *, inside: bool, without: Sequence[str] = ()) -> list[Entry]:
    """Newest first, starting with what is expected next; without *inside* only the moves are told, nor *without*."""
    rows = Event.objects.of(subject).newest_first().exclude(action__in=without)
    events = list((rows if inside else rows.exclude(to_state=""))[:MOST])
    names = _names(events)
    return [*_expected(subject), *(_entry(event, subject, names) for event in events)]


def _expected(subject: Subject) -> list[Entry]:
    owed = flow_of(subject).owes.get(subject.state)
    if owed is None or subject.turn is None:
        return []
    step = MOVES.get(owed.kind, owed.label) if _is_inspection(subject) else owed.label
    words = _("%(step)s, by %(day)s") % {"step": step, "day": markup.day(subject.turn.due_on)}
    return [Entry(words, icon="clock", next=True)]


def _is_inspection(subject: Subject) -> bool:
    return isinstance(subject, Conference) and subject.is_inspection


def _entry(event: Event, subject: Subject, names: dict[int, str]) -> Entry:
    told = _DETAILS.get(event.action, _nothing)(event.data, subject, names)
    line = entry(event, note="\n".join(part for part in (told, event.note) if part))
    title = event.acting_as if event.actor else ""
    return replace(
        line,
        text=DONE.get(event.action, line.text) if _is_inspection(subject) else line.text,
        icon=_ICONS.get(event.action, line.icon),
        tone=_TONES.get(event.action, ""),
        actor=f"{line.actor} ({title})" if title else line.actor,
    )


# --- What is told of a step besides who and when ----------------------------------------------------------------------
Details = Callable[[dict[str, Any], Subject, dict[int, str]], str]


def _nothing(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    return ""


def _reschedule(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    was, now = data.get("was", {}).get("starts_at"), data.get("starts_at")
    if not was:
        return _("To %(new)s") % {"new": _moment(now)}
    return _("From %(old)s to %(new)s") % {"old": _moment(was), "new": _moment(now)}


def _new_chair(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    found = {name: names.get(_number(data.get(name)), "–") for name in ("was", "chair")}
    return _("From %(old)s to %(new)s") % {"old": found["was"], "new": found["chair"]}


def _edit(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    lines = []
    for field, value in data.get("before", {}).items():
        lines.append(_("%(field)s, before: %(value)s") % {"field": _label(subject, field), "value": _plain(value)})
    return "\n".join(lines)


def _participants(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    if "added" in data:
        number = len(data["added"])
        return ngettext("%(n)s person added", "%(n)s people added", number) % {"n": number}
    person, part = names.get(_number(data.get("person")), "–"), data.get("part", "")
    if part:
        return f"{person}: {Part(part).label}"
    return _("Removed: %(person)s") % {"person": person}


def _agenda(data: dict[str, Any], subject: Subject, names: dict[int, str]) -> str:
    number = data.get("entries", 0)
    return ngettext("%(n)s entry", "%(n)s entries", number) % {"n": number}


_DETAILS: dict[str, Details] = {
    "reschedule": _reschedule, "new_chair": _new_chair, "edit": _edit, "participants": _participants, "agenda": _agenda,
}  # fmt: skip


def _names(events: Sequence[Event]) -> dict[int, str]:
    """The names of everybody whom the events mention."""
    wanted = {_number(event.data.get(key)) for event in events for key in ("person", "chair", "was")}
    return dict(Person.objects.filter(pk__in=wanted - {0}).values_list("pk", "full_name")) if wanted - {0} else {}


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else 0


def _label(subject: Subject, field: str) -> str:
    named = {"audiences": _("Who may ask"), "title": pgettext("conference", "Title")}
    if field in named:
        return named[field]
    words = str(subject._meta.get_field(field).verbose_name)
    return words[:1].upper() + words[1:]


def _plain(value: str) -> str:
    if value in Audience.values or ", " in value and value.split(", ")[0] in Audience.values:
        return ", ".join(str(Audience(each).label) for each in value.split(", "))
    return _moment(value) if "T" in value[:11] else value or "–"


def _moment(value: Any) -> str:
    try:
        return f"{timezone.localtime(datetime.fromisoformat(str(value))):%H:%M, %d/%m/%Y}"
    except ValueError:
        return str(value)
