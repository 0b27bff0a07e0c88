"""What stands above a unit's papers: what the organization gives, and what the unit has set instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cchc.documents.models import Letterhead
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import record


@dataclass(frozen=True)
class Head:
    superior: str
    issuer: str
    extra: str
    symbol: str
    drafter: str
    place: str
    family: str  # "" for that of the installation
    size: int


def head_of(unit: Unit) -> Head:
    """As the papers of *unit* begin today."""
    own = Letterhead.objects.filter(unit=unit).first() or Letterhead(unit=unit)
    return Head(
        superior=own.superior or (unit.parent.name if unit.parent else ""),
        issuer=own.issuer or unit.name,
        extra=own.extra,
        symbol=own.symbol or unit.symbol or unit.code,
        drafter=own.drafter,
        place=own.place,
        family=own.family,
        size=own.size,
    )


@transaction.atomic
def set_letterhead(unit: Unit, *, by: Person, at: datetime, **fields: Any) -> Letterhead:
    """Keep *fields* for the papers that are issued from now on; what was issued stays as it is."""
    Letterhead.objects.bulk_create([Letterhead(unit=unit)], ignore_conflicts=True)
    own = Letterhead.objects.select_for_update().get(unit=unit)
    changed = {name: value for name, value in fields.items() if getattr(own, name) != value}
    for name, value in changed.items():
        setattr(own, name, value)
    if changed:
        own.save(update_fields=list(changed))
        record(unit, "set_letterhead", by=by, at=at, data=changed)
    return own
