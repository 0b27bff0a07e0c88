"""What a table would do, cell by cell, before it does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import IntEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cchc.web.sheet import Sheet
from cchc.web.text import fold

Text = str | Promise
NEAREST = 4  # choices named when none fits


class Mark(IntEnum):
    """In the order of weight: a row is marked as its weightiest cell."""

    DONE = 0  # stands so already
    NEW = 1
    WARNING = 2  # will be taken, but look at it
    ERROR = 3  # with one of these nothing at all is written

    @property
    def label(self) -> Text:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return ("", "is-done", "is-wait", "is-late")[self]

    @property
    def glyph(self) -> str:
        return ("s4", "s0", "sq", "sx")[self]


_LABELS: dict[Mark, Text] = {
    Mark.DONE: gettext_lazy("Stands so already"),
    Mark.NEW: gettext_lazy("New"),
    Mark.WARNING: gettext_lazy("Look at it"),
    Mark.ERROR: gettext_lazy("Error"),
}


@dataclass(frozen=True)
class Column:
    """*heading* in both languages, or *name*, may stand over it in the table. *examples* fill the template."""

    name: str
    heading: Text
    examples: tuple[Text, Text] = ("", "")
    required: bool = False


@dataclass
class Cell:
    text: str
    mark: Mark = Mark.NEW
    note: str = ""

    def refuse(self, note: str) -> None:
        self.mark, self.note = Mark.ERROR, note

    def warn(self, note: str) -> None:
        if self.mark < Mark.WARNING:
            self.mark, self.note = Mark.WARNING, note


@dataclass
class Line:
    number: int
    cells: dict[str, Cell]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        return max((cell.mark for cell in self.cells.values()), default=Mark.DONE)

    def read(self, name: str, convert: Callable[[str], Any]) -> Any:
        """The cell's value by *convert*, whose ValueError is the sentence in the cell; None when blank or refused."""
        cell = self.cells.get(name)
        if cell is None or not cell.text:
            return None
        try:
            self.values[name] = convert(cell.text)
        except ValueError as error:
            cell.refuse(str(error))
        return self.values.get(name)


@dataclass
class Preview:
    columns: list[Column]
    lines: list[Line]
    problems: list[str]
    ignored: list[str]
    carry_out: Callable[[datetime], int] = lambda at: 0

    @property
    def shown(self) -> list[Column]:
        """The columns of the table, and those that were filled for it."""
        names = {name for line in self.lines for name in line.cells}
        return [column for column in self.columns if column.name in names]

    def count(self, mark: Mark) -> int:
        return sum(line.mark == mark for line in self.lines)

    @property
    def may_go(self) -> bool:
        return not self.problems and not self.count(Mark.ERROR) and any(line.mark for line in self.lines)


def lay_out(sheet: Sheet, columns: list[Column]) -> Preview:
    """The table under the columns it has; nothing judged but the headings."""
    known = _headings(columns)
    places = {header: known.get(fold(header).strip(" *")) for header in sheet.headers}
    present = [column for column in columns if column.name in places.values()]
    missing = [str(column.heading) for column in columns if column.required and column not in present]
    problems = [_("The column “%(column)s” is missing.") % {"column": name} for name in missing]
    if not sheet.rows:
        problems.append(_("There is no row under the headings."))
    lines = [
        Line(number, {name: Cell(text) for header, text in record.items() if (name := places[header])})
        for number, record in sheet.records()
    ]
    return Preview(columns, lines, problems, [header for header, name in places.items() if not name])


def required(line: Line, columns: Iterable[Column]) -> None:
    for column in columns:
        if column.required and column.name in line.cells and not line.cells[column.name].text:
            line.cells[column.name].refuse(_("Must not be empty."))


def shorter(limit: int) -> Callable[[str], str]:
    def convert(text: str) -> str:
        text = " ".join(text.split())
        if len(text) > limit:
            raise ValueError(_("At most %(limit)d characters.") % {"limit": limit})
        return text

    return convert


def day(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(_("Write the day as 25/11/2026."))


def yes_or_no(text: str) -> bool:
    if fold(text) in ("x", "1", "co", "yes", "true"):
        return True
    if fold(text) in ("0", "khong", "no", "false"):
        return False
    raise ValueError(_("Write x for yes, or leave it empty."))


def one_of(choices: Iterable[tuple[Any, Text]], names: Mapping[str, Any] | None = None) -> Callable[[str], Any]:
    """A choice by its code, by its label in either language, or by one of *names*."""
    known: dict[str, Any] = dict(names or {})
    for language in ("vi", "en"):
        with override(language):
            known |= {fold(str(label)): value for value, label in choices}
    known |= {fold(str(value)): value for value, _label in choices if str(value)}

    def convert(text: str) -> Any:
        try:
            return known[fold(text)]
        except KeyError:
            labels = {fold(str(label)): str(label) for value, label in choices if value}
            near = [labels[name] for name in get_close_matches(fold(text), labels, NEAREST, cutoff=0)]
            raise ValueError(_("Not known here. Nearest: %(labels)s.") % {"labels": "; ".join(near)}) from None

    return convert


def compare(line: Line, stored: Mapping[str, Any], show: Callable[[Any], str] = str) -> dict[str, Any]:
    """Mark what an existing row keeps and what would change; returns the changes. Blank cells change nothing."""
    changes = {}
    for name, value in line.values.items():
        if name not in stored or line.cells[name].mark == Mark.ERROR:
            continue
        if stored[name] == value:
            line.cells[name].mark = Mark.DONE
        else:
            changes[name] = value
            line.cells[name].warn(_("Replaces: %(value)s") % {"value": show(stored[name]) or "–"})
    for cell in line.cells.values():
        if not cell.text and cell.mark == Mark.NEW:
            cell.mark = Mark.DONE
    return changes


def _headings(columns: list[Column]) -> dict[str, str]:
    known: dict[str, str] = {}
    for language in ("vi", "en"):
        with override(language):
            known |= {fold(str(column.heading)): column.name for column in columns}
    return known | {column.name: column.name for column in columns}
