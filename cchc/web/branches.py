"""Rows that are seen for several reasons, read reason by reason.

An OR over several columns makes PostgreSQL read either everything or everything in order until enough rows fit. Asked
one after the other, each reason finds its own index, gives its first rows in the wanted order, and the few of all of
them are merged: the cost of a page no longer depends on how many rows there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class Branches(Generic[M]):
    """The union of querysets of one model, as far as paging needs it: filter, order, and the first rows.

    *rows* is the plain queryset by which the merged rows are read, with whatever it selects beside them.
    """

    def __init__(self, rows: QuerySet[M], arms: Sequence[QuerySet[M]], order: Sequence[Any] = ()) -> None:
        self.rows = rows
        self.arms = list(arms) or [rows.none()]
        self.order = tuple(order)

    def filter(self, *conditions: Any, **more: Any) -> Branches[M]:
        return Branches(self.rows, [arm.filter(*conditions, **more) for arm in self.arms], self.order)

    def order_by(self, *order: Any) -> Branches[M]:
        return Branches(self.rows, self.arms, order)

    def __getitem__(self, wanted: slice) -> QuerySet[M]:
        """The first rows of the union, in order."""
        return self.rows.filter(pk__in=self.ids(wanted.stop)).order_by(*self.order)[: wanted.stop]

    def ids(self, limit: int) -> QuerySet[M]:
        """Ids of the first *limit* rows of each arm, each once."""
        first, *others = [arm.order_by(*self.order).values("pk")[:limit] for arm in self.arms]
        return first.union(*others) if others else first
