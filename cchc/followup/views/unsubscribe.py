"""What the List-Unsubscribe of every mail points at."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cchc.followup.domain.unsubscribe import person_of, stop_news


@csrf_exempt  # a mail server presses it (RFC 8058): the signed address is the proof
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or with POST do it. The page names nobody."""
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        stop_news(person)
    return render(request, "followup/unsubscribe.html", {"done": request.method == "POST"})
