"""Papers: the same data give the same bytes, in the given typeface, and what somebody typed is only ever text."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from fontTools.ttLib import TTFont

from cchc.documents.typeface import VIETNAMESE, check_typeface, unprintable
from cchc.documents.typesetting import CannotTypeset, pictures, plain, typeset
from commitments.documents.commitment import COMMITMENT
from tests.documents.papers import AT, commitment, fonts, pages, words

BOTH_FORMS = pytest.mark.parametrize("form", ["NFC", "NFD"])
# Typst's own language, JSON, a QR-breaking quote, HTML: none of it may do anything.
TYPED = [
    '#panic("x")',
    "#{1+1}",
    "*đậm* _nghiêng_ $x^2$",
    '"\\n\\u0000"',
    "</script>",
    "= Đề mục",
    "// hết",
    "\\*",
    "@a <b>",
]


def made(**changes: Any) -> bytes:
    return typeset(COMMITMENT, commitment(**changes), at=AT)


def test_the_same_data_give_the_same_bytes() -> None:
    assert made() == made()
    assert made() != made(version=3)


def test_several_threads_do_not_disturb_each_other() -> None:
    """The worker and the server have threads, and all share the fonts."""
    alone = [made(version=version) for version in range(8)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda version: made(version=version), range(8))) == alone


@pytest.mark.parametrize(("parent", "told"), [("check_typeface()", "printed"), ("unprintable('a')", "refused")])
def test_a_child_prints_or_is_refused_and_never_waits_for_threads_that_are_gone(parent: str, told: str) -> None:
    """Celery's workers are children of a process that runs the system checks."""
    code = f"""
import os, cchc.wsgi
from cchc.documents.typeface import check_typeface, unprintable
{parent}
child = os.fork()
if child == 0:
    try:
        print(unprintable("a") or "printed", flush=True)
    except RuntimeError:
        print("refused", flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == f"{told}\n", done.stderr


def test_it_is_pdf_a_and_tells_when_and_what() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made()))
    assert b"<pdfaid:part>2</pdfaid:part>" in made().replace(b"\n", b"")
    assert reader.metadata is not None
    assert reader.metadata.title == "Bản cam kết CK-2020-07, phiên bản 2"
    assert reader.metadata.creation_date == AT.astimezone(UTC)


def test_every_font_is_in_the_file() -> None:
    found = fonts(made())
    assert found and all(found.values()), found
    assert all("NotoSerif" in name for name in found), found


@BOTH_FORMS
def test_every_vietnamese_letter_is_in_the_text(form: str) -> None:
    text = words(made(clause=unicodedata.normalize(form, " ".join(VIETNAMESE + "đĐ"))))
    assert [letter for letter in VIETNAMESE + "đĐ" if letter not in text] == []


@BOTH_FORMS
def test_both_forms_of_a_text_give_the_same_paper(form: str) -> None:
    written = unicodedata.normalize(form, "Đẩy mạnh số hóa ở phường; rút ngắn thời gian.")
    assert made(clause=written) == made(clause=unicodedata.normalize("NFC", written))


@pytest.mark.parametrize("typed", TYPED)
def test_what_somebody_typed_is_printed_letter_by_letter(typed: str) -> None:
    assert typed in words(made(clause=typed, title=typed))


def test_signs_that_people_type_have_a_shape() -> None:
    signs = "≥ ≤ → ✓ ± × ² № ₫ • ½ “” ‘’ – … °"
    assert unprintable(signs) == ""
    text = words(made(clause=signs))
    assert all(sign in text for sign in signs.split())


def test_a_letter_without_a_shape_is_a_sentence() -> None:
    with pytest.raises(CannotTypeset, match="🙂 中|中 🙂"):
        made(clause="Tốt 🙂 中")
    with pytest.raises(CannotTypeset, match="🙂"):
        pictures(COMMITMENT, commitment(clause="🙂"), at=AT)
    assert sorted(unprintable("Tốt 🙂 中 tốt 🙂")) == ["中", "🙂"]
    assert unprintable("Nghiêng\u200b ngả\n\t") == ""


def test_an_unknown_typeface_is_no_paper(settings: Any) -> None:
    settings.PDF_FONT_FAMILY = "Times Old Roman"
    with pytest.raises(RuntimeError, match="times old roman"):
        made()


def test_a_template_that_does_not_fit_the_data_is_no_paper() -> None:
    with pytest.raises(RuntimeError, match="tasks|dictionary"):
        typeset(COMMITMENT, {"code": "x"}, at=AT)


def test_the_pages_as_pictures() -> None:
    drawn = pictures(COMMITMENT, commitment(tasks=list(commitment().tasks) * 12), at=AT)
    assert len(drawn) == len(pages(made(tasks=list(commitment().tasks) * 12))) > 1
    assert all(picture.startswith(b"\x89PNG") for picture in drawn)


@dataclass(frozen=True)
class Part:
    day: date
    words: str


def test_data_as_json() -> None:
    moment = datetime(2020, 1, 1, 18, 30, 5, tzinfo=UTC)  # the second of January in Vietnam
    value = {1: [Part(date(2020, 2, 9), "O\u031b")], "at": moment, "n": Decimal("50.00"), "no": None, "yes": True}
    assert json.loads(json.dumps(plain(value))) == {
        "1": [{"day": {"year": 2020, "month": 2, "day": 9}, "words": "Ơ"}],
        "at": {"year": 2020, "month": 1, "day": 2, "hour": 1, "minute": 30, "second": 5},
        "n": "50",
        "no": None,
        "yes": True,
    }


# --- The typeface is looked at when the program starts ---------------------------------------------------------------


def test_the_wheel_s_typeface_is_complete() -> None:
    assert check_typeface() == []


def test_a_folder_that_is_missing_is_told(settings: Any, tmp_path: Path) -> None:
    settings.PDF_FONT_DIRS = [str(tmp_path / "fonts")]
    assert [error.id for error in check_typeface()] == ["documents.E001"]
    with pytest.raises(SystemCheckError, match="there is no .*fonts"):
        call_command("check")


def test_a_typeface_that_is_not_there_is_told(settings: Any) -> None:
    settings.PDF_FONT_FAMILY = "Times New Roman"
    (error,) = check_typeface()
    assert error.id == "documents.E002" and "Noto Serif" in error.msg


def test_a_typeface_without_vietnamese_letters_is_told(settings: Any, tmp_path: Path) -> None:
    """Debian's fonts-liberation is one."""
    settings.PDF_FONT_DIRS, settings.PDF_FONT_FAMILY = [str(tmp_path)], "Be Vietnam Pro"
    spec = find_spec("fontpkg_be_vietnam_pro")
    whole = Path(spec.submodule_search_locations[0], "files", "BeVietnamPro-Regular.ttf")  # type: ignore[union-attr, index]
    with TTFont(whole) as font:
        for letters in font["cmap"].tables:
            for missing in (ord("ơ"), 0x031B):  # the whole letter, and the horn of which it could be put together
                letters.cmap.pop(missing, None)
        font.save(tmp_path / "cut.ttf")
    (error,) = check_typeface()
    assert error.id == "documents.E003" and "ơ" in error.msg
    settings.PDF_FONT_DIRS = [str(whole.parent)]
    assert check_typeface() == []
