"""The personal calendar feed: its page in one's account, and the file behind the secret address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cchc.followup.domain import feed as feeds
from cchc.followup.ics import calendar_of
from cchc.followup.models import Feed
from cchc.web import limits

# Wrong addresses from one network; a calendar program with a revoked one comes a few times an hour.
WRONG_AN_HOUR, HOUR = 60, 3600
TYPE = "text/calendar; charset=utf-8"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feed_show(request: HttpRequest) -> HttpResponse:
    """One's feed; POST makes a new address, which this one answer shows and none after it."""
    address = ""
    if request.method == "POST":
        secret = feeds.make(request.user, timezone.now())
        address = request.build_absolute_uri(reverse("feed_file", args=[secret]))
    context = {"feed": Feed.objects.filter(person=request.user).first(), "address": address}
    return render(request, "followup/feed_show.html", context)


@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    if feeds.revoke(request.user):
        messages.success(request, _("The address no longer works. Calendars that use it stay as they were."))
    return redirect("feed_show")


@login_not_required
@require_safe
def feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever's secret this is. Refusals are bare, so that they bring no cookie."""
    address, at = limits.address_of(request), timezone.now()
    if limits.is_over("feed", address, WRONG_AN_HOUR, HOUR):
        return HttpResponse(status=429, content_type="text/plain")
    feed = feeds.find(secret)
    if feed is None:
        limits.hit("feed", address, WRONG_AN_HOUR, HOUR)
        return HttpResponse(status=404, content_type="text/plain")
    feeds.note_reading(feed, at)
    with translation.override(feed.person.language):
        site = request.build_absolute_uri("/").rstrip("/")
        response = HttpResponse(calendar_of(feeds.entries(feed.person), site=site, at=at), content_type=TYPE)
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="viec-cua-toi.ics"'
    return response
