"""Commitment, evaluation sheet and notice of a ranking as files to work on: the same words in the decree's form."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.document import Document as File
from docx.shared import Pt

from cchc.documents.docx import written
from cchc.documents.typeface import VIETNAMESE
from cchc.documents.typesetting import sheet_of, typeset
from tests.documents.paper_samples import EVERY
from tests.documents.papers import ADDRESS, AT, CHIEF, DEPUTY, DIGEST, commitment, pages, words
from tests.documents.pledge_samples import PLEDGES, evaluation, ranking
from tests.documents.test_papers import MOTTO, NATION, W, _is_sound

NAMES = sorted(PLEDGES)
EACH = pytest.mark.parametrize("name", NAMES)
MAKE: dict[str, Any] = {"commitment": commitment, "evaluation": evaluation, "ranking": ranking}


def opened(name: str, **changes: Any) -> File:
    made = written(sheet_of(PLEDGES[name][0], MAKE[name](**changes)))
    _is_sound(made)
    return docx.Document(io.BytesIO(made))


def told(file: File) -> str:
    """Every word of the body, tables too."""
    return " ".join("".join(node.text or "" for node in line.iter(f"{W}t")) for line in file.element.iter(f"{W}p"))


@EACH
def test_sheet_margins_and_heading(name: str) -> None:
    file = opened(name)
    section = file.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.right_margin, section.bottom_margin,
             section.left_margin)  # fmt: skip
    assert [round(each.mm) for each in sizes if each] == [210, 297, 20, 15, 20, 30]
    assert "PAGE" in section.header._element.xml and "PAGE" not in section.first_page_header._element.xml
    nation = file.tables[0].cell(0, 1).paragraphs
    assert [line.text for line in nation[:2]] == [NATION, MOTTO]
    assert nation[0].runs[0].font.size == Pt(12) and nation[0].runs[0].bold
    width = section.page_width - section.left_margin - section.right_margin
    assert all(sum(column.width for column in table.columns) <= width for table in file.tables)


@EACH
def test_it_says_what_the_pages_say(name: str) -> None:
    template, data = PLEDGES[name]
    sheet, text = sheet_of(template, data), " ".join(told(opened(name)).split())
    printed = words(typeset(template, data, at=AT)).replace(" ", "")
    for block in sheet["body"]:
        said = [*block["head"], *(cell for row in block["rows"] for cell in row)] if block["kind"] == "table" else []
        said += [block["text"]] if "text" in block else []
        said += [run if isinstance(run, str) else run["text"] for run in block.get("runs", [])]
        for part in said:
            assert " ".join(part.split()) in text
            # A page of the PDF may end within it.
            assert len(part) > 60 or "".join(part.split()) in printed


@EACH
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_vietnamese_letter_is_there(name: str, form: str) -> None:
    letters = VIETNAMESE + "đĐ"
    field = "issuer" if name == "ranking" else "title" if name == "commitment" else "level"
    text = told(opened(name, **{field: unicodedata.normalize(form, " ".join(letters))}))
    assert set(unicodedata.normalize("NFC", letters)) - set(text) == set()


@pytest.mark.parametrize(("kind", "line"), [("kt", "KT. "), ("tl", "TL. "), ("tuq", "TUQ. "), ("tm", "TM. ")])
@EACH
def test_who_signs_for_whom(name: str, kind: str, line: str) -> None:
    signer = replace(DEPUTY, acting_kind=kind)
    file = opened(name, **{"signer" if name == "ranking" else "leader": signer})
    last = [cell.text.split("\n") for row in file.tables[-1].rows for cell in row.cells]
    heads, feet = (last[:2], last[2:]) if name != "ranking" else (last, last)
    assert heads[1][-2:] == [f"{line}TRƯỞNG CÔNG AN THỊ XÃ", "PHÓ TRƯỞNG CÔNG AN THỊ XÃ"] or name == "ranking"
    assert f"{line}TRƯỞNG CÔNG AN THỊ XÃ" in heads[1]
    assert feet[1][-1] == "Trung tá Trần Bá Lộc"
    if name != "ranking":
        party = {"commitment": "ĐƠN VỊ CAM KẾT", "evaluation": "ĐƠN VỊ TỰ CHẤM"}[name]
        assert heads[0] == [party, "ĐỘI TRƯỞNG"] and feet[0][-1] == "Thiếu tá Hồ Đức Quyết"
    else:
        assert "Nơi nhận:" in heads[0] and heads[0][-1] == "- Lưu: VT."


@EACH
def test_it_bears_no_signature_and_says_what_counts_on_every_page(name: str) -> None:
    file = opened(name)
    note = file.paragraphs[0].text
    assert "PDF" in note and ADDRESS in note and note.startswith("Bản để biên tập")
    assert file.element.body[0] is file.paragraphs[0]._p  # above the heading
    section = file.sections[0]
    assert section.first_page_footer.paragraphs[0].text == section.footer.paragraphs[0].text == note
    text = told(file)
    assert "Đã xác nhận điện tử" not in text and DIGEST[:4] not in text
    assert "Bản để biên tập" not in words(typeset(*PLEDGES[name], at=AT))


def test_what_is_not_signed_or_final_says_so() -> None:
    nobody = {"chief": replace(CHIEF, at=None, digest=""), "leader": replace(DEPUTY, at=None, digest="")}
    assert "chưa có chữ ký" in opened("commitment", **nobody).paragraphs[0].text
    assert "chưa phải điểm cuối cùng" in opened("evaluation", is_final=False, day=None).paragraphs[0].text


@EACH
def test_the_text_ends_once_and_beside_its_signatures(name: str) -> None:
    assert told(opened(name)).count("./.") == 1
    last = pages(typeset(*PLEDGES[name], at=AT))[-1].extract_text()
    assert "./." in last and "Trung tá Trần Bá Lộc" in last


def test_the_words_are_typed_and_not_read_as_something_else() -> None:
    typed = '#panic("x") *đậm* <b> & "ngoặc" \\ @ref'
    assert typed in told(opened("commitment", clause=typed))


def test_papers_of_a_unit_s_letterhead_are_no_copies() -> None:
    for name in sorted(set(EVERY) - set(PLEDGES)):
        assert sheet_of(*EVERY[name])["copy"] == ""
