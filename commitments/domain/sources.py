"""From where a unit may take tasks over: an earlier commitment of its own, or an item that it was promised to do."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from cchc.organization.models import Person
from commitments.models import Commitment, Task
from dialogues.enums import ItemState
from dialogues.models import Item

MOST = 50
PROMISED = (ItemState.PROMISED, ItemState.REPORTED)


def earlier_commitments(commitment: Commitment, person: Person) -> QuerySet[Commitment]:
    """Other versions and years of the same unit that have tasks, the latest first."""
    own = Commitment.objects.visible_to(person).filter(unit=commitment.unit_id).exclude(pk=commitment.pk)
    with_tasks = own.filter(pk__in=Task.objects.filter(commitment__unit=commitment.unit_id).values("commitment"))
    return with_tasks.select_related("campaign").order_by("-campaign__year", "-version", "id")


def promised_items(commitment: Commitment, person: Person) -> QuerySet[Item]:
    """What the unit leads and has promised to do."""
    rows = Item.objects.visible_to(person).filter(lead_unit=commitment.unit_id, state__in=PROMISED)
    return rows.filter(Q(host=commitment.host_id)).select_related("answer").order_by("turn__due_on", "id")


def promised_on(item: Item) -> date | None:
    """The day by which the answer promised it."""
    return item.answer.promised_on if item.answer else None
