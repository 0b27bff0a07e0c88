"""My work, search, and the page of all places (the phone's "More")."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from cchc.web.panels import home_of

SEARCH_LENGTH = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    return render(request, "web/home.html", {"home": home_of(request.user, at), "at": at})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of settings.GLOBAL_SEARCH(person, text, at): a list of panels."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]
    panels = import_string(settings.GLOBAL_SEARCH)(request.user, text, timezone.now()) if text else []
    return render(
        request, "web/search.html", {"search_text": text, "panels": [panel for panel in panels if panel.shown]}
    )


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
