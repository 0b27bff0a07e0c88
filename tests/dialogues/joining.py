"""The same issue before the unit above from three towns, for tests of what becomes of it when it is joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dialogues.models import Escalation
from tests.dialogues.factories import escalation_at, neighbor, step
from tests.factories import Force

FIRST, SECOND, THIRD = date(2020, 2, 14), date(2020, 2, 7), date(2020, 2, 21)


def three_towns(force: Force) -> list[Force]:
    return [force, neighbor(force, "CATX3"), neighbor(force, "CATX4")]


def received_from(towns: Sequence[Force]) -> list[Escalation]:
    """Of each town one, wished by different days."""
    days = zip(towns, (FIRST, SECOND, THIRD), strict=True)
    return [escalation_at(town, "received", requested_on=day) for town, day in days]


def joined(three: Sequence[Escalation], force: Force) -> tuple[Escalation, list[Escalation]]:
    """The first leads the others."""
    lead = three[0]
    members = [step(each, "join", force, lead=lead) for each in three[1:]]
    return fresh(lead), members


def fresh(made: Escalation) -> Escalation:
    return Escalation.objects.get(pk=made.pk)
