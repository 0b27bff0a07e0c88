"""Rows by COPY: the way to a million of them in minutes. Only for an empty database, and only by the tables' owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any, Protocol

import psycopg
from django.db import connection, models
from psycopg import sql


class Sink(Protocol):
    """Where full tables go."""

    def write(self, table: Table) -> None: ...

    def settle(self) -> None:
        """Wait until everything written is in the database."""

    def close(self) -> None:
        """The same, and nothing more will come."""


class Table:
    """Rows of one model on their way to the database. Columns that are not given have the model's default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.name = model._meta.db_table
        self.defaults = {field.attname: field.get_default() for field in fields}
        self.columns = [field.column for field in fields]
        pk = model._meta.pk
        self.numbered = pk.attname if isinstance(pk, models.AutoField) else ""
        self.numbers = count(1)
        self.last = 0
        self.lines: list[str] = []

    def add(self, **given: Any) -> int:
        """Take one row, by attribute names; returns its number when the table numbers its rows."""
        if self.numbered:
            given[self.numbered] = self.last = next(self.numbers)
        row = self.defaults | given
        if len(row) != len(self.columns):
            raise TypeError(f"{self.name} has no {', '.join(set(given) - set(self.defaults))}")
        self.lines.append("\t".join(map(_cell, row.values())))
        return self.last

    def take(self) -> str:
        """The rows so far, as COPY reads them; they are then forgotten."""
        text = "\n".join(self.lines) + "\n" if self.lines else ""
        self.lines = []
        return text

    @property
    def statement(self) -> sql.Composed:
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), columns)


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        if "\\" in value or "\n" in value or "\t" in value:
            return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        return value
    return {True: "t", False: "f"}[value] if isinstance(value, bool) else str(value)


class Here:
    """By Django's own connection, within its transaction."""

    def write(self, table: Table) -> None:
        if text := table.take():
            with connection.cursor() as cursor, cursor.copy(table.statement) as copy:
                copy.write(text)

    def settle(self) -> None:
        pass

    close = settle


class Beside:
    """By two more connections, so that the database parses rows while Python makes the next."""

    def __init__(self) -> None:
        self.free = [psycopg.connect(**connection.get_connection_params(), autocommit=True) for _ in range(2)]
        for each in self.free:
            each.execute("SET synchronous_commit = off")
        self.pool = ThreadPoolExecutor(2)
        self.going: list[Future[None]] = []

    def write(self, table: Table) -> None:
        while len(self.going) > 12:
            self.going.pop(0).result()
        if text := table.take():
            self.going.append(self.pool.submit(self._copy, table.statement, text))

    def _copy(self, statement: sql.Composed, text: str) -> None:
        mine = self.free.pop()
        with mine.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text)
        self.free.append(mine)

    def settle(self) -> None:
        while self.going:
            self.going.pop(0).result()

    def close(self) -> None:
        self.settle()
        self.pool.shutdown()
        for each in self.free:
            each.close()


def number_on(tables: Sequence[Table]) -> None:
    """Let the sequences go on after the last number used, here or before."""
    with connection.cursor() as cursor:
        for table in tables:
            if table.last:
                cursor.execute(
                    "SELECT setval(name, greatest(%s, pg_sequence_last_value(name)))"
                    " FROM CAST(pg_get_serial_sequence(%s, 'id') AS regclass) AS name",
                    [table.last, table.name],
                )


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Within, these tables have neither indexes nor keys (their checks stay); afterwards all of them, built anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('f', 'u', 'p') AND conrelid = ANY(%s::regclass[]) ORDER BY contype = 'f' DESC",
            [list(tables)],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS"
            " (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p'))",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        # CASCADE: other tables' keys that point here go too, so they are remembered as well.
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, 'f', pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = ANY(%s::regclass[]) AND conrelid <> ALL(%s::regclass[])",
            [list(tables), list(tables)],
        )
        constraints = cursor.fetchall() + constraints
        for table, name, _kind, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, _kind, definition in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute("RESET maintenance_work_mem")
