"""Files of tables: short ones at once, long ones from the worker."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.table import XLSX, named, xlsx_response
from cchc.followup.domain.export import AT_ONCE, Sheet, ask, file_of, sheet_of
from cchc.followup.models import Export


def answer(request: HttpRequest, kind: str, sheet: Sheet, **extra: str) -> HttpResponseBase:
    """The file; when it is long, the page that offers to have it written. *extra* joins the query."""
    if not sheet.is_long:
        return xlsx_response(sheet.name, sheet.columns, sheet.rows())
    query = request.GET.copy()
    for name, value in extra.items():
        query[name] = value
    return redirect(f"{reverse('export_create', args=[kind])}?{query.urlencode()}")


@require_http_methods(["GET", "HEAD", "POST"])
def export_create(request: HttpRequest, kind: str) -> HttpResponse:
    """Say that it is long and offer to have it written; posted, ask for it."""
    today = timezone.localdate()
    try:
        if request.method == "POST":
            language = get_language() or "vi"
            made = ask(kind, request.GET, language, by=request.user, at=timezone.now(), day=today)
            return redirect("export_show", made.pk)
        sheet = sheet_of(kind, request.user, request.GET, today)
    except KeyError as error:
        raise Http404 from error
    return render(request, "followup/export_create.html", {"sheet": sheet, "most": AT_ONCE})


@require_safe
def export_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it has come; asked again every two seconds by the page itself."""
    export = _own(request, pk)
    now = timezone.now()
    context = {"export": export, "file": file_of(export, now), "percent": _percent(export)}
    part = request.headers.get("HX-Target") == "progress"
    return render(request, "followup/_export_progress.html" if part else "followup/export_show.html", context)


@require_safe
def export_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    export = _own(request, pk)
    path = file_of(export, timezone.now())
    if path is None:
        raise Http404
    return named(FileResponse(path.open("rb"), content_type=XLSX), f"{export.name}.xlsx")


def _own(request: HttpRequest, pk: UUID) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user), pk=pk)


def _percent(export: Export) -> int | None:
    return min(100, export.written * 100 // export.total) if export.total else None
