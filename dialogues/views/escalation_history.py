"""The history of an escalation in two versions: that of its sender, and that of the unit above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.models import Unit
from cchc.web import markup
from cchc.workflow.flow import duty
from cchc.workflow.history import Entry, entry
from cchc.workflow.models import Event
from dialogues import presentation
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.domain.escalation_reader import FROM_ABOVE, OF_RECEIVER, EscalationReader
from dialogues.enums import EscalationState
from dialogues.models import Escalation

S = EscalationState
TONES = {
    "send": "is-up", "forward_up": "is-up", "rule": "is-done", "delegate_back": "is-done", "follow": "is-done",
    "record_reply": "is-done", "return_for_information": "is-wait", "advise": "is-done", "propose": "is-wait",
}  # fmt: skip
# The reply that a joined report followed, as its own sender reads it: that there were others is not told.
FOLLOWED = {S.RULED: "rule", S.DELEGATED: "delegate_back", S.REFUSED: "refuse"}
WAITING = gettext_lazy("Awaiting %(who)s: %(step)s")


def timeline(
    escalation: Escalation, events: Iterable[Event], reader: EscalationReader, units: list[Unit]
) -> list[Entry]:
    """Newest first, beginning with what is awaited; *units* may be named as advising ones."""
    told = [line_of(event, escalation, reader, units) for event in events]
    return [*_expected(escalation, reader), *told]


def line_of(event: Event, escalation: Escalation, reader: EscalationReader, units: Iterable[Unit] = ()) -> Entry:
    """One event as *reader* may know it."""
    line = entry(event, _actor(event, escalation, reader))
    action = event.action
    if action == "follow" and not reader.reads_advice:
        done = ESCALATION_FLOW.done(FOLLOWED.get(S(event.to_state), "rule"))
        line = replace(line, text=done, icon="flag")
    elif action in ("extend", "move_day") and (to := event.data.get("to")):
        line = replace(line, text=_("extended the term to %(day)s") % {"day": _day(to)}, icon="clock")
    elif action == "ask_time" and (to := event.data.get("to")):
        line = replace(line, text=_("asked for more time, until %(day)s") % {"day": _day(to)})
    elif action == "assign":
        named = next((unit for unit in units if str(unit.pk) == event.data.get("division")), None)
        if named:
            line = replace(line, text=_("asked %(unit)s for advice") % {"unit": named.short_name})
    return replace(line, tone=TONES.get(action, ""), day_only=False)


def _day(text: str) -> str:
    return markup.day(date.fromisoformat(text))


def _actor(event: Event, escalation: Escalation, reader: EscalationReader) -> str:
    """Names on the reader's own side; of the other one the unit, and as what somebody acted there."""
    from_above = event.action in FROM_ABOVE or event.action in OF_RECEIVER
    if event.actor_id is not None and (reader.reads_advice if from_above else reader.sender):
        return ""
    unit = escalation.receiver if from_above else escalation.host
    title = event.acting_as if event.actor_id is not None else ""
    return f"{title}, {unit.short_name}" if title else unit.short_name


def _expected(escalation: Escalation, reader: EscalationReader) -> list[Entry]:
    turn = escalation.turn
    if turn is None:
        return []
    hidden = not reader.reads_advice and escalation.state in presentation.CONSIDERED
    step = gettext_lazy("the opinion from above") if hidden else duty(turn.subject_type, turn.kind)
    who = presentation.whose(turn, escalation.host_id if reader.sender else escalation.receiver_id)
    return [Entry(str(WAITING) % {"who": who, "step": step}, icon="user", tone="is-wait")]
