"""Theme and language: plain forms, for guests in a cookie, for a signed-in person in his record as well."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cchc.web.context import THEME_COOKIE, THEMES
from cchc.web.middleware import chosen_language

YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest(_("There is no such theme."))
    return _remember(request, "theme", chosen, THEME_COOKIE)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = chosen_language(request.POST.get("language"))
    if not chosen:
        return HttpResponseBadRequest(_("This language is not spoken here."))
    return _remember(request, "language", chosen, settings.LANGUAGE_COOKIE_NAME)


def _remember(request: HttpRequest, name: str, value: str, cookie: str) -> HttpResponse:
    person = request.user
    if person.is_authenticated:
        setattr(person, name, value)
        person.save(update_fields=[name])
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    response.set_cookie(cookie, value, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")
    return response
