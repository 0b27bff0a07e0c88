"""How campaigns, commitments and reports follow when the work of a unit that has ended passes to another.

What the unit hosted goes campaign by campaign, with all that is open in it. Its own commitment does not pass: it ends
as terminated, by the decision and without blame, and only its open tasks go on, in the successor's next version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cchc.organization.models import Unit
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import perform
from cchc.workflow.handing import Follower, Key, Passing, ids_of, keys_of
from commitments.domain.commitment import NOT_FINAL, UNSIGNED
from commitments.enums import ReportState
from commitments.models import Campaign, Commitment, Report

CAMPAIGN, COMMITMENT, REPORT = "commitments.campaign", "commitments.commitment", "commitments.report"
TYPES = (CAMPAIGN, COMMITMENT, REPORT)


def together(keys: Collection[Key], unit: Unit) -> set[Key]:
    """With each of *keys* its commitment and reports; with each that *unit* hosts its campaign and all open in it."""
    given = ids_of(keys, *TYPES)
    if not given:
        return {*keys}
    owned = Commitment.objects.filter(Q(pk__in=given[COMMITMENT]) | Q(reports__in=given[REPORT]))
    hosted = Campaign.objects.filter(Q(pk__in=given[CAMPAIGN]) | Q(commitments__in=owned.values("pk")), host=unit)
    campaigns = set(hosted.values_list("pk", flat=True))
    of_unit = owned.filter(unit=unit).values_list("campaign", flat=True)
    standing = Commitment.objects.filter(state__in=NOT_FINAL)
    commitments = set(owned.values_list("pk", flat=True))
    commitments |= set(standing.filter(campaign__in=campaigns).values_list("pk", flat=True))
    commitments |= set(standing.filter(campaign__in=set(of_unit), unit=unit).values_list("pk", flat=True))
    reports = _open_reports(commitments).values_list("pk", flat=True)
    return {*keys, *keys_of(CAMPAIGN, campaigns), *keys_of(COMMITMENT, commitments), *keys_of(REPORT, reports)}


def beside(unit: Unit) -> dict[str, QuerySet[Any]]:
    """Commitments of *unit* that have not ended, while it is another's turn or nobody's."""
    return {COMMITMENT: Commitment.objects.filter(unit=unit, state__in=NOT_FINAL).exclude(turn__unit=unit)}


def ends(keys: Collection[Key], unit: Unit) -> set[Key]:
    """Of *keys*, the commitments of *unit* itself and the reports about them."""
    given = ids_of(keys, *TYPES)
    if not given:
        return set()
    own = set(Commitment.objects.filter(pk__in=given[COMMITMENT], unit=unit).values_list("pk", flat=True))
    reports = Report.objects.filter(pk__in=given[REPORT], commitment__unit=unit).values_list("pk", flat=True)
    return keys_of(COMMITMENT, own) | keys_of(REPORT, reports)


def rows(keys: Collection[Key], passing: Passing) -> Sequence[QuerySet[Any]]:
    """With all of the campaigns that pass, and both units' commitments where one's tasks go to the other's."""
    given = ids_of(keys, *TYPES)
    if not given:
        return []
    campaigns, commitments, reports = _given(given, passing)
    units = (passing.from_unit, passing.to_unit)
    beside = Q(campaign__in=commitments.filter(unit=passing.from_unit).values("campaign"), unit__in=units)
    standing = Commitment.objects.filter(Q(pk__in=given[COMMITMENT]) | Q(campaign__in=campaigns.values("pk")) | beside)
    return [
        campaigns,
        standing,
        Report.objects.filter(Q(pk__in=given[REPORT]) | Q(commitment__in=commitments.values("pk"))),
    ]


def _given(given: Mapping[str, Collection[UUID]], passing: Passing) -> Any:
    return (
        Campaign.objects.filter(pk__in=given[CAMPAIGN], host=passing.from_unit),
        Commitment.objects.filter(pk__in=given[COMMITMENT]),
        Report.objects.filter(pk__in=given[REPORT]),
    )


def take_over(keys: Collection[Key], passing: Passing) -> None:
    """Let what the unit hosted be the other's, and its own commitments end."""
    given, command = ids_of(keys, *TYPES), passing.command
    if not given:
        return
    campaigns, commitments, reports = _given(given, passing)
    for campaign in campaigns.order_by("pk"):
        campaign.host = command
        campaign.save(update_fields=["host"])
        campaign.commitments.update(host=command)
        passing.write(campaign)
    ending = set(commitments.filter(unit=passing.from_unit).values_list("pk", flat=True))
    for commitment in commitments.exclude(pk__in=ending).order_by("pk"):
        passing.write(commitment)
    for report in reports.exclude(commitment__in=ending).order_by("pk"):
        passing.write(report)
    _end(Commitment.objects.filter(pk__in=ending), passing)


def _end(commitments: QuerySet[Commitment], passing: Passing) -> None:
    """What was drafted beside one in force ends with it."""
    for unsigned in (False, True):
        states = UNSIGNED if unsigned else [state for state in NOT_FINAL if state not in UNSIGNED]
        for commitment in commitments.filter(state__in=states).order_by("pk"):
            passing.write(commitment)
            perform(
                commitment, "reorganize", by=SYSTEM, at=passing.at, note=passing.decision, successor=passing.to_unit
            )  # fmt: skip


def _open_reports(commitments: Collection[UUID]) -> QuerySet[Report]:
    done = (ReportState.ACCEPTED, ReportState.CLOSED)
    return Report.objects.filter(commitment__in=commitments).exclude(state__in=done)


FOLLOWER = Follower(together, rows, take_over, beside, ends)
