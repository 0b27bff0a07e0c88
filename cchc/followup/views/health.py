"""Whether everything works: for whoever watches the server from outside, and for the administrator."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cchc.followup.domain import health
from cchc.followup.domain.attention import attention
from cchc.followup.domain.reminder import open_reminders
from cchc.organization.gate import needs
from cchc.organization.permissions import OPERATE
from cchc.web import limits
from cchc.workdays.domain.calendar import calendar


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Every check as JSON; 503 when one fails. For machines near by, or with settings.READY_TOKEN."""
    if not _may_ask(request):
        raise Http404
    found = health.checks(health.signs_of_life(), timezone.now())
    failing = [check.name for check in found if not check.ok]
    told = {check.name: {"ok": check.ok, "sentence": check.sentence} for check in found}
    status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
    return JsonResponse(
        {"ok": not failing, "failing": failing, "checks": told},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )


def _may_ask(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.READY_TOKEN and constant_time_compare(given, settings.READY_TOKEN):
        return True
    try:
        return ipaddress.ip_address(limits.address_of(request)).is_private
    except ValueError:
        return False


@needs(OPERATE)
@require_safe
def health_show(request: HttpRequest) -> HttpResponse:
    at, signs = timezone.now(), health.signs_of_life()
    found = attention(signs.pulses, at)
    context = {
        "checks": health.checks(signs, at),
        "stuck": found.stuck,
        "mail": found.mail,
        "troubles": found.troubles,
        "well": found.nothing,
        "runs": signs.runs,
        "works_today": signs.days.is_working(timezone.localtime(at).date()),
    }
    return render(request, "followup/health_show.html", context)


@needs(OPERATE)
@require_POST
def health_remind(request: HttpRequest) -> HttpResponse:
    """Open this morning's reminders, again if need be: what was told stays told once."""
    at = timezone.now()
    today = timezone.localtime(at).date()
    if not calendar().is_working(today):
        messages.warning(request, _("Today is a day off: no reminders are opened."))
        return redirect("health_show")
    opened = open_reminders(today, at).opened
    done = ngettext("Opened: %(n)d reminder that was missing.", "Opened: %(n)d reminders that were missing.", opened)
    messages.success(request, done % {"n": opened} if opened else _("Today's reminders were complete already."))
    return redirect("health_show")
