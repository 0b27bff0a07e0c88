"""The timeline of an item, in two versions: all of it for those at work on it, what is public for the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.web import markup
from cchc.workflow.flow import Owed, duty
from cchc.workflow.history import PARTIES, Entry, entry
from cchc.workflow.models import Event
from dialogues import presentation
from dialogues.domain.item import ITEM_FLOW
from dialogues.domain.reader import Reader
from dialogues.enums import ItemState
from dialogues.models import Item

S = ItemState
NOUN = "dialogues.item"
# What everybody may know of an item whose answer lies before them; drafts and returns between desks are not among it.
PUBLIC = frozenset(
    {
        "submit", "accept", "assign", "take_to_floor", "merge", "decline", "unmerge", "answer", "escalate", "rule",
        "publish", "confirm", "expire", "report", "accept_report", "extend", "withdraw", "reopen", "contest",
    }
)  # fmt: skip
PUBLIC_NOTES = frozenset({"decline", "extend"})
TONES = {
    "prepare": "is-done", "answer": "is-done", "publish": "is-done", "confirm": "is-done", "accept_report": "is-done",
    "escalate": "is-up", "rule": "is-up", "contest": "is-wait", "report": "is-done",
}  # fmt: skip
# The state that usually comes next: its first step is what is expected.
USUALLY_NEXT = {
    S.SUBMITTED: S.ACCEPTED,
    S.ACCEPTED: S.ASSIGNED,
    S.ASSIGNED: S.PREPARED,
    S.PREPARED: S.ANSWERED,
    S.ESCALATED: S.RULED,
    S.RULED: S.ANSWERED,
    S.ANSWERED: S.PUBLISHED,
    S.PROMISED: S.REPORTED,
}


def events_of(item: Item, merged: Iterable[Item]) -> list[Event]:
    """The events of *item*, and the mergers into it, newest first."""
    own = Q(subject_type=NOUN, subject_id=str(item.pk))
    others = [str(other.pk) for other in merged]
    if others:
        own |= Q(subject_type=NOUN, subject_id__in=others, action="merge")
    return list(Event.objects.filter(own).newest_first())


def timeline(item: Item, events: Iterable[Event], merged: Iterable[Item], reader: Reader) -> list[Entry]:
    """Newest first, beginning with what is expected."""
    codes = {str(other.pk): other.code for other in merged}
    # Whoever hands in at once has written it in the same moment: one line says so.
    unsaid = {"create"} if item.submitted_at else set()
    told = [
        line_of(event, item, reader, codes)
        for event in events
        if event.action not in unsaid and (reader.inside or event.action in PUBLIC)
    ]
    return [*_expected(item), *told]


def line_of(event: Event, item: Item, reader: Reader, codes: Mapping[str, str] | None = None) -> Entry:
    """One event as *reader* may know it; *codes* are those of the items merged into this one, by id."""
    line = entry(event, _actor(event, item, reader), _note(event, reader))
    if codes and event.subject_id in codes:
        line = replace(line, text=_("merged %(code)s into it") % {"code": codes[event.subject_id]}, icon="merge")
    elif event.action == "extend" and (to := event.data.get("to")):
        day = markup.day(date.fromisoformat(to))
        line = replace(line, text=_("extended the term to %(day)s") % {"day": day})
    elif event.action == "assign" and item.lead_unit and event.data.get("lead_unit") == str(item.lead_unit_id):
        line = replace(line, text=_("assigned it to %(unit)s") % {"unit": item.lead_unit.short_name})
    elif event.action == "submit" and item.entered_for_others:
        line = replace(line, text=_("entered it for the asker"), icon="edit")
    return replace(line, tone=TONES.get(event.action, ""))


def _actor(event: Event, item: Item, reader: Reader) -> str:
    """Names for those inside; others read in which capacity somebody acted, and never who asked."""
    if reader.inside or (event.actor_id is not None and event.actor_id == reader.person.pk):
        return ""
    if event.actor_id is not None and event.actor_id == item.author_id:
        return str(PARTIES["asker"])
    return str(PARTIES.get(event.acting_as, event.acting_as))


def _note(event: Event, reader: Reader) -> str:
    own = event.actor_id is not None and event.actor_id == reader.person.pk
    return event.note if reader.inside or own or event.action in PUBLIC_NOTES else ""


WAITING = gettext_lazy("Awaiting %(who)s: %(step)s")


def _expected(item: Item) -> list[Entry]:
    """The step that is awaited now, and the one that usually follows, in grey."""
    turn = item.turn
    if turn is None:
        return []
    following = ITEM_FLOW.owes.get(USUALLY_NEXT.get(S(item.state), ""))
    after = Entry(following.label if isinstance(following, Owed) else gettext_lazy("Close"), icon="flag", next=True)
    # Of a referred item it is the step of its report, in which many hands have a part.
    waits = turn.subject_type != NOUN
    step = gettext_lazy("the opinion from above") if waits else duty(NOUN, turn.kind)
    now = Entry(
        str(WAITING) % {"who": presentation.whose(turn, item.host_id), "step": step}, icon="user", tone="is-wait"
    )
    return [after, now]
