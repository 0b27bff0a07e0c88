"""Documents that a delegation asks for: handed in by the unit, asked for again, or waived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused, begin, perform
from cchc.workflow.flow import Move, Owed, Transition, Unrecorded, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.domain.delegation import running
from dialogues.enums import RequestState
from dialogues.models import Conference, Request

S = RequestState
REQUEST = "dialogues.request"


def _hand_in(request: Request, move: Move) -> None:
    """Keep the `files`; without any, what was handed in on paper is said in the note."""
    files: Sequence[Checked] = move.data["files"].value if "files" in move.data else ()
    if not files and not move.note:
        raise Refused(_("Add a file, or say how the document was handed in."))
    for checked in files:
        attach(subject_type=REQUEST, subject_id=request.pk, checked=checked, by=move.by, at=move.at)
    request.handed_in_on = timezone.localdate(move.at)


def _not_enough(request: Request, move: Move) -> None:
    request.handed_in_on = None


def _chiefs(request: Request) -> Iterable[Person]:
    return role_holders(Role.UNIT_CHIEF, request.unit)


def _secretaries(request: Request) -> Iterable[Person]:
    return role_holders(Role.SECRETARY, request.host)


def _wanted(request: Request, start: date) -> date:
    return calendar().roll(max(request.due_on, start))


# fmt: off
REQUEST_FLOW = flow(REQUEST, [
    Transition("hand_in", (S.ASKED,), S.HANDED_IN, permissions.HAND_IN, _("Hand in"), _("handed it in"), "send",
               effect=_hand_in, notify=_secretaries),
    Transition("ask_again", (S.HANDED_IN, S.WAIVED), S.ASKED, permissions.RECORD_FINDINGS, _("Ask again"),
               _("asked for it again"), "back", effect=_not_enough, notify=_chiefs, note_required=True, primary=False),
    Transition("waive", (S.ASKED,), S.WAIVED, permissions.RECORD_FINDINGS, _("No longer ask for it"),
               _("no longer asks for it"), "sx", notify=_chiefs, primary=False),
], title=_("Documents asked for"), owes={
    S.ASKED: Owed("hand_in", _("Hand in the document asked for"), Role.UNIT_CHIEF, unit=lambda r: r.unit, due=_wanted),
}, verbs={"create": _("asked for it"), "hand_over": HANDED_OVER})
# fmt: on


@transaction.atomic
def ask_for(conference: Conference, *, by: Person, at: datetime, **fields: Any) -> Request:
    """Ask a `unit` for the document `text` by the day `due_on`."""
    running(conference, by, permissions.RECORD_FINDINGS, at)
    return begin(Request(conference=conference, host=conference.host, **fields), by=by, at=at)


@transaction.atomic
def move(request: Request, action: str, *, files: Sequence[Checked] = (), **told: Any) -> Request:
    """Make a move; with "hand_in" keep the *files*. Raises Refused as the engine does, and when the disk is full."""
    more: dict[str, Any] = {"files": Unrecorded(tuple(files))} if action == "hand_in" else {}
    try:
        return perform(request, action, **told, **more)
    except OSError as error:
        raise Refused(_("The server has no room for files now; try again later.")) from error
