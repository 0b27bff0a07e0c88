"""From where a unit may take tasks: an earlier commitment, its own or one taken over, a promised item, a directive."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from cchc.organization.models import Person
from commitments.models import Commitment, Task
from dialogues.enums import DirectiveState, ItemState
from dialogues.models import Directive, Item
from dialogues.models.directive import UNDER_WAY

MOST = 50
PROMISED = (ItemState.PROMISED, ItemState.REPORTED)


def earlier_commitments(commitment: Commitment, person: Person) -> QuerySet[Commitment]:
    """Other versions and years of the same unit, and what it took over, that have tasks; the latest first."""
    own = Commitment.objects.visible_to(person).filter(_of_unit(commitment)).exclude(pk=commitment.pk)
    with_tasks = own.filter(Exists(Task.objects.filter(commitment=OuterRef("pk"))))
    return with_tasks.select_related("campaign").order_by("-campaign__year", "-version", "id")


def known_tasks(commitment: Commitment) -> QuerySet[Task]:
    """Tasks that one of *commitment* may name as the one it comes from."""
    return Task.objects.filter(_of_unit(commitment, "commitment__")).select_related("commitment")


def _of_unit(commitment: Commitment, to: str = "") -> Q:
    unit = commitment.unit_id
    return Q(**{f"{to}unit": unit}) | Q(**{f"{to}taken_over_by__unit": unit})


def promised_items(commitment: Commitment, person: Person) -> QuerySet[Item]:
    """What the unit leads and has promised to do."""
    rows = Item.objects.visible_to(person).filter(lead_unit=commitment.unit_id, state__in=PROMISED)
    return rows.filter(Q(host=commitment.host_id)).select_related("answer").order_by("turn__due_on", "id")


def promised_on(item: Item) -> date | None:
    """The day by which the answer promised it."""
    return item.answer.promised_on if item.answer else None


def open_directives(commitment: Commitment, person: Person) -> QuerySet[Directive]:
    """What the host told the unit to do, or what it leads of a plan, and has not been reported done."""
    rows = known_directives(commitment, person).filter(state__in=UNDER_WAY)
    return rows.select_related("conclusion__conference", "plan").order_by("due_on", "id")


def known_directives(commitment: Commitment, person: Person) -> QuerySet[Directive]:
    """Directives that a task of *commitment* may name as what it comes from."""
    own = Directive.objects.visible_to(person).filter(lead=commitment.unit_id, host=commitment.host_id)
    return own.exclude(state=DirectiveState.DRAFT)
