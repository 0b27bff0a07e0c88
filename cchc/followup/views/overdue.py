"""Late work: the page, and the download of what it shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cchc.followup.domain import overdue as late
from cchc.followup.forms.overdue import OverdueForm
from cchc.followup.views.export import table
from cchc.organization.gate import needs
from cchc.organization.permissions import OVERSEE
from cchc.web import counting
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar


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
    return table(request, "overdue", kind)
