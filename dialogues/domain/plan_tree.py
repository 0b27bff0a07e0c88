"""The tree of a plan: what it implements, what implements it, and how far the tasks of each and of all below it are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from cchc.organization.models import Person
from dialogues.domain.plan import DEEPEST, tree_around, within_trees
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
    """What stands under each of *tops*, as far as *person* may see it: one question to the database and a walk."""
    first = list(tops)
    ids = {plan.pk for plan in first}
    return _grown(first, _seen(person, within_trees(ids))[: MOST + len(ids)] if ids else [])


def tree_of(plan: Plan, person: Person) -> Node:
    """The tree in which *plan* stands, from the highest plan to which *person* can follow the way up."""
    known = {each.pk: each for each in _seen(person, tree_around(plan))[: MOST + 1]}
    above, top = dict(known), plan
    while top.implements_id in above:
        top = above.pop(top.implements_id)
    return _grown([top], known.values())[0]


def _seen(person: Person, within: QuerySet[Plan]) -> QuerySet[Any]:
    """With `work`: how many tasks each has, how many are done, how far they are. One that was ended counts no more."""
    tasks = Directive.objects.visible_to(person).filter(plan=OuterRef("pk"))
    issued = tasks.exclude(state__in=(DirectiveState.DRAFT, DirectiveState.CLOSED)).order_by().values("plan")
    done = Count("pk", filter=Q(state=DirectiveState.ACCEPTED))
    counted = issued.annotate(work=JSONObject(n=Count("pk"), done=done, mean=Avg("percent"))).values("work")
    rows = Plan.objects.visible_to(person).select_related("issuer").filter(pk__in=within.values("pk"))
    return rows.annotate(work=Subquery(counted))


def _grown(tops: Iterable[Plan], known: Iterable[Any]) -> list[Node]:
    children: dict[Any, list[Plan]] = defaultdict(list)
    work: dict[Any, Work] = {}
    for plan in sorted(known, key=lambda each: (each.issued_on, each.number)):
        children[plan.implements_id].append(plan)
        if plan.work:
            work[plan.pk] = Work(plan.work["n"], plan.work["done"], plan.work["n"] * plan.work["mean"])
    return [_node(plan, children, work, DEEPEST) for plan in tops]


def _node(plan: Plan, children: dict[Any, list[Plan]], work: dict[Any, Work], levels: int) -> Node:
    made = Node(plan, work.get(plan.pk, Work()))
    if levels > 1:
        made.children = [_node(child, children, work, levels - 1) for child in children.get(plan.pk, ())]
    return made
