"""My work, search, and the page of all places (the phone's "More")."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from cchc.web.panels import AWAITED, home_of
from cchc.web.sought import panels

SEARCH_LENGTH = 200
EVERYTHING = 1000  # more than a person is ever told that he owes


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at, most = timezone.now(), EVERYTHING if "all" in request.GET else AWAITED
    return render(request, "web/home.html", {"home": home_of(request.user, at, most), "at": at})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found of each kind that a function of settings.GLOBAL_SEARCH names: function(person, text, at)."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]
    at, names = timezone.now(), settings.GLOBAL_SEARCH if text else []
    kinds = [kind for name in names for kind in import_string(name)(request.user, text, at)]
    return render(request, "web/search.html", {"search_text": text, "panels": panels(request.user, kinds)})


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    return render(request, "web/menu.html")


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Asked by "Stay signed in": passing the sign-in check is all it takes."""
    return HttpResponse(status=204)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: it answers, without asking the database."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
