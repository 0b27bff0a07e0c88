"""Papers are PDF/A-2b (ISO 19005-2), sealed ones too, by the word of a validator that is not ours."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import page
import pytest
from django.utils import timezone
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cchc.documents.domain import certificate
from cchc.documents.domain.seal import seal, verify
from cchc.documents.typesetting import typeset
from tests.documents.paper_samples import AT, EVERY

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=timezone.get_default_timezone())
TOLD = {"reason": "Đóng dấu", "location": "Thái Hòa"}
LENGTH = "PDFA2B-STREAM-LENGTH-001"


@pytest.fixture
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR, settings.SEAL_P12, settings.SEAL_ROOTS = tmp_path, "", ""
    monkeypatch.setattr(certificate, "_organization", lambda: "Công an thị xã Thái Hòa")


def paper(key: str) -> bytes:
    template, data = EVERY[key]
    return typeset(template, data, at=AT)


def faults(pdf: bytes) -> set[str]:
    """The rules that *pdf* breaks."""
    found = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_2B).failures
    return {each.rule_id for each in found if each.rule_id != LENGTH or not _is_told_right(pdf)}


def _is_told_right(pdf: bytes) -> bool:
    """Whether every stream has the length that it tells.

    The validator takes a carriage return, if it is the last byte of one, for half of the line's end that follows.
    """
    rights = []
    for begun in re.finditer(rb" obj\s*<<((?:(?!endobj).)*?)>>\s*stream\n", pdf, re.DOTALL):
        (length,) = re.findall(rb"/Length (\d+)", begun[1])
        rights.append(pdf.startswith(b"\nendstream", begun.end() + int(length)))
    return len(rights) == pdf.count(b"endstream") and all(rights)


@pytest.mark.parametrize("key", EVERY)
def test_every_kind(key: str) -> None:
    assert faults(paper(key)) == set()


@pytest.mark.parametrize("key", ["commitment", "notice"])
def test_sealed_once_and_twice(home: None, key: str) -> None:
    once = seal(paper(key), at=NOW, **TOLD)
    twice = seal(once, at=NOW, **TOLD)
    assert faults(once) == set()
    # The validator asks that the first covers the second, too, which no signature can.
    assert faults(twice) <= {"PDFA2B-SIGNATURE-BYTERANGE-001"}
    assert [len(verify(each)) for each in (once, twice)] == [1, 2]
    assert all(found.valid for found in verify(twice))


def test_what_is_none_is_found_out() -> None:
    whole = paper("notice")
    assert faults(whole.replace(b"<pdfaid:part>2", b"<pdfaid:part>7")) == {"PDFA2B-ID-PART-001"}
    assert LENGTH in faults(re.sub(rb"/Length (\d\d)\d", rb"/Length \g<1>0", whole))
    program = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    assert faults(_with_action(whole, program)) > {"PDFA2B-ACTION-TYPE-001"}


def test_what_is_added_without_care_is_none() -> None:
    """As pyHanko adds by itself: behind the last word of the file, with what the file says of itself written anew."""
    goto = DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): TextStringObject("1")})
    assert faults(_with_action(paper("notice"), goto)) > {
        "PDFA2B-INDIRECT-OBJECT-SYNTAX-001", "PDFA2B-XMP-EXTENSION-FIELDS-001",
    }  # fmt: skip


def _with_action(pdf: bytes, action: DictionaryObject) -> bytes:
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    writer.root["/OpenAction"] = action
    writer.update_root()
    writer.write(out)
    return out.getvalue()
