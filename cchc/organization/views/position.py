"""Posts: give, change and end them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.organization import access
from cchc.organization.domain import position as posts
from cchc.organization.duties import left_with
from cchc.organization.forms.fields import refusals_in
from cchc.organization.forms.position import PositionChangeForm, PositionEndForm, PositionForm
from cchc.organization.gate import needs
from cchc.organization.models import Person, Position
from cchc.organization.permissions import MANAGE_PEOPLE

FORM_METHODS = ["GET", "HEAD", "POST"]


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def position_create(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(access.managed_people(request.user), pk=pk)
    form = PositionForm(
        access.managed_units(request.user), request.POST or None, initial={"valid_from": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            posts.appoint(person, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The post is entered; its rights hold from its first day."))
            return redirect("person_show", person.pk)
    context = {"form": form, "person": person, "crumbs": _crumbs(person, _("New post"))}
    return render(request, "organization/position_create.html", context, status=400 if form.errors else 200)


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def position_edit(request: HttpRequest, pk: int) -> HttpResponse:
    post = _find(request, pk)
    form = PositionChangeForm(request.POST or None, initial={name: getattr(post, name) for name in posts.EDITABLE})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            posts.change_position(post, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The post is saved."))
            return redirect("person_show", post.person_id)
    context = {"form": form, "post": post, "crumbs": _crumbs(post.person, _("Post"))}
    return render(request, "organization/position_edit.html", context, status=400 if form.errors else 200)


@needs(MANAGE_PEOPLE)
@require_http_methods(FORM_METHODS)
def position_end(request: HttpRequest, pk: int) -> HttpResponse:
    post = _find(request, pk)
    form = PositionEndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            posts.end_position(post, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The end of the post is entered. Open work stays with the unit and the role."))
            return redirect("person_show", post.person_id)
    day = form.cleaned_data.get("on") if form.is_bound else None
    context = {
        "form": form,
        "post": post,
        "left": left_with(post, day or timezone.localdate()),
        "crumbs": _crumbs(post.person, _("End of a post")),
    }
    return render(request, "organization/position_end.html", context, status=400 if form.errors else 200)


def _find(request: HttpRequest, pk: int) -> Position:
    units = access.managed_units(request.user)
    rows = Position.objects.select_related("person", "unit__command").filter(unit__in=units)
    return get_object_or_404(rows, pk=pk)


def _crumbs(person: Person, label: str) -> list[tuple[str, str]]:
    own = reverse("person_show", args=[person.pk])
    return [(_("People"), reverse("person_list")), (person.full_name, own), (label, "")]
