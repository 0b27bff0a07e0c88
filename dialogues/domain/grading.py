"""Gradings by bodies outside: put on record as they are printed, and corrected with what stood there before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.engine import NotAllowed, Refused, record
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
    _attach(grading, files, by, at)
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
    _attach(now, files, by, at)
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


@contextmanager
def _once() -> Iterator[None]:
    """Two who register the same at once: the second is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "grading_once" not in str(error):
            raise
        raise Refused(_("This unit's grading for that year and group is already registered.")) from error


def _attach(grading: Grading, files: Sequence[Checked], by: Person, at: datetime) -> None:
    for checked in files:
        attach(subject_type="dialogues.grading", subject_id=grading.pk, checked=checked, by=by, at=at)
        record(grading, "attach", by=by, at=at, note=checked.name)
