"""What goes round the door is refused by the database: the constraints of conclusions, directives and plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, models, transaction

from dialogues.models import Conclusion, Directive, Plan, Update
from tests.dialogues.directing import DUE, WORKED, add, conclusion_at, directive_at, step
from tests.dialogues.factories import plan
from tests.factories import Force

# constraint -> (rows to spoil, how); nothing to spoil: the same row a second time
BROKEN: dict[str, tuple[type[models.Model], dict[str, Any], dict[str, Any]]] = {
    "conclusion_once_per_conference": (Conclusion, {"state": "draft"}, {}),
    "conclusion_issued_who_when_what_together": (Conclusion, {"state": "issued"}, {"issued_by": None}),
    "directive_number_once_in_conclusion": (Directive, {"conclusion__state": "draft"}, {}),
    "directive_number_once_in_plan": (Directive, {"plan__isnull": False}, {}),
    "directive_of_a_conclusion_or_a_plan": (Directive, {"plan__isnull": False}, {"plan": None}),
    "directive_issued_when": (Directive, {"state": "draft"}, {"state": "issued"}),
    "directive_done_when": (Directive, {"state": "accepted"}, {"percent": 90}),
    "directive_time_asked_together": (Directive, {"state": "issued"}, {"asked_reason": "Tạm dừng"}),
    "directive_percent_within_100": (Directive, {"state": "in_progress"}, {"percent": 101}),
    "directive_asks_for_a_later_day": (Directive, {"state": "issued"}, {"asked_until": DUE}),
    "update_says_how_far": (Update, {}, {"text": ""}),
    "update_final_is_complete": (Update, {"final": True}, {"percent": 99}),
    "plan_of_one_issuer": (Plan, {}, {"issuer_name": "Chính phủ"}),
    "plan_period_in_order": (Plan, {}, {"first_year": 2020}),
}


def test_the_database_refuses(force: Force) -> None:
    conclusion_at(force)
    for state in ("issued", "in_progress", "accepted"):
        directive_at(force, state)
    step(directive_at(force, "in_progress"), "update", force)
    add(plan(force), force)
    assert Update.objects.filter(at=WORKED).exists()
    for name, (model, where, spoiled) in BROKEN.items():
        rows = model._base_manager.filter(**where)
        assert rows.exists(), name
        assert _refused_by(name, rows, spoiled), name


def _refused_by(name: str, rows: Any, spoiled: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            if spoiled and rows.model is not Update:  # reports are never changed: a trigger refuses that before
                rows.update(**spoiled)
            else:
                double = rows.first()
                double.pk, double._state.adding = None, True
                for field, value in spoiled.items():
                    setattr(double, field, value)
                double.save(force_insert=True)
    except IntegrityError as error:
        return name in str(error)
    return False


def test_a_report_is_never_changed_nor_taken_away(force: Force) -> None:
    made = step(directive_at(force, "in_progress"), "update", force)
    for spoil in (lambda: made.updates.update(percent=90), lambda: made.updates.all().delete()):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            spoil()


def test_what_is_allowed_is_not_refused(force: Force) -> None:
    """A discarded draft leaves room for another; a period may be of one year."""
    first = conclusion_at(force, "cancelled")
    conclusion_at(force, conference=first.conference)
    made = plan(force, first_year=2020, last_year=2020, issued_on=date(2020, 1, 6))
    assert (made.first_year, made.last_year) == (2020, 2020)
