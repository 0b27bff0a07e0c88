"""The board's buttons: remind one unit, or everyone in the list as it is filtered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cchc.followup.domain.remind import remind_all
from cchc.workflow.engine import NotAllowed
from commitments.domain.board import Board, Pill
from commitments.domain.remind import may_remind, turns_of
from commitments.forms.campaign import RemindForm
from commitments.models import Campaign
from commitments.views.campaign import load


@require_POST
def campaign_remind(request: HttpRequest, code: str) -> HttpResponse:
    campaign, at = load(request, code), timezone.now()
    if not may_remind(campaign, request.user):
        raise NotAllowed(_("This step is not among your rights here."))
    form = RemindForm(request.POST)
    form.is_valid()  # what does not fit names nobody, or filters nothing
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    if "commitment" in form.errors:
        return redirect("campaign_show", campaign.code)
    board = board_of(request, campaign, chosen)
    rows = board.rows(Pill(chosen.get("pill") or Pill.ALL))
    if "commitment" in chosen:
        rows = rows.filter(pk=chosen["commitment"])
    done = remind_all(turns_of(rows, request.user), by=request.user, at=at)
    (messages.success if done.told else messages.info)(request, " ".join(done.sentences))
    kept = {name: value for name, value in chosen.items() if name != "commitment"}
    return redirect(f"{reverse('campaign_show', args=[campaign.code])}?{urlencode(kept)}")


def board_of(request: HttpRequest, campaign: Campaign, chosen: dict[str, object]) -> Board:
    group = campaign.groups.filter(pk=chosen["group"]).first() if "group" in chosen else None
    return Board(campaign, request.user, timezone.localdate(), str(chosen.get("q", "")), group)
