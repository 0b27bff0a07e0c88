"""The agenda of a conference: read, and edited as rows with order numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.web.domain import draft as drafts
from cchc.workflow.engine import Refused
from dialogues.domain import conference as conferences
from dialogues.forms.conference import AgendaRows
from dialogues.models import Conference
from dialogues.views.conference_frame import frame, load


@require_safe
def conference_agenda(request: HttpRequest, code: str) -> HttpResponse:
    conference = load(request, code)
    context = {
        **frame(request, conference, "agenda", timezone.now()),
        "agenda": conference.agenda.select_related("person"),
    }
    return render(request, "dialogues/conference_agenda.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conference_agenda_edit(request: HttpRequest, code: str) -> HttpResponse:
    conference, at = load(request, code), timezone.now()
    shared = frame(request, conference, "agenda", at)
    if not shared["may_edit"]:
        raise Http404
    key = f"conference-agenda-{code}"
    rows, refusal = _rows(request, conference, key), None
    seen = _seen(request, conference)
    if rows.is_bound and rows.is_valid():
        try:
            conferences.set_agenda(conference, rows.entries, by=request.user, at=at, seen=seen)
        except Refused as refused:
            refusal, seen = refused, conference.moves
        else:
            drafts.discard(drafts.owner_of(request), key)
            messages.success(request, _("The agenda is saved."))
            return redirect("conference_agenda", conference.code)
    context = {
        **shared,
        "rows": rows,
        "refusal": refusal,
        "seen": seen,
        "stands": conference.agenda.select_related("person") if refusal else None,
        "draft": drafts.find(drafts.owner_of(request), key) if not rows.is_bound else None,
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if rows.is_bound else 200
    return render(request, "dialogues/conference_agenda_edit.html", context, status=status)


def _rows(request: HttpRequest, conference: Conference, key: str) -> Any:
    options = {"people": _people(conference)}
    if request.method == "POST":
        return AgendaRows(request.POST, form_kwargs=options)
    typed = drafts.recall(drafts.owner_of(request), key)
    return AgendaRows(initial=_typed_rows(typed) if typed else _kept_rows(conference), form_kwargs=options)


def _people(conference: Conference) -> list[tuple[int, str]]:
    """Who may be named in a row: the chair and everybody on the list."""
    entries = conference.participants.select_related("person").order_by("person__sort_key", "pk")
    named = [conference.chair, *(entry.person for entry in entries)]
    return list({person.pk: (person.pk, person.full_name) for person in named}.values())


def _kept_rows(conference: Conference) -> list[dict[str, Any]]:
    return [
        {"order": e.order, "at": e.at, "minutes": e.minutes, "text": e.text, "person": e.person_id}
        for e in conference.agenda.all()
    ]


def _typed_rows(typed: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a draft, as they were typed."""
    total = str(typed.get("form-TOTAL_FORMS", "0"))
    names = ("order", "at", "minutes", "text", "person")
    rows = [
        {name: typed.get(f"form-{number}-{name}", "") for name in names}
        for number in range(min(int(total), 100) if total.isdecimal() else 0)
    ]
    return [row for row in rows if row["text"] or row["at"]]


def _seen(request: HttpRequest, conference: Conference) -> int:
    posted = request.POST.get("seen", "")
    if request.method != "POST":
        return conference.moves
    return int(posted) if posted.isdecimal() and len(posted) < 9 else -1
