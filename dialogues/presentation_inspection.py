"""How an inspection looks: documents asked for, remedies, and what its dates were counted from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.domain.explain import Basis
from cchc.web import markup
from cchc.web.panels import Due
from dialogues.enums import RequestState
from dialogues.presentation import Shown

if TYPE_CHECKING:
    from cchc.workdays.domain.calendar import Calendar
    from cchc.workflow.models import Obligation
    from dialogues.domain.finding import Remedy
    from dialogues.models import Request

REQUEST_STATES: dict[str, Shown] = {
    RequestState.ASKED: Shown(RequestState.ASKED.label, "is-wait", "s1", 1),
    RequestState.HANDED_IN: Shown(RequestState.HANDED_IN.label, "is-done", "s4", 2),
    RequestState.WAIVED: Shown(RequestState.WAIVED.label, "", "sx", 2),
}
# The six steps of a conference, as they are called of an inspection.
STEP_LABELS = (
    _("Plan"),
    _("Announced"),
    _("Preparation"),
    _("On site"),
    _("Conclusion and remedies"),
    pgettext_lazy("step", "Closed"),
)
MOVES = {
    "open": _("Announce the inspection"),
    "start": _("Begin on site"),
    "conclude": _("End the work on site"),
    "close": _("Close the inspection"),
    "cancel": _("Cancel the inspection"),
}
# The same moves as its history tells them.
DONE = {
    "create": _("prepared the inspection"),
    "open": _("announced the inspection"),
    "start": _("began on site"),
    "conclude": _("ended the work on site"),
    "close": _("closed the inspection"),
    "cancel": _("cancelled the inspection"),
}


def request_badge(request: Request) -> SafeString:
    shown = REQUEST_STATES[request.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def wanted(request: Request, today: date, days: Calendar) -> SafeString:
    """The day by which it is wanted, or how late it came."""
    if request.handed_in_on:
        late = max(0, days.between(days.roll(request.due_on), request.handed_in_on))
        return markup.due(Due(settled_on=request.handed_in_on, late_days=late))
    turn = request.turn
    return markup.due(Due(turn.due_on, days.between(today, turn.due_on))) if turn else markup.NOTHING


def remedy(found: Remedy | None, today: date, days: Calendar) -> SafeString:
    """By when a finding is to be remedied, how late that is, or whether it was in time."""
    if found is None:
        return markup.NOTHING
    if found.done:
        on = found.on or found.by
        return markup.due(Due(settled_on=on, late_days=max(0, days.between(found.by, on))))
    return markup.due(Due(found.by, days.between(today, found.by)))


def request_basis(request: Request, turn: Obligation) -> Basis:
    return Basis(_("The day by which the delegation wants it"), turn.started_on)
