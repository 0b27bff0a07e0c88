"""The guests' way in: the secret link, its QR code, the poster, and a new link when the old one went astray."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from dialogues import permissions
from dialogues.domain import conference as conferences
from dialogues.models import Conference
from dialogues.views.conference_frame import load


@dataclass(frozen=True)
class Link:
    url: str
    qr: SafeString


def guest_link(request: HttpRequest, conference: Conference) -> Link:
    """The absolute address of a conference's form for guests, and the same as a QR code."""
    url = request.build_absolute_uri(reverse("guest_enter", args=[conference.guest_key]))
    drawn = segno.make(url, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass="qr", lineclass=None, title=_("QR code of the link for guests")
    )
    # Drawn by the library from an address of our own; nothing in it was typed by anybody.
    return Link(url, SafeString(drawn))


def _steered(request: HttpRequest, code: str) -> Conference:
    """The conference, for whoever prepares or directs it."""
    conference = load(request, code)
    rights = (permissions.PREPARE_CONFERENCE, permissions.DIRECT_CONFERENCE)
    if not any(access.can(request.user, right, conference.host) for right in rights):
        raise Http404
    return conference


@require_safe
def conference_poster(request: HttpRequest, code: str) -> HttpResponse:
    conference = _steered(request, code)
    context = {"conference": conference, "link": guest_link(request, conference)}
    return render(request, "dialogues/conference_poster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conference_link(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, then make a new link."""
    conference = load(request, code)
    if not access.can(request.user, permissions.PREPARE_CONFERENCE, conference.host):
        raise Http404
    if request.method != "POST":
        return render(request, "dialogues/conference_link.html", {"conference": conference})
    conferences.renew_guest_link(conference, by=request.user, at=timezone.now())
    messages.success(request, _("There is a new link; the old one leads nowhere now. Print the poster again."))
    return redirect("conference_show", conference.code)
