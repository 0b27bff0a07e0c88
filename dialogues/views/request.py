"""Documents asked for by a delegation: asking, the page of one, and its moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import attachments_of
from cchc.followup.domain.explain import explain
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import offers
from dialogues import permissions, presentation
from dialogues import presentation_inspection as shown
from dialogues.domain.delegation import inspected_units
from dialogues.domain.request import REQUEST, ask_for, move
from dialogues.forms.inspection import HandInForm, RequestForm
from dialogues.forms.move import NoteForm
from dialogues.models import Conference, Request
from dialogues.views.conference_history import timeline
from dialogues.views.inspection_form import Asked, form_page, inspection
from dialogues.views.move import move_page

DONE = {
    "hand_in": T("The document is handed in."),
    "ask_again": T("The document is asked for again."),
    "waive": T("The document is no longer asked for."),
}
FOLLOWS = {
    "hand_in": T("The delegation and the secretary are told, and open the files from here."),
    "ask_again": T("The unit is told the reason and hands in once more. What it handed in stays."),
    "waive": T("The unit is told that nothing is wanted any more."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def request_add(request: HttpRequest, code: str) -> HttpResponse:
    conference = inspection(request, code, permissions.RECORD_FINDINGS)
    asked = Asked(T("Ask for a document"), T("Ask for it"), T("The unit is asked."), f"request-{code}", "documents")

    def save(form: Any) -> None:
        ask_for(conference, by=request.user, at=timezone.now(), **form.particulars)

    def make(*sent: Any, **options: Any) -> RequestForm:
        return RequestForm(*sent, units=inspected_units(conference), **options)

    return form_page(request, conference, asked, make, save)


def _visible(request: HttpRequest, pk: UUID) -> Request:
    rows = Request.objects.visible_to(request.user).select_related("conference", "unit__command", "host__command")
    return get_object_or_404(rows.select_related("turn__unit"), pk=pk)


@require_safe
def request_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    asked, today, days = _visible(request, pk), timezone.localdate(), calendar()
    turn = asked.turn
    seen = Conference.objects.visible_to(request.user).filter(pk=asked.conference_id).exists()
    context = {
        "asked": asked,
        "conference": asked.conference,
        "back": reverse("conference_inspection", args=[asked.conference.code]) if seen else "",
        "badge": shown.request_badge(asked),
        "due": shown.wanted(asked, today, days),
        "turn": presentation.turn(turn, turn is not None and turn.is_owed_by(request.user), asked.host_id),
        "counted": explain(turn, days, shown.request_basis(asked, turn)) if turn else None,
        "files": attachments_of(REQUEST, [asked.pk]).get(str(asked.pk)),
        "entries": timeline(asked, inside=True),
        "offers": offers(asked, request.user),
        "base": f"{reverse('request_show', args=[asked.pk])}do/",
    }
    return render(request, "dialogues/request_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    asked = _visible(request, pk)
    if action not in DONE:
        raise Http404
    form: type[NoteForm] = HandInForm if action == "hand_in" else NoteForm
    back = reverse("request_show", args=[pk])
    return move_page(request, asked, action, back=back, done=DONE, consequences=FOLLOWS, form=form, make=move)
