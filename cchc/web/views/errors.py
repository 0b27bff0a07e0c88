"""Refusals and failures as pages. They ask the database nothing: it may be what failed."""

import logging
import secrets
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters

from cchc.web.context import THEME_COOKIE, THEMES

logger = logging.getLogger("cchc.errors")

# Names a form's machinery uses; all other typed fields are given back.
NOT_TYPED = ("csrfmiddlewaretoken",)


def error_page(
    request: HttpRequest, status: int, heading: str, sentence: str, template: str = "errors/error.html", **more: Any
) -> HttpResponse:
    """A page of the given status: what happened, and what one can do."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    context = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "theme": theme if theme in THEMES else THEMES[0],
        # Whether somebody may be signed in, without asking who.
        "at_home": settings.SESSION_COOKIE_NAME in request.COOKIES,
        "heading": heading,
        "sentence": sentence,
        **more,
    }
    return HttpResponse(render_to_string(template, context, request=None), status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, exception)
    return error_page(
        request,
        HTTPStatus.BAD_REQUEST,
        gettext("This request cannot be understood"),
        gettext("Go back one page and try again. Nothing has been changed."),
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        HTTPStatus.FORBIDDEN,
        gettext("This is not among your rights"),
        gettext(
            "If your work needs it, ask the secretary or the administrator of your unit. Nothing has been changed."
        ),
    )


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        HTTPStatus.NOT_FOUND,
        gettext("There is no such page"),
        gettext("It does not exist, has been moved, or is not open to you. Check the address, or search for it."),
    )


@login_not_required
def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        gettext("What was sent is too large"),
        gettext("A file may have 10 MB at most. Go back, attach a smaller one and send again."),
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        HTTPStatus.METHOD_NOT_ALLOWED,
        gettext("This page cannot be opened by itself"),
        gettext("It only takes in what a form sends. Go back to the form, or to the start. Nothing has been changed."),
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Only an id on the page; the log has the same id beside the traceback, once."""
    number = secrets.token_hex(4)
    logger.exception("Error %s at %s %s", number, request.method, request.path)
    response = _busy(request) if isinstance(sys.exc_info()[1], OperationalError) else None
    response = response or error_page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        gettext("The system could not do this"),
        gettext("It is not your mistake. What you typed before is kept as a draft; please try again in a few minutes."),
        "errors/500.html",
        id=number,
    )
    # Django looks at this before it logs the same error a second time, without the id.
    response._has_been_logged = True
    return response


def _busy(request: HttpRequest) -> HttpResponse:
    """The database is away, or a lock was not to be had. It passes: what was typed is given back, to be sent again."""
    heading = gettext("The system is busy right now")
    typed = _typed(request) if request.method == "POST" and not request.headers.get("HX-Request") else []
    if not typed:
        return error_page(
            request, HTTPStatus.SERVICE_UNAVAILABLE, heading, gettext("Nothing is lost. Please try again in a minute.")
        )
    sentence = gettext("It was not saved, and nothing you typed is lost. Please send it again in a minute.")
    return _once_more(request, HTTPStatus.SERVICE_UNAVAILABLE, heading, sentence, typed)


@dataclass(frozen=True)
class Typed:
    """One value a person had typed: long ones and texts are shown, the rest travels along hidden."""

    text: str
    visible: bool

    @property
    def rows(self) -> int:
        return min(12, 2 + len(self.text) // 60 + self.text.count("\n"))


@sensitive_post_parameters()
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was older than the sign-in (its token had changed): give back what was typed, with a new token.

    Only for requests from our own pages. What comes from elsewhere gets the bare refusal: nobody shall be talked into
    confirming a form of a foreign site.
    """
    typed = _typed(request) if _from_here(request) and not request.headers.get("HX-Request") else []
    if not typed:
        return error_page(
            request,
            HTTPStatus.FORBIDDEN,
            gettext("This page had become too old"),
            gettext("Go back, reload the page and send again. Nothing has been changed."),
        )
    heading = gettext("Please send this once more")
    sentence = gettext(
        "You have signed in again since this page was opened, so it was not sent. Nothing you typed is lost."
    )
    return _once_more(request, HTTPStatus.FORBIDDEN, heading, sentence, typed)


def _once_more(
    request: HttpRequest, status: int, heading: str, sentence: str, typed: list[tuple[str, Typed]]
) -> HttpResponse:
    return error_page(
        request,
        status,
        heading,
        sentence,
        "errors/once_more.html",
        typed=typed,
        files=bool(request.FILES),
        action=request.get_full_path(),
        csrf_token=get_token(request),
    )


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    return (origin == here or origin.startswith(here + "/")) and request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) == ("same-origin")


def _typed(request: HttpRequest) -> list[tuple[str, Typed]]:
    return [
        (name, Typed(value, visible=len(value) > 60 or "\n" in value))
        for name, values in request.POST.lists()
        if name not in NOT_TYPED and "password" not in name.lower()
        for value in values
    ]
