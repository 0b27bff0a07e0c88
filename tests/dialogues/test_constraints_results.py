"""What goes round the door is refused by the database: the constraints of surveys, gradings and good practices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction

from dialogues.models import Adoption, Grading, Practice, Survey
from dialogues.models.practice import Measure
from dialogues.models.survey import Criterion, Response, Score
from tests.dialogues.results import fill_in, results
from tests.factories import Force

# constraint -> (rows to spoil, how); nothing to spoil: the same row a second time
BROKEN: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "survey_period_in_order": (Survey, {"first_on": date(2020, 1, 6)}),
    "survey_counts_itself_unless_reported": (Survey, {"source": "link", "returned": 10}),
    "survey_satisfied_among_returned": (Survey, {"source": "reported", "returned": 10, "satisfied": 11}),
    "survey_percent_is_computed_when_counts_are_known": (
        Survey, {"source": "reported", "returned": 10, "satisfied": 9, "reported_percent": 90},
    ),
    "survey_percent_of_hundred": (Survey, {"source": "reported", "reported_percent": 101}),
    "survey_criterion_order_once": (Criterion, {}),
    "response_one_to_five": (Response, {"overall": 6}),
    "score_once": (Score, {}),
    "score_one_to_five": (Score, {"value": 0}),
    "grading_once": (Grading, {}),
    "grading_rank_within_group": (Grading, {"rank": 6, "group_size": 5}),
    "grading_year": (Grading, {"year": 1900}),
    "practice_published_has_day": (Practice, {"recognized_on": None}),
    "measure_order_once": (Measure, {}),
    "adoption_open_once": (Adoption, {}),
    "adoption_has_a_day": (Adoption, {"adopted_on": None, "due_on": None}),
    "adoption_ended_when_why_together": (Adoption, {"end_note": "Không còn phù hợp"}),
    "adoption_dates_in_order": (Adoption, {"ended_on": date(2000, 1, 1), "end_note": "Không còn phù hợp"}),
}  # fmt: skip


def test_the_database_refuses(force: Force) -> None:
    results(force)
    fill_in(Survey.objects.get(), {"citizens": [5]})
    Measure.objects.create(practice=Practice.objects.get(), order=1, name="Lượt đi lại", before=3, after=1)
    for name, (model, spoiled) in BROKEN.items():
        rows = model._base_manager.all()
        assert rows.exists(), name
        assert _refused_by(name, rows, spoiled), name


def _refused_by(name: str, rows: Any, spoiled: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            if spoiled:
                rows.update(**spoiled)
            else:
                double = rows.first()
                double.pk, double._state.adding = None, True
                double.save(force_insert=True)
    except IntegrityError as error:
        return name in str(error)
    return False
