"""The ladders of reminders: what holds for each kind of work, changing it, and going back to the default."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.followup.domain import ladder as ladders
from cchc.followup.forms.ladder import LadderForm
from cchc.followup.presentation import grouped, in_words, ladder_lines
from cchc.organization.gate import needs
from cchc.organization.permissions import MANAGE_REMINDERS

FORM_METHODS = ["GET", "HEAD", "POST"]
GENERAL = "general"  # the ladder of every kind that has none of its own, in addresses


@needs(MANAGE_REMINDERS)
@require_safe
def ladder_list(request: HttpRequest) -> HttpResponse:
    general, *others = ladder_lines()
    return render(request, "followup/ladder_list.html", {"general": general, "groups": grouped(others)})


@needs(MANAGE_REMINDERS)
@require_http_methods(FORM_METHODS)
def ladder_edit(request: HttpRequest, kind: str) -> HttpResponse:
    key, title = _kind(kind)
    now = ladders.rungs_of(key, ladders.ladders())
    form = LadderForm(request.POST or None, rungs=now)
    context = {"form": form, "title": title, "kind": kind, "changed": ladders.is_changed(key), "crumbs": _crumbs(title)}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        kept = {rung.offset for rung in form.rungs}
        removed = [rung for rung in now if rung.offset not in kept]
        if removed and "consent" not in request.POST:
            return render(request, "followup/ladder_confirm.html", {**context, "removed": in_words(removed)})
        ladders.change(key, form.rungs, by=request.user, at=timezone.now())
        messages.success(request, _("The ladder is saved; it holds from the next morning."))
        return redirect("ladder_list")
    return render(request, "followup/ladder_edit.html", context, status=400 if form.errors else 200)


@needs(MANAGE_REMINDERS)
@require_http_methods(FORM_METHODS)
def ladder_reset(request: HttpRequest, kind: str) -> HttpResponse:
    key, title = _kind(kind)
    if request.method == "POST":
        ladders.reset(key, by=request.user, at=timezone.now())
        messages.success(request, _("The default holds again."))
        return redirect("ladder_list")
    rungs = ladders.default(key) if key in ladders.own_defaults() else ladders.ladders()[""]
    context = {"title": title, "kind": kind, "words": in_words(rungs), "crumbs": _crumbs(title)}
    return render(request, "followup/ladder_reset.html", context)


def _kind(kind: str) -> tuple[str, str]:
    """The key of a ladder and its title; 404 for a kind that no flow owes."""
    if kind == GENERAL:
        return "", _("The general ladder")
    known = ladders.kinds()
    if kind not in known:
        raise Http404
    return kind, str(known[kind])


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Ladder of reminders"), reverse("ladder_list")), (title, "")]
