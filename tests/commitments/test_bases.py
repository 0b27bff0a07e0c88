"""Every due date of campaigns, commitments and reports says where it comes from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from cchc.followup.domain.explain import basis_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from cchc.workflow.flow import FLOWS, Owed
from cchc.workflow.models import Obligation
from commitments import bases
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign
from tests.dialogues.factories import HANOI
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db


def words(obligation: Obligation | None) -> str:
    assert obligation is not None
    basis = basis_of(obligation)
    assert basis is not None
    return str(basis.words)


def test_every_step_that_is_no_plain_term_has_its_words() -> None:
    """And those alone: a plain term says its working days."""
    given = {
        owed.kind
        for name in ("commitments.campaign", "commitments.commitment", "commitments.report")
        for owed in FLOWS[name].owes.values()
        if isinstance(owed, Owed) and owed.due
    }
    assert given == {*bases.STEPS, "evaluate", "publish", "report_progress"}


def test_the_steps_of_a_year(force: Force) -> None:
    made = campaign(force, opened=False)
    assert words(made.turn) == str(bases.PASSED), "it was to open on 16/12/2019"
    made = perform(made, "open", by=force.leader, at=AT)
    assert words(made.turn) == str(bases.EVALUATE)
    draft = commitment_at(force, of=made)
    assert words(draft.turn) == str(bases.STEPS["sign"][1])
    signed = sign(draft, force.unit_chief)
    assert signed.turn is not None and basis_of(signed.turn) is None, "three working days"
    done = countersign(signed, force.leader)
    reports = done.reports.order_by("due_on")
    assert {words(each.turn) for each in reports if each.task_id} == {str(bases.RESULT)}
    assert {words(each.turn) for each in reports if not each.task_id} == {str(bases.REPORTING)}
    made = perform(made, "evaluate", by=force.secretary, at=AT)
    due = made.turn
    assert due is not None and words(due) == str(bases.PUBLISH)
    basis = basis_of(due)
    assert basis is not None and calendar().due(basis.start, 3) == due.due_on
    done.refresh_from_db()
    assert words(done.turn) == str(bases.STEPS["self_score"][1])


def test_a_turn_that_came_after_its_day_says_so(force: Force) -> None:
    late = datetime(2020, 3, 2, 9, tzinfo=HANOI)
    made = perform(campaign(force, opened=False), "open", by=force.leader, at=late)
    turn = made.commitments.get(unit=force.th).turn
    assert turn is not None and turn.due_on == date(2020, 3, 2)
    assert words(turn) == str(bases.PASSED)


def test_the_pages_explain_it(force: Force, django_assert_num_queries: Any) -> None:
    done = commitment_at(force, "in_force")
    report = done.reports.order_by("due_on", "id").first()
    assert report is not None
    client = signed_in(force.unit_chief)
    page = client.get(reverse("report_show", args=[report.pk]))
    assert page.context["counted"].basis == bases.REPORTING
    assert f"/duties/{report.turn_id}/" in page.content.decode()
    assert client.get(f"/duties/{report.turn_id}/").context["explained"].basis == bases.REPORTING
    ward = done.campaign.commitments.get(unit=force.ward)
    page = signed_in(force.ward_chief).get(reverse("commitment_show", args=[ward.pk]))
    assert page.context["counted"].basis == bases.STEPS["sign"][1]
    page = signed_in(force.leader).get(reverse("campaign_show", args=[done.campaign.code]))
    assert page.context["counted"].basis == bases.EVALUATE
