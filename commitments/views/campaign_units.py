"""Who must sign under a campaign in preparation: by kind or one by one, in groups of comparable units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.organization.models import Unit
from cchc.web.paging import page_of
from cchc.workflow.engine import Refused
from commitments.domain import terms
from commitments.forms import units as forms
from commitments.models import Campaign
from commitments.views.campaign import in_preparation

ORDER = ("unit__sort_key", "id")
SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_units(request: HttpRequest, code: str) -> HttpResponse:
    """The list, and what is added to it or taken from it: each a small form of its own, named by *what*."""
    campaign = in_preparation(request, code)
    what = request.POST.get("what", "")
    shown, refusal = _forms(request, campaign, what), None
    form = shown.get(what)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _CHANGES[what](request, campaign, form)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The list of units is saved."))
            return redirect("campaign_units", campaign.code)
    status = refusal.status if refusal else 400 if request.method == "POST" else 200
    context = {
        "campaign": campaign,
        "forms": shown,
        "refused": form if status == 400 else None,
        "refusal": refusal,
        "groups": campaign.groups.annotate(n=Count("signatories")),
        **_page(request, campaign),
    }
    return render(request, "commitments/campaign_units.html", context, status=status)


def _page(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = campaign.signatories.select_related("unit", "group")
    if text:
        rows = rows.filter(unit__in=Unit.objects.search(text).values("pk"))
    return {"page": page_of(request, rows, ORDER, size=SIZE), "q": text}


def _forms(request: HttpRequest, campaign: Campaign, what: str) -> dict[str, Any]:
    today = timezone.localdate()

    def given(name: str) -> Any:
        return request.POST if name == what and request.method == "POST" else None

    return {
        "kind": forms.KindForm(given("kind"), campaign=campaign, day=today, auto_id="kind_%s"),
        "one": forms.OneUnitForm(given("one"), campaign=campaign, day=today, auto_id="one_%s"),
        "move": forms.ChosenForm(given("move"), campaign=campaign, auto_id="move_%s"),
        "leave": forms.ChosenForm(given("leave"), campaign=campaign, auto_id="move_%s"),
        "drop": forms.DropGroupForm(given("drop"), campaign=campaign),
    }


def _by_kind(request: HttpRequest, campaign: Campaign, form: Any) -> None:
    terms.include(campaign, form.units, form.group_name, **_by(request, form))


def _one(request: HttpRequest, campaign: Campaign, form: Any) -> None:
    terms.include(campaign, [form.cleaned_data["unit"]], form.cleaned_data["group"], **_by(request, form))


def _move(request: HttpRequest, campaign: Campaign, form: Any) -> None:
    if not form.cleaned_data["group"]:
        raise Refused(_("Name the group into which they go."))
    terms.include(campaign, list(form.cleaned_data["units"]), form.cleaned_data["group"], **_by(request, form))


def _leave(request: HttpRequest, campaign: Campaign, form: Any) -> None:
    terms.leave_out(campaign, list(form.cleaned_data["units"]), **_by(request, form))


def _drop(request: HttpRequest, campaign: Campaign, form: Any) -> None:
    terms.leave_out(campaign, [], group=form.cleaned_data["group"].name, **_by(request, form))


def _by(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now(), "seen": form.cleaned_data["seen"]}


_CHANGES: dict[str, Callable[[HttpRequest, Campaign, Any], None]] = {
    "kind": _by_kind, "one": _one, "move": _move, "leave": _leave, "drop": _drop,
}  # fmt: skip
