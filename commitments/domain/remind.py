"""Who may remind the units of a campaign with a click, and of what."""

from __future__ import annotations

from django.db.models import Max, OuterRef, QuerySet, Subquery

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.models import Capacity, Notice, Obligation
from commitments import permissions
from commitments.enums import CampaignState
from commitments.models import Campaign, Commitment

RUNNING = (CampaignState.OPEN, CampaignState.EVALUATING)
RIGHTS = (permissions.PREPARE_CAMPAIGN, permissions.DIRECT_CAMPAIGN)


def may_remind(campaign: Campaign, person: Person) -> bool:
    """The host's secretary and leaders, as long as something can be owed."""
    return campaign.state in RUNNING and any(access.can(person, right, campaign.host) for right in RIGHTS)


def turns_of(commitments: QuerySet[Commitment], person: Person) -> QuerySet[Obligation]:
    """What is owed on *commitments* now by others than *person*."""
    open_ones = Obligation.objects.open()
    own = open_ones.owed_by(person).values("pk")
    return open_ones.filter(pk__in=commitments.order_by().values("turn")).exclude(pk__in=own)


def with_reminders(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Each with when the owners of its present turn were last reminded, by the clock or by hand (*reminded_at*)."""
    told = Notice.objects.filter(obligation=OuterRef("turn"), capacity=Capacity.OWNER).order_by().values("obligation")
    return commitments.annotate(reminded_at=Subquery(told.annotate(last=Max("told_at")).values("last")))
