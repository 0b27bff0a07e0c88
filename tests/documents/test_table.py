import csv
import io
import weakref
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext_lazy, override
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.documents.table import FORMS, table_response

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "\uff1d1"]
DANGEROUS = [*FORMULAS, "http://x.vn", "mailto:a@b"]


def xlsx(columns: list[str], rows: Any, name: str = "Bảng") -> Any:
    response = table_response(name, columns, rows)
    content = b"".join(response.streaming_content)
    closed(response)
    return openpyxl.load_workbook(io.BytesIO(content)).active


def closed(response: Any) -> None:
    """Not response.close(): that would end the test's database connection too."""
    if hasattr(response, "file_to_stream"):
        response.file_to_stream.close()


def lines(columns: list[str], rows: Any) -> list[list[str]]:
    response = table_response("Bảng", columns, rows, "csv")
    content = b"".join(response.streaming_content)
    closed(response)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_cells_of_a_workbook_have_their_types() -> None:
    noon = datetime(2020, 1, 2, 5, 30, tzinfo=UTC)
    sheet = xlsx(["Mã", "Ngày", "Lúc", "Số", "Tỷ lệ"], [["CH-05", date(2020, 1, 2), noon, 21, Decimal("87.2")]])
    row = [cell.value for cell in sheet[2]]
    assert row == ["CH-05", datetime(2020, 1, 2), datetime(2020, 1, 2, 12, 30), 21, 87.2]
    assert [cell.number_format for cell in sheet[2]][1:3] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]
    assert [cell.value for cell in sheet[1]] == ["Mã", "Ngày", "Lúc", "Số", "Tỷ lệ"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text: str) -> None:
    sheet = xlsx(["=A", text], [[text, text]])
    for cell in [*sheet[1], *sheet[2]]:
        assert cell.data_type == "s"
        assert cell.hyperlink is None


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    assert lines([text], [[text]]) == [["'" + text], ["'" + text]]


def test_numbers_and_dates_in_csv_are_what_they_are() -> None:
    row = [-5, -1.5, date(2020, 1, 2), datetime(2020, 1, 2, 5, 30, tzinfo=UTC), None, "a,b\n\"c\""]  # fmt: skip
    assert lines(["x"] * 6, [row])[1] == ["-5", "-1.5", "02/01/2020", "02/01/2020 12:30", "", 'a,b\n"c"']


def test_what_excel_cannot_hold_becomes_text() -> None:
    sheet = xlsx(["x"] * 4, [[10**18, "a" * 40_000, date(1800, 1, 1), None]])
    values = [cell.value for cell in sheet[2]]
    assert values[0] == str(10**18)
    assert len(values[1]) == 32_767
    assert values[2] == "01/01/1800"
    assert values[3] is None


@pytest.mark.parametrize("form", FORMS)
def test_the_name_of_the_file_is_vietnamese(form: str) -> None:
    response = table_response("Danh sách câu hỏi", ["x"], [], form)
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''Danh%20s%C3%A1ch%20c%C3%A2u%20h%E1%BB%8Fi.{form}"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    closed(response)


@pytest.mark.parametrize("form", FORMS)
def test_a_name_cannot_break_the_header(form: str) -> None:
    response = table_response('a"\r\nX: y', ["x"], [], form)
    assert "\n" not in response["Content-Disposition"]
    closed(response)


@pytest.mark.parametrize("form", FORMS)
def test_no_more_rows_than_are_written_are_in_memory(form: str) -> None:
    """They are asked for one after the other, so that thousands of them do not stand beside each other."""
    alive: weakref.WeakSet[Any] = weakref.WeakSet()

    class Each(list[Any]):
        __hash__ = object.__hash__

    def rows() -> Any:
        for number in range(2000):
            alive.add(row := Each([number]))
            assert len(alive) < 200
            yield row

    closed(table_response("x", ["x"], rows(), form))


def test_csv_speaks_the_language_that_is_active() -> None:
    with override("en"):
        response = table_response("x", [gettext_lazy("Yes")], [[True]], "csv")
    assert b"".join(response.streaming_content).decode("utf-8-sig").split() == ["Yes", "Yes"]
    closed(response)


CELLS = st.none() | st.integers() | st.dates() | st.text(max_size=20) | st.decimals(allow_nan=False)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_rows_make_a_table_that_opens(rows: list[tuple[Any, Any]]) -> None:
    sheet = xlsx(["a", "b"], rows)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert len(lines(["a", "b"], rows)) == len(rows) + 1
