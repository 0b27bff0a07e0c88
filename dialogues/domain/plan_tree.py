"""The tree of a plan: what it implements, what implements it, and how far the tasks of each and of all below it are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, Q

from cchc.organization.models import Person
from dialogues.domain.plan import DEEPEST, within_trees
from dialogues.enums import DirectiveState
from dialogues.models import Directive, Plan

MOST = 500  # plans below those of one page


@dataclass(frozen=True)
class Work:
    """Tasks: how many, how many of them accepted, and how far they are together, each counting alike."""

    tasks: int = 0
    done: int = 0
    percents: float = 0

    @property
    def percent(self) -> int:
        """Of 100, rounded down; 0 without tasks."""
        return int(self.percents / self.tasks) if self.tasks else 0

    def __add__(self, other: Work) -> Work:
        return Work(self.tasks + other.tasks, self.done + other.done, self.percents + other.percents)


@dataclass
class Node:
    """A plan with its own tasks and those of everything below it."""

    plan: Plan
    own: Work
    children: list[Node] = field(default_factory=list)

    @property
    def whole(self) -> Work:
        return sum((child.whole for child in self.children), self.own)


def trees(tops: Iterable[Plan], person: Person) -> list[Node]:
    """What stands under each of *tops*, as far as *person* may see it: two questions to the database and a walk."""
    first = list(tops)
    ids = {plan.pk for plan in first}
    seen = Plan.objects.visible_to(person).select_related("issuer").filter(pk__in=within_trees(ids).values("pk"))
    known = list(seen[: MOST + len(ids)]) if ids else []
    children: dict[Any, list[Plan]] = defaultdict(list)
    for plan in sorted(known, key=lambda each: (each.issued_on, each.number)):
        children[plan.implements_id].append(plan)
    work = _work(person, [plan.pk for plan in known])
    return [_node(plan, children, work, DEEPEST) for plan in first]


def _node(plan: Plan, children: dict[Any, list[Plan]], work: dict[Any, Work], levels: int) -> Node:
    made = Node(plan, work.get(plan.pk, Work()))
    if levels > 1:
        made.children = [_node(child, children, work, levels - 1) for child in children.get(plan.pk, ())]
    return made


def _work(person: Person, plans: list[Any]) -> dict[Any, Work]:
    """What was ended without a result counts no more."""
    tasks = Directive.objects.visible_to(person).filter(plan__in=plans)
    issued = tasks.exclude(state__in=(DirectiveState.DRAFT, DirectiveState.CLOSED)).order_by()
    counted = issued.values("plan").annotate(
        n=Count("pk"), done=Count("pk", filter=Q(state=DirectiveState.ACCEPTED)), mean=Avg("percent")
    )
    return {row["plan"]: Work(row["n"], row["done"], row["n"] * float(row["mean"])) for row in counted}
