"""What the search box finds of commitments: campaigns, commitments by code or unit, registered tasks by their words."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cchc.organization.models import Person, Unit
from cchc.web.panels import Row, Text
from cchc.web.search import FoldedVector, matching
from cchc.web.sought import Sought
from commitments import presentation
from commitments.enums import CommitmentState
from commitments.models import Campaign, Commitment, Task

OF_COMMITMENT = ("code", "version", "state", "unit__name", "unit__short_name", "campaign__year")
OF_TASK = ("text", "direction", "target", "measure_unit", *(f"commitment__{name}" for name in OF_COMMITMENT))


def sought(person: Person, text: str, at: datetime) -> list[Sought]:
    """Whatever has all words of *text*, accents and case ignored, and *person* may see; the latest year first."""
    return [_commitments(person, text), _tasks(person, text), _campaigns(person, text)]


def _commitments(person: Person, text: str) -> Sought:
    named = Q(unit__in=Unit.objects.search(text).values("pk")) | Q(code__icontains=text.strip())
    standing = Commitment.objects.visible_to(person).exclude(state=CommitmentState.SUPERSEDED)
    found = standing.filter(named).order_by("-campaign__year", "unit__sort_key", "-version")
    return Sought("found-commitments", _("Commitments"), found, OF_COMMITMENT, _commitment_row)


def _commitment_row(commitment: Commitment) -> Row:
    year, unit = commitment.campaign.year, commitment.unit.name
    title = _("Commitment for %(year)s, %(unit)s") % {"year": year, "unit": unit}
    return _row(commitment, title, presentation.COMMITMENT_STATES[commitment.state].label)


def _tasks(person: Person, text: str) -> Sought:
    own = Commitment.objects.visible_to(person).exclude(state=CommitmentState.SUPERSEDED)
    found = Task.objects.search(text).filter(commitment__in=own.values("pk"))
    rows = found.order_by("-commitment__campaign__year", "commitment__unit__sort_key", "place", "id")
    return Sought("found-tasks", _("Registered tasks"), rows, OF_TASK, _task_row)


def _task_row(task: Task) -> Row:
    return _row(task.commitment, task.text, task.commitment.unit.short_name, presentation.target(task))


def _campaigns(person: Person, text: str) -> Sought:
    seen = Campaign.objects.visible_to(person).newest_first().alias(search=FoldedVector("code", "title"))
    fields = ("code", "title", "state", "host__short_name")
    return Sought("found-campaigns", _("Campaigns of commitments"), matching(seen, text), fields, _campaign_row)


def _campaign_row(campaign: Campaign) -> Row:
    address, shown = reverse("campaign_show", args=[campaign.code]), presentation.CAMPAIGN_STATES[campaign.state]
    meta = (campaign.host.short_name, shown.label)
    return Row(campaign.title, address, glyph="pen", code=campaign.code, meta=meta)


def _row(commitment: Commitment, title: str, *meta: Text) -> Row:
    shown, address = presentation.COMMITMENT_STATES[commitment.state], reverse("commitment_show", args=[commitment.pk])
    return Row(title, address, shown.glyph, shown.tone, shown.label, code=str(commitment), meta=meta)
