import io
import unicodedata
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.web import sheet as sheets
from cchc.web.sheet import SheetRow, read_rows

TABLE = "Mã;Tên đơn vị\r\nTH;Đội Tổng hợp\r\n\r\nQT;Công an phường Quang Tiến\r\n"
ROWS = [SheetRow(2, ["TH", "Đội Tổng hợp"]), SheetRow(4, ["QT", "Công an phường Quang Tiến"])]


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def decomposed_cp1258(text: str) -> bytes:
    """As Vietnamese Windows writes: letters of the page, tones as marks behind them."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            letter, tone = unicodedata.normalize("NFD", char)[0], unicodedata.normalize("NFD", char)[1:]
            marks = [mark for mark in tone if mark in "\u0300\u0301\u0303\u0309\u0323"]
            shape = "".join(mark for mark in tone if mark not in marks)
            out += unicodedata.normalize("NFC", letter + shape).encode("cp1258") + "".join(marks).encode("cp1258")
    return out


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8"),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        decomposed_cp1258(TABLE),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode(),
        TABLE.replace("\r\n", "\n").encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-be", "windows-1258", "comma", "tab", "lf"],
)
def test_csv_is_read_in_every_form_an_office_writes(content: bytes) -> None:
    sheet = read_rows(upload("đơn vị.CSV", content))
    assert sheet.headers == ["Mã", "Tên đơn vị"]
    assert sheet.rows == ROWS


def test_a_workbook_is_read_as_text() -> None:
    content = xlsx(
        [None, None],
        ["Mã", "Ngày", "Lúc", "Số", "Ghi chú", None],
        [" TH ", date(2020, 1, 2), datetime(2020, 1, 2, 8, 30), 5.0, None],
        [],
        [7, None, None, 87.2, "a\u202eb\r\nc"],
    )
    sheet = read_rows(upload("a.xlsx", content))
    assert sheet.headers == ["Mã", "Ngày", "Lúc", "Số", "Ghi chú"]
    assert sheet.rows == [
        SheetRow(3, ["TH", "02/01/2020", "02/01/2020 08:30", "5", ""]),
        SheetRow(5, ["7", "", "", "87.2", "ab\nc"]),
    ]
    assert list(sheet.records())[1] == (5, {"Mã": "7", "Ngày": "", "Lúc": "", "Số": "87.2", "Ghi chú": "ab\nc"})


def test_a_formula_counts_as_what_it_last_showed() -> None:
    assert read_rows(upload("a.xlsx", xlsx(["A", "B"], ["x", "=1+1"]))).rows == [SheetRow(2, ["x", ""])]


def zipped(**members: str) -> bytes:
    file = io.BytesIO(xlsx(["A"], ["x"]))
    with zipfile.ZipFile(file, "a") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b"x"),
        ("a.csv", b""),
        ("a.csv", b"\n\n;;\n"),
        ("a.csv", b"A;A\n1;2"),
        ("a.csv", b"A;;B\n1;2;3"),
        ("a.csv", b"A;B\n1;2;3"),
        ("a.csv", b"A\n" + b"\x81\x8d\xff\n"),
        ("a.csv", b"A;B\n\x00;\x00"),
        ("a.csv", b'A;B\n"open;1'),
        ("a.csv", b"A\n" + b"x" * 10_001),
        ("a.xlsx", b"PK\x03\x04 not really"),
        ("a.xlsx", b"A;B\n1;2"),
        ("a.xlsx", xlsx()),
        ("a.xlsx", zipped(a='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
        ("a.xlsx", zipped(xl__macrosheets__a="<a/>")),
        ("a.xlsx", zipped(a="<a>" + " " * 61_000_000 + "</a>")),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_rows(upload(name, content))
    assert refusal.value.messages[0].endswith(".")


def test_limits_are_sharp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read_rows(upload("a.csv", b"A\n1\n2\n3\n")).rows) == 3
    with pytest.raises(ValidationError, match="3"):
        read_rows(upload("a.csv", b"A\n1\n2\n3\n4\n"))
    monkeypatch.setattr(sheets, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(ValidationError, match="1 MB"):
        read_rows(upload("a.csv", b"A" * (1024 * 1024 + 1)))


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_give_a_table_or_a_sentence(content: bytes, name: str) -> None:
    try:
        sheet = read_rows(upload(name, content))
    except ValidationError:
        return
    assert all(len(row.cells) == len(sheet.headers) for row in sheet.rows)
