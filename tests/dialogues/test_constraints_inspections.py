"""What goes round the door of an inspection is refused by the database: every constraint, one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from cchc.organization.models import Position
from dialogues.models import Delegate, Finding, Request, Scope
from tests.dialogues.inspecting import finding_of, inspection_at, request_of
from tests.factories import Force

pytestmark = pytest.mark.django_db

# constraint -> (rows to spoil, how)
BROKEN: dict[str, tuple[type[models.Model], dict[str, Any], dict[str, Any]]] = {
    "scope_days_in_order": (Scope, {}, {"last_day": date(2001, 1, 1)}),
    "delegation_has_one_head": (Delegate, {}, {}),
    "delegate_once": (Delegate, {}, {"head": False}),
    "delegate_is_named": (Delegate, {}, {"name": ""}),
    "request_handed_in_when": (Request, {}, {"state": "handed_in"}),
    "finding_number_once": (Finding, {}, {}),
    "finding_says_something": (Finding, {}, {"text": ""}),
}
DOUBLED = ("delegation_has_one_head", "delegate_once", "finding_number_once")


@pytest.fixture
def inspection(force: Force) -> None:
    made = inspection_at(force)
    request_of(made, force)
    finding_of(made, force)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(inspection: None, name: str) -> None:
    model, where, spoiled = BROKEN[name]
    rows = model._base_manager.filter(**where)
    assert rows.exists()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        if name in DOUBLED:
            double: Any = rows.get()
            double.pk = None
            if name == "delegation_has_one_head":
                double.person = None
            for field, value in spoiled.items():
                setattr(double, field, value)
            double.save(force_insert=True)
        else:
            rows.update(**spoiled)


@pytest.mark.parametrize("fields", [{"matters_until": None}, {"matters_until": date(2001, 1, 1)}, {"role": "leader"}])
def test_the_days_of_a_post_are_in_order(inspection: None, fields: dict[str, Any]) -> None:
    held = Position.objects.filter(matters_from__isnull=False)
    with pytest.raises(IntegrityError, match="position_matters_in_order"), transaction.atomic():
        held.update(**fields)
