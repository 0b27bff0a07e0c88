"""Rows that are seen for several reasons, read reason by reason.

An OR over several columns makes PostgreSQL read either everything, or everything in order until enough rows fit. Asked
one after the other, each reason finds its own index and gives its first rows in the wanted order; the few of all of
them are merged. What is shown beside them is joined to these few alone: a planner with ten tables before it, and a
limit, guesses wrong and thinks long. So the cost of a page does not depend on how many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)
CHUNK = 500


class Branches(Generic[M]):
    """The union of querysets of one model, as far as paging needs it: filter, order, and the first rows.

    *arms* have no row in common. *rows* is the plain queryset by which the merged rows are read, with whatever it
    selects beside them.
    """

    def __init__(self, rows: QuerySet[M], arms: Sequence[QuerySet[M]], order: Sequence[str | OrderBy] = ()) -> None:
        self.rows = rows
        self.arms = list(arms) or [rows.none()]
        self.order = tuple(map(_as_order, order))

    def filter(self, *conditions: Any, **more: Any) -> Branches[M]:
        return Branches(self.rows, [arm.filter(*conditions, **more) for arm in self.arms], self.order)

    def order_by(self, *order: str | OrderBy) -> Branches[M]:
        return Branches(self.rows, self.arms, order)

    def __getitem__(self, wanted: slice) -> list[M]:
        """The first rows of the union, in order."""
        return list(self._fetched(self.ids(wanted.stop)))

    def chunks(self, limit: int) -> Iterator[M]:
        """The first *limit* rows in order, read in portions."""
        ids = (row[0] for row in self._merged(limit).iterator(chunk_size=CHUNK))
        while portion := list(islice(ids, CHUNK)):
            yield from self._fetched(portion)

    def ids(self, limit: int) -> list[Any]:
        """Keys of the first *limit* rows of the union, in order."""
        return [row[0] for row in self._merged(limit)]

    def _merged(self, limit: int) -> QuerySet[Any, tuple[Any, ...]]:
        names = {f"by{place}": by.expression for place, by in enumerate(self.order)}
        arms = [arm.order_by(*self.order).annotate(**names).values_list("pk", *names)[:limit] for arm in self.arms]
        merged = arms[0]
        if len(arms) > 1:
            renamed = [_renamed(by, name) for name, by in zip(names, self.order, strict=True)]
            merged = arms[0].union(*arms[1:], all=True).order_by(*renamed)[:limit]
        return merged

    def keys(self, limit: int) -> QuerySet[Any]:
        """At most *limit* keys of each arm, in no order, to be counted."""
        first, *others = [arm.order_by().values("pk")[:limit] for arm in self.arms]
        return first.union(*others, all=True) if others else first

    def firsts(self, limit: int) -> QuerySet[Any]:
        """Keys of the first *limit* rows of each arm: among them are those of the union, to be ordered once more."""
        first, *others = [arm.order_by(*self.order).values("pk")[:limit] for arm in self.arms]
        return first.union(*others, all=True) if others else first

    def tally(self, limit: int, *names: str) -> list[tuple[Any, ...]]:
        """How many rows there are of each combination of these fields, among *limit* rows of each arm: (…, number)."""
        first, *others = [arm.order_by().values_list(*names)[:limit] for arm in self.arms]
        sql, params = (first.union(*others, all=True) if others else first).query.sql_with_params()
        columns = ", ".join(f"c{place}" for place in range(len(names)))
        with connection.cursor() as cursor:
            # Compiled by Django from querysets; the values stay parameters.
            cursor.execute(f"SELECT {columns}, count(*) FROM ({sql}) AS seen ({columns}) GROUP BY {columns}", params)  # noqa: S608
            return list(cursor.fetchall())

    def _fetched(self, ids: Sequence[Any]) -> Iterator[M]:
        found = self.rows.in_bulk(ids)
        return (found[pk] for pk in ids if pk in found)


def _as_order(by: str | OrderBy) -> OrderBy:
    if isinstance(by, OrderBy):
        return by
    return F(by.lstrip("-")).desc() if by.startswith("-") else F(by).asc()


def _renamed(by: OrderBy, name: str) -> OrderBy:
    return OrderBy(F(name), descending=by.descending, nulls_first=by.nulls_first, nulls_last=by.nulls_last)
