"""Units come, change their name or their place in the tree, and hand over to others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization.audit import record
from cchc.organization.enums import SuccessionKind
from cchc.organization.models import Person, Succession, Unit, UnitVersion
from cchc.web.text import sort_key

TREE_LOCK = 0x554E4954  # one tree, so one key: two moves at once could otherwise close a circle between them
DATED = ("name", "short_name", "parent")  # what papers of an earlier day still have to show as it was
EDITABLE = (*DATED, "code", "symbol", "kind", "is_focal_point", "valid_from", "valid_to")


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    short_name: str,
    kind: str,
    parent: Unit | None = None,
    symbol: str = "",
    is_focal_point: bool = False,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Person | None = None,
    at: datetime,
) -> Unit:
    """Add a unit to the tree. Raises ValidationError, by field, when something does not fit."""
    _lock_tree()
    unit = Unit(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        symbol=symbol,
        is_focal_point=is_focal_point,
        valid_from=valid_from,
        valid_to=valid_to,
        sort_key=sort_key(name),
    )
    unit.full_clean()
    unit.save()
    _place(unit)
    record(unit, "create", by=by, at=at, data={"code": code, "name": name})
    return unit


@transaction.atomic
def change_unit(
    unit: Unit, *, by: Person | None, at: datetime, since: date | None = None, correction: bool = False, **fields: Any
) -> Unit:
    """Change *fields* of a unit and return it as it now stands.

    A new name or a new place in the tree holds from *since* (the day of *at* unless given); what was before stays
    readable for papers of earlier days. With *correction* the old value was a mistake and is not kept.
    Raises ValidationError when the tree would close into a circle, or *since* does not follow the last such change.
    """
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"not a field of a unit: {', '.join(sorted(unknown))}")
    _lock_tree()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    changed = {name: value for name, value in fields.items() if getattr(unit, name) != value}
    if not changed:
        return unit
    before = {name: _plain(getattr(unit, name)) for name in changed}
    if not correction and any(name in changed for name in DATED):
        _keep_version(unit, since or timezone.localdate(at), timezone.localdate(at))
    for name, value in changed.items():
        setattr(unit, name, value)
    unit.sort_key = sort_key(unit.name)
    _refuse_circle(unit)
    unit.full_clean()
    unit.save()
    if "parent" in changed or "kind" in changed:
        _place(unit)
    after = {name: _plain(getattr(unit, name)) for name in changed}
    record(unit, "move" if "parent" in changed else "change", by=by, at=at, data={"before": before, "after": after})
    return unit


@transaction.atomic
def end_unit(unit: Unit, *, on: date, decision: str, by: Person | None, at: datetime) -> Unit:
    """Let a unit end after the day *on*. Raises ValidationError while a unit below it goes on longer."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    lasting = unit.children.exclude(valid_to__lte=on).in_order().first()
    if lasting is not None:
        raise ValidationError(
            _("%(unit)s below it goes on after that day: move it or end it first.") % {"unit": lasting}
        )
    unit.valid_to = on
    unit.full_clean()
    unit.save()
    record(unit, "end", by=by, at=at, note=decision, data={"valid_to": on.isoformat()})
    return unit


@transaction.atomic
def record_succession(
    *,
    unit: Unit,
    successor: Unit | None,
    kind: str,
    decision: str,
    on: date,
    scope: str = "",
    ends: bool | None = None,
    by: Person | None = None,
    at: datetime,
) -> Succession:
    """Note that *successor* takes over from *unit* on the day *on*.

    The unit ends the day before, unless *ends* is False or only a function is transferred; an earlier end stays.
    """
    succession = Succession(unit=unit, successor=successor, kind=kind, decision=decision, on=on, scope=scope)
    if kind != SuccessionKind.DISSOLVED and successor is None:
        raise ValidationError({"successor": _("Name the unit that takes over; only a dissolved unit may have none.")})
    if successor is not None and not successor.is_valid_on(on):
        raise ValidationError({"successor": _("%(unit)s does not exist on that day.") % {"unit": successor}})
    succession.full_clean()
    succession.save()
    if ends is None:
        ends = kind != SuccessionKind.FUNCTION_TRANSFER
    last = on - timedelta(days=1)
    if ends and (unit.valid_to is None or unit.valid_to > last):
        unit.valid_to = last
        unit.full_clean()
        unit.save(update_fields=["valid_to"])
    data = {"kind": kind, "successor": successor and successor.code, "on": on.isoformat()}
    record(unit, "succession", by=by, at=at, note=decision, data=data)
    return succession


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _keep_version(unit: Unit, since: date, today: date) -> None:
    if since > today:
        raise ValidationError({"since": _("A change can be entered on the day it takes effect, not before.")})
    until = since - timedelta(days=1)
    last = unit.versions.order_by("-until").first()
    if last is not None and last.until > until:
        raise ValidationError(
            {"since": _("The unit was already changed with effect from a later day (%(day)s).")
             % {"day": (last.until + timedelta(days=1)).strftime("%d/%m/%Y")}}
        )  # fmt: skip
    if last is None or last.until < until:
        UnitVersion.objects.create(
            unit=unit, name=unit.name, short_name=unit.short_name, parent_id=unit.parent_id, until=until
        )


def _refuse_circle(unit: Unit) -> None:
    # Read under the lock: the parent that was passed in may have been moved below this unit meanwhile.
    if unit.parent_id and unit.path and Unit.objects.get(pk=unit.parent_id).is_within(unit):
        raise ValidationError({"parent": _("A unit cannot stand under itself or under a unit that stands below it.")})


def _place(unit: Unit) -> None:
    """Write path and command of *unit* and, if they changed, of everything below it."""
    old = unit.path
    below = list(Unit.objects.below(unit).exclude(pk=unit.pk)) if old else []
    parent = Unit.objects.get(pk=unit.parent_id) if unit.parent_id else None
    placed = {parent.pk: parent} if parent else {}
    moved = [unit, *sorted(below, key=lambda each: each.path.count("."))]
    for each in moved:
        above = placed.get(each.parent_id) if each.parent_id else None
        each.path = f"{above.path if above else ''}{each.pk}."
        each.command_id = each.pk if each.is_command else (above.command_id if above else None)
        placed[each.pk] = each
    Unit.objects.bulk_update(moved, ["path", "command"])


def _plain(value: Any) -> Any:
    if isinstance(value, Unit):
        return value.code
    return value.isoformat() if isinstance(value, date) else value
