"""A campaign: prepared, frozen when it opens, evaluated, published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cchc.organization import access
from cchc.organization.access import holders_at
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import NotAllowed, Refused, begin, hold, moved_on, perform_many, record
from cchc.workflow.flow import Move, Owed, Sentence, Transition, flow
from commitments import permissions
from commitments.domain import ranking
from commitments.domain.draft import begin_drafts
from commitments.enums import CampaignState, CommitmentState
from commitments.models import Campaign, Criterion, Group, Level, Report, Signatory
from commitments.models.commitment import STANDING

S = CampaignState
FULL = Decimal(100)
LEAST_WHEN_CAPPED = 3  # levels


# --- guards -----------------------------------------------------------------------------------------------------------
def _complete(campaign: Campaign) -> Sentence:
    if not campaign.signatories.exists():
        return _("Choose the units that must sign first.")
    if campaign.criteria.aggregate(sum=Sum("weight"))["sum"] != FULL:
        return _("The weights of the criteria must sum to 100.")
    return levels_objection(list(campaign.levels.values_list("minimum", flat=True)), campaign.excellent_percent)


def levels_objection(minima: Collection[Decimal], excellent_percent: int) -> Sentence:
    """Why these rating levels, each from so many points up, cannot be used; or ""."""
    if Decimal() not in minima:
        return _("One rating level must begin at 0 points.")
    if excellent_percent < FULL and len(minima) < LEAST_WHEN_CAPPED:
        return _(
            "The best level is for a part of the units only, so there must be at least three levels: else whoever "
            "earns it beyond that part would get the lowest one."
        )
    return ""


def _nothing_signed(campaign: Campaign) -> Sentence:
    signed = campaign.commitments.filter(signatures__isnull=False).exists()
    return _("Some commitments have been signed; they cannot be undone.") if signed else ""


# --- effects ----------------------------------------------------------------------------------------------------------
def _open(campaign: Campaign, move: Move) -> None:
    """Freeze what the units sign under, and give each of them a commitment to draft."""
    campaign.content = json.dumps(contents(campaign), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    campaign.digest = hashlib.sha256(campaign.content.encode()).hexdigest()
    begin_drafts(campaign, at=move.at)


def contents(campaign: Campaign) -> dict[str, Any]:
    """What freezes: the terms of signing, scoring and ranking."""
    return {
        "code": campaign.code,
        "year": campaign.year,
        "title": campaign.title,
        "host": campaign.host.name,
        "clause": campaign.clause,
        "days": {
            name: getattr(campaign, name).isoformat()
            for name in ("opens_on", "sign_by", "self_by", "check_by", "score_by", "object_by")
        },
        "report_days": [day.isoformat() for day in campaign.report_days],
        "late_factor": str(campaign.late_factor),
        "late_deduction": str(campaign.late_deduction),
        "excellent_percent": campaign.excellent_percent,
        "least_tasks": campaign.least_tasks,
        "criteria": [[each.name, each.scoring, str(each.weight)] for each in campaign.criteria.all()],
        "levels": [[each.name, str(each.minimum)] for each in campaign.levels.all()],
        "groups": [each.name for each in campaign.groups.all()],
        "signatories": sorted(
            [each.unit.code, each.group.name] for each in campaign.signatories.select_related("unit", "group")
        ),
    }


def _hold(campaign: Campaign) -> None:
    """Nobody signs or reports under *campaign* until its move is made; what was begun before is waited for."""
    hold(campaign.commitments.all())
    hold(Report.objects.filter(commitment__campaign=campaign))


def _cancel(campaign: Campaign, move: Move) -> None:
    _hold(campaign)
    if reason := _nothing_signed(campaign):  # while we waited
        raise Refused(str(reason))
    perform_many(campaign.commitments.all(), "lapse", by=SYSTEM, at=move.at, note=move.note)


def _opening(campaign: Campaign, start: date) -> date:
    return max(campaign.opens_on, start)


def _some_in_force(campaign: Campaign) -> Sentence:
    if campaign.commitments.filter(state=CommitmentState.IN_FORCE).exists():
        return ""
    return _("No commitment is in force yet.")


def _all_final(campaign: Campaign) -> Sentence:
    left = campaign.commitments.filter(state__in=STANDING).exclude(state=CommitmentState.FINAL).count()
    words = ngettext("%(n)s commitment has no final score yet.", "%(n)s commitments have no final score yet.", left)
    return words % {"n": left} if left else ""


def _evaluate(campaign: Campaign, move: Move) -> None:
    """Whoever has signed is evaluated; what has not come into force can do so no more, and nobody owes it."""
    _hold(campaign)
    perform_many(campaign.commitments.prefetch_related("unit"), "assess", by=SYSTEM, at=move.at)
    perform_many(campaign.commitments.all(), "lapse", by=SYSTEM, at=move.at)


def _publish(campaign: Campaign, move: Move) -> None:
    """The ranking is frozen with its input, and nothing more is owed."""
    _hold(campaign)
    ranking.publish(campaign, move)
    reports = Report.objects.filter(commitment__campaign=campaign, commitment__state=CommitmentState.FINAL)
    perform_many(reports, "close", by=SYSTEM, at=move.at)


def _chiefs(campaign: Campaign) -> list[Person]:
    return holders_at(Role.UNIT_CHIEF, list(campaign.signatories.values_list("unit", flat=True)))


def _evaluation(campaign: Campaign, start: date) -> date:
    return max(calendar().before(campaign.self_by, 5), start)


def _publication(campaign: Campaign, start: date) -> date:
    return max(calendar().due(campaign.object_by, 3), start)


# fmt: off
CAMPAIGN_FLOW = flow("commitments.campaign", [
    Transition("open", (S.DRAFT,), S.OPEN, permissions.DIRECT_CAMPAIGN, _("Open for signing"),
               _("opened it for signing"), "send", guard=_complete, effect=_open),
    Transition("evaluate", (S.OPEN,), S.EVALUATING, permissions.PREPARE_CAMPAIGN, _("Begin the evaluation"),
               _("began the evaluation"), "chart", guard=_some_in_force, effect=_evaluate),
    Transition("publish", (S.EVALUATING,), S.PUBLISHED, permissions.DIRECT_CAMPAIGN, _("Publish the ranking"),
               _("published the ranking"), "trophy", guard=_all_final, effect=_publish, notify=_chiefs),
    Transition("cancel", (S.DRAFT, S.OPEN), S.CANCELLED, permissions.DIRECT_CAMPAIGN, _("Cancel"), _("cancelled it"),
               "sx", guard=_nothing_signed, effect=_cancel, note_required=True, danger=True, primary=False),
], title=_("Campaigns of commitments"), owes={
    S.DRAFT: Owed("open", _("Open the campaign"), Role.LEADER, due=_opening),
    S.OPEN: Owed("evaluate", _("Begin the evaluation"), Role.SECRETARY, due=_evaluation),
    S.EVALUATING: Owed("publish", _("Publish the ranking"), Role.LEADER, due=_publication),
}, verbs={"create": _("prepared it"), "edit": _("edited it")})
# fmt: on


def create_campaign(*, host: Unit, by: Person, at: datetime, **fields: Any) -> Campaign:
    """Prepare a campaign of *host*. Raises NotAllowed without the right, ValidationError by field."""
    if not access.can(by, permissions.PREPARE_CAMPAIGN, host):
        raise NotAllowed(_("This step is not among your rights here."))
    made = Campaign(host=host, **fields)
    made.full_clean(exclude=["turn"])
    with transaction.atomic():
        return begin(made, by=by, at=at)


@transaction.atomic
def change_campaign(
    campaign: Campaign, *, by: Person, at: datetime, seen: int | None = None, **fields: Any
) -> Campaign:
    """Change *fields* of a campaign in preparation; open ones are frozen."""
    now = _in_preparation(campaign, by, seen)
    for name, value in fields.items():
        setattr(now, name, value)
    now.full_clean(exclude=["turn"])
    return _changed(now, sorted(fields), by, at)


@dataclass(frozen=True)
class Terms:
    """How a campaign scores: (name, scoring, weight), (level, minimum), groups with their units."""

    criteria: Sequence[tuple[str, str, Decimal]]
    levels: Sequence[tuple[str, Decimal]]
    groups: Sequence[tuple[str, Sequence[Unit]]]


@transaction.atomic
def set_terms(campaign: Campaign, terms: Terms, *, by: Person, at: datetime, seen: int | None = None) -> Campaign:
    """Replace criteria, levels, groups and the units that must sign. A unit stands in one group only."""
    now = _in_preparation(campaign, by, seen)
    now.signatories.all().delete()
    for rows in (now.criteria, now.levels, now.groups):
        rows.all().delete()
    Criterion.objects.bulk_create(
        Criterion(campaign=now, place=place, name=name, scoring=scoring, weight=weight)
        for place, (name, scoring, weight) in enumerate(terms.criteria, 1)
    )
    Level.objects.bulk_create(Level(campaign=now, name=name, minimum=minimum) for name, minimum in terms.levels)
    for place, (name, units) in enumerate(terms.groups, 1):
        group = Group.objects.create(campaign=now, name=name, place=place)
        Signatory.objects.bulk_create(Signatory(campaign=now, unit=unit, group=group) for unit in units)
    return _changed(now, ["terms"], by, at)


def _in_preparation(campaign: Campaign, by: Person, seen: int | None) -> Campaign:
    now = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not access.can(by, permissions.PREPARE_CAMPAIGN, now.host):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.state != S.DRAFT or (seen is not None and seen != now.moves):
        raise moved_on(now)
    return now


def _changed(campaign: Campaign, what: Sequence[str], by: Person, at: datetime) -> Campaign:
    campaign.moves += 1
    campaign.save()
    record(campaign, "edit", by=by, at=at, data={"fields": list(what)})
    return campaign
