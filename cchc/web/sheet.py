"""Reading a table that somebody uploads: XLSX, or CSV in the encodings that Vietnamese Excel writes."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any, NamedTuple

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cchc.web.text import clean
from cchc.web.zipped import BROKEN, check_office_file

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 100
MAX_CELL = 10_000


class SheetRow(NamedTuple):
    """One row that is not blank: its number in the file, as a spreadsheet shows it, and a text for every header."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    headers: list[str]
    rows: list[SheetRow]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row number, {header: text}) for each row."""
        return ((row.number, dict(zip(self.headers, row.cells, strict=True))) for row in self.rows)


def read_rows(upload: Any) -> Sheet:
    """The first sheet of an uploaded file: its first row that is not blank as headers, the others as rows.

    Every cell comes as clean text: dates as dd/mm/yyyy, whole numbers without a fraction, formulas as their last value.
    At most 5 MB, 5,000 rows and 100 columns. Raises ValidationError with a sentence.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024 // 1024})
    name = str(upload.name).lower()
    upload.seek(0)
    if name.endswith(".xlsx"):
        return _sheet(_xlsx_rows(upload))
    if name.endswith(".csv"):
        return _sheet(_csv_rows(upload.read()))
    raise ValidationError(_("Choose an XLSX or CSV file."))


def _sheet(rows: Iterable[Iterable[Any]]) -> Sheet:
    numbered = ((number, [_text(cell) for cell in islice(row, MAX_COLUMNS)]) for number, row in enumerate(rows, 1))
    filled = ((number, cells) for number, cells in numbered if any(cells))
    first = next(filled, None)
    if first is None:
        raise ValidationError(_("The file has no rows."))
    headers = _without_blank_end(first[1])
    if "" in headers or len(set(headers)) != len(headers):
        raise ValidationError(_("Every column needs a heading of its own in the first row."))
    found = list(islice(filled, MAX_ROWS + 1))
    if len(found) > MAX_ROWS:
        raise ValidationError(_("The file has more than %(limit)d rows; split it.") % {"limit": MAX_ROWS})
    for number, cells in found:
        if any(cells[len(headers) :]):
            raise ValidationError(_("Row %(row)d has more cells than there are headings.") % {"row": number})
    padding = [""] * len(headers)
    return Sheet(headers, [SheetRow(number, (cells + padding)[: len(headers)]) for number, cells in found])


def _without_blank_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y" if cell.time() == time() else "%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = clean(str(cell))
    if len(text) > MAX_CELL:
        raise ValidationError(_("A cell has more than %(limit)d characters.") % {"limit": MAX_CELL})
    return text


def _xlsx_rows(file: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    check_office_file(file, "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some writers declare sizes that are not true
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()
    except ValidationError:
        raise
    except Exception as error:  # openpyxl lets out whatever a wrong file made it stumble on
        raise ValidationError(BROKEN) from error


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ValidationError(BROKEN) from error


def _decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-16 when it says so, else UTF-8, else the Windows code page for Vietnamese."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"] if b"\x00" in content else ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("The text of the file cannot be read; save it as “CSV UTF-8” or XLSX."))
