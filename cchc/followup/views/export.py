"""Files of tables: short ones at once, long ones from the worker."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.table import FORMS, file_response, table_response
from cchc.followup.domain.export import AT_ONCE, Sheet, ask, file_of, is_allowed, sheet_of
from cchc.followup.models import Export


def table(request: HttpRequest, kind: str, form: str, **extra: str) -> HttpResponseBase:
    """The table *kind* of settings.EXPORTS that the address asks for, as *form*; *extra* joins its query.

    When it is long, the page that offers to have it written. Raises Http404 when the reader may not have it.
    """
    query = request.GET.copy()
    for name, value in extra.items():
        query[name] = value
    sheet = _sheet(request, kind, form, query)
    if sheet.is_long:
        return redirect(f"{reverse('export_create', args=[kind, form])}?{query.urlencode()}")
    return table_response(sheet.name, sheet.columns, sheet.rows(), form)


@require_http_methods(["GET", "HEAD", "POST"])
def export_create(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Say that it is long and offer to have it written; posted, ask for it."""
    sheet = _sheet(request, kind, form, request.GET)
    if request.method != "POST":
        return render(request, "followup/export_create.html", {"sheet": sheet, "most": AT_ONCE})
    language, today = get_language() or "vi", timezone.localdate()
    made = ask(kind, form, request.GET, language, by=request.user, at=timezone.now(), day=today)
    return redirect("export_show", made.pk)


@require_safe
def export_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it has come; asked again every two seconds by the page itself."""
    export = _own(request, pk)
    file = file_of(export, timezone.now())
    closed = file is not None and not is_allowed(export, request.user, timezone.localdate())
    context = {"export": export, "file": file, "closed": closed, "percent": _percent(export)}
    part = request.headers.get("HX-Target") == "progress"
    return render(request, "followup/_export_progress.html" if part else "followup/export_show.html", context)


@require_safe
def export_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    export = _own(request, pk)
    path = file_of(export, timezone.now())
    if path is None or not is_allowed(export, request.user, timezone.localdate()):
        raise Http404
    return file_response(path.open("rb"), export.name, export.form)


def _sheet(request: HttpRequest, kind: str, form: str, query: QueryDict) -> Sheet:
    if form not in FORMS:
        raise Http404
    try:
        return sheet_of(kind, request.user, query, timezone.localdate())
    except KeyError as error:
        raise Http404 from error


def _own(request: HttpRequest, pk: UUID) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user), pk=pk)


def _percent(export: Export) -> int | None:
    return min(100, export.written * 100 // export.total) if export.total else None
