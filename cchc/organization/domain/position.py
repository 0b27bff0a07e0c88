"""Posts are given, changed and ended; rights follow from them the same day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization.audit import record
from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Person, Position, Unit

EDITABLE = ("title", "valid_from", "valid_to", "acting_kind", "authority", "matters_from", "matters_until")


def forbidden_pair(one: str, other: str) -> str:
    """Why one person may not hold both roles at a time, or "" (security.md §4, rule e)."""
    pair = {one, other}
    if Role.INSPECTOR in pair and pair != {Role.INSPECTOR}:
        return _("An inspector holds no other role, because he examines the work of all of them.")
    if Role.ADMINISTRATOR in pair and pair & {Role.LEADER, Role.DEPUTY_LEADER, Role.PROVINCIAL_LEADER}:
        return _("The administrator of accounts and a leader are never the same person.")
    return ""


@transaction.atomic
def appoint(
    person: Person,
    unit: Unit,
    role: str,
    title: str = "",
    *,
    valid_from: date,
    valid_to: date | None = None,
    acting_kind: str = ActingKind.DIRECT,
    authority: str = "",
    matters_from: date | None = None,
    matters_until: date | None = None,
    by: Person | None = None,
    at: datetime,
) -> Position:
    """Give *person* a post; an inspector's may be limited to *matters_from* to *matters_until* of his command.

    Raises ValidationError, by field; for two roles that exclude each other, under "role".
    """
    _refuse_own(person.pk, by)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    position = Position(
        person=person,
        unit=unit,
        role=role,
        title=title or str(Role(role).label),
        valid_from=valid_from,
        valid_to=valid_to,
        acting_kind=acting_kind,
        authority=authority,
        matters_from=matters_from,
        matters_until=matters_until,
    )
    _check(position)
    position.save()
    record(position, "appoint", by=by, at=at, data=_facts(position))
    return position


@transaction.atomic
def change_position(position: Position, *, by: Person | None, at: datetime, **fields: Any) -> Position:
    """Change title, days or acting authority of a post; another unit or role is another post."""
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"may not be changed here: {', '.join(sorted(unknown))}")
    _refuse_own(position.person_id, by)
    Person.objects.select_for_update(no_key=True).get(pk=position.person_id)
    position = Position.objects.select_for_update().get(pk=position.pk)
    for name, value in fields.items():
        setattr(position, name, value)
    _check(position)
    position.save()
    record(position, "change", by=by, at=at, data=_facts(position))
    return position


@transaction.atomic
def end_position(position: Position, *, on: date, by: Person | None, at: datetime, note: str = "") -> Position:
    """Let a post end after the day *on*. What the post owes stays with unit and role."""
    _refuse_own(position.person_id, by)
    position = Position.objects.select_for_update().get(pk=position.pk)
    position.valid_to = on
    position.full_clean()
    position.save()
    record(position, "end", by=by, at=at, note=note, data=_facts(position))
    return position


@transaction.atomic
def take_back(position: Position, *, by: Person | None, at: datetime, note: str = "") -> None:
    """Remove a post that gave no rights before today; only the history keeps it."""
    _refuse_own(position.person_id, by)
    position = Position.objects.select_for_update().get(pk=position.pk)
    if position.valid_from < timezone.localdate(at):
        raise ValidationError(_("This post has begun; it can only be ended."))
    record(position, "take_back", by=by, at=at, note=note, data=_facts(position))
    position.delete()


def _refuse_own(person_id: int, by: Person | None) -> None:
    if by is not None and by.pk == person_id:
        raise ValidationError(_("Nobody gives, changes or ends a post of his own."))


def _check(position: Position) -> None:
    position.full_clean()
    if not position.unit.is_valid_on(position.valid_from):
        raise ValidationError({"unit": _("%(unit)s does not exist on that day.") % {"unit": position.unit}})
    overlapping = Position.objects.filter(person_id=position.person_id).exclude(pk=position.pk)
    overlapping = overlapping.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=position.valid_from))
    if position.valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=position.valid_to)
    for other in overlapping:
        if why := forbidden_pair(position.role, other.role):
            raise ValidationError({"role": why})


def _facts(position: Position) -> dict[str, Any]:
    return {
        "person": position.person_id,
        "unit": position.unit_id,
        "role": position.role,
        "from": position.valid_from.isoformat(),
        "to": position.valid_to.isoformat() if position.valid_to else None,
        "acting": position.acting_kind,
        "authority": position.authority,
    }
