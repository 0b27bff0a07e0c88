"""The case of Thái Hòa, its whole year: every number of the acceptance data is the app's own count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from cchc.documents.models import Document
from cchc.workflow.models import Event, Obligation
from commitments.domain.check import check
from commitments.domain.evaluation import computed
from commitments.domain.ranking import differences
from commitments.models import Commitment, Place, Ranking, Score, Signature, Task
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.source import read
from tests.documents.papers import words

# Without the mark no database is made when this module runs alone.
pytestmark = pytest.mark.django_db

SOURCE = read()
ENTRIES = {entry["unit"]: entry for entry in SOURCE["commitments"]}


@pytest.fixture(scope="module", autouse=True)
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The case until the ranking was published, loaded once for this file and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(until=end_of(date(2021, 1, 6)))
        yield
        transaction.set_rollback(True)


def latest() -> dict[str, Commitment]:
    return {each.unit.code: each for each in Commitment.objects.select_related("unit").order_by("version")}


def test_totals() -> None:
    expected = SOURCE["expected"]["commitments"]
    assert len(latest()) == expected["total"]
    assert Task.objects.filter(commitment__in=latest().values()).count() == expected["tasks"]
    assert Place.objects.filter(unranked="").count() == expected["rated"]
    levels = Counter(Place.objects.filter(unranked="").values_list("level", flat=True))
    names = {level["code"]: level["name"] for level in SOURCE["campaign"]["scoring"]["levels"]}
    assert levels == {names[code]: n for code, n in expected["levels"].items()}


def test_who_never_signed_who_was_returned_who_signed_for_another() -> None:
    expected = SOURCE["expected"]["commitments"]
    by_unit = {entry["code"]: entry["unit"] for entry in SOURCE["commitments"]}
    states = {unit: each.state for unit, each in latest().items()}
    assert states[by_unit["CK-NH"]] == "terminated"
    assert states[by_unit["CK-CD"]] == "lapsed"
    assert {by_unit[code] for code in expected["unsigned"]} == {u for u, s in states.items() if s != "final"}
    returned = set(Commitment.objects.exclude(return_reason="").values_list("unit__code", flat=True))
    assert returned == {by_unit[code] for code in expected["returned_once"]}
    acting = Signature.objects.exclude(acting_kind="").values_list("commitment__unit__code", "acting_kind")
    assert set(acting) == {(by_unit[code], "kt") for code in expected["signed_kt"]}
    objected = set(Score.objects.filter(stage="objection").values_list("commitment__unit__code", flat=True))
    assert objected == {by_unit[code] for code in expected["objections"]}


def test_the_ranking_is_the_published_one() -> None:
    ranking = Ranking.objects.get()
    names = {level["code"]: level["name"] for level in SOURCE["campaign"]["scoring"]["levels"]}
    rows = ranking.places.filter(unranked="").select_related("commitment__unit")
    found = {
        each.commitment.unit.code: (each.overall, each.score, each.level, each.in_group, each.of_group)
        for each in rows
    }  # fmt: skip
    assert found == {
        row["unit"]: (
            row["rank"], Decimal(str(row["score"])), names[row["level"]], row["rank_in_group"], row["of_group"]
        )
        for row in SOURCE["ranking"]["rows"]
    }  # fmt: skip
    assert differences(ranking) == []


def test_the_best_level_is_capped_where_the_case_says_so() -> None:
    capped = {each.commitment.unit.code for each in Place.objects.select_related("commitment__unit")
              if each.level != each.level_by_score}  # fmt: skip
    by_unit = {entry["code"]: entry["unit"] for entry in SOURCE["commitments"]}
    assert capped == {by_unit[code] for code in SOURCE["expected"]["commitments"]["capped_from_excellent"]}


@pytest.mark.parametrize("unit", sorted(unit for unit, entry in ENTRIES.items() if "year_end" in entry))
def test_the_secretary_s_score_follows_from_the_results(unit: str) -> None:
    commitment = latest()[unit]
    criterion = commitment.campaign.criteria.get()
    found = computed(commitment, criterion)
    assert found is not None
    points = {task["code"]: Decimal(str(task["result"]["points"])) for task in ENTRIES[unit]["tasks"]}
    assert [Decimal(each["points"]) for each in found[1]] == list(points.values())
    assert abs(found[0] - Decimal(str(ENTRIES[unit]["year_end"]["secretariat"]["score"]))) <= Decimal("0.05")


def test_nobody_changed_anything() -> None:
    assert check().faults == []


def test_nghia_hoa_ended_by_the_resolution_and_owes_nothing() -> None:
    ended, decision = latest()["TH-NH"], SOURCE["reorganisations"][0]["legal_basis"]
    event = Event.objects.of(ended).filter(action="terminate").get()
    assert event.note == decision
    assert ended.taken_over_by is not None
    assert ended.taken_over_by.unit.code == "TH-LS"
    assert not Obligation.objects.open().filter(unit=ended.unit).exists()
    # Nobody had signed it: what the case passes on stands in Long Sơn's commitment from the start.
    assert not Task.objects.filter(from_unit__isnull=False).exists()
    assert Place.objects.get(commitment=ended).unranked == "terminated"


def test_the_notice_is_kept_with_its_number_and_day() -> None:
    ranking, told = Ranking.objects.get(), SOURCE["ranking"]
    assert (ranking.document, ranking.document_on) == (told["document"], told["published_on"])
    assert ranking.paper is not None
    assert f"Số: {told['document']}" in words(bytes(ranking.paper.data))


def test_the_case_has_its_papers_with_the_numbers_it_names() -> None:
    """Told here because the whole case is played here."""
    made = {each.kind: each for each in Document.objects.all()}
    assert {each["symbol"] for each in SOURCE["conference"]["outputs"]} <= {each.mark for each in made.values()}
    assert {each.state for each in made.values()} == {"issued"}
    assert len(made["minutes"].typed.course) > 10
    assert made["invitation"].day < made["minutes"].day < made["notice"].day
