"""What commitments put into the frame: "my work", the place in the side bar, subjects by id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.bell import Link
from cchc.followup.domain.told import Insider
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry
from cchc.web.panels import Button, Due, Panel, Piece, Row
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import awaited_kinds, awaiting
from commitments import figures, permissions, presentation
from commitments.models import Campaign, Commitment, Report

COMMITMENT, CAMPAIGN, REPORT = "commitments.commitment", "commitments.campaign", "commitments.report"
# The button of a row that awaits me, by what is owed; the address it opens, where that is not the page itself.
STEPS = {
    "sign": (_("Register"), "commitment_show"),
    "countersign": (pgettext_lazy("button", "Confirm"), "commitment_countersign"),
    "revise": (pgettext_lazy("button", "Revise"), "commitment_show"),
    "self_score": (pgettext_lazy("button", "Assess"), "evaluation_self_score"),
    "check_scores": (pgettext_lazy("button", "Check"), "evaluation_check"),
    "score": (pgettext_lazy("button", "Score"), "evaluation_score"),
    "agree": (pgettext_lazy("button", "Answer"), "evaluation_show"),
    "decide": (pgettext_lazy("button", "Decide"), "evaluation_decide"),
}
REPORT_STEPS = {True: pgettext_lazy("button", "Check"), False: pgettext_lazy("button", "Report")}


def navigation(person: Person) -> list[NavEntry]:
    if not any(access.holds(person, each) for each in (permissions.READ_COMMITMENTS, permissions.READ_OWN_COMMITMENT)):
        return []
    mine = sum(len(awaited_kinds(person, kind)) for kind in (COMMITMENT, CAMPAIGN, REPORT))
    return [NavEntry(_("Commitments"), reverse("campaign_list"), "pen", count=mine, phone=_("Commitments"))]


def home_panels(person: Person, at: datetime, most: int) -> list[Piece]:
    """What awaits me of commitments: it joins what awaits me of the dialogue (cchc.web.panels.home_of)."""
    owed = {turn: kind for turn, kind in awaiting(person, most).items() if kind in (COMMITMENT, CAMPAIGN, REPORT)}
    turns = list(owed)
    if not turns:
        return []
    today, days = timezone.localtime(at).date(), calendar()
    rows: dict[int | None, Row] = {}
    if COMMITMENT in owed.values():
        mine = Commitment.objects.filter(turn__in=turns).select_related("unit", "campaign", "turn")
        rows |= {each.turn_id: _row(each, today, days) for each in mine.defer("content", "campaign__content")}
    if CAMPAIGN in owed.values():
        own = Campaign.objects.filter(turn__in=turns).select_related("host", "turn").defer("content")
        rows |= {each.turn_id: _campaign_row(each, today, days) for each in own}
    if REPORT in owed.values():
        wanted = ("commitment__unit", "commitment__campaign", "task", "turn")
        told = Report.objects.filter(turn__in=turns).select_related(*wanted)
        told = told.defer("commitment__content", "commitment__campaign__content")
        rows |= {each.turn_id: _report_row(each, today, days) for each in told}
    found = [rows[turn] for turn in turns if turn in rows]
    return [Panel("waiting", _("Awaits me"), found, primary=True)]


def _row(commitment: Commitment, today: date, days: Calendar) -> Row:
    shown, turn = presentation.COMMITMENT_STATES[commitment.state], commitment.turn
    label, name = STEPS.get(turn.kind if turn else "", (_("Open"), "commitment_show"))
    return Row(
        _("Commitment for %(year)s, %(unit)s") % {"year": commitment.campaign.year, "unit": commitment.unit.short_name},
        reverse("commitment_show", args=[commitment.pk]),
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=str(commitment),
        meta=(shown.label,),
        due=_due(turn, today, days),
        button=Button(label, reverse(name, args=[commitment.pk])),
    )


def _campaign_row(campaign: Campaign, today: date, days: Calendar) -> Row:
    shown, address = presentation.CAMPAIGN_STATES[campaign.state], reverse("campaign_show", args=[campaign.code])
    return Row(
        campaign.title,
        address,
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=campaign.code,
        meta=(shown.label,),
        due=_due(campaign.turn, today, days),
        button=Button(_("Open"), address),
    )


def _report_row(report: Report, today: date, days: Calendar) -> Row:
    shown, address = figures.REPORT_STATES[report.state], reverse("report_show", args=[report.pk])
    check, title = report.state == Report.State.SUBMITTED, figures.report_title(report)
    # Whoever checks has many units before him, whoever reports has his own.
    name = report.task.text if report.task else report.commitment.unit.name if check else ""
    return Row(
        name or title,
        address,
        glyph=shown.glyph,
        tone=shown.tone,
        state=shown.label,
        code=str(report.commitment),
        meta=(title, shown.label) if name else (shown.label,),
        due=_due(report.turn, today, days),
        button=Button(REPORT_STEPS[check], address if check else f"{address}do/submit/"),
    )


def _due(turn: Obligation | None, today: date, days: Calendar) -> Due | None:
    return Due(turn.due_on, days.between(today, turn.due_on)) if turn else None


# --- subjects by their id: for notices and due dates ---
def visible_campaign(person: Any, pk: str) -> Campaign | None:
    return _one(Campaign.objects.visible_to(person), pk)


def visible_commitment(person: Any, pk: str) -> Commitment | None:
    return _one(Commitment.objects.visible_to(person), pk)


def visible_report(person: Any, pk: str) -> Report | None:
    return _one(Report.objects.visible_to(person), pk)


def _one(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def campaign_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Campaign.objects.visible_to(person).filter(pk__in=list(ids)).only("code", "title")
    return {str(each.pk): Link(str(each), reverse("campaign_show", args=[each.code])) for each in found}


def commitment_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Commitment.objects.visible_to(person).filter(pk__in=list(ids)).select_related("unit")
    return {
        str(each.pk): Link(f"{each}, {each.unit.short_name}", reverse("commitment_show", args=[each.pk]))
        for each in found.only("code", "version", "unit__short_name")
    }


def report_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Report.objects.visible_to(person).filter(pk__in=list(ids)).select_related("commitment__unit", "task")
    return {
        str(each.pk): Link(
            f"{figures.report_title(each)}, {each.commitment}, {each.commitment.unit.short_name}",
            reverse("report_show", args=[each.pk]),
        )
        for each in found.defer("commitment__content")
    }


# --- who may know who has been told ---
def commitment_insider(person: Person, pk: str) -> Insider | None:
    """The host's staff and those above it."""
    commitment = _one(Commitment.objects.visible_to(person).select_related("host__command"), pk)
    inside = commitment is not None and access.can(person, permissions.READ_COMMITMENTS, commitment.host)
    return Insider() if inside else None
