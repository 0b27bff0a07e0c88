"""The numbers of a unit and a period, the rows behind each, and both as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cchc.documents.domain.document import begin_document
from cchc.documents.kinds import PaperKind
from cchc.documents.permissions import PREPARE_PAPERS
from cchc.documents.table import table_response
from cchc.followup.domain.overview import Counted, Scope, Section, counted, overview
from cchc.followup.forms.overview import OverviewForm, periods
from cchc.followup.sheets import file_name
from cchc.followup.views.export import table
from cchc.organization import access
from cchc.organization.gate import needs
from cchc.organization.permissions import OVERSEE
from cchc.web.paging import page_of
from cchc.web.panels import Panel


@needs(OVERSEE)
@require_safe
def overview_show(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    scope = form.scope()
    sections = overview(scope)
    context = {
        "form": form, "scope": scope, "periods": periods(scope.today),
        "sections": [section for section in sections if not section.is_empty],
        "writes_papers": access.can(request.user, PREPARE_PAPERS, scope.unit),
        "empty": [section for section in sections if section.is_empty],
    }  # fmt: skip
    return render(request, "followup/overview_show.html", context)


@needs(OVERSEE)
@require_safe
def overview_export(request: HttpRequest) -> HttpResponseBase:
    """Every number of the page, as a table."""
    scope = _form(request).scope()
    columns = [_("Section"), _("By what"), _("Value"), _("Number"), _("Percent")]
    return table_response(file_name("tong-quan", scope), columns, _numbers(overview(scope)))


@needs(OVERSEE)
@require_POST
def overview_paper(request: HttpRequest) -> HttpResponse:
    """Begin the report of the unit and the period that the page shows."""
    scope = _form(request).scope()
    kind: PaperKind = import_string(settings.OVERVIEW_PAPER)(scope)
    subject_id = UUID(int=scope.unit.pk)
    made = begin_document(kind, scope.unit, scope.unit, subject_id, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is written from what the system knows. Read it and complete it."))
    return redirect("document_show", made.pk)


@needs(OVERSEE)
@require_safe
def overview_rows(request: HttpRequest, key: str) -> HttpResponse:
    form = _form(request)
    scope = form.scope()
    found = _counted(scope, key)
    page = page_of(request, found.rows, found.order)
    panel = Panel("rows", found.title, rows=found.lines(page.rows))
    context = {"scope": scope, "found": found, "key": key, "page": page, "panel": panel, "total": found.rows.count()}
    return render(request, "followup/overview_rows.html", context)


@needs(OVERSEE)
@require_safe
def overview_rows_export(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows behind a number as a file; many of them are written by the worker."""
    return table(request, "overview", "xlsx", key=key)


def _form(request: HttpRequest) -> OverviewForm:
    return OverviewForm(request.GET, person=request.user, today=timezone.localdate())


def _counted(scope: Scope, key: str) -> Counted:
    try:
        return counted(scope, key)
    except (KeyError, ValueError) as error:
        raise Http404 from error


def _numbers(sections: list[Section]) -> Iterator[list[Any]]:
    for section in sections:
        for fact in section.facts:
            yield [str(section.title), str(fact.label), fact.words, None, fact.percent]
        for share in section.shares:
            yield [str(section.title), str(share.label), str(share.part.label), share.part.number, share.percent]
        for each in section.breakdowns:
            for figure in each.figures:
                yield [str(section.title), str(each.title), str(figure.label), figure.number, None]
            if each.whole:
                yield [str(section.title), str(each.title), str(each.whole.label), each.whole.number, None]
        for course in section.courses:
            for step in course.steps:
                for figure in step.figures:
                    yield [str(section.title), step.name, str(figure.label), figure.number, None]
