"""The numbers that follow-up shows in the frame of every page, counted in one question."""

from __future__ import annotations

from django.utils import timezone

from cchc.followup.domain.handover import queue
from cchc.followup.domain.overdue import overdue
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import CONFIRM_HANDOVER, OVERSEE
from cchc.web import counting
from cchc.workflow.models import Notice

MOST = 99  # "99+" above


def unread(person: Person) -> int:
    """How many notices wait to be read, counted up to a hundred."""
    return _numbers(person)["unread"]


def late(person: Person) -> int:
    """How much late work *person* oversees, counted up to a hundred."""
    return _numbers(person).get("late", 0)


def left(person: Person) -> int:
    """How many duties of units that have ended wait for *person* to hand them over, counted up to a hundred."""
    return _numbers(person).get("left", 0)


def _numbers(person: Person) -> dict[str, int]:
    """Counted once per request."""
    found: dict[str, int] | None = getattr(person, "_numbers", None)
    if found is None:
        wanted = {"unread": Notice.objects.visible_to(person).unread()}
        if access.holds(person, OVERSEE):
            wanted["late"] = overdue(person, timezone.localdate())  # type: ignore[assignment]
        if access.holds(person, CONFIRM_HANDOVER):
            wanted["left"] = queue(person, timezone.localdate())  # type: ignore[assignment]
        found = counting.bounded(wanted, MOST)
        person._numbers = found  # type: ignore[attr-defined]
    return found
