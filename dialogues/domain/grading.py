"""Gradings by bodies outside: put on record as they are printed, and corrected with what stood there before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach_to
from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.engine import NotAllowed, Refused, record
from cchc.workflow.once import once
from dialogues import permissions
from dialogues.models import Grading


@transaction.atomic
def register(*, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any) -> Grading:
    """Put a grading on record. Raises NotAllowed without the right over the unit, Refused for a second one."""
    grading = Grading(**fields)
    _check(grading, by)
    with _once():
        grading.save(force_insert=True)
    record(grading, "create", by=by, at=at, data=_told(grading))
    attach_to(grading, files, by, at)
    return grading


@transaction.atomic
def change(grading: Grading, *, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any) -> Grading:
    """Correct what is on record; what stood there before is kept in the ledger."""
    now = Grading.objects.select_for_update(of=("self",)).select_related("unit").get(pk=grading.pk)
    _check(now, by)
    before = {name: str(getattr(now, name) or "") for name, value in fields.items() if getattr(now, name) != value}
    for name, value in fields.items():
        setattr(now, name, value)
    _check(now, by)
    if before:
        with _once():
            now.save()
        record(now, "edit", by=by, at=at, data={"before": before})
    attach_to(now, files, by, at)
    return now


def _told(grading: Grading) -> dict[str, Any]:
    names = ("year", "group", "grade", "rank", "group_size", "wording", "document")
    return {"unit": grading.unit_id, **{name: getattr(grading, name) for name in names}}


def _check(grading: Grading, by: Person) -> None:
    if not access.can(by, permissions.REGISTER_GRADING, grading.unit):
        raise NotAllowed(_("This step is not among your rights here."))
    try:
        grading.validate_constraints(exclude={"id"})
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _once() -> AbstractContextManager[None]:
    return once("grading_once", _("This unit's grading for that year and group is already registered."))
