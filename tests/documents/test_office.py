"""LibreOffice opens every editable paper and every table without repair, and finds in them what we wrote."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from django.urls import reverse
from docx.oxml.ns import qn

from cchc.documents.docx import written
from cchc.documents.typesetting import sheet_of
from cchc.embedded import soffice
from cchc.organization.models import Person
from tests.commitments.factories import campaign_at
from tests.dialogues.pages import signed_in
from tests.dialogues.results import survey_at
from tests.documents.paper_samples import EVERY
from tests.test_url_matrix import SAMPLES, World, world

__all__ = ["world"]
# Fields separated by commas, quoted, in UTF-8, as the cells show them.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
TABLES = sorted(name for name in SAMPLES if name.endswith(("_export", "_import_template")))
BARE = {"handover_post_export"}  # of somebody who owes nothing

# The fonts of the machine decide how a PDF spells Vietnamese; this is what was read.
AS_TEXT = "txt:Text (encoded):UTF8"

Convert = Callable[[str, dict[str, bytes]], tuple[dict[str, bytes], str]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """One call of LibreOffice for many files: what it made of each by its name, and all that it said."""
    program = soffice.find()
    assert program, "No LibreOffice: see `python -m cchc.embedded.soffice`"
    home = tmp_path_factory.mktemp("office")

    def converted(form: str, files: dict[str, bytes]) -> tuple[dict[str, bytes], str]:
        source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
        for name, content in files.items():
            (source / name).write_bytes(content)
        command = [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", form]
        done = subprocess.run(
            [*command, "--outdir", str(target), *(str(source / name) for name in files)],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        return {each.name: each.read_bytes() for each in target.iterdir()}, done.stdout + done.stderr

    return converted


def test_every_paper_is_a_whole_file(convert: Convert) -> None:
    papers = {f"{key}.docx": written(sheet_of(template, data)) for key, (template, data) in EVERY.items()}
    printed, told = convert("pdf", papers)
    read, heard = convert(AS_TEXT, papers)
    assert "error" not in (told + heard).lower()
    assert set(printed) | set(read) == {f"{key}.{form}" for key in EVERY for form in ("pdf", "txt")}
    for key in EVERY:
        assert pypdf.PdfReader(io.BytesIO(printed[f"{key}.pdf"])).pages
        text = _letters(read[f"{key}.txt"].decode())
        said = _paragraphs(papers[f"{key}.docx"])
        assert len(said) > 10
        assert [words for words in said if _letters(words) not in text] == [], key


def test_a_broken_paper_is_found_out(convert: Convert) -> None:
    """Cut off, with a document that is no XML, without one: none of them is opened, as it would be if repaired."""
    template, data = EVERY["notice"]
    whole = written(sheet_of(template, data))
    broken = {
        "cut.docx": whole[: len(whole) // 2],
        "torn.docx": _changed(whole, lambda part: part[: len(part) // 2]),
        "empty.docx": _changed(whole, lambda part: None),
    }
    made, told = convert("pdf", {**broken, "whole.docx": whole})
    assert set(made) == {"whole.pdf"}
    assert told.count("could not be loaded") == len(broken)


@pytest.mark.django_db
def test_every_table_has_its_rows(convert: Convert, world: World) -> None:
    force, admin = world.force, world.force.administrator
    samples = {name: SAMPLES[name](world) for name in TABLES}
    samples = {name: {**each, "kind": "xlsx"} if "kind" in each else each for name, each in samples.items()}
    survey = survey_at(force, "closed", sheets={"citizens": [5] * 12})
    ranked = {"code": campaign_at(force, "published", code="CK-2019").code}
    samples |= {"survey_export": {"pk": survey.pk}, "ranking_export": {**samples["ranking_export"], **ranked}}
    books = {
        f"{name}.xlsx": _book(reverse(name, kwargs=sample), admin if name.endswith("template") else force.secretary)
        for name, sample in samples.items()
    }
    made, told = convert(AS_CSV, books)
    assert "error" not in told.lower()
    for name in TABLES:
        shown = list(csv.reader(io.StringIO(made[f"{name}.csv"].decode())))
        kept = _rows(books[f"{name}.xlsx"])
        assert [[_same(cell) for cell in row] for row in shown] == kept, name
        assert len(kept) > 1 or name in BARE, name


def _paragraphs(file: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(file)).element.body
    return ["".join(part.text or "" for part in each.iter(qn("w:t"))) for each in body.iter(qn("w:p"))]


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _changed(file: bytes, change: Callable[[bytes], bytes | None]) -> bytes:
    """The DOCX with its document changed, or without it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            part: bytes | None = before.read(name)
            if name == "word/document.xml":
                part = change(part or b"")
            if part is not None:
                after.writestr(name, part)
    return out.getvalue()


def _book(address: str, reader: Person) -> bytes:
    answer = signed_in(reader).get(address, {"since": "2019-01-01"})  # of the overview
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)


def _rows(book: bytes) -> list[list[str]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    return [[_same(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _same(cell: Any) -> str:
    """Days as they are shown, numbers without the zeros that nobody wrote."""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == datetime.min.time() else f"{cell:%d/%m/%Y %H:%M}"
    text = "" if cell is None else str(cell)
    return text.removesuffix(".0") if re.fullmatch(r"-?\d+\.0", text) else text
