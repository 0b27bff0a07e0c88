"""The board of a campaign: how far each unit is. Every number counts exactly the rows that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, TextChoices
from django.utils.translation import gettext_lazy as _

from cchc.organization.models import Person, Unit
from cchc.workflow.models.obligation import seats
from commitments.enums import CommitmentState
from commitments.models import Campaign, Commitment, Group, Task
from commitments.models.commitment import STANDING

S = CommitmentState
ORDER = ("unit__sort_key", "id")


class Pill(TextChoices):
    ALL = "all", _("All")
    MINE = "mine", _("My turn")
    IDLE = "idle", _("Not begun")
    DRAFTED = "drafted", _("Drafted")
    SIGNED = "signed", _("Await confirmation")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")
    LATE = "late", _("Late")
    ENDED = "ended", _("Ended")


@dataclass(frozen=True)
class Board:
    """The commitments of *campaign* that *person* may see; a version that another took over from is left out."""

    campaign: Campaign
    person: Person
    today: date
    text: str = ""
    group: Group | None = None

    def rows(self, pill: Pill = Pill.ALL) -> QuerySet[Commitment]:
        """The rows, each with how many tasks it has (*task_count*) and what their weights sum to (*weight_sum*)."""
        own = Task.objects.filter(commitment=OuterRef("pk")).order_by().values("commitment")
        found = self._all.filter(self._conditions[pill]).select_related("unit", "group", "turn__unit")
        return found.annotate(
            task_count=Subquery(own.annotate(n=Count("pk")).values("n")),
            weight_sum=Subquery(own.annotate(sum=Sum("weight")).values("sum")),
        )

    @cached_property
    def counts(self) -> dict[Pill, int]:
        """How many rows each pill opens; one question to the database."""
        wanted: dict[str, Any] = {
            pill.value: Count("pk", filter=condition) for pill, condition in self._conditions.items() if condition
        }
        found = self._all.order_by().aggregate(**wanted, every=Count("pk"))
        return {pill: found[pill.value if self._conditions[pill] else "every"] for pill in Pill}

    @cached_property
    def _all(self) -> QuerySet[Commitment]:
        rows = Commitment.objects.visible_to(self.person).filter(campaign=self.campaign).exclude(state=S.SUPERSEDED)
        if self.text:
            rows = rows.filter(unit__in=Unit.objects.search(self.text).values("pk"))
        if self.group:
            rows = rows.filter(group=self.group)
        return rows.alias(begun=Exists(Task.objects.filter(commitment=OuterRef("pk"))))

    @cached_property
    def _conditions(self) -> dict[Pill, Q]:
        mine = reduce(or_, (Q(turn__role=role, turn__unit=unit) for role, unit in seats(self.person)), Q(pk__in=()))
        return {
            Pill.ALL: Q(),
            Pill.MINE: mine,
            Pill.IDLE: Q(state=S.DRAFT, begun=False),
            Pill.DRAFTED: Q(state=S.DRAFT, begun=True),
            Pill.SIGNED: Q(state=S.SIGNED),
            Pill.RETURNED: Q(state=S.RETURNED),
            Pill.CONFIRMED: Q(state__in=STANDING),
            Pill.LATE: Q(turn__due_on__lt=self.today),
            Pill.ENDED: Q(state__in=(S.TERMINATED, S.LAPSED)),
        }
