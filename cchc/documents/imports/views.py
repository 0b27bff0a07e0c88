"""Upload a table, look at what it would do, enter it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.table import table_response
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import MANAGE_PEOPLE, MANAGE_UNITS, Permission
from cchc.web.sheet import Sheet, read_rows

from . import people, shelf, units
from .preview import Column, Mark, Preview

ROWS_SHOWN = 50


@dataclass(frozen=True)
class Kind:
    name: str  # of its addresses: <name>_import, <name>_import_preview …
    title: str | Promise
    permission: Permission
    columns: list[Column]
    preview: Callable[[Sheet, Person], Preview]
    home: str
    file: str | Promise


UNITS = Kind(
    name="unit",
    title=gettext_lazy("Import units"),
    permission=MANAGE_UNITS,
    columns=units.COLUMNS,
    preview=units.preview,
    home="unit_list",
    file=gettext_lazy("units"),
)
PEOPLE = Kind(
    name="person",
    title=gettext_lazy("Import people"),
    permission=MANAGE_PEOPLE,
    columns=people.COLUMNS,
    preview=people.preview,
    home="person_list",
    file=gettext_lazy("people"),
)


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("XLSX or CSV, at most 5 MB and 5,000 rows. Nothing is entered before you have seen it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: HttpRequest, kind: Kind) -> HttpResponse:
    _need(request, kind)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                sheet = read_rows(form.cleaned_data["file"])
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return redirect(f"{kind.name}_import_preview", shelf.put(sheet, kind.name, request.user))
    context = {"form": form, "kind": kind, "crumbs": _crumbs(kind), "template": reverse(f"{kind.name}_import_template")}
    return render(request, "documents/import_upload.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, kind: Kind, token: str) -> HttpResponse:
    _need(request, kind)
    sheet = shelf.take(token, kind.name, request.user)
    if sheet is None:
        messages.warning(request, _("This table is not kept any more. Choose it again."))
        return redirect(f"{kind.name}_import")
    preview, refusal = kind.preview(sheet, request.user), ""
    if request.method == "POST" and preview.may_go:
        try:
            count = preview.carry_out(timezone.now())
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            shelf.drop(token, kind.name, request.user)
            done = ngettext("%(count)d row is entered.", "%(count)d rows are entered.", count) % {"count": count}
            messages.success(request, done)
            return redirect(kind.home)
    failed = request.method == "POST"
    context = _shown(request, kind, preview) | {"refusal": refusal, "refused": failed}
    return render(request, "documents/import_preview.html", context, status=409 if failed else 200)


@require_safe
def import_template(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    _need(request, kind)
    rows = [[column.examples[number] for column in kind.columns] for number in (0, 1)]
    return table_response(str(kind.file), [column.heading for column in kind.columns], rows)


def _need(request: HttpRequest, kind: Kind) -> None:
    if not access.holds(request.user, kind.permission):
        raise PermissionDenied


def _shown(request: HttpRequest, kind: Kind, preview: Preview) -> dict[str, Any]:
    chosen = request.GET.get("mark", "")
    marks = {mark.name.lower(): mark for mark in (Mark.ERROR, Mark.WARNING, Mark.NEW, Mark.DONE)}
    lines = [line for line in preview.lines if chosen not in marks or line.mark == marks[chosen]]
    pages = max(1, -(-len(lines) // ROWS_SHOWN))
    page = request.GET.get("page", "1")
    number = min(int(page), pages) if page.isascii() and page.isdecimal() and len(page) < 6 and int(page) else 1
    part = lines[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    segs = [
        {"label": mark.label, "url": f"?mark={name}", "count": preview.count(mark), "active": chosen == name}
        for name, mark in marks.items()
    ]
    columns = preview.shown
    return {
        "kind": kind,
        "preview": preview,
        "columns": columns,
        "rows": [(line, [(column, line.cells.get(column.name)) for column in columns]) for line in part],
        "segs": [
            {"label": _("All rows"), "url": "?", "count": len(preview.lines), "active": chosen not in marks},
            *segs,
        ],
        "errors": preview.count(Mark.ERROR),
        "warnings": preview.count(Mark.WARNING),
        "changing": len(preview.lines) - preview.count(Mark.DONE),
        "number": number,
        "pages": pages,
        "crumbs": [*_crumbs(kind), (_("Preview"), "")],
        "upload": reverse(f"{kind.name}_import"),
    }


def _crumbs(kind: Kind) -> list[tuple[Any, str]]:
    home = {"unit_list": _("Units"), "person_list": _("People")}[kind.home]
    return [(home, reverse(kind.home)), (kind.title, reverse(f"{kind.name}_import"))]
