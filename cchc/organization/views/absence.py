"""Absences: who is away, who acts meanwhile; enter, complete and shorten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from cchc.organization.domain import absence as absences
from cchc.organization.forms.absence import AbsenceEndForm, AbsenceForm, AbsenceWithStandInForm, StandInForm
from cchc.organization.forms.fields import refusals_in
from cchc.organization.models import Absence, Person, Position
from cchc.organization.permissions import RECORD_ABSENCE
from cchc.web.paging import page_of

FORM_METHODS = ["GET", "HEAD", "POST"]
FOUND = 20


@require_safe
def absence_list(request: HttpRequest) -> HttpResponse:
    """My own absences, those in which I act, and those of the posts that I may record for."""
    state, today = request.GET.get("state", ""), timezone.localdate()
    rows = absences.absences_for(request.user).select_related(
        "post__person", "post__unit__command", "stand_in__person", "stand_in__unit"
    )
    page = page_of(request, _in_state(rows, state, today), ("-valid_from", "-id"))
    context = {
        "page": page,
        "lines": [_line(request, absence, today) for absence in page],
        "segs": _segs(state),
        "state": state,
        "oversees": access.holds(request.user, RECORD_ABSENCE),
    }
    return render(request, "organization/absence_list.html", context)


def _in_state(rows: QuerySet[Absence], state: str, today: Any) -> QuerySet[Absence]:
    if state == "all":
        return rows
    if state == "past":
        return rows.standing().filter(valid_to__lt=today)
    return rows.standing().filter(valid_to__gte=today)


def _line(request: HttpRequest, absence: Absence, today: Any) -> dict[str, Any]:
    going_on = absence.cancelled_at is None and absence.valid_to >= today
    nobody = going_on and absence.stand_in is None
    return {
        "absence": absence,
        "now": going_on and absence.valid_from <= today,
        "may_end": going_on and absences.may_record(request.user, absence.post),
        "may_name": nobody and absence.post.acts_as_head and absences.may_name_stand_in(request.user, absence.post),
    }


def _segs(state: str) -> list[dict[str, Any]]:
    labels = {"": _("Now and to come"), "past": _("Past"), "all": _("All")}
    base = reverse("absence_list")
    return [
        {"label": label, "url": f"{base}?state={value}" if value else base, "active": state == value}
        for value, label in labels.items()
    ]


@require_safe
def absence_choose(request: HttpRequest) -> HttpResponse:
    """Whose absence? My own posts, and those found by name."""
    today, text = timezone.localdate(), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    posts = absences.posts_for(request.user, today)
    named = Person.objects.search(text).values("pk") if text else Person.objects.none().values("pk")
    context = {
        "own": posts.filter(person=request.user),
        "q": text,
        "found": posts.filter(person__in=named)[:FOUND] if text else None,
        "oversees": access.holds(request.user, RECORD_ABSENCE),
        "crumbs": _crumbs(_("Record an absence")),
    }
    return render(request, "organization/absence_choose.html", context)


@require_http_methods(FORM_METHODS)
def absence_create(request: HttpRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    typed = request.POST or None
    form: AbsenceForm
    if absences.may_name_stand_in(request.user, post):
        people = absences.candidates(post, timezone.localdate())
        form = AbsenceWithStandInForm(people, reverse("absence_people", args=[post.pk]), typed)
    else:
        form = AbsenceForm(typed)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            absences.record_absence(post, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The absence is entered."))
            return redirect("absence_list")
    context = {"form": form, "post": post, "crumbs": _crumbs(post.person.full_name)}
    return render(request, "organization/absence_create.html", context, status=400 if form.errors else 200)


@require_http_methods(FORM_METHODS)
def absence_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    absence = _absence(request, pk)
    post = absence.post
    if not absences.may_name_stand_in(request.user, post):
        raise Http404
    people = absences.candidates(post, timezone.localdate())
    form = StandInForm(people, reverse("absence_people", args=[post.pk]), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_in(form):
            absences.name_stand_in(
                absence,
                data["stand_in"],
                acting_kind=data["acting_kind"],
                authority=data["authority"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("The stand-in is named and has the rights of the post for these days."))
            return redirect("absence_list")
    context = {"form": form, "absence": absence, "post": post, "crumbs": _crumbs(post.person.full_name)}
    return render(request, "organization/absence_stand_in.html", context, status=400 if form.errors else 200)


@require_http_methods(FORM_METHODS)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    absence = _absence(request, pk)
    if not absences.may_record(request.user, absence.post):
        raise Http404
    form = AbsenceEndForm(request.POST or None, initial={"last": timezone.localdate() - timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            done = absences.shorten(absence, **form.cleaned_data, by=request.user, at=timezone.now())
            words = _("The absence is cancelled.") if done.cancelled_at else _("The absence is shortened.")
            messages.success(request, words)
            return redirect("absence_list")
    context = {"form": form, "absence": absence, "post": absence.post, "crumbs": _crumbs(absence.post.person.full_name)}
    return render(request, "organization/absence_end.html", context, status=400 if form.errors else 200)


@require_safe
def absence_people(request: HttpRequest, pk: int) -> HttpResponse:
    """What the field for the stand-in proposes."""
    post = _post(request, pk)
    if not absences.may_name_stand_in(request.user, post):
        raise Http404
    typed = request.GET.get("stand_in", "").replace("\x00", "").strip()[:100]
    people = absences.candidates(post, timezone.localdate())
    found = people.search(typed).order_by("sort_key", "id")[:FOUND] if typed else []
    return render(request, "organization/person_options.html", {"people": found})


def _post(request: HttpRequest, pk: int) -> Position:
    rows = absences.posts_for(request.user, timezone.localdate()).select_related("person", "unit__command__parent")
    return get_object_or_404(rows, pk=pk)


def _absence(request: HttpRequest, pk: int) -> Absence:
    rows = absences.absences_for(request.user).standing().filter(valid_to__gte=timezone.localdate())
    return get_object_or_404(
        rows.select_related("post__person", "post__unit__command__parent", "stand_in__person"), pk=pk
    )


def _crumbs(label: str) -> list[tuple[str, str]]:
    return [(_("Absences"), reverse("absence_list")), (label, "")]
