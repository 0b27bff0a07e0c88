"""A page with one form about an inspection: what was typed is kept, a refusal is told, and then one is back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cchc.organization.permissions import Permission
from cchc.web.domain import draft as drafts
from cchc.workflow.engine import Refused
from dialogues.domain.delegation import is_at_work, over
from dialogues.models import Conference
from dialogues.views.conference_frame import load


@dataclass(frozen=True)
class Asked:
    """What the page is called, its button, what is said when it is done, and the key of the kept draft."""

    title: Any
    button: Any
    done: Any
    key: str
    anchor: str = ""


def inspection(request: HttpRequest, code: str, right: Permission) -> Conference:
    """The inspection, for somebody at work on it; a form of one that has ended is not shown."""
    conference = load(request, code)
    if not conference.is_inspection or not is_at_work(conference, request.user, right):
        raise Http404
    if why_not := over(conference):
        raise Refused(why_not)
    return conference


def tab(conference: Conference, anchor: str = "") -> str:
    return reverse("conference_inspection", args=[conference.code]) + (f"#{anchor}" if anchor else "")


def form_page(
    request: HttpRequest, conference: Conference, asked: Asked, make: Callable[..., BaseForm],
    save: Callable[[Any], object], **more: Any,
) -> HttpResponse:  # fmt: skip
    """*make* builds the form of what was sent, or of what was kept; *save* is given the form when it is valid."""
    owner, refusal = drafts.owner_of(request), None
    if request.method == "POST":
        form = make(request.POST, request.FILES)
    else:
        form = make(initial=drafts.recall(owner, asked.key))
    if form.is_bound and form.is_valid():
        try:
            save(form)
        except Refused as refused:
            refusal = refused
        else:
            drafts.discard(owner, asked.key)
            messages.success(request, asked.done)
            return redirect(tab(conference, asked.anchor))
    context = {
        "conference": conference, "form": form, "asked": asked, "refusal": refusal,
        "back": tab(conference, asked.anchor), "draft": None if form.is_bound else drafts.find(owner, asked.key),
        "draft_url": reverse("draft_save", args=[asked.key]), **more,
    }  # fmt: skip
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/inspection_form.html", context, status=status)


@dataclass(frozen=True)
class Removal:
    """What is asked before something is taken out, and what follows from it."""

    title: str
    text: str
    consequence: Any
    button: Any
    done: str
    anchor: str


def remove_page(
    request: HttpRequest, conference: Conference, removal: Removal, remove: Callable[[], object]
) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            remove()
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, removal.done)
            return redirect(tab(conference, removal.anchor))
    context = {"removal": removal, "refusal": refusal, "back": tab(conference, removal.anchor)}
    status = refusal.status if refusal else 200
    return render(request, "dialogues/inspection_remove.html", context, status=status)
