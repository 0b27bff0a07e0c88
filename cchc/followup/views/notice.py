"""The bell's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cchc.followup import bell
from cchc.followup.sentences import sentences
from cchc.web.paging import page_of


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    only_unread = "unread" in request.GET
    notices = bell.notices_of(request.user)
    page = page_of(request, notices.unread() if only_unread else notices, ["-id"])
    context = {"page": page, "told": sentences(page.rows, request.user), "only_unread": only_unread}
    return render(request, "followup/notice_list.html", context)


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go to what it is about."""
    notice = get_object_or_404(bell.notices_of(request.user), pk=pk)
    bell.read(notice, timezone.now())
    told = sentences([notice], request.user)[0]
    if told.link is None:
        raise Http404
    return redirect(told.link.url)


@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    bell.read_all(request.user, timezone.now())
    return redirect("notice_list")
