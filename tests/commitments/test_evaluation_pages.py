"""Pages of the evaluation: points side by side, given by each stage, objected to once; the rows behind a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cchc.organization.models import Person
from cchc.workflow.engine import perform
from commitments.domain.campaign import Terms, set_terms
from commitments.enums import Scoring
from commitments.models import Campaign, Commitment, Score
from tests.commitments.factories import LEVELS, campaign, commitment_at
from tests.commitments.test_year import criterion, evaluated, on, report_result
from tests.dialogues.factories import item_at
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db


def show(commitment: Commitment) -> str:
    return reverse("evaluation_show", args=[commitment.pk])


def do(commitment: Commitment, action: str) -> str:
    return f"{reverse('commitment_show', args=[commitment.pk])}do/{action}/"


def self_due(force: Force, of: Campaign | None = None) -> Commitment:
    made = commitment_at(force, "in_force", of=of)
    report_result(made, 1, "76", date(2020, 12, 10), force.unit_chief, force.secretary)
    report_result(made, 2, "95", date(2020, 12, 11), force.unit_chief, force.secretary)
    perform(made.campaign, "evaluate", by=force.secretary, at=on(12, 12))
    made.refresh_from_db()
    return made


def mixed(force: Force) -> Campaign:
    """Tasks, answers, promises and a judged criterion."""
    made = campaign(force, opened=False)
    criteria = [
        ("Nhiệm vụ", Scoring.TASKS, Decimal(50)), ("Trả lời", Scoring.ANSWERS, Decimal(20)),
        ("Lời hứa", Scoring.PROMISES, Decimal(20)), ("Phối hợp", Scoring.JUDGED, Decimal(10)),
    ]  # fmt: skip
    groups = [("Đội", [force.qlhc, force.th])]
    made = set_terms(made, Terms(criteria, LEVELS, groups), by=force.secretary, at=on(1, 2))
    return perform(made, "open", by=force.leader, at=on(1, 2))


def typed(commitment: Commitment, points: str = "80", **more: Any) -> dict[str, Any]:
    rows = {f"points-{each.pk}": points for each in commitment.campaign.criteria.all()}
    return {"seen": commitment.moves, "note": "", **rows, **more}


# --- Giving points ----------------------------------------------------------------------------------------------------
def test_from_the_unit_to_a_decided_objection_by_the_pages(force: Force) -> None:
    made = self_due(force, campaign(force, object_by=date(2999, 12, 30)))
    steps: list[tuple[str, Person, dict[str, Any]]] = [
        ("self_score", force.unit_chief, typed(made, "90,5")),
        ("check", force.secretary, typed(made, "78")),
        ("send_back", force.secretary, {"note": "Tự chấm lại."}),
        ("self_score", force.unit_chief, typed(made, "85")),
        ("check", force.secretary, typed(made, "79")),
        ("score", force.leader, typed(made, "79")),
    ]
    for action, who, data in steps:
        made.refresh_from_db()
        response = signed_in(who).post(do(made, action), {**data, "seen": made.moves})
        assert response.status_code == 302, (action, response.status_code)
    made.refresh_from_db()
    assert made.state == "scored"
    chief = signed_in(force.unit_chief)
    assert chief.post(do(made, "object"), {"seen": made.moves, "note": "Còn minh chứng."}).url == show(made)
    made.refresh_from_db()
    leader = signed_in(force.leader)
    assert "Còn minh chứng." in text_of(leader.get(do(made, "decide")))
    assert leader.post(do(made, "decide"), typed(made, "85.5")).status_code == 400  # no reason
    assert leader.post(do(made, "decide"), typed(made, "85.5", note="Chấp nhận.")).status_code == 302
    page = chief.get(show(made))
    assert page.context["total"] == "85,5" and page.context["level"] == "Hoàn thành tốt nhiệm vụ"
    cells = [(cell.score.stage, cell.points) for cell in page.context["rows"][0].cells]
    assert cells == [
        ("automatic", "78"), ("self", "85"), ("check", "79"), ("leader", "79"), ("objection", "85,5"),
    ]  # fmt: skip
    _score, before, after = page.context["history"][0]
    assert (before, after) == ("79", "85,5")
    assert len(page.context["history"]) == Score.objects.filter(commitment=made).count()
    for words in ("Còn minh chứng.", "Chấp nhận.", force.leader.full_name):
        assert words in text_of(page)


@pytest.mark.parametrize("points", ["", "x", "-1", "100,01", "1,234"])
def test_bad_points_are_named_and_kept(force: Force, points: str) -> None:
    made = self_due(force)
    response = signed_in(force.unit_chief).post(do(made, "self_score"), typed(made, points, note="Chữ đã gõ."))
    assert response.status_code == 400
    assert f"points-{criterion(made)}" in response.context["form"].errors
    assert "Chữ đã gõ." in text_of(response)
    assert Commitment.objects.get(pk=made.pk).state == "self_due"


def test_the_slower_one_is_told_and_keeps_what_he_typed(force: Force) -> None:
    made = evaluated(force, "checked")
    client = signed_in(force.leader)
    perform(made, "score", by=force.deputy, at=on(12, 24), points={criterion(made): Decimal(70)})
    response = client.post(do(made, "score"), typed(made, "81,25", note="Ý kiến tôi đã gõ."))
    assert response.status_code == 409
    page = text_of(response)
    assert "81,25" in page and "Ý kiến tôi đã gõ." in page and force.deputy.full_name in page


def test_each_step_belongs_to_its_people(force: Force) -> None:
    made = self_due(force)
    for who in (force.officer, force.secretary, force.leader, force.inspector):
        assert signed_in(who).get(do(made, "self_score")).status_code == 403
    assert signed_in(force.unit_chief).get(do(made, "self_score")).status_code == 200
    assert signed_in(force.secretary).get(do(made, "check")).status_code == 409
    for who in (force.stranger, force.ward_chief, force.next_leader, force.administrator):
        for page in (show(made), do(made, "self_score"), reverse("evaluation_rows", args=[made.pk, criterion(made)])):
            assert signed_in(who).get(page).status_code == 404


def test_objecting_is_refused_after_its_day_on_the_button_and_by_the_post(force: Force) -> None:
    made = evaluated(force)  # its day was in 2020
    client = signed_in(force.unit_chief)
    offered = {each.action: bool(each.reason) for each in client.get(show(made)).context["offers"]}
    assert offered == {"agree": False, "object": True}
    assert client.post(do(made, "object"), {"seen": made.moves, "note": "Muộn."}).status_code == 409
    assert client.post(do(made, "agree"), {"seen": made.moves}).status_code == 302
    assert Commitment.objects.get(pk=made.pk).state == "final"


# --- What awaits whom -------------------------------------------------------------------------------------------------
def test_it_awaits_each_in_turn(force: Force) -> None:
    made = self_due(force)
    turns: list[tuple[str, Person, str]] = [
        ("self_score", force.unit_chief, do(made, "self_score")),
        ("check", force.secretary, do(made, "check")),
        ("score", force.leader, do(made, "score")),
        ("", force.unit_chief, show(made)),
    ]
    for action, who, address in turns:
        assert f'href="{address}"' in text_of(signed_in(who).get("/")), address
        if action:
            made.refresh_from_db()
            assert signed_in(who).post(address, typed(made)).status_code == 302
    made.refresh_from_db()
    perform(made, "object", by=force.unit_chief, at=on(12, 28), note="Chưa đúng.")
    assert f'href="{do(made, "decide")}"' in text_of(signed_in(force.leader).get("/"))


# --- The rows behind a number -----------------------------------------------------------------------------------------
def test_a_computed_number_opens_the_results_it_counts(force: Force) -> None:
    made = self_due(force)
    page = signed_in(force.officer).get(reverse("evaluation_rows", args=[made.pk, criterion(made)]))
    assert page.context["points"] == "78"
    rows = [
        (each.task.place, reached, each.late, own) for each, _target, reached, own, _weight in page.context["tasks"]
    ]
    assert rows == [(1, "76%", False, "48"), (2, "95%", True, "30")]
    for report in made.reports.filter(state="accepted"):
        assert reverse("report_show", args=[report.pk]) in text_of(page)


def test_answers_and_promises_open_the_steps_that_were_owed(force: Force) -> None:
    item = item_at(force, "prepared")  # prepared by the team QLHC in the year
    made = self_due(force, of=mixed(force))
    ids = {each.name: each.pk for each in made.campaign.criteria.all()}
    client = signed_in(force.secretary)
    page = client.get(reverse("evaluation_rows", args=[made.pk, ids["Trả lời"]]))
    assert [duty.subject_id for duty, _link, _late in page.context["duties"]] == [str(item.pk)]
    assert page.context["counted"] == {"asked": 1, "on_time": 1}
    assert reverse("item_show", args=[item.pk]) in text_of(page)
    assert client.get(reverse("evaluation_rows", args=[made.pk, ids["Lời hứa"]])).context["duties"] == []
    for wrong in (ids["Phối hợp"], 0, 10**30):
        assert client.get(reverse("evaluation_rows", args=[made.pk, wrong])).status_code == 404
    sheet = client.get(show(made))
    assert [row.points for row in sheet.context["rows"]] == ["78", "100", "100", ""]
    assert sheet.context["total"] == ""  # the judged one has no points yet


def test_before_the_evaluation_the_criteria_stand_there(force: Force) -> None:
    made = commitment_at(force, "in_force")
    page = signed_in(force.unit_chief).get(show(made))
    assert (page.status_code, page.context["stages"]) == (200, [])
    assert (
        signed_in(force.unit_chief).get(reverse("evaluation_rows", args=[made.pk, criterion(made)])).context["points"]
        == "0"
    )


# --- Costs ------------------------------------------------------------------------------------------------------------
def test_queries(force: Force, django_assert_num_queries: Any) -> None:
    made = self_due(force, of=mixed(force))
    client = signed_in(force.unit_chief)
    client.get(show(made))
    with django_assert_num_queries(10):
        client.get(show(made))
    assert client.post(do(made, "self_score"), typed(made)).status_code == 302
    client.get(show(made))
    with django_assert_num_queries(10):
        client.get(show(made))
    address = reverse("evaluation_rows", args=[made.pk, made.campaign.criteria.first().pk])
    with django_assert_num_queries(10):
        client.get(address)
