"""One item as its page needs it, in few and small questions to the database."""

from __future__ import annotations

from uuid import UUID

from cchc.organization.models import Person, Unit
from dialogues.models import Item


def item_for_page(person: Person, pk: UUID) -> Item | None:
    """The item, if *person* may see it, with its units. They are fetched together: as joins they would be four more."""
    item = Item.objects.visible_to(person).for_page(person).filter(pk=pk).first()
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
