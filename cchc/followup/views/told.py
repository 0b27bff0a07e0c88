"""Who has been told of a thing, for those at work on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cchc.followup.bell import links_of
from cchc.followup.domain import told
from cchc.web.paging import page_of


@require_safe
def told_list(request: HttpRequest, subject_type: str, subject_id: str) -> HttpResponse:
    known = told.insider(request.user, subject_type, subject_id)
    link = links_of(subject_type, request.user, [subject_id]).get(subject_id) if known else None
    if known is None or link is None:
        raise Http404
    page = page_of(request, told.notices_about(subject_type, subject_id, known), told.ORDER)
    context = {"link": link, "page": page, "lines": told.lines(page.rows, known)}
    return render(request, "followup/told_list.html", context)
