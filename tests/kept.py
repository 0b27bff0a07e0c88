"""What tests build again and again is built once by the domain's functions, and put back row by row afterwards.

A world is only put back onto exactly the database that it was built upon: where a test stands is kept in the database,
as the names of what was built or put back since its transaction began, and the number of rows written until then. So a
rolled back savepoint takes the place back with it, and whoever writes a row himself stands elsewhere from then on.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import update_wrapper
from hashlib import sha256
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, models

World = TypeVar("World")
Given = ParamSpec("Given")
PLAIN = (str, int, float, Decimal, date, timedelta, UUID, type(None))
WRITES = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
PLACE = f"""SELECT current_setting('kept.place', true), sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint
    FROM ({WRITES}) AS written"""


class Unnamed(Exception):
    """Something was asked for with what has no lasting name."""


class Memory:
    """What a build has returned and the rows of every table that it changed, and how many there were before."""

    def __init__(self, made: object, written: dict[str, tuple[int, ...]]) -> None:
        self.made = pickle.dumps(made)
        self.columns = _columns(written)
        self.rows = {table: self._read(table) for table in written}
        self.grown = {table for table, (_inserted, *changed) in written.items() if not any(changed)}
        self.before = {table: len(rows) - written[table][0] + written[table][2] for table, rows in self.rows.items()}

    def put_back(self) -> Any:
        with connection.cursor() as cursor:
            # Triggers have done their work when the rows were made, and keys may refer to each other.
            cursor.execute("SET LOCAL session_replication_role = replica")
            if changed := self.rows.keys() - self.grown:
                cursor.execute(";".join(f'DELETE FROM "{table}"' for table in changed))
            for table, rows in self.rows.items():
                known = set(self._read(table)) if table in self.grown and self.before[table] else ()
                with cursor.copy(f'COPY "{table}" ({self.columns[table]}) FROM STDIN') as into:
                    into.write(b"".join(row for row in rows if row not in known))
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return pickle.loads(self.made)

    def _read(self, table: str) -> list[bytes]:
        """By the first column: the ledger numbers its lines in the order in which they come."""
        ask = f'COPY (SELECT {self.columns[table]} FROM "{table}" ORDER BY 1) TO STDOUT'
        with connection.cursor() as cursor, cursor.copy(ask) as out:
            return b"".join(bytes(part) for part in out).splitlines(keepends=True)


class Kept(Generic[Given, World]):
    """Calls *build* once for what it is given and where the test stands; afterwards puts back what it had made."""

    def __init__(self, build: Callable[Given, World]) -> None:
        self.build = build
        self.memories: dict[str, Memory] = {}
        update_wrapper(self, build)

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> World:
        place, untouched = _place() if connection.in_atomic_block else (None, False)
        try:
            here = sha256(f"{place} {self.build.__qualname__} {_name(args)} {_name(kwargs)}".encode()).hexdigest()[:24]
        except Unnamed:
            place = None
        if place is None:
            return self.build(*args, **kwargs)
        memory = self.memories.get(here)
        if memory and _counts(memory.before) == memory.before:
            made = memory.put_back()
        elif untouched:
            before = _written()
            # Upon copies: what was given comes out as untouched as when its rows are put back.
            asked, named = pickle.loads(pickle.dumps((args, kwargs)))
            memory = self.memories[here] = Memory(self.build(*asked, **named), _difference(before, _written()))
            made = pickle.loads(memory.made)
        else:
            return self.build(*args, **kwargs)
        _stand(here)
        return made  # type: ignore[no-any-return]


def _place() -> tuple[str | None, bool]:
    """Where the test stands, None when it has gone on by itself; and whether it has written nothing by itself.

    At the beginning it may have written something that is rolled back: whether anything is left shows in the counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(PLACE)
        stands, now = cursor.fetchone()
    here, _, then = (stands or " 0").partition(" ")
    untouched = int(then) == now
    return here if untouched or not here else None, untouched


def _stand(here: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('kept.place', '{here} ' || place.now, true) FROM ({PLACE}) AS place(was, now)"
        )


def _written() -> dict[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return {table: tuple(written) for table, *written in cursor.fetchall() if any(written)}


def _difference(before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {
        table: tuple(now - then for now, then in zip(written, before.get(table, (0, 0, 0)), strict=True))
        for table, written in after.items()
        if written != before.get(table)
    }


def _counts(tables: dict[str, Any]) -> dict[str, int]:
    if not tables:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return dict(cursor.fetchall())


def _columns(tables: Iterable[str]) -> dict[str, str]:
    """The columns of each table that are not computed by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attrelid::regclass::text, string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = ANY(%s::regclass[]) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            GROUP BY 1""",
            [list(tables)],
        )
        return dict(cursor.fetchall())


def _name(value: Any) -> str:
    """The same for the same thing in every test."""
    if isinstance(value, models.Model):
        return f"{value._meta.label} {value.pk}"
    if isinstance(value, PLAIN):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_name, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_name(key)}: {_name(each)}' for key, each in value.items())}}}"
    if is_dataclass(value):
        return f"{type(value).__name__}{[_name(getattr(value, field.name)) for field in fields(value)]}"
    raise Unnamed
