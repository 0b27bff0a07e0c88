"""The rows of several small tables in one question to the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def gathered(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """What each of *wanted* gives, all fields of its model; for few rows, as they travel as JSON."""
    selects: list[tuple[str, str]] = []
    params: list[Any] = []
    for name, rows in wanted.items():
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        # Compiled by Django from querysets; the values stay parameters.
        selects.append((name, f"(SELECT json_agg(to_json(each)) FROM ({sql}) AS each)"))  # noqa: S608
        params += values
    found: dict[str, list[Any]] = {name: [] for name in wanted}
    if selects:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _name, sql in selects)}", params)
            for (name, _sql), rows in zip(selects, cursor.fetchone(), strict=True):
                found[name] = [_made(wanted[name].model, row) for row in rows or ()]
    return found


def _made(model: type[Model], row: Mapping[str, Any]) -> Model:
    fields = model._meta.concrete_fields
    values = [field.to_python(row[str(field.column)]) for field in fields]
    return model.from_db(connection.alias, [field.attname for field in fields], values)
