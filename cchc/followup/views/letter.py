"""/dev/mail/: what the demo would have sent. Nowhere else does it exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cchc.followup.domain import letter as letters

# A mail's own page: it may style itself, and neither run nor fetch nor send anything.
OF_A_MAIL = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "script-src": [NONE],
    "font-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


def _only_in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@require_safe
@_only_in_the_demo
def letter_list(request: HttpRequest) -> HttpResponse:
    return render(request, "followup/letter_list.html", {"letters": letters.letters()})


@login_not_required
@require_safe
@_only_in_the_demo
@csp_update({"frame-src": [SELF]})
def letter_show(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "followup/letter_show.html", {"letter": _letter(name)})


@login_not_required
@require_safe
@_only_in_the_demo
@xframe_options_sameorigin
@csp_replace(OF_A_MAIL)
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, for the frame in its page."""
    found = _letter(name)
    if not found.has_html:
        raise Http404
    return HttpResponse(found.html, content_type="text/html; charset=utf-8")


@login_not_required
@require_safe
@_only_in_the_demo
def letter_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """An attachment, always to be saved."""
    try:
        file, content = _letter(name).attachments[number]
    except IndexError:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _letter(name: str) -> letters.Letter:
    found = letters.letter(name)
    if found is None:
        raise Http404
    return found
