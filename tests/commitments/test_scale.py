"""What a campaign costs does not grow with its units: literal numbers of statements at 1, 3 and 60 of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cchc.documents.models.paper import keep
from cchc.organization.models import Unit
from cchc.workflow.chain import verify
from cchc.workflow.engine import perform
from cchc.workflow.models import Obligation
from commitments.domain.campaign import Terms, set_terms
from commitments.domain.draft import digest_of
from commitments.domain.evaluation import computed, computed_of_all, final_score, final_scores
from commitments.domain.ranking import differences, gather
from commitments.enums import Scoring
from commitments.models import Campaign, Commitment, Ranking, Score, Task
from tests.commitments.factories import AT, LEVELS, WHEN, campaign, tasks
from tests.dialogues.pages import signed_in
from tests.factories import Force

COUNTS = pytest.mark.parametrize("count", [1, 3, 60])


def prepared(force: Force, count: int, **fields: Any) -> Campaign:
    """A campaign in preparation for so many teams of the town, scored by tasks and by answers."""
    teams = Unit.objects.bulk_create(
        Unit(code=f"D{n:02d}", name=f"Đội {n}", short_name=f"D{n}", sort_key=f"{n:02d}", kind="team", parent=force.town)
        for n in range(count)
    )
    for each in teams:
        each.path, each.command = f"{force.town.path}{each.pk}.", force.town
    Unit.objects.bulk_update(teams, ["path", "command"])
    criteria = [("Nhiệm vụ", Scoring.TASKS, Decimal(70)), ("Trả lời", Scoring.ANSWERS, Decimal(30))]
    terms = Terms(criteria, LEVELS, [("Đội", teams)])
    return set_terms(campaign(force, opened=False, **fields), terms, by=force.secretary, at=AT)


def in_force(force: Force, count: int, **fields: Any) -> Campaign:
    """All of them in force with two tasks each, as rows: sixty walks would take a minute."""
    made = perform(prepared(force, count, **fields), "open", by=force.leader, at=AT)
    Task.objects.bulk_create(
        Task(commitment=each, place=place, **vars(task))
        for each in made.commitments.all()
        for place, task in enumerate(tasks(), 1)
    )
    text = "{}"
    made.commitments.update(
        state="in_force", in_force_at=AT, content=text, digest=digest_of(text), paper=keep(b"%PDF-1.7 paper", AT)
    )
    return made


def scored(force: Force, count: int, **fields: Any) -> Campaign:
    """All of them final, every tenth with the same points."""
    made = perform(in_force(force, count, **fields), "evaluate", by=force.secretary, at=WHEN["evaluate"])
    Score.objects.bulk_create(
        Score(commitment=each, criterion=criterion, stage="leader", points=n % 10 * 10, by=force.leader, at=AT)
        for n, each in enumerate(made.commitments.order_by("unit__code"))
        for criterion in made.criteria.all()
    )
    made.commitments.update(state="final", turn=None)
    return made


@COUNTS
def test_opening(force: Force, count: int, django_assert_num_queries: Any) -> None:
    made = prepared(force, count)
    with django_assert_num_queries(24):
        perform(made, "open", by=force.leader, at=AT)
    drafts = Commitment.objects.filter(campaign=made, state="draft", turn__kind="sign", turn__settled_at=None)
    assert drafts.count() == count
    assert verify().ok


@COUNTS
def test_the_board(force: Force, count: int, django_assert_num_queries: Any) -> None:
    made, client = in_force(force, count), signed_in(force.secretary)
    address = reverse("campaign_show", args=[made.code])
    client.get(address)
    with django_assert_num_queries(12):
        page = client.get(address, {"q": "Đội"})
    assert len(page.context["rows"]) == min(count, 25)


@COUNTS
def test_beginning_the_evaluation(force: Force, count: int, django_assert_num_queries: Any) -> None:
    made = in_force(force, count)
    with django_assert_num_queries(33):
        perform(made, "evaluate", by=force.secretary, at=WHEN["evaluate"])
    owing = Commitment.objects.filter(campaign=made, state="self_due", turn__kind="self_score")
    assert (owing.count(), Score.objects.filter(stage="automatic").count()) == (count, 2 * count)


@COUNTS
def test_the_ranking(force: Force, count: int, django_assert_num_queries: Any) -> None:
    made = scored(force, count, late_deduction=Decimal("0.5"))
    with django_assert_num_queries(6):
        gather(made)
    with django_assert_num_queries(23):
        perform(made, "publish", by=force.leader, at=WHEN["publish"])
    ranking = Ranking.objects.get(campaign=made)
    assert ranking.places.count() == count
    with django_assert_num_queries(1):
        assert differences(ranking) == []


def test_many_are_computed_as_each_is(force: Force) -> None:
    made = in_force(force, 3, late_deduction=Decimal("0.5"))
    for number, each in enumerate(made.commitments.order_by("unit__code")):
        owe(each.unit, on_time=3 * number, late=number)
    commitments = list(made.commitments.order_by("unit__code"))
    for criterion in made.criteria.all():
        found = computed_of_all(commitments, criterion)
        assert [found[each.pk] for each in commitments] == [computed(each, criterion) for each in commitments]
    answers = made.criteria.get(scoring=Scoring.ANSWERS)
    points = [computed_of_all(commitments, answers)[each.pk][0] for each in commitments]
    assert points == [Decimal(100), Decimal(75), Decimal(75)]
    perform(made, "evaluate", by=force.secretary, at=WHEN["evaluate"])
    scores = final_scores(made, commitments)
    # Nothing was reported; 30 of 100 for the answers, half a point off for each that was late.
    assert [scores[each.pk] for each in commitments] == [
        (Decimal("30.0"), Decimal("0.0")), (Decimal("22.0"), Decimal("0.5")), (Decimal("21.5"), Decimal("1.0"))
    ]  # fmt: skip
    assert [final_score(each) for each in commitments] == [scores[each.pk][0] for each in commitments]


def owe(unit: Unit, *, on_time: int, late: int) -> None:
    """Answers that the unit had to prepare in the year."""
    due, days = date(2020, 5, 4), [(f"a{n}", 4) for n in range(on_time)] + [(f"b{n}", 5) for n in range(late)]
    Obligation.objects.bulk_create(
        Obligation(
            subject_type="dialogues.item", subject_id=f"{unit.code}{key}", kind="prepare", role="unit_chief", unit=unit,
            started_on=due, due_on=due, first_due_on=due, opened_at=AT, settled_at=AT.replace(month=5, day=day),
        )
        for key, day in days
    )  # fmt: skip
