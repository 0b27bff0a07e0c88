"""Every page needs a signed-in person unless its view says otherwise; sitting still or a one-time code ends that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization import sessions
from cchc.organization.views.account import sign_in_again

# What somebody who signed in with a one-time code may open before choosing a password.
BEFORE_PASSWORD = frozenset({"password_change", "logout", "language", "theme"})


class LoginMiddleware(LoginRequiredMiddleware):
    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        at, person = timezone.now(), request.user
        if person.is_authenticated:
            if sessions.is_idle(request, at):
                logout(request)
                request.sat_still = person.pk  # type: ignore[attr-defined]
            else:
                sessions.touch(request, at)
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            return _password_first(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Mode") == "cors":
            # The page stays as it is, with what was typed, and says that one has to sign in again.
            return HttpResponse(_("Please sign in again."), status=401, content_type="text/plain; charset=utf-8")
        if request.method not in ("GET", "HEAD"):
            return sign_in_again(request, typed_by=getattr(request, "sat_still", None))
        return super().handle_no_permission(request, view_func)


def _password_first(request: HttpRequest) -> HttpResponseBase | None:
    name = request.resolver_match.url_name if request.resolver_match else ""
    if getattr(request.user, "must_change_password", False) and name not in BEFORE_PASSWORD:
        return redirect("password_change")
    return None
