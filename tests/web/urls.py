"""The frame's own addresses, and pages that try its parts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils import timezone

from cchc.urls import handler400, handler403, handler404, handler500  # noqa: F401
from cchc.web.domain import draft as drafts


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    owner = drafts.owner_of(request)
    if request.method == "POST":
        drafts.discard(owner, "probe")
        messages.success(request, "Đã gửi.")
        return redirect("probe_form")
    context = {"typed": drafts.recall(owner, "probe"), "draft": drafts.find(owner, "probe"), "now": timezone.now()}
    return render(request, "probe_form.html", context)


def part(request: HttpRequest) -> HttpResponse:
    return render(request, "probe_part.html")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret of the code")


@login_not_required
def busy(request: HttpRequest) -> HttpResponse:
    raise OperationalError("canceling statement due to lock timeout")


@login_not_required
def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(len(request.body))


urlpatterns = [
    path("", include("cchc.web.urls")),
    path("", include("cchc.organization.urls")),
    path("notices/", reads, name="notice_list"),
    path("probe/form/", form, name="probe_form"),
    path("probe/part/", part, name="probe_part"),
    path("probe/broken/", broken),
    path("probe/busy/", busy),
    path("probe/reads/", reads),
]
