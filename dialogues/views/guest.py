"""Citizens and businesses: in by a conference's link, asking without an account."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cchc.web import limits
from cchc.workflow.engine import Refused
from dialogues.domain import intake
from dialogues.domain.similar import answered_like
from dialogues.enums import ConferenceState
from dialogues.forms.intake import GuestForm, guest_audiences
from dialogues.models import Conference
from dialogues.views.intake import MAX_LIKE, receipt_page

SALT = "dialogues.guest"
HOURS = 24
HOUR, MINUTE = 3600, 60
# A hall sits behind one address; one browser is one person.
HALL_AN_HOUR, BROWSER_A_MINUTE, WRONG_KEYS_AN_HOUR = 200, 5, 60
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass(frozen=True)
class Guest:
    """Whoever came by a conference's link. *browser* is random, and tells one visitor of the hall from another."""

    conference: Conference
    browser: str


@login_not_required
@require_safe
def guest_enter(request: HttpRequest, key: str) -> HttpResponse:
    """The link and the QR code: the key becomes a signed cookie, so that it stands in no further address."""
    conference = Conference.objects.filter(guest_key=key).exclude(state=ConferenceState.DRAFT).first()
    if conference is None:
        raise Http404
    return _entered(conference)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def guest_conferences(request: HttpRequest) -> HttpResponse:
    """For whoever has no link at hand: what an invitation says is pasted or typed here."""
    if request.method != "POST":
        return render(request, "dialogues/intake_enter.html")
    address = limits.address_of(request)
    if limits.is_over("guest-key", address, WRONG_KEYS_AN_HOUR, HOUR):
        return _enter_page(
            request, _("Too many tries from this network. Try again in an hour, or use the QR code."), 429
        )
    typed = request.POST.get("key", "").replace("\x00", "").strip()[:500].rstrip("/").rpartition("/")[2]
    conference = Conference.objects.filter(guest_key=typed).first() if _KEY.fullmatch(typed) else None
    if conference is None or conference.state == ConferenceState.DRAFT:
        limits.hit("guest-key", address, WRONG_KEYS_AN_HOUR, HOUR)
        return _enter_page(request, _("No conference has this link. Copy all of it from the invitation."), 400)
    return _entered(conference)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def guest_ask(request: HttpRequest) -> HttpResponse:
    at, guest = timezone.now(), guest_of(request)
    if guest is None:
        return _without_link(request)
    conference = guest.conference
    if request.method != "POST":
        if not (conference.takes_questions(at) and guest_audiences(conference)):
            return _closed_page(request, conference)
        return _page(request, conference, GuestForm(conference, initial={"submit_key": intake.new_submit_key()}))
    form = GuestForm(conference, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, conference, form, status=400)
    if _too_many(request, guest):
        form.add_error(None, _("Much is being sent just now. Nothing is lost: wait a minute, then send again."))
        return _page(request, conference, form, status=429)
    data = form.cleaned_data
    try:
        receipt = intake.ask(
            form.asking(), conference=conference, by=None, at=at, submit_key=data["submit_key"], files=data["files"]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, conference, form, status=refusal.status)
    return receipt_page(request, receipt, at, layout="base_guest.html", guest=True)


@login_not_required
@require_POST
def guest_similar(request: HttpRequest) -> HttpResponse:
    """Earlier questions of guests with their answers, for what is being typed."""
    guest = guest_of(request)
    if guest is None:
        return _without_link(request)
    found = answered_like(request.POST.get("text", "")[:MAX_LIKE], guest.conference, None)
    if request.headers.get("HX-Request"):
        return render(request, "dialogues/_similar.html", {"similar": found})
    form = GuestForm(guest.conference, initial={**request.POST.dict(), "submit_key": intake.new_submit_key()})
    return _page(request, guest.conference, form, similar=found, looked=True)


@login_not_required
@require_safe
def guest_found(request: HttpRequest) -> HttpResponse:
    """ "This is what I need": nothing has to be sent, and nothing is kept."""
    return render(request, "dialogues/intake_found.html", {"guest": guest_of(request)})


def guest_of(request: HttpRequest) -> Guest | None:
    """The guest of the cookie; None without one, a day later, or when the conference has a new link."""
    try:
        kept = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=HOURS * HOUR)
    except signing.BadSignature:
        return None
    found = Conference.objects.select_related("host", "topics").prefetch_related("audiences")
    conference = found.filter(pk=kept["conference"]).first()
    if conference is None or kept["link"] != _fingerprint(conference):
        return None
    return Guest(conference, kept["browser"])


def cookie_name() -> str:
    return "__Host-guest" if settings.TLS else "cchc_guest"


def _fingerprint(conference: Conference) -> str:
    return hashlib.sha256(conference.guest_key.encode()).hexdigest()[:16]


def _entered(conference: Conference) -> HttpResponse:
    kept = {"conference": str(conference.pk), "link": _fingerprint(conference), "browser": secrets.token_urlsafe(12)}
    response = redirect("guest_ask")
    response.set_cookie(
        cookie_name(), signing.dumps(kept, salt=SALT), max_age=HOURS * HOUR, secure=settings.TLS, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return response


def _too_many(request: HttpRequest, guest: Guest) -> bool:
    hall = limits.hit("guest-ask", limits.address_of(request), HALL_AN_HOUR, HOUR)
    return limits.hit("guest-browser", guest.browser, BROWSER_A_MINUTE, MINUTE) or hall


def _page(
    request: HttpRequest, conference: Conference, form: GuestForm, status: int = 200, **more: Any
) -> HttpResponse:
    if not guest_audiences(conference):
        return _closed_page(request, conference, status=409)
    context = {"conference": conference, "form": form, "complaints_url": reverse("ask_channels"), **more}
    return render(request, "dialogues/intake_guest.html", context, status=status)


def _closed_page(request: HttpRequest, conference: Conference, status: int = 200) -> HttpResponse:
    context = {
        "conference": conference,
        "at": timezone.now(),
        "invited": bool(guest_audiences(conference)),
        "layout": "base_guest.html",
    }
    return render(request, "dialogues/intake_closed.html", context, status=status)


def _without_link(request: HttpRequest) -> HttpResponse:
    """No cookie, or an old one: back to the door, with what was typed to copy from."""
    if request.method != "POST":
        return redirect("guest_conferences")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    sentence = _("The link of the conference was opened too long ago. Open it again; your text stands below to copy.")
    return _enter_page(request, sentence, 403, typed=request.POST.get("text", "").replace("\x00", "")[:8000])


def _enter_page(request: HttpRequest, sentence: str, status: int, typed: str = "") -> HttpResponse:
    return render(request, "dialogues/intake_enter.html", {"refusal": sentence, "typed": typed}, status=status)
