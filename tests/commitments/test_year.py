"""A year of a commitment: reports, results, scores, an objection, the ranking."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cchc.organization.models import Person
from cchc.workflow.actors import CLOCK
from cchc.workflow.engine import NotAllowed, Refused, perform
from cchc.workflow.models import Obligation
from commitments.domain.commitment import unanswered
from commitments.domain.evaluation import final_score
from commitments.domain.progress import Reached
from commitments.domain.ranking import differences
from commitments.models import Campaign, Commitment, Place, Ranking, Report, Score
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign, tasks
from tests.dialogues.factories import HANOI
from tests.factories import Force
from tests.kept import Kept


def on(month: int, day: int, year: int = 2020) -> datetime:
    return datetime(year, month, day, 10, tzinfo=HANOI)


def report_result(commitment: Commitment, place: int, value: str, done_on: date, by: Person, check: Person) -> Report:
    task = commitment.tasks.get(place=place)
    report = commitment.reports.get(task=task)
    at = datetime(done_on.year, done_on.month, done_on.day, 16, tzinfo=HANOI)
    report = perform(report, "submit", by=by, at=at, entries=[Reached(task, Decimal(value), done_on)])
    return perform(report, "accept", by=check, at=at)


@Kept
def evaluated(force: Force, upto: str = "scored") -> Commitment:
    made = commitment_at(force, "in_force")
    report_result(made, 1, "76", date(2020, 12, 10), force.unit_chief, force.secretary)
    report_result(made, 2, "95", date(2020, 12, 11), force.unit_chief, force.secretary)
    perform(made.campaign, "evaluate", by=force.secretary, at=on(12, 12))
    made.refresh_from_db()
    steps: dict[str, tuple[Person, datetime, dict[str, Any]]] = {
        "self_score": (force.unit_chief, on(12, 12), {"points": {criterion(made): Decimal(90)}}),
        "check": (force.secretary, on(12, 17), {"points": {criterion(made): Decimal("78.00")}}),
        "score": (force.leader, on(12, 24), {}),
    }
    for action, (by, at, data) in steps.items():
        made = perform(made, action, by=by, at=at, **data)
        if made.state == upto:
            break
    return made


def criterion(commitment: Commitment) -> int:
    return int(commitment.campaign.criteria.get().pk)


def test_a_commitment_in_force_owes_a_report_on_every_day(force: Force) -> None:
    made = commitment_at(force, "in_force")
    owed = Obligation.objects.open().filter(subject_type="commitments.report").order_by("due_on", "id")
    days = ["2020-03-25", "2020-06-25", "2020-09-25", "2020-12-10", "2020-12-10"]
    assert [each.due_on.isoformat() for each in owed] == days
    assert {each.unit_id for each in owed} == {made.unit_id}


def test_a_report_is_returned_and_submitted_again(force: Force) -> None:
    made = commitment_at(force, "in_force")
    report = made.reports.order_by("due_on").first()
    assert report is not None
    entries = [Reached(task, Decimal(40)) for task in made.tasks.all()]
    report = perform(report, "submit", by=force.unit_chief, at=on(3, 24), entries=entries, note="Đang làm.")
    report = perform(report, "return", by=force.secretary, at=on(3, 25), note="Thiếu minh chứng.")
    assert report.turn.role == "unit_chief"
    report = perform(report, "submit", by=force.unit_chief, at=on(3, 26), entries=entries[:1])
    assert report.entries.count() == 1
    assert perform(report, "accept", by=force.secretary, at=on(3, 27)).turn is None


@pytest.mark.parametrize("who", ["officer", "secretary", "stranger", "ward_chief", "leader"])
def test_only_the_unit_itself_reports(force: Force, who: str) -> None:
    report = commitment_at(force, "in_force").reports.first()
    with pytest.raises(NotAllowed):
        perform(report, "submit", by=force.people[who], at=on(3, 24), entries=[])


def test_points_are_computed_from_accepted_results_and_lateness(force: Force) -> None:
    made = evaluated(force, "checked")
    # 60 × 76/95 on its day; 40 × 1, a day late: × 0.75.
    assert Score.objects.filter(commitment=made, stage="automatic").newest()[0].points == Decimal("78.00")


def test_every_score_keeps_what_stood_before(force: Force) -> None:
    made = evaluated(force)
    given = [(each.stage, each.before, each.points) for each in made.scores.all()]
    assert given == [
        ("automatic", None, Decimal("78.00")),
        ("self", Decimal("78.00"), Decimal("90.00")),
        ("automatic", Decimal("90.00"), Decimal("78.00")),
        ("check", Decimal("78.00"), Decimal("78.00")),
        ("leader", Decimal("78.00"), Decimal("78.00")),
    ]
    assert final_score(made) == Decimal("78.0")


def test_an_objection_is_decided_with_new_points(force: Force) -> None:
    made = perform(evaluated(force), "object", by=force.unit_chief, at=on(12, 28), note="Minh chứng lưu tại xã.")
    assert made.turn.role == "leader"
    data = {"points": {criterion(made): Decimal("85.5")}}
    made = perform(made, "decide", by=force.leader, at=on(12, 30), note="Chấp nhận minh chứng.", **data)
    assert (made.state, final_score(made)) == ("final", Decimal("85.5"))


def test_objecting_ends_with_its_day_and_silence_settles(force: Force) -> None:
    made = evaluated(force)
    with pytest.raises(Refused):
        perform(made, "object", by=force.unit_chief, at=on(12, 31), note="Muộn.")
    assert unanswered(on(12, 30)) == []
    assert unanswered(on(12, 31)) == [made]
    assert perform(made, "settle", by=CLOCK, at=on(12, 31)).state == "final"


def published(force: Force) -> Ranking:
    made = perform(evaluated(force), "agree", by=force.unit_chief, at=on(12, 28))
    perform(made.campaign, "publish", by=force.leader, at=on(1, 5, 2021), document="01/TB-CATX-TH")
    return Ranking.objects.get()


def test_a_ranking_is_published_with_its_input_and_can_be_computed_again(force: Force) -> None:
    ranking = published(force)
    rows = ranking.places.order_by("commitment__unit__code").values_list(
        "commitment__unit__code", "overall", "score", "unranked"
    )
    assert list(rows) == [
        ("PHUONG", None, None, "unsigned"), ("QLHC", 1, Decimal("78.0"), ""), ("TH", None, None, "unsigned"),
    ]  # fmt: skip
    assert differences(ranking) == []
    assert set(Commitment.objects.values_list("state", flat=True)) == {"final", "lapsed"}


def test_what_was_only_drafted_ends_with_the_evaluation_and_takes_no_place(force: Force) -> None:
    opened = campaign(force)
    made = perform(
        commitment_at(force, "in_force", of=opened), "amend", by=force.unit_chief, at=AT, note="Chỉ tiêu mới."
    )
    perform(opened, "evaluate", by=force.secretary, at=on(12, 7))
    assert list(opened.commitments.order_by("version", "unit__code").values_list("unit__code", "state")) == [
        ("PHUONG", "lapsed"), ("QLHC", "self_due"), ("TH", "lapsed"), ("QLHC", "lapsed"),
    ]  # fmt: skip
    owed = Obligation.objects.open().filter(subject_type="commitments.commitment")
    assert [each.kind for each in owed] == ["self_score"]
    made.refresh_from_db()
    for action, by in (("self_score", force.unit_chief), ("check", force.secretary), ("score", force.leader)):
        made = perform(made, action, by=by, at=on(12, 9), points={criterion(made): Decimal(80)})
    perform(made, "agree", by=force.unit_chief, at=on(12, 28))
    perform(Campaign.objects.get(), "publish", by=force.leader, at=on(1, 5, 2021))
    assert Place.objects.get(unranked="").commitment == made
    assert not Obligation.objects.open().filter(subject_type__startswith="commitments.").exists()


@pytest.mark.parametrize("change", [{"score": Decimal(99)}, {"level": "Khác"}])
def test_a_published_place_is_never_changed(force: Force, change: dict[str, Any]) -> None:
    ranking = published(force)
    with pytest.raises(DatabaseError), transaction.atomic():
        Place.objects.filter(ranking=ranking).update(**change)


def test_publishing_waits_for_every_final_score(force: Force) -> None:
    made = evaluated(force)
    with pytest.raises(Refused):
        perform(made.campaign, "publish", by=force.leader, at=on(1, 5, 2021))


def test_a_reorganized_unit_ends_without_blame(force: Force) -> None:
    opened = campaign(force)
    made = commitment_at(force, "in_force", of=opened)
    ward = opened.commitments.get(unit=force.ward)
    made = perform(made, "terminate", by=force.secretary, at=on(2, 1), note="831/NQ-UBTVQH14", successor=force.ward)
    assert (made.state, made.taken_over_by) == ("terminated", ward)
    assert not Obligation.objects.open().filter(subject_type="commitments.report").exists()


def test_a_new_version_closes_the_reports_of_the_old_one(force: Force) -> None:
    first = perform(commitment_at(force, "in_force"), "amend", by=force.unit_chief, at=AT, note="Chỉ tiêu mới.")
    second = Commitment.objects.get(campaign=first.campaign, unit=first.unit, version=2)
    countersign(sign(second, force.unit_chief), force.leader)
    assert set(first.reports.values_list("state", flat=True)) == {"closed"}
    assert second.reports.filter(state="due").count() == 5


def test_cancelling_is_refused_once_somebody_has_signed(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")
    with pytest.raises(Refused):
        perform(signed.campaign, "cancel", by=force.leader, at=AT, note="Nhầm.")
    other = campaign(force, code="CK-2021")
    assert perform(other, "cancel", by=force.leader, at=AT, note="Nhầm.").state == "cancelled"
    assert set(other.commitments.values_list("state", flat=True)) == {"lapsed"}
    assert Campaign.objects.count() == 2


def test_the_sum_of_the_weights_is_checked_by_the_database_too(force: Force) -> None:
    draft = commitment_at(force)
    draft.tasks.filter(place=1).update(weight=Decimal(1))
    assert tasks(1)
    with pytest.raises(Refused):
        sign(draft, force.unit_chief)
