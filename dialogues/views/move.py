"""A move on a page of its own: it asks, says why not, and is then made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cchc.workflow.engine import MovedOn, Refused, perform, refusal_of
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Subject
from dialogues.forms.move import NoteForm


def move_page(
    request: HttpRequest, subject: Subject, action: str, *, back: str, done: Mapping[str, Any],
    consequences: Mapping[str, Any], form: type[NoteForm] = NoteForm, make: Callable[..., object] = perform,
) -> HttpResponse:  # fmt: skip
    """Ask for the move *action* and *make* it; *back* is the subject's page, *done* says of each that it is made."""
    if action not in done:
        raise Http404
    row = flow_of(subject).row(action)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    typed = form(*sent, subject=subject, needs_note=row.note_required)
    refusal = refusal_of(subject, action, request.user)
    if request.method == "POST" and typed.is_valid():
        try:
            make(subject, action, by=request.user, at=timezone.now(), **typed.cleaned_data)
        except Refused as refused:
            refusal = refused
            send_again(typed, subject, refused)
        else:
            messages.success(request, done[action])
            return redirect(back)
    status = refusal.status if refusal else 400 if typed.is_bound else 200
    context = {
        "subject": subject, "row": row, "form": typed, "refusal": refusal, "back": back,
        "consequence": consequences.get(action, ""),
    }  # fmt: skip
    return render(request, "dialogues/_move_page.html", context, status=status)


def send_again(form: Any, subject: Subject, refused: Refused) -> None:
    """Sent once more, what was typed stands upon what the other did."""
    if isinstance(refused, MovedOn):
        again = form.data.copy()
        again["seen"] = str(type(subject)._base_manager.get(pk=subject.pk).moves)
        form.data = again
