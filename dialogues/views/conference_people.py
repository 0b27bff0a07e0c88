"""Who takes part in a conference: invited units, people and their parts; and the list to print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cchc.organization import access
from cchc.organization.models import Person, Position
from dialogues import permissions
from dialogues.domain import participant as participants
from dialogues.enums import Part
from dialogues.forms.conference import ParticipantForm
from dialogues.models import Conference, Participant
from dialogues.views.conference_frame import frame, load

MOST = 500
FOUND = 10


@require_safe
def conference_people(request: HttpRequest, code: str) -> HttpResponse:
    conference = load(request, code)
    shared = frame(request, conference, "people", timezone.now())
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context = {
        **shared,
        "groups": groups(conference),
        "invited": conference.invited.in_order(),
        "q": text,
        "found": _found(conference, text) if text and shared["may_edit"] else None,
        "parts": Part.choices,
    }
    return render(request, "dialogues/conference_people.html", context)


def groups(conference: Conference) -> list[dict[str, Any]]:
    """The participants by their part, people by given name, each and the chair with the post held today."""
    prefetch_related_objects([conference.chair], _held("positions"))
    entries = list(
        conference.participants.select_related("person")
        .prefetch_related(_held("person__positions"))
        .order_by("person__sort_key", "pk")[:MOST]
    )
    return [
        {"part": part, "label": part.label, "entries": [each for each in entries if each.part == part]} for part in Part
    ]


def _held(path: str) -> Prefetch:
    held = Position.objects.valid_on(timezone.localdate()).select_related("unit").order_by("valid_from", "pk")
    return Prefetch(path, held, to_attr="held")


def _found(conference: Conference, text: str) -> Iterable[Person]:
    """People with a post today who are not on the list yet."""
    holders = Position.objects.valid_on(timezone.localdate()).values("person")
    return (
        Person.objects.filter(is_active=True, pk__in=holders)
        .exclude(pk__in=conference.participants.values("person"))
        .search(text)
        .prefetch_related(_held("positions"))
        .order_by("sort_key", "id")[:FOUND]
    )


@require_POST
def conference_participant(request: HttpRequest, code: str) -> HttpResponse:
    """Add somebody, or give another part."""
    conference = _prepared(request, code)
    form = ParticipantForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person was not added: choose somebody from the list, and a part."))
        return _back(conference, request)
    person, part = form.cleaned_data["person"], Part(form.cleaned_data["part"])
    participants.set_participant(conference, person, part, by=request.user, at=timezone.now())
    messages.success(request, f"{person.full_name}: {part.label}")
    return _back(conference, request)


@require_POST
def conference_chiefs(request: HttpRequest, code: str) -> HttpResponse:
    """Add the chiefs of all invited units."""
    conference = _prepared(request, code)
    added = participants.add_chiefs(conference, by=request.user, at=timezone.now())
    words = ngettext("%(n)s person added", "%(n)s people added", added) % {"n": added}
    messages.success(request, words if added else _("The chiefs of the invited units are on the list already."))
    return _back(conference, request)


@require_POST
def conference_participant_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    conference = _prepared(request, code)
    rows = Participant.objects.select_related("person", "conference__host__command")
    entry = get_object_or_404(rows, pk=pk, conference=conference)
    participants.remove_participant(entry, by=request.user, at=timezone.now())
    messages.success(request, _("Removed: %(person)s") % {"person": entry.person.full_name})
    return _back(conference, request)


def _prepared(request: HttpRequest, code: str) -> Conference:
    conference = load(request, code)
    if not access.can(request.user, permissions.PREPARE_CONFERENCE, conference.host):
        raise Http404
    return conference


def _back(conference: Conference, request: HttpRequest) -> HttpResponse:
    address = reverse("conference_people", args=[conference.code])
    return redirect(f"{address}#list")


@require_safe
def conference_print(request: HttpRequest, code: str) -> HttpResponse:
    """Agenda and participants on paper."""
    conference = load(request, code)
    context = {
        "conference": conference,
        "agenda": conference.agenda.select_related("person"),
        "groups": groups(conference),
        "invited": conference.invited.in_order(),
    }
    return render(request, "dialogues/conference_print.html", context)
