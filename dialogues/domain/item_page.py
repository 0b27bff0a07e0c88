"""One item as its page needs it, in few and small questions to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from cchc.organization.models import Person, Unit
from dialogues.enums import DirectiveState
from dialogues.models import Directive, Item


@dataclass(frozen=True)
class Ordered:
    """A directive that came of an item, and the short name of the unit that leads it."""

    directive: Directive
    lead: str


def item_for_page(person: Person, pk: UUID) -> Item | None:
    """The item, if *person* may see it, with its units. They are fetched together: as joins they would be four more."""
    rows = Item.objects.visible_to(person).for_page(person).annotate(ordered=_directives(person))
    item = rows.filter(pk=pk).first()
    if item is None:
        return None
    turn = item.turn
    wanted = {item.host_id, item.lead_unit_id, item.unit_id, turn.unit_id if turn else None} - {None}
    units = Unit.objects.in_bulk(wanted)
    item.host = units[item.host_id]
    item.lead_unit = units.get(item.lead_unit_id)
    item.unit = units.get(item.unit_id)
    if turn:
        turn.unit = units.get(turn.unit_id)
    return item


def _directives(person: Person) -> ArraySubquery:
    """The directives that came of the item, as far as *person* may see them: read with it, in no further question."""
    names = {name: name for name in ("pk", "number", "title", "state", "due_on", "done_on", "conclusion_id", "plan_id")}
    told = Directive.objects.visible_to(person).filter(items=OuterRef("pk")).exclude(state=DirectiveState.DRAFT)
    return ArraySubquery(told.order_by("issued_at", "number").values(json=JSONObject(**names, lead="lead__short_name")))


def directives_of(item: Item) -> list[Ordered]:
    """The directives that came of an item of item_for_page."""
    found: list[dict[str, Any]] = item.ordered  # type: ignore[attr-defined]
    return [_ordered(**row) for row in found]


def _ordered(lead: str, due_on: str, done_on: str | None, **row: Any) -> Ordered:
    days = {"due_on": date.fromisoformat(due_on), "done_on": date.fromisoformat(done_on) if done_on else None}
    return Ordered(Directive(**row, **days), lead)
