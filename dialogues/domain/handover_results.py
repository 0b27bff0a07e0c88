"""How open surveys and practices follow when the work of a unit that has ended passes to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from cchc.organization.models import Unit
from cchc.workflow.handing import Follower, Key, Passing, ids_of, keys_of
from dialogues.enums import PracticeState, SurveyState
from dialogues.models import Practice, Survey

SURVEY, PRACTICE, CONFERENCE = "dialogues.survey", "dialogues.practice", "dialogues.conference"
OPEN_PRACTICES = (PracticeState.PROPOSED, PracticeState.RETURNED)


def together(keys: Collection[Key], unit: Unit) -> set[Key]:
    """With a conference go the surveys of it that still take answers."""
    conferences = ids_of(keys, CONFERENCE)[CONFERENCE]
    of_them = Survey.objects.filter(host=unit, state=SurveyState.OPEN, conference__in=conferences)
    return {*keys, *keys_of(SURVEY, of_them.values_list("pk", flat=True))}


def beside(unit: Unit) -> dict[str, QuerySet[Any]]:
    """What the unit proposed and another command reviews, and the other way round, while it is the other's turn."""
    part = Q(unit=unit) | Q(host=unit)
    return {PRACTICE: Practice.objects.filter(part, state__in=OPEN_PRACTICES).exclude(turn__unit=unit)}


def rows(keys: Collection[Key], passing: Passing) -> Sequence[QuerySet[Any]]:
    given = ids_of(keys, SURVEY, PRACTICE)
    return [Survey.objects.filter(pk__in=given[SURVEY]), Practice.objects.filter(pk__in=given[PRACTICE])]


def take_over(keys: Collection[Key], passing: Passing) -> None:
    """Let the surveys and practices of *keys* be the other unit's where they were the unit's that has ended."""
    surveys, practices = rows(keys, passing)
    for survey in surveys.order_by("pk"):
        if survey.host_id == passing.from_unit.pk:
            survey.host = passing.command
            survey.save(update_fields=["host"])
        passing.write(survey)
    for practice in practices.order_by("pk"):
        if practice.unit_id == passing.from_unit.pk:
            practice.unit = passing.to_unit
        if practice.host_id == passing.from_unit.pk:
            practice.host = passing.command
        practice.save(update_fields=["unit", "host"])
        passing.write(practice)


FOLLOWER = Follower(together, rows, take_over, beside)
