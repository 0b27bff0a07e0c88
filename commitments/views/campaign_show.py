"""The page of a campaign: its board, its terms, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cchc.followup.domain.explain import explain
from cchc.organization import access
from cchc.web.paging import Page, page_of
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.engine import offers
from cchc.workflow.models.obligation import seats
from commitments import permissions, presentation
from commitments.bases import basis_in
from commitments.domain.board import ORDER, Board, Pill
from commitments.domain.remind import may_remind, with_reminders
from commitments.domain.terms import frozen_terms, terms_of
from commitments.enums import CampaignState, Scoring
from commitments.forms.campaign import BoardForm
from commitments.models import Campaign, Commitment, Group
from commitments.views.campaign import load
from commitments.views.history import timeline


@dataclass(frozen=True)
class BoardRow:
    commitment: Commitment
    badge: SafeString
    turn: SafeString
    due: SafeString
    # Of the present turn, for whoever may remind: when its owners were reminded last, and whether today.
    reminded_at: datetime | None
    reminded_today: bool
    remindable: bool


@require_safe
def campaign_show(request: HttpRequest, code: str) -> HttpResponse:
    campaign, today = load(request, code, whole=True), timezone.localdate()
    turn = campaign.turn
    mine = turn is not None and turn.is_owed_by(request.user)
    inside = access.can(request.user, permissions.READ_COMMITMENTS, campaign.host)
    prepares = access.can(request.user, permissions.PREPARE_CAMPAIGN, campaign.host)
    terms = frozen_terms(campaign) if campaign.content else terms_of(campaign)
    days = calendar()
    context = {
        "campaign": campaign,
        "badge": presentation.badge(campaign),
        "turn": presentation.turn(turn, mine),
        "due": presentation.due(turn, today, days),
        "counted": explain(turn, days, basis_in(campaign, turn, days)) if turn else None,
        "criteria": [(name, Scoring(scoring).label, weight) for name, scoring, weight in terms.criteria],
        "levels": terms.levels,
        "group_names": [name for name, _units in terms.groups],
        "in_preparation": campaign.state == CampaignState.DRAFT,
        "may_edit": prepares and campaign.state == CampaignState.DRAFT,
        "inside": inside,
        "short_code": presentation.short_code(campaign.digest),
        "entries": timeline(campaign) if inside else [],
        "offers": offers(campaign, request.user),
        "base": f"{reverse('campaign_show', args=[campaign.code])}do/",
        **(_board(request, campaign, days) if campaign.state != CampaignState.DRAFT else {}),
        "units": sum(len(units) for _name, units in terms.groups),
    }
    return render(request, "commitments/campaign_show.html", context)


def _board(request: HttpRequest, campaign: Campaign, days: Calendar) -> dict[str, Any]:
    form, today = BoardForm(request.GET), timezone.localdate()
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    groups: list[Group] = list(campaign.groups.all())
    group = next((each for each in groups if each.pk == chosen.get("group")), None)
    board = Board(campaign, request.user, today, chosen.get("q", ""), group)
    pill = Pill(chosen.get("pill") or Pill.ALL)
    reminds = may_remind(campaign, request.user)
    listed = board.rows(pill).defer("content")
    page: Page[Commitment] = page_of(request, with_reminders(listed) if reminds else listed, ORDER)
    rows = _rows(request, page.rows, days)
    kept = {name: request.GET[name] for name in ("q", "group") if request.GET.get(name)}
    return {
        "page": page,
        "groups": groups,
        "rows": rows,
        "reminds": reminds,
        "remind_all": reminds and any(row.remindable and not row.reminded_today for row in rows),
        "pill": pill,
        "chosen": chosen,
        "narrowed": bool(board.text or group),
        "segs": [
            {
                "label": each.label,
                "url": "?" + urlencode({**kept, "pill": each.value}),
                "count": board.counts[each],
                "active": each == pill,
                "late": each == Pill.LATE,
            }
            for each in Pill
        ],
    }


def _rows(request: HttpRequest, commitments: list[Commitment], days: Calendar) -> list[BoardRow]:
    today, mine = timezone.localdate(), seats(request.user)
    return [
        _row(each, bool(each.turn and (each.turn.role, each.turn.unit_id) in mine), today, days) for each in commitments
    ]


def _row(commitment: Commitment, mine: bool, today: date, days: Calendar) -> BoardRow:
    turn, at = commitment.turn, getattr(commitment, "reminded_at", None)
    return BoardRow(
        commitment,
        presentation.badge(commitment),
        presentation.turn(turn, mine),
        presentation.due(turn, today, days),
        at,
        at is not None and timezone.localdate(at) >= days.before(today, 0),
        turn is not None and not mine,
    )
