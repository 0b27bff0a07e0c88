"""What the due dates of campaigns, commitments and reports were counted from (settings.DUE_BASES)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.explain import Basis
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.flow import Sentence
from cchc.workflow.models import Obligation
from commitments.models import Campaign, Commitment, Report

# By what is owed: the field of the campaign that gives the day, and its words.
STEPS: dict[str, tuple[str, Sentence]] = {
    "sign": ("sign_by", _("The day by which the campaign is to be signed")),
    "self_score": ("self_by", _("The day by which units assess themselves")),
    "check_scores": ("check_by", _("The day by which the secretary checks")),
    "score": ("score_by", _("The day by which the leader gives the scores")),
    "agree": ("object_by", _("The day until which a unit may object")),
    "open": ("opens_on", _("The day on which the registration opens")),
}
EVALUATE = _("Five working days before the day by which units assess themselves")
PUBLISH = _("Three working days after the last day for objections")
REPORTING = _("A reporting date of the campaign")
RESULT = _("The day by which the task is to be done")
PASSED = _("The day on which the turn came: the day that was set had passed already")


def commitment_basis(obligation: Obligation) -> Basis | None:
    if obligation.kind not in STEPS:
        return None
    rows = Commitment.objects.filter(pk=obligation.subject_id)
    return _step(obligation, rows.values_list(f"campaign__{STEPS[obligation.kind][0]}", flat=True).first())


def campaign_basis(obligation: Obligation) -> Basis | None:
    campaign = Campaign.objects.filter(pk=obligation.subject_id).defer("content").first()
    return basis_in(campaign, obligation, calendar()) if campaign else None


def report_basis(obligation: Obligation) -> Basis | None:
    report = Report.objects.filter(pk=obligation.subject_id).only("task", "due_on").first()
    return basis_of_report(report, obligation) if report else None


def basis_in(campaign: Campaign, obligation: Obligation, days: Calendar) -> Basis | None:
    """For whoever has the campaign at hand: of its own turn, or of that of one of its commitments."""
    if obligation.kind in STEPS:
        return _step(obligation, getattr(campaign, STEPS[obligation.kind][0]))
    if obligation.kind == "evaluate":
        return _of(obligation, EVALUATE, days.before(campaign.self_by, 5))
    if obligation.kind == "publish":
        return _of(obligation, PUBLISH, days.due(campaign.object_by, 3), since=campaign.object_by)
    return None


def basis_of_report(report: Report, obligation: Obligation) -> Basis | None:
    """For whoever has the report at hand. A returned one, and the check, are plain terms."""
    if obligation.term is not None:
        return None
    return _of(obligation, RESULT if report.task_id else REPORTING, report.due_on)


def _step(obligation: Obligation, day: date | None) -> Basis | None:
    return _of(obligation, STEPS[obligation.kind][1], day) if day else None


def _of(obligation: Obligation, words: Sentence, day: date, since: date | None = None) -> Basis:
    """*day* was set, counted from *since*; where it lay before the turn came, it is not what is due."""
    if day < obligation.started_on:
        return Basis(PASSED, obligation.started_on)
    return Basis(words, since or obligation.started_on)
