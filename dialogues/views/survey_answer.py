"""The sheet of a survey, by its link or QR code: no account, no name, one sheet from each browser."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cchc.web import limits
from cchc.workflow.engine import Refused
from dialogues.domain import survey as surveys
from dialogues.enums import SurveyState
from dialogues.forms.survey import SheetForm
from dialogues.models import Survey

SALT = "dialogues.survey"
HOUR, MINUTE = 3600, 60
DAYS = 180 * 24 * HOUR
# A hall or a one-stop desk sits behind one address; one browser is one person.
PLACE_AN_HOUR, BROWSER_A_MINUTE = 200, 5


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, key: str) -> HttpResponse:
    """What makes a browser known again is a random word in a cookie; nothing of it but a digest is kept."""
    rows = Survey.objects.filter(key=key).exclude(state=SurveyState.DRAFT).select_related("host", "conference")
    survey = rows.first()
    if survey is None:
        raise Http404
    browser = _browser(request)
    if not surveys.takes_answers(survey, timezone.localdate()):
        return render(request, "dialogues/survey_closed.html", {"survey": survey}, status=_gone(request))
    if request.method != "POST" and surveys.has_answered(survey, browser):
        return render(request, "dialogues/survey_thanks.html", {"survey": survey})
    form = SheetForm(survey, request.POST or None)
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 400
        elif not browser:
            form.add_error(None, _("The page was opened too long ago. Send once more; your answers are kept."))
            status = 400
        elif _too_many(request, browser):
            form.add_error(None, _("Much is being sent just now. Nothing is lost: wait a minute, then send again."))
            status = 429
        else:
            try:
                surveys.answer(survey, browser=browser, at=timezone.now(), **form.sheet)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return redirect("survey_answer", key)
    response = render(request, "dialogues/survey_answer.html", {"survey": survey, "form": form}, status=status)
    return response if browser else _known_again(response)


def _gone(request: HttpRequest) -> int:
    return 409 if request.method == "POST" else 200


def _browser(request: HttpRequest) -> str:
    try:
        word: str = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=DAYS)
    except signing.BadSignature:
        return ""
    return word


def _known_again(response: HttpResponse) -> HttpResponse:
    word = signing.dumps(secrets.token_urlsafe(12), salt=SALT)
    response.set_cookie(
        cookie_name(), word, max_age=DAYS, secure=settings.TLS, httponly=True, samesite="Lax"
    )  # fmt: skip
    return response


def cookie_name() -> str:
    return "__Host-survey" if settings.TLS else "cchc_survey"


def _too_many(request: HttpRequest, browser: str) -> bool:
    place = limits.hit("survey", limits.address_of(request), PLACE_AN_HOUR, HOUR)
    return limits.hit("survey-browser", browser, BROWSER_A_MINUTE, MINUTE) or place
