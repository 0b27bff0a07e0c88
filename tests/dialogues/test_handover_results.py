"""Surveys and good practices follow to another unit when theirs has ended."""

from __future__ import annotations

from cchc.followup.domain.handover import beside, confirm, plan
from cchc.workflow.engine import perform
from cchc.workflow.models import Event
from dialogues.models import Practice, Survey
from tests.dialogues.factories import conference_at
from tests.dialogues.results import practice_at, survey_at
from tests.factories import Force
from tests.followup.reorganizing import DECISION, NOW, dissolve_town, merge


def test_what_a_team_had_to_complete_goes_to_its_successor(force: Force) -> None:
    practice, waiting = practice_at(force, "returned"), practice_at(force, "proposed")
    ended = merge(force.qlhc, force.ward)
    assert beside(ended) == {("dialogues.practice", str(waiting.pk))}
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    now = Practice.objects.select_related("turn").get(pk=practice.pk)
    assert now.turn is not None
    assert (now.unit, now.turn.unit, now.host) == (force.ward, force.ward, force.town)
    assert Event.objects.of(now).newest_first()[0].action == "hand_over"
    assert perform(now, "propose", by=force.ward_chief, at=NOW).state == "proposed"


def test_what_a_command_ran_goes_to_the_next_command(force: Force) -> None:
    survey = survey_at(force, conference=conference_at(force, "collecting"))
    practice = practice_at(force, "proposed")
    ended = dissolve_town(force)
    assert ("dialogues.survey", str(survey.pk)) in plan(ended, None).keys
    confirm(ended, force.next_town, DECISION, by=force.provincial_secretary, at=NOW)
    survey, practice = Survey.objects.select_related("turn").get(), Practice.objects.get(pk=practice.pk)
    assert survey.turn is not None
    assert (survey.host, survey.turn.unit, practice.host) == (force.next_town, force.next_town, force.next_town)
