"""Documents asked for by a delegation follow to another unit when theirs has ended."""

from __future__ import annotations

from cchc.followup.domain.handover import beside, confirm
from cchc.workflow.models import Event
from dialogues.domain.request import move
from dialogues.models import Conference, Request
from tests.dialogues.inspecting import head_of, inspection_at, request_of
from tests.factories import Force
from tests.followup.reorganizing import DECISION, NOW, dissolve_town, merge


def test_what_a_team_was_asked_for_is_its_successors(force: Force) -> None:
    inspection = inspection_at(force)
    asked, given = request_of(inspection, force), request_of(inspection, force, "handed_in")
    ended = merge(force.qlhc, force.ward)
    assert beside(ended) == set()
    confirm(ended, force.ward, DECISION, by=force.secretary, at=NOW)
    now = Request.objects.select_related("turn").get(pk=asked.pk)
    assert now.turn is not None
    assert (now.unit, now.turn.unit) == (force.ward, force.ward)
    assert Event.objects.of(now).newest_first()[0].action == "hand_over"
    assert Request.objects.get(pk=given.pk).unit == force.qlhc
    assert move(now, "hand_in", by=force.ward_chief, at=NOW, note="Nộp bản giấy").state == "handed_in"


def test_an_inspection_goes_with_what_it_asked_for(force: Force) -> None:
    inspection = inspection_at(force)
    asked = request_of(inspection, force)
    assert head_of(inspection).pk
    ended = dissolve_town(force)
    confirm(ended, force.next_town, DECISION, by=force.provincial_secretary, at=NOW)
    assert Conference.objects.get(pk=inspection.pk).host == force.next_town
    assert Request.objects.get(pk=asked.pk).host == force.next_town
