"""Campaigns: the list, a new one, editing one in preparation."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from cchc.organization.forms.fields import refusals_in
from cchc.organization.gate import needs
from cchc.organization.models import Unit
from cchc.web.domain import draft as drafts
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused
from commitments import permissions, presentation
from commitments.domain import terms
from commitments.domain.campaign import levels_objection
from commitments.enums import CampaignState, CommitmentState
from commitments.forms import campaign as forms
from commitments.models import Campaign, Commitment
from commitments.models.commitment import STANDING
from commitments.views.move import send_again

ORDER = ("-year", "code")
ROW_FIELDS = {"criteria": ("name", "scoring", "weight"), "levels": ("name", "minimum")}


@dataclass(frozen=True)
class Line:
    """One campaign of the list: *own* is the commitment of a reader who sees one alone."""

    campaign: Campaign
    badge: SafeString
    due: SafeString
    total: int
    confirmed: int
    own: Commitment | None
    own_badge: SafeString | str


@require_safe
@needs(permissions.READ_COMMITMENTS, permissions.READ_OWN_COMMITMENT)
def campaign_list(request: HttpRequest) -> HttpResponse:
    form = forms.CampaignFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    seen = Campaign.objects.visible_to(request.user)
    page = page_of(request, seen.filter(**chosen).defer("content").select_related("host", "turn__unit"), ORDER)
    context = {
        "page": page,
        "lines": _lines(request, page.rows),
        "chosen": chosen,
        "years": list(seen.order_by("-year").values_list("year", flat=True).distinct()[:30]),
        "states": CampaignState.choices,
        "may_create": access.holds(request.user, permissions.PREPARE_CAMPAIGN),
    }
    return render(request, "commitments/campaign_list.html", context)


def _lines(request: HttpRequest, campaigns: list[Campaign]) -> list[Line]:
    """The campaigns with how many units signed, as far as the reader may see; whoever sees one alone is led to it."""
    rows = Commitment.objects.visible_to(request.user).filter(campaign__in=[each.pk for each in campaigns])
    rows = rows.exclude(state=CommitmentState.SUPERSEDED)
    counts: dict[UUID, dict[str, Any]] = {
        row["campaign"]: row
        for row in rows.order_by().values("campaign").annotate(
            total=Count("unit", distinct=True), confirmed=Count("pk", filter=Q(state__in=STANDING))
        )
    }  # fmt: skip
    alone = [pk for pk, row in counts.items() if row["total"] == 1]
    own = {each.campaign_id: each for each in rows.filter(campaign__in=alone).order_by("version")} if alone else {}
    today, days = timezone.localdate(), calendar()
    return [
        Line(
            each, presentation.badge(each), presentation.due(each.turn, today, days),
            counts.get(each.pk, {}).get("total", 0), counts.get(each.pk, {}).get("confirmed", 0),
            own.get(each.pk), presentation.badge(own[each.pk]) if each.pk in own else "",
        )
        for each in campaigns
    ]  # fmt: skip


def load(request: HttpRequest, code: str, *, whole: bool = False) -> Campaign:
    """The campaign if the person may see it, *whole* with its frozen terms; otherwise there is none."""
    rows = Campaign.objects.visible_to(request.user)
    rows = rows if whole else rows.defer("content")
    return get_object_or_404(rows.select_related("host__command", "conference", "turn__unit"), code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_create(request: HttpRequest) -> HttpResponse:
    if not access.holds(request.user, permissions.PREPARE_CAMPAIGN):
        raise Http404
    return _form_page(request, "campaign-new", None)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: HttpRequest, code: str) -> HttpResponse:
    campaign = in_preparation(request, code)
    return _form_page(request, f"campaign-edit-{campaign.pk}", campaign)


def in_preparation(request: HttpRequest, code: str) -> Campaign:
    """The campaign, for somebody who may still change it."""
    campaign = load(request, code)
    if not access.can(request.user, permissions.PREPARE_CAMPAIGN, campaign.host):
        raise Http404
    if campaign.state != CampaignState.DRAFT:
        raise Refused(_("The terms are frozen since the campaign was opened."))
    return campaign


@dataclass
class Sheet:
    """The forms of the page together."""

    form: forms.CampaignForm
    criteria: Any
    levels: Any
    kinds: forms.KindsForm | None

    @property
    def is_valid(self) -> bool:
        parts = [self.form, self.criteria, self.levels, *([self.kinds] if self.kinds else [])]
        found = [part.is_valid() for part in parts]  # all of them, so that every place to correct is told
        return all(found) and not self._levels_are_refused

    @property
    def _levels_are_refused(self) -> bool:
        """Levels and the part of the units that may have the best one stand in two forms."""
        minima = [row["minimum"] for row in self.levels.kept]
        reason = levels_objection(minima, self.form.cleaned_data["excellent_percent"])
        if reason:
            self.form.add_error("excellent_percent", str(reason))
        return bool(reason)


def _sheet(request: HttpRequest, key: str, campaign: Campaign | None) -> Sheet:
    today, by = timezone.localdate(), request.user
    if request.method == "POST":
        form = forms.CampaignForm(request.POST, by=by, instance=copy.copy(campaign))
        rows = {name: rows(request.POST, prefix=name) for name, rows in _ROWS.items()}
        kinds = None if campaign else forms.KindsForm(request.POST, host=_host(request.POST.get("host")), day=today)
        return Sheet(form, rows["criteria"], rows["levels"], kinds)
    typed = drafts.recall(drafts.owner_of(request), key)
    first = {} if campaign else forms.new_campaign(by, today)
    host = campaign.host if campaign else _host(typed.get("host") or first.get("host"))
    found = terms.terms_of(campaign) if campaign else terms.usual_terms(host)
    initial = _typed_rows(typed) if typed else forms.rows_of_terms(found)
    form = forms.CampaignForm(by=by, instance=copy.copy(campaign), initial={**first, **typed})
    rows = {name: rows(initial=initial[name], prefix=name) for name, rows in _ROWS.items()}
    ticked = typed.get("kinds", [])
    kinds = None if campaign else forms.KindsForm(
        host=host, day=today, initial={"kinds": [ticked] if isinstance(ticked, str) else ticked}
    )  # fmt: skip
    return Sheet(form, rows["criteria"], rows["levels"], kinds)


_ROWS = {"criteria": forms.CriterionRows, "levels": forms.LevelRows}


def _host(value: Any) -> Unit | None:
    text = str(value or "")
    return Unit.objects.filter(pk=text).first() if text.isdecimal() and len(text) < 18 else None


def _typed_rows(typed: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a draft, as they were typed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, fields in ROW_FIELDS.items():
        total = str(typed.get(f"{name}-TOTAL_FORMS", "0"))
        numbers = range(min(int(total), forms.MOST_ROWS) if total.isdecimal() else 0)
        rows = [{field: typed.get(f"{name}-{n}-{field}", "") for field in fields} for n in numbers]
        found[name] = [row for row in rows if row["name"]]
    return found


def _form_page(request: HttpRequest, key: str, campaign: Campaign | None) -> HttpResponse:
    sheet, refusal = _sheet(request, key, campaign), None
    if request.method == "POST" and sheet.is_valid:
        try:
            with refusals_in(sheet.form):
                saved = _save(request, sheet, campaign)
                drafts.discard(drafts.owner_of(request), key)
                messages.success(request, _("The campaign is saved."))
                return redirect("campaign_show" if campaign else "campaign_units", saved.code)
        except Refused as refused:
            refusal = refused
            if campaign:
                send_again(sheet.form, campaign, refused)
    bound = request.method == "POST"
    context = {
        "sheet": sheet,
        "form": sheet.form,
        "campaign": campaign,
        "refusal": refusal,
        "changed": _differences(sheet.form, campaign) if refusal and campaign else [],
        "draft": drafts.find(drafts.owner_of(request), key) if not bound else None,
        "draft_url": reverse("draft_save", args=[key]),
        "back": reverse("campaign_show", args=[campaign.code]) if campaign else reverse("campaign_list"),
    }
    status = refusal.status if refusal else 400 if bound else 200
    return render(request, "commitments/campaign_form.html", context, status=status)


def _save(request: HttpRequest, sheet: Sheet, campaign: Campaign | None) -> Campaign:
    at = timezone.now()
    fields: dict[str, Any] = {
        **sheet.form.particulars,
        "criteria": [(row["name"], row["scoring"], row["weight"]) for row in sheet.criteria.kept],
        "levels": [(row["name"], row["minimum"]) for row in sheet.levels.kept],
    }
    if campaign is None:
        assert sheet.kinds is not None
        chosen = sheet.kinds.cleaned_data["kinds"]
        return terms.prepare(by=request.user, at=at, kinds=chosen, day=timezone.localdate(at), **fields)
    return terms.revise(campaign, by=request.user, at=at, seen=sheet.form.cleaned_data["seen"], **fields)


@dataclass(frozen=True)
class Difference:
    label: str
    stands: str
    typed: str


def _differences(form: forms.CampaignForm, campaign: Campaign) -> list[Difference]:
    """Where what was typed differs from what stands now."""
    found = []
    for name in form.particulars:
        field, stands, typed = form.fields[name], getattr(campaign, name), form.cleaned_data[name]
        if stands != typed:
            shown = [
                str(field.prepare_value(value) if isinstance(value, list) else value or "–")
                for value in (stands, typed)
            ]
            found.append(Difference(str(field.label), *shown))
    return found
