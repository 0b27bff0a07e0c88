"""Late work: the page, and the download of what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cchc.documents.table import csv_response, xlsx_response
from cchc.followup.domain import overdue as late
from cchc.followup.forms.overdue import OverdueForm
from cchc.organization.gate import needs
from cchc.organization.permissions import OVERSEE
from cchc.web import counting
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar

FORMATS: dict[str, Callable[..., HttpResponseBase]] = {"xlsx": xlsx_response, "csv": csv_response}


@needs(OVERSEE)
@require_safe
def overdue_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = OverdueForm(request.GET, person=request.user, today=today)
    wanted = form.wanted()
    rows = late.overdue(request.user, today, wanted)
    page = page_of(request, late.in_full(rows), late.ORDER)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "lines": late.lines(page.rows, request.user, today, calendar()),
        "total": counting.shown(counting.bounded({"late": rows})["late"]),
    }
    return render(request, "followup/overdue_list.html", context)


@needs(OVERSEE)
@require_safe
def overdue_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows with the same filters, as a file."""
    if kind not in FORMATS:
        raise Http404
    today = timezone.localdate()
    rows = late.overdue(request.user, today, OverdueForm(request.GET, person=request.user, today=today).wanted())
    listed = late.every_line(rows, request.user, today, calendar())
    return FORMATS[kind](f"viec-qua-han-{today:%Y%m%d}", _columns(), _rows(listed))


def _columns() -> list[str]:
    return [
        _("What is owed"), _("About"), _("Unit"), _("Taken over from"), _("Role"), _("Due"), _("Working days late"),
        _("First due"),
    ]  # fmt: skip


def _rows(listed: Iterable[late.Late]) -> Iterator[list[Any]]:
    for line in listed:
        owed = line.obligation
        yield [
            line.duty, line.link.title if line.link else "–", owed.unit and owed.unit.name,
            owed.handover.from_unit.name if owed.handover else "", owed.get_role_display(), owed.due_on, line.days,
            line.first_due_on,
        ]  # fmt: skip
