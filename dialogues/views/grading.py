"""Gradings: all of them, those of one unit over the years, and putting one on record."""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import attachments_of
from cchc.organization import access
from cchc.organization.models import Unit
from cchc.web.charts import Place, ranks
from cchc.web.paging import page_of
from cchc.web.search import FoldedVector, matching
from cchc.workflow.engine import Refused
from dialogues import permissions
from dialogues.domain import grading as gradings
from dialogues.forms.grading import GradingFilter, GradingForm
from dialogues.models import Grading

ORDER = ("-year", "unit__sort_key", "id")
MOST = 200  # gradings of one unit


@dataclass(frozen=True)
class History:
    """One unit among the same peers over the years, oldest first; *chart* is empty where no rank is known."""

    group: str
    rows: list[Grading]
    chart: SafeString | str


@require_safe
def grading_list(request: HttpRequest) -> HttpResponse:
    form = GradingFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    page = page_of(request, _filtered(Grading.objects.visible_to(request.user), chosen).select_related("unit"), ORDER)
    context = {
        "page": page,
        "chosen": chosen,
        "may_register": access.holds(request.user, permissions.REGISTER_GRADING),
    }
    return render(request, "dialogues/grading_list.html", context)


def _filtered(rows: QuerySet[Grading], chosen: dict[str, Any]) -> QuerySet[Grading]:
    if "q" in chosen:
        vector = FoldedVector("unit__name", "unit__short_name", "group", "grade", "wording")
        rows = matching(rows.alias(search=vector), chosen["q"])
    return rows.filter(year=chosen["year"]) if "year" in chosen else rows


@require_safe
def grading_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The gradings of one unit: for each group of peers a chart of its ranks, and the table."""
    seen = Grading.objects.visible_to(request.user).filter(unit__code=code).select_related("unit")
    rows = list(seen.order_by("-year", "group")[:MOST])
    if not rows:
        raise Http404
    unit = rows[0].unit
    files = attachments_of("dialogues.grading", [row.pk for row in rows])
    context = {
        "unit": unit,
        "rows": [(row, files.get(str(row.pk), [])) for row in rows],
        "histories": _histories(rows),
        "may_register": access.can(request.user, permissions.REGISTER_GRADING, unit),
    }
    return render(request, "dialogues/grading_unit.html", context)


def _histories(rows: list[Grading]) -> list[History]:
    groups: dict[str, list[Grading]] = defaultdict(list)
    for row in reversed(rows):
        groups[row.group].append(row)
    return [History(group, each, _chart(each)) for group, each in groups.items()]


def _chart(rows: list[Grading]) -> SafeString | str:
    places = [Place(str(row.year), row.rank, row.group_size) for row in rows if row.rank and row.group_size]
    told = [
        _("%(year)s: rank %(rank)s of %(size)s") % {"year": each.name, "rank": each.rank, "size": each.size}
        for each in places
    ]
    return ranks(places, "; ".join(told)) if places else ""


@require_http_methods(["GET", "HEAD", "POST"])
def grading_create(request: HttpRequest) -> HttpResponse:
    if not access.holds(request.user, permissions.REGISTER_GRADING):
        raise Http404
    code = request.GET.get("unit", "")[:40]
    unit = Unit.objects.filter(access.within(request.user, permissions.REGISTER_GRADING, "pk"), code=code).first()
    first: dict[str, Any] = {"year": timezone.localdate().year - 1, **({"unit": unit.pk} if unit else {})}
    return _form_page(request, None, first)


@require_http_methods(["GET", "HEAD", "POST"])
def grading_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Grading.objects.visible_to(request.user).select_related("unit__command")
    grading = get_object_or_404(rows, pk=pk)
    if not access.can(request.user, permissions.REGISTER_GRADING, grading.unit):
        raise Http404
    return _form_page(request, grading, {})


def _form_page(request: HttpRequest, grading: Grading | None, first: dict[str, Any]) -> HttpResponse:
    options: dict[str, Any] = {"by": request.user, "instance": copy.copy(grading) if grading else None}
    if request.method == "POST":
        form = GradingForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                saved = _save(request, form, grading)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The grading is on record."))
                return redirect("grading_unit", saved.unit.code)
    else:
        form = GradingForm(initial=first, **options)
    groups = Grading.objects.visible_to(request.user).order_by("group").values_list("group", flat=True).distinct()[:50]
    context = {"form": form, "grading": grading, "groups": groups}
    return render(request, "dialogues/grading_form.html", context, status=400 if form.is_bound else 200)


def _save(request: HttpRequest, form: GradingForm, grading: Grading | None) -> Grading:
    at = timezone.now()
    if grading is None:
        return gradings.register(by=request.user, at=at, **form.particulars)
    return gradings.change(grading, by=request.user, at=at, **form.particulars)
