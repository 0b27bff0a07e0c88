"""Counts for pages: several in one question to the database, and never of more rows than a page needs to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

LIMIT = 1000


def bounded(wanted: Mapping[str, QuerySet[Any]], limit: int = LIMIT) -> dict[str, int]:
    """How many rows each queryset has, each counted up to `limit` + 1; one query for all of them.

    One that is sliced or combined already has to select a single column.
    """
    found = dict.fromkeys(wanted, 0)
    selects: list[tuple[str, str]] = []
    params: list[Any] = []
    for name, rows in wanted.items():
        try:
            ready = rows.query.combinator or rows.query.is_sliced
            keys = rows if ready else rows.order_by().values("pk")
            sql, values = keys[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        # Compiled by Django from querysets; the values stay parameters.
        selects.append((name, f"(SELECT count(*) FROM ({sql}) AS counted)"))  # noqa: S608
        params += values
    if selects:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _name, sql in selects)}", params)
            found |= dict(zip((name for name, _sql in selects), cursor.fetchone(), strict=True))
    return found


def shown(count: int, limit: int = LIMIT) -> str:
    """A bounded count in words: "1.000" at most, "over 1.000" beyond."""
    number = number_format(min(count, limit), use_l10n=True)
    return _("over %(number)s") % {"number": number} if count > limit else number
