"""Moves that the clock makes (settings.CLOCK_MOVES), and what the worker does (settings.BACKGROUND_WORK)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.trouble import Part, work_off
from cchc.workflow.clock import move_all
from dialogues.domain.item import expired
from dialogues.models import Summary
from dialogues.overview import items, summary

MOST = 500  # in one round; the rest is found in the next
COUNTING = Part(
    "summary",
    _("Counting of conferences"),
    _("The overview counts by itself what is not counted yet, only slower. Read the worker's log."),
    # What the worker has not counted costs time alone: its failing is told, its waiting is not.
    lambda since: Summary.objects.none(),
)


def expire_published(at: datetime) -> int:
    """Close the answers whose askers kept silent through their term; returns how many."""
    return move_all(expired(at), "expire", at)


def count_conferences(at: datetime) -> int:
    """Count anew the conferences whose items have changed; returns how many parts of the work were done."""
    waiting = list(summary.stale().order_by("pk").values_list("pk", flat=True)[:MOST])
    parts = [waiting[n : n + summary.AT_ONCE] for n in range(0, len(waiting), summary.AT_ONCE)]
    return work_off(COUNTING, parts, lambda pks: summary.count(pks, items.described, items.BY, at) > 0, at)
