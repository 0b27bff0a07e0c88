"""Counting rows by several of their properties at once, and several kinds of rows in one question to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# How many rows have each value, the value as text; a value that is NULL is counted under None.
Tally = dict[str | None, int]


@dataclass(frozen=True)
class Cube:
    """*rows*, if there are any, and by what they are counted: names of fields, of joined fields or of annotations.

    *kept*: tallies of other rows that are known already, by the same names; "" stands there for NULL too where the
    column can have both. *per*: columns for each of whose values it is counted apart (`tallies_of_each`).
    """

    rows: QuerySet[Any] | None
    by: tuple[str, ...]
    kept: Mapping[str, Tally] = field(default_factory=dict)
    per: tuple[str, ...] = ()

    @property
    def sql(self) -> tuple[str, tuple[Any, ...]]:
        """One pass over the rows (GROUPING SETS), giving the place of the property, its value and the number."""
        if self.rows is None:
            raise EmptyResultSet
        inner, params = self.rows.order_by().values_list(*self.per, *self.by).query.sql_with_params()
        names, per = [f"by{n}" for n in range(len(self.by))], [f"per{n}" for n in range(len(self.per))]
        columns, sets = ", ".join([*per, *names]), ", ".join(f"({', '.join([*per, name])})" for name in names)
        places = " ".join(f"WHEN GROUPING({name}) = 0 THEN {n}" for n, name in enumerate(names))
        values = ", ".join(f"{name}::text" for name in names)
        # Compiled by Django from a queryset; the values stay parameters.
        counted = (
            f"SELECT {', '.join([f'CASE {places} END', f'coalesce({values})', 'count(*)', *per])}"  # noqa: S608
            f" FROM ({inner}) AS counted ({columns})"
            f" GROUP BY GROUPING SETS ({sets})"
        )
        return counted, params


def tallies(cubes: Mapping[str, Cube]) -> dict[str, dict[str, Tally]]:
    """What each cube counts, by its name and by the names of its properties; one query for all of them."""
    found = {name: {by: Tally(cube.kept.get(by, {})) for by in cube.by} for name, cube in cubes.items()}
    parts: list[str] = []
    params: list[Any] = []
    for name, cube in cubes.items():
        try:
            sql, values = cube.sql
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s AS name, one.* FROM ({sql}) AS one")  # noqa: S608
        params += [name, *values]
    if not parts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for name, place, value, number in cursor.fetchall():
            tally = found[name][cubes[name].by[place]]
            tally[value] = tally.get(value, 0) + number
    return found


def tallies_of_each(cube: Cube) -> dict[tuple[Any, ...], dict[str, Tally]]:
    """What the cube counts for each combination of values of *per*."""
    found: dict[tuple[Any, ...], dict[str, Tally]] = {}
    try:
        sql, params = cube.sql
    except EmptyResultSet:
        return found
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for place, value, number, *per in cursor.fetchall():
            found.setdefault(tuple(per), {}).setdefault(cube.by[place], {})[value] = number
    return found


def add(total: dict[str, Any], part: Mapping[str, Mapping[Any, int]], sign: int = 1) -> None:
    """Add the tallies *part* to *total*, or take them out of it; what is nothing then is left out."""
    for name, tally in part.items():
        into = total.setdefault(name, {})
        for value, number in tally.items():
            left = into.get(value, 0) + sign * number
            if left:
                into[value] = left
            else:
                del into[value]
