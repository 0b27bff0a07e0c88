"""How documents asked for by a delegation follow when the work of a unit that has ended passes to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from cchc.organization.models import Unit
from cchc.workflow.handing import Follower, Key, Passing, ids_of, keys_of
from dialogues.enums import RequestState
from dialogues.models import Request

REQUEST, CONFERENCE = "dialogues.request", "dialogues.conference"


def together(keys: Collection[Key], unit: Unit) -> set[Key]:
    """With an inspection go the documents that are still asked for."""
    conferences = ids_of(keys, CONFERENCE)[CONFERENCE]
    of_them = Request.objects.filter(host=unit, state=RequestState.ASKED, conference__in=conferences)
    return {*keys, *keys_of(REQUEST, of_them.values_list("pk", flat=True))}


def beside(unit: Unit) -> dict[str, QuerySet[Any]]:
    """What the unit's inspection asked of others."""
    return {REQUEST: Request.objects.filter(host=unit, state=RequestState.ASKED).exclude(turn__unit=unit)}


def rows(keys: Collection[Key], passing: Passing) -> Sequence[QuerySet[Any]]:
    return [Request.objects.filter(pk__in=ids_of(keys, REQUEST)[REQUEST])]


def take_over(keys: Collection[Key], passing: Passing) -> None:
    """Let the documents of *keys* be owed by, and to, the other unit where it was the one that has ended."""
    (requests,) = rows(keys, passing)
    for request in requests.order_by("pk"):
        if request.unit_id == passing.from_unit.pk:
            request.unit = passing.to_unit
        if request.host_id == passing.from_unit.pk:
            request.host = passing.command
        request.save(update_fields=["unit", "host"])
        passing.write(request)


FOLLOWER = Follower(together, rows, take_over, beside)
