"""Random moves on a conference, a plan, a document asked for: the table alone decides, every move leaves its trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cchc.workflow.chain import verify
from cchc.workflow.engine import Refused, perform
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation
from dialogues.domain.conference import CONFERENCE_FLOW
from dialogues.domain.plan import PLAN_FLOW
from dialogues.domain.request import REQUEST_FLOW
from dialogues.models import Conference, Plan
from tests.dialogues.factories import MET, OPENED, conference_at, plan
from tests.dialogues.inspecting import inspection_at, request_of
from tests.factories import Force

WALK = settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
BY_LEADER = {"conclude", "cancel", "reopen"}


def steps(flow: Any) -> Any:
    return st.lists(st.sampled_from([row.action for row in flow.transitions]), max_size=12)


def walk(subject: Any, actions: list[str], force: Force, typed: Callable[[Any, int], dict[str, Any]]) -> None:
    """Try each action by whoever may; after each, what must hold is checked."""
    flow = flow_of(subject)
    for number, action in enumerate(actions):
        row = flow.row(action)
        by = force.leader if isinstance(subject, Conference) and action in BY_LEADER else force.secretary
        before, allowed = subject.state, subject.state in row.sources and not row.guard(subject)
        try:
            at, data = OPENED + timedelta(hours=number), typed(subject, number)
            subject = perform(subject, action, by=by, at=at, note="Theo chỉ đạo", **data)
        except Refused:
            assert not allowed
            subject.refresh_from_db()
            assert subject.state == before
        else:
            assert allowed
            assert subject.state in (row.targets if row.target else (before,))
        assert Event.objects.of(subject).count() == subject.moves
        open_ones = list(Obligation.objects.open().filter(subject_id=str(subject.pk)))
        assert open_ones == ([subject.turn] if subject.state in flow.owes else [])
    assert verify().ok


@pytest.mark.django_db
@WALK
@given(actions=steps(CONFERENCE_FLOW))
def test_a_conference(force: Force, actions: list[str]) -> None:
    def typed(conference: Conference, number: int) -> dict[str, Any]:
        day = MET + timedelta(days=7 + number)
        chair = force.leader if conference.chair == force.deputy else force.deputy
        return {"starts_at": day, "ends_at": day + timedelta(hours=3), "chair": chair}

    with transaction.atomic():
        walk(conference_at(force, "draft"), actions, force, typed)
        transaction.set_rollback(True)


@pytest.mark.django_db
@WALK
@given(actions=steps(PLAN_FLOW))
def test_a_plan(force: Force, actions: list[str]) -> None:
    with transaction.atomic():
        made: Plan = plan(force, issue=False)
        walk(made, actions, force, lambda plan, number: {})
        transaction.set_rollback(True)


@pytest.mark.django_db
@WALK
@given(actions=steps(REQUEST_FLOW))
def test_a_document_asked_for(force: Force, actions: list[str]) -> None:
    with transaction.atomic():
        walk(request_of(inspection_at(force), force), actions, force, lambda request, number: {})
        transaction.set_rollback(True)
