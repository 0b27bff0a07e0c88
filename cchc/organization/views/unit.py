"""Units: browse the tree, search it, change it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from cchc.organization.domain import unit as units
from cchc.organization.enums import UnitKind
from cchc.organization.forms.fields import refusals_in
from cchc.organization.forms.unit import SuccessionForm, UnitChangeForm, UnitEndForm, UnitForm
from cchc.organization.gate import needs
from cchc.organization.models import Person, Position, Unit
from cchc.organization.permissions import MANAGE_PEOPLE, MANAGE_UNITS
from cchc.web.paging import page_of

FORM_METHODS = ["GET", "HEAD", "POST"]
OFFERED = 20  # options under a unit field
CHILDREN = 100


@needs(MANAGE_UNITS)
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    q, kind, state = (request.GET.get(name, "").strip() for name in ("q", "kind", "state"))
    today, managed = timezone.localdate(), access.managed_units(request.user)
    under = managed.filter(code=request.GET.get("under", "")).first()
    if under is None and not (q or kind or state):
        under = _top(request.user)
    rows = _in_state(managed, state, today).search(q)
    if kind in UnitKind.values:
        rows = rows.filter(kind=kind)
    if under is not None:
        rows = rows.below(under).exclude(pk=under.pk) if q or kind or state else rows.filter(parent=under)
    below = Count("children", filter=_valid(today, "children__"))
    page = page_of(request, rows.select_related("parent").annotate(below=below), ("sort_key", "code"))
    context = {
        "page": page,
        "q": q,
        "kind": kind,
        "state": state,
        "kinds": UnitKind.choices,
        "under": under,
        "crumbs": _crumbs(under, managed) if under else [],
        "segs": _segs(request, state),
        "filtered": bool(q or kind or state),
    }
    return render(request, "organization/unit_list.html", context)


@needs(MANAGE_UNITS)
@require_safe
def unit_show(request: HttpRequest, code: str) -> HttpResponse:
    managed, today = access.managed_units(request.user), timezone.localdate()
    unit = _find(request, code)
    context = {
        "unit": unit,
        "crumbs": _crumbs(unit, managed),
        "current": unit.is_valid_on(today),
        "children": unit.children.filter(_valid(today)).in_order()[:CHILDREN],
        "posts": Position.objects.valid_on(today)
        .filter(unit=unit)
        .select_related("person")
        .order_by("-person__rank", "person__sort_key")[:CHILDREN],
        "versions": unit.versions.select_related("parent").order_by("-until"),
        "successions": unit.successions.select_related("successor").order_by("-on"),
        "predecessors": unit.predecessors.select_related("unit").order_by("-on"),
        "may_see_people": access.holds(request.user, MANAGE_PEOPLE),
    }
    return render(request, "organization/unit_show.html", context)


@needs(MANAGE_UNITS)
@require_http_methods(FORM_METHODS)
def unit_create(request: HttpRequest) -> HttpResponse:
    managed = access.managed_units(request.user)
    above = managed.filter(code=request.GET.get("under", "")).first() or _top(request.user)
    form = UnitForm(managed, request.POST or None, initial={"parent": above and above.pk})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            unit = units.create_unit(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("%(unit)s is entered.") % {"unit": unit})
            return redirect("unit_show", unit.code)
    context = {"form": form, "crumbs": [*_crumbs(above, managed), (_("New unit"), "")], "above": above}
    return render(request, "organization/unit_create.html", context, status=400 if form.errors else 200)


@needs(MANAGE_UNITS)
@require_http_methods(FORM_METHODS)
def unit_edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = _find(request, code)
    managed = access.managed_units(request.user)
    # The top of one's own part stays where it is: whoever stands above it is not ours to choose.
    above = managed | Unit.objects.filter(pk=unit.parent_id) if unit.parent_id else managed
    initial = {name: getattr(unit, name) for name in units.EDITABLE} | {"parent": unit.parent_id}
    form = UnitChangeForm(above, request.POST or None, initial=initial, root=unit.parent_id is None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            changed = units.change_unit(unit, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("%(unit)s is saved.") % {"unit": changed})
            return redirect("unit_show", changed.code)
    context = {"form": form, "unit": unit, "crumbs": _leaf(request, unit, _("Edit"))}
    return render(request, "organization/unit_edit.html", context, status=400 if form.errors else 200)


@needs(MANAGE_UNITS)
@require_http_methods(FORM_METHODS)
def unit_end(request: HttpRequest, code: str) -> HttpResponse:
    unit = _find(request, code)
    form = UnitEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            units.end_unit(unit, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The end of %(unit)s is entered.") % {"unit": unit})
            return redirect("unit_show", unit.code)
    context = {"form": form, "unit": unit, "crumbs": _leaf(request, unit, _("End"))}
    return render(request, "organization/unit_end.html", context, status=400 if form.errors else 200)


@needs(MANAGE_UNITS)
@require_http_methods(FORM_METHODS)
def unit_succession(request: HttpRequest, code: str) -> HttpResponse:
    unit = _find(request, code)
    form = SuccessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            units.record_succession(unit=unit, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The succession of %(unit)s is entered.") % {"unit": unit})
            return redirect("unit_show", unit.code)
    context = {"form": form, "unit": unit, "crumbs": _leaf(request, unit, _("Succession"))}
    return render(request, "organization/unit_succession.html", context, status=400 if form.errors else 200)


@require_safe
def unit_options(request: HttpRequest) -> HttpResponse:
    """What a unit field proposes for the text typed so far. Names of units are known to everybody who signs in."""
    text = next((value for name, value in request.GET.items() if value.strip()), "")[:200].replace("\x00", "")
    today = timezone.localdate()
    found = Unit.objects.valid_on(today).search(text).in_order()[:OFFERED] if text.strip() else []
    return render(request, "organization/unit_options.html", {"units": found})


def _find(request: HttpRequest, code: str) -> Unit:
    return get_object_or_404(access.managed_units(request.user).select_related("parent", "command"), code=code)


def _top(person: Person) -> Unit | None:
    """Where browsing starts: the highest unit one looks after."""
    tops = [post.unit.command or post.unit for post, _reach in access.granted(person, MANAGE_UNITS)]
    return min(tops, key=lambda unit: unit.path.count("."), default=None)


def _valid(today: date, prefix: str = "") -> Q:
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": today})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": today})
    )


def _in_state(rows: QuerySet[Unit], state: str, today: date) -> Any:
    if state == "all":
        return rows
    return rows.exclude(_valid(today)) if state == "past" else rows.filter(_valid(today))


def _segs(request: HttpRequest, state: str) -> list[dict[str, Any]]:
    labels = {"": _("Existing"), "past": _("Past or to come"), "all": _("All")}
    kept = {name: value for name, value in request.GET.items() if name in ("q", "kind", "under") and value}
    base = reverse("unit_list")
    segs = []
    for value, label in labels.items():
        query = {**kept, "state": value} if value else kept
        segs.append({"label": label, "url": f"{base}?{urlencode(query)}", "active": state == value})
    return segs


def _crumbs(unit: Unit | None, managed: QuerySet[Unit]) -> list[tuple[str, str]]:
    """The way down to *unit*, as far as one looks after it."""
    crumbs = [(_("Units"), reverse("unit_list"))]
    if unit is None:
        return crumbs
    ids = [int(pk) for pk in unit.path.split(".") if pk]
    names = {each.pk: each for each in managed.filter(pk__in=ids)}
    for pk in ids:
        if pk in names:
            crumbs.append((names[pk].short_name, reverse("unit_show", args=[names[pk].code])))
    return crumbs


def _leaf(request: HttpRequest, unit: Unit, label: str) -> list[tuple[str, str]]:
    return [*_crumbs(unit, access.managed_units(request.user)), (label, "")]
