"""The moves of a conference: each asks on a page of its own, says who will be told, and is then made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, offers, perform
from cchc.workflow.flow import Offer, flow_of
from dialogues.domain import conference as conferences
from dialogues.forms.conference import MOVE_FORMS, MoveForm
from dialogues.models import Conference, Item
from dialogues.presentation_inspection import MOVES
from dialogues.views.conference_frame import load
from dialogues.views.item_rows import ItemRow, item_rows

NAMED = 12  # of those who will be told, so many by name
OWED = 50


@dataclass(frozen=True)
class Question:
    """What is asked before a move, and what it leads to."""

    title: Any
    text: Any
    done: Any
    tells: bool = True


QUESTIONS = {
    "open": Question(
        gettext_lazy("Open the conference for questions?"),
        gettext_lazy("From now on all whom it concerns see it. Date and chair can then be changed only with a reason."),
        gettext_lazy("The conference is open for questions."),
    ),
    "start": Question(
        gettext_lazy("Begin the session?"),
        gettext_lazy("From now on questions can be taken to the floor. There is no way back to the time before."),
        gettext_lazy("The session has begun."),
        tells=False,
    ),
    "conclude": Question(
        gettext_lazy("Conclude the session?"),
        gettext_lazy("Nothing more is asked after this. What is open is answered in writing within the term."),
        gettext_lazy("The session is concluded."),
    ),
    "close": Question(
        gettext_lazy("Close the conference?"),
        gettext_lazy("Its particulars can no longer be changed. Only the leader can open it again, with a reason."),
        gettext_lazy("The conference is closed."),
    ),
    "cancel": Question(
        gettext_lazy("Cancel the conference?"),
        gettext_lazy("This cannot be undone. What has been asked stays readable and keeps its state."),
        gettext_lazy("The conference is cancelled."),
    ),
    "reschedule": Question(
        gettext_lazy("Reschedule the conference"),
        gettext_lazy("Both dates stay in the history."),
        gettext_lazy("The conference is rescheduled."),
    ),
    "new_chair": Question(
        gettext_lazy("Change the chair"),
        gettext_lazy("Both names stay in the history."),
        gettext_lazy("The chair is changed."),
    ),
    "reopen": Question(
        gettext_lazy("Open the closed conference again?"),
        gettext_lazy("It goes back to answering and concluding."),
        gettext_lazy("The conference is open again."),
        tells=False,
    ),
}


OF_INSPECTION = {
    "open": Question(
        gettext_lazy("Announce the inspection?"),
        gettext_lazy("From now on the inspected units see it. Its date can then be changed only with a reason."),
        gettext_lazy("The inspection is announced."),
    ),
    "start": Question(
        gettext_lazy("Begin on site?"),
        gettext_lazy("There is no way back to the time before. Findings may be recorded earlier and later, too."),
        gettext_lazy("The work on site has begun."),
        tells=False,
    ),
    "conclude": Question(
        gettext_lazy("End the work on site?"),
        gettext_lazy("The conclusion and its directives are then written and issued."),
        gettext_lazy("The work on site has ended."),
    ),
    "close": Question(
        gettext_lazy("Close the inspection?"),
        gettext_lazy("Its particulars can no longer be changed. Only the leader can open it again, with a reason."),
        gettext_lazy("The inspection is closed."),
    ),
    "cancel": Question(
        gettext_lazy("Cancel the inspection?"),
        gettext_lazy("This cannot be undone. What was recorded stays readable."),
        gettext_lazy("The inspection is cancelled."),
    ),
}


def question_of(conference: Conference, action: str) -> Question:
    return OF_INSPECTION.get(action, QUESTIONS[action]) if conference.is_inspection else QUESTIONS[action]


@require_http_methods(["GET", "HEAD", "POST"])
def conference_move(request: HttpRequest, code: str, action: str) -> HttpResponse:
    at, conference = timezone.now(), load(request, code)
    if action not in QUESTIONS:
        raise Http404
    offer = next((each for each in offers(conference, request.user) if each.action == action), None)
    form = _form(request, conference, action, at)
    if request.method != "POST":
        return _page(request, conference, action, form, offer, None)
    if not form.is_valid():
        return _page(request, conference, action, form, offer, None, status=400)
    try:
        _make(conference, action, form.cleaned_data, request.user, at)
    except Refused as refusal:
        return _page(request, conference, action, form, offer, refusal, status=refusal.status)
    messages.success(request, question_of(conference, action).done)
    return redirect("conference_show", conference.code)


def _form(request: HttpRequest, conference: Conference, action: str, at: datetime) -> MoveForm:
    made: Callable[..., MoveForm] = MOVE_FORMS.get(action, MoveForm)
    needs_note = flow_of(conference).row(action).note_required
    return made(request.POST or None, conference=conference, at=at, needs_note=needs_note)


def _make(conference: Conference, action: str, data: dict[str, Any], by: Person, at: datetime) -> None:
    told = {"by": by, "at": at, "note": data.get("note", ""), "seen": data["seen"]}
    if action == "reschedule":
        times = {name: data.get(name) for name in ("starts_at", "ends_at", "closes_at")}
        conferences.reschedule(conference, **times, **told)
    elif action == "new_chair":
        conferences.change_chair(conference, data["chair"], **told)
    else:
        perform(conference, action, **told)


def _page(
    request: HttpRequest, conference: Conference, action: str, form: MoveForm, offer: Offer | None,
    refusal: Refused | None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    row = flow_of(conference).row(action)
    if offer is None and refusal is None:
        # Not offered: a state that has passed, or a right that is somebody else's.
        passed = conference.state not in row.sources
        sentence = _("This has moved on in the meantime.") if passed else _("This step is not among your rights here.")
        refusal = Refused(sentence) if passed else NotAllowed(sentence)
        status = refusal.status
    question = question_of(conference, action)
    told = list(conferences.invited_people(conference).exclude(pk=request.user.pk or 0)) if question.tells else []
    context = {
        "conference": conference,
        "question": question,
        "label": MOVES.get(action, row.label) if conference.is_inspection else row.label,
        "form": form,
        "row": row,
        "offer": offer,
        "refusal": refusal,
        "told": told[:NAMED],
        "told_more": max(0, len(told) - NAMED),
        "owed": _owed(request, conference) if action == "close" and offer and offer.reason else None,
    }
    return render(request, "dialogues/conference_move.html", context, status=status)


def _owed(request: HttpRequest, conference: Conference) -> list[ItemRow]:
    """What keeps the conference from being closed, most urgent first."""
    rows = Item.objects.for_list().visible_to(request.user).filter(conference=conference).still_open()
    first = list(rows.order_by("turn__due_on", "code")[:OWED])
    return item_rows(first, request.user, timezone.localdate(), calendar())
