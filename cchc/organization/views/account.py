"""Sign in and out, one's password, one's own details."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cchc.organization import carry
from cchc.organization.access import posts
from cchc.organization.domain import person as people
from cchc.organization.domain import sign_in
from cchc.organization.forms.account import PasswordForm, ProfileForm, SignInForm
from cchc.organization.models import Person


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect(_next(request)) if request.user.is_authenticated else _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=400)
    at = timezone.now()
    try:
        person = sign_in.check(request, form.cleaned_data["username"], form.cleaned_data["password"], at=at)
    except sign_in.TooMany:
        return locked_out(request)
    if person is None:
        form.add_error(None, _("The user name or the password is not right."))
        return _sign_in_page(request, form, status=400)
    sign_in.begin(request, person, at=at)
    typed = carry.unpack(request.POST.get(carry.FIELD, ""))
    if typed is not None and typed.belongs_to(person.pk):
        return render(request, "organization/resend.html", {"typed": typed})
    return redirect(_next(request))


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page after too many failures; also called by axes, in place of the view's own response."""
    form = SignInForm(request.POST)
    form.is_valid()
    form.add_error(
        None, _("Too many tries from this machine. Wait 15 minutes, or ask the administrator for a new code.")
    )
    return _sign_in_page(request, form, status=429)


def sign_in_again(request: HttpRequest, typed_by: int | None = None) -> HttpResponse:
    """Answer to a form that was sent after its session had ended: sign in, then it goes on with what was typed."""
    typed = carry.pack(request, typed_by)
    if not typed:
        return redirect(f"{reverse('login')}")
    return _sign_in_page(request, SignInForm(), status=401, typed=typed)


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    response = redirect("login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        status = 400 if form.is_bound else 200
        return render(request, "organization/password_change.html", {"form": form}, status=status)
    people.set_password(request.user, form.cleaned_data["new_password"], by=request.user, at=timezone.now())
    update_session_auth_hash(request, request.user)
    people.end_sessions(request.user, but=request.session.session_key)
    messages.success(request, _("The password is changed. All other devices have been signed out."))
    return redirect("profile")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=Person.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        people.change_profile(request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your details are saved."))
        return redirect("profile")
    status = 400 if form.is_bound else 200
    context = {"form": form, "posts": posts(request.user)}
    return render(request, "organization/profile.html", context, status=status)


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200, typed: str = "") -> HttpResponse:
    typed = typed or request.POST.get(carry.FIELD, "")
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", "") if not typed else "",
        "typed": typed if carry.unpack(typed) else "",
        "idle_minutes": settings.IDLE_MINUTES,
        "demo": import_string(settings.DEMO_ACCOUNTS)() if settings.DEMO and settings.DEMO_ACCOUNTS else [],
    }
    return render(request, "organization/login.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: a place on this site, or home."""
    target = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else reverse("home")
