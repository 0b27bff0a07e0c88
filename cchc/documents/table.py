"""Tables for an office: rows as XLSX or CSV, in which no cell is ever a formula or a link.

`columns` are the headings, `rows` give a value for each: text, number, date, time, bool or None.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575  # of a sheet, beside the headings
_MAX_TEXT = 32_767  # characters of a cell, set by Excel
_EXACT = 10**15  # Excel keeps fifteen digits of a number
_NARROW, _WIDE = 8, 60
_SAMPLE = 100  # rows by which the columns are made wide
# What a spreadsheet program takes for the start of a formula, in both widths.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Row = Sequence[Any]


def table_response(name: str, columns: Sequence[Any], rows: Iterable[Row], form: str = "xlsx") -> FileResponse:
    """A table to download as `name`.`form`, one of FORMS."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        write_table(form, file, columns, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file_response(file, name, form)


def file_response(file: IO[bytes], name: str, form: str) -> FileResponse:
    """A written table as a download that no browser runs and nobody else keeps."""
    response = FileResponse(file, content_type=FORMS[form][0])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def write_table(form: str, file: IO[bytes], columns: Sequence[Any], rows: Iterable[Row]) -> None:
    """Write a table of this form, a key of FORMS, into *file*, row by row as they come."""
    FORMS[form][1](file, [str(column) for column in columns], iter(rows))


def _write_text(file: IO[bytes], columns: list[str], rows: Iterator[Row]) -> None:
    """Commas, UTF-8 with a mark for Excel, dates as dd/mm/yyyy."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in chain([columns], rows):
        writer.writerow(map(_harmless, row))
    text.detach()


def _write_book(file: IO[bytes], columns: list[str], rows: Iterator[Row]) -> None:
    # Files, not memory, hold the rows: constant_memory needs them from top to bottom, as they come.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
        sample = list(islice(rows, _SAMPLE))
        for place, width in enumerate(_widths(columns, sample)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column[:_MAX_TEXT], heading)
        for number, row in enumerate(islice(chain(sample, rows), MAX_ROWS), 1):
            for place, value in enumerate(map(_typed, row)):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, datetime.min.time()), day)
                elif value == "":
                    continue
                elif isinstance(value, str):
                    sheet.write_string(number, place, value, plain)
                else:
                    sheet.write_number(number, place, value, plain)


def _widths(columns: list[str], sample: list[Row]) -> list[int]:
    """The width of each column in characters, from its heading and the first rows."""
    longest = [max(len(word) for word in [*column.split(), ""]) for column in columns]
    for row in sample:
        longest = [max(width, len(_shown(value))) for width, value in zip(longest, row, strict=True)]
    return [min(max(width + 2, _NARROW), _WIDE) for width in longest]


def _typed(value: Any) -> str | int | float | Decimal | date | datetime:
    """The value as a cell keeps it: local times, what Excel cannot hold exactly as text."""
    if isinstance(value, datetime):
        return _local(value) if value.year >= 1900 else _shown(value)
    if isinstance(value, date):
        return value if value.year >= 1900 else _shown(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and -_EXACT < value < _EXACT:
        return value
    return _shown(value)[:_MAX_TEXT]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{_local(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _local(value: datetime) -> datetime:
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def _harmless(value: Any) -> str:
    """Text that no program runs as a formula: an apostrophe is put before it. Numbers and dates are what they are."""
    text = _shown(value).replace("\0", "")
    if isinstance(value, int | float | Decimal | date) or not text.startswith(_FORMULA):
        return text
    return f"'{text}"


# The forms of a table: what a browser is told of it, and who writes it. Dates and numbers of a workbook are typed, so
# that they sort and add up.
FORMS: dict[str, tuple[str, Callable[[IO[bytes], list[str], Iterator[Row]], None]]] = {
    "xlsx": (XLSX, _write_book),
    "csv": ("text/csv; charset=utf-8", _write_text),
}
