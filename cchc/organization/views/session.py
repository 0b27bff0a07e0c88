"""The devices on which one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cchc.organization.domain.person import end_sessions
from cchc.organization.sessions import public_id


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    rows = [
        (public_id(session.session_key), session, session.session_key == request.session.session_key)
        for session in request.user.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at", "-began_at")
    ]
    return render(request, "organization/session_list.html", {"rows": rows})


@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End the session named in the form, or all but this one."""
    wanted = request.POST.get("session", "")
    if wanted == "others":
        ended = end_sessions(request.user, but=request.session.session_key)
    else:
        keys = [key for key in request.user.sessions.values_list("pk", flat=True) if public_id(key) == wanted]
        ended = request.user.sessions.filter(pk__in=keys).delete()[0]
    messages.success(request, _("Signed out.") if ended else _("That device was signed out already."))
    return redirect("session_list")
