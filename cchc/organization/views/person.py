"""People: find them, open and close their accounts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cchc.organization import access
from cchc.organization.domain import person as people
from cchc.organization.enums import Role
from cchc.organization.forms.fields import refusals_in
from cchc.organization.forms.person import ConfirmForm, PersonForm, ReasonForm
from cchc.organization.gate import needs
from cchc.organization.models import Person, Position, Unit
from cchc.organization.permissions import MANAGE_PEOPLE
from cchc.web.paging import page_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@needs(MANAGE_PEOPLE)
@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    q, role, state, code = (request.GET.get(name, "").strip() for name in ("q", "role", "state", "unit"))
    today = timezone.localdate()
    rows = access.managed_people(request.user).search(q)
    held = Position.objects.valid_on(today)
    unit = Unit.objects.filter(code=code).first() if code else None
    wanted = held.filter(person=OuterRef("pk"))
    if role in Role.values:
        rows = rows.filter(Exists(wanted.filter(role=role)))
    if unit is not None:
        rows = rows.filter(Exists(wanted.filter(unit__path__startswith=unit.path)))
    if state == "no_post":
        rows = rows.filter(~Exists(wanted), is_active=True)
    elif state != "all":
        rows = rows.filter(is_active=state != "closed")
    current = Prefetch("positions", held.select_related("unit").order_by("valid_from"), to_attr="current")
    context = {
        "page": page_of(request, rows.prefetch_related(current), ("sort_key", "id")),
        "q": q,
        "role": role,
        "unit": unit,
        "roles": Role.choices,
        "segs": _segs(request, state),
        "state": state,
        "filtered": bool(q or role or unit or state),
    }
    return render(request, "organization/person_list.html", context)


@needs(MANAGE_PEOPLE)
@require_safe
def person_show(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    today = timezone.localdate()
    posts = list(person.positions.select_related("unit").order_by("-valid_from", "-pk"))
    within = set(
        access.managed_units(request.user).filter(pk__in=[post.unit_id for post in posts]).values_list("pk", flat=True)
    )
    context = {
        "person": person,
        "crumbs": _crumbs(person),
        "posts": [(post, post.is_valid_on(today), post.unit_id in within) for post in posts],
        "sessions": person.sessions.filter(expire_date__gt=timezone.now()).count(),
        "own": person.pk == request.user.pk,
    }
    return render(request, "organization/person_show.html", context)


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def person_create(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            person = people.create_person(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(
                request, _("%(person)s is entered. Now give a post and a one-time code.") % {"person": person}
            )
            return redirect("person_show", person.pk)
    context = {"form": form, "crumbs": [*_crumbs(), (_("New person"), "")]}
    return render(request, "organization/person_create.html", context, status=400 if form.errors else 200)


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    form = PersonForm(request.POST or None, initial={name: getattr(person, name) for name in people.EDITABLE})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            people.change_person(person, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The details are saved."))
            return redirect("person_show", person.pk)
    context = {"form": form, "person": person, "crumbs": [*_crumbs(person), (_("Edit"), "")]}
    return render(request, "organization/person_edit.html", context, status=400 if form.errors else 200)


@never_cache
@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def person_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then show the code, this once."""
    person = _find(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    code = ""
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            code = people.give_code(person, by=request.user, at=timezone.now())
    context = {
        "form": form,
        "person": person,
        "code": code,
        "hours": people.CODE_HOURS,
        "crumbs": [*_crumbs(person), (_("One-time code"), "")],
    }
    return render(request, "organization/person_code.html", context, status=400 if form.errors else 200)


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def person_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, people.disable, "organization/person_close.html", _("The account is closed."))


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def person_open(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, people.enable, "organization/person_open.html", _("The account is open again."))


@needs(MANAGE_PEOPLE)
@require_POST
def person_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    ended = people.sign_out(person, by=request.user, at=timezone.now())
    messages.success(request, _("Signed out on all devices.") if ended else _("This person was signed in nowhere."))
    return redirect("person_show", person.pk)


def _with_reason(request: HttpRequest, pk: int, change: Any, template: str, done: str) -> HttpResponse:
    person = _find(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            change(person, by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
            messages.success(request, done)
            return redirect("person_show", person.pk)
    context = {"form": form, "person": person, "crumbs": [*_crumbs(person), (_("Account"), "")]}
    return render(request, template, context, status=400 if form.errors else 200)


def _find(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(access.managed_people(request.user), pk=pk)


def _crumbs(person: Person | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("People"), reverse("person_list"))]
    return [*crumbs, (person.full_name, reverse("person_show", args=[person.pk]))] if person else crumbs


def _segs(request: HttpRequest, state: str) -> list[dict[str, Any]]:
    labels = {"": _("Open accounts"), "no_post": _("Without a post"), "closed": _("Closed"), "all": _("All")}
    kept = {name: value for name, value in request.GET.items() if name in ("q", "role", "unit") and value}
    return [
        {
            "label": label,
            "url": f"{reverse('person_list')}?{urlencode({**kept, 'state': value} if value else kept)}",
            "active": state == value,
        }
        for value, label in labels.items()
    ]
