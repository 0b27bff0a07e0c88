"""Response headers for every page, and the language of a request."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from cchc.web.views.errors import method_not_allowed

GetResponse = Callable[[HttpRequest], HttpResponse]

# Nothing here needs a sensor; the copy button is the one thing asked of the browser.
PERMISSIONS_POLICY = ", ".join(
    [
        "accelerometer=()",
        "autoplay=()",
        "camera=()",
        "clipboard-read=()",
        "clipboard-write=(self)",
        "display-capture=()",
        "fullscreen=(self)",
        "geolocation=()",
        "gyroscope=()",
        "hid=()",
        "magnetometer=()",
        "microphone=()",
        "midi=()",
        "payment=()",
        "serial=()",
        "usb=()",
        "xr-spatial-tracking=()",
    ]
)


def response_headers(get_response: GetResponse) -> GetResponse:
    """Add Permissions-Policy, a page to a bare "method not allowed", and `no-store` where the view says nothing of it.

    Guests' pages get it too: at a counter the next citizen sits down at the same browser. Static files do not
    pass here (WhiteNoise answers before).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = method_not_allowed(request)
            page.headers["Allow"] = response.headers["Allow"]
            response = page
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def chosen_language(code: object) -> str:
    """The given code if the site speaks it, else "" (nothing was chosen)."""
    return code if isinstance(code, str) and code in dict(settings.LANGUAGES) else ""


class LanguageMiddleware:
    """Vietnamese, unless somebody chose English: the signed-in person's setting, else the cookie.

    The browser's Accept-Language is never asked: office machines are often installed in English.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        self._speak(request, chosen_language(cookie) or settings.LANGUAGE_CODE)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        # Only now is request.user known; without a session cookie there is nobody to ask about.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            own = chosen_language(getattr(request.user, "language", ""))
            if own and own != translation.get_language():
                self._speak(request, own)

    @staticmethod
    def _speak(request: HttpRequest, language: str) -> None:
        translation.activate(language)
        request.LANGUAGE_CODE = language
