"""What the search box finds of commitments: campaigns, commitments by code or unit, registered tasks by their words."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cchc.organization.models import Person, Unit
from cchc.web.panels import Panel, Row, Text
from cchc.web.search import FoldedVector, matching
from commitments import presentation
from commitments.enums import CommitmentState
from commitments.models import Campaign, Commitment, Task

FOUND = 8


def search(person: Person, text: str, at: datetime) -> list[Panel]:
    """Whatever has all words of *text*, accents and case ignored, and *person* may see; the latest year first."""
    return [_commitments(person, text), _tasks(person, text), _campaigns(person, text)]


def _commitments(person: Person, text: str) -> Panel:
    named = Q(unit__in=Unit.objects.search(text).values("pk")) | Q(code__icontains=text.strip())
    standing = Commitment.objects.visible_to(person).exclude(state=CommitmentState.SUPERSEDED)
    found = standing.filter(named).select_related("unit", "campaign").defer("content", "campaign__content")
    rows = [
        _row(
            each,
            _("Commitment for %(year)s, %(unit)s") % {"year": each.campaign.year, "unit": each.unit.name},
            presentation.COMMITMENT_STATES[each.state].label,
        )
        for each in found.order_by("-campaign__year", "unit__sort_key", "-version")[:FOUND]
    ]
    return Panel("found-commitments", _("Commitments"), rows)


def _tasks(person: Person, text: str) -> Panel:
    own = Commitment.objects.visible_to(person).exclude(state=CommitmentState.SUPERSEDED)
    found = Task.objects.search(text).filter(commitment__in=own.values("pk"))
    wanted = ("commitment__unit", "commitment__campaign")
    found = found.select_related(*wanted).defer("commitment__content", "commitment__campaign__content")
    rows = [
        _row(each.commitment, each.text, each.commitment.unit.short_name, presentation.target(each))
        for each in found.order_by("-commitment__campaign__year", "commitment__unit__sort_key", "place", "id")[:FOUND]
    ]
    return Panel("found-tasks", _("Registered tasks"), rows)


def _campaigns(person: Person, text: str) -> Panel:
    seen = Campaign.objects.visible_to(person).newest_first().defer("content")
    found = matching(seen.alias(search=FoldedVector("code", "title")), text)[:FOUND]
    rows = [
        Row(
            each.title,
            reverse("campaign_show", args=[each.code]),
            glyph="pen",
            code=each.code,
            meta=(each.host.short_name, presentation.CAMPAIGN_STATES[each.state].label),
        )
        for each in found
    ]
    return Panel("found-campaigns", _("Campaigns of commitments"), rows)


def _row(commitment: Commitment, title: str, *meta: Text) -> Row:
    shown, address = presentation.COMMITMENT_STATES[commitment.state], reverse("commitment_show", args=[commitment.pk])
    return Row(title, address, shown.glyph, shown.tone, shown.label, code=str(commitment), meta=meta)
