"""Every kind of paper as Decree 30/2020/NĐ-CP, appendix I, asks for it: measured in the file; and its editable twin."""

from __future__ import annotations

import io
import posixpath
import unicodedata
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from docx.shared import Pt

from cchc.documents.docx import written
from cchc.documents.typed import dump, load
from cchc.documents.typeface import VIETNAMESE
from cchc.documents.typesetting import plain, sheet_of, typeset
from tests.documents.paper_samples import AT, CONTENTS, EXCHANGE, HEAD, KINDS, LINE, envelope
from tests.documents.papers import fonts, pages, places, words

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT, RIGHT, TOP, BOTTOM = 30, 15, 20, 20  # millimetres
WIDE = ("item_list", "directive_table")
ALL = sorted(KINDS)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def long(key: str) -> Any:
    """The content of a kind that fills several pages."""
    content = CONTENTS[key][1]
    longer = {
        name: getattr(content, name) * 30
        for name in ("course", "items", "directives", "agenda", "matters", "units")
        if hasattr(content, name)
    }
    return replace(content, **(longer or {"answer": f"{content.answer}\n" * 40}))


def pdf_of(key: str, content: Any = None, **changes: Any) -> bytes:
    return typeset(KINDS[key].template, envelope(key, content, **changes), at=AT)


@pytest.mark.parametrize("key", ALL)
def test_sheet_margins_heading_and_page_numbers(key: str) -> None:
    pdf = pdf_of(key, long(key))
    size = (297, 210) if key in WIDE else (210, 297)
    found = pages(pdf)
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        box = (float(page.mediabox.width) / 72 * 25.4, float(page.mediabox.height) / 72 * 25.4)
        assert tuple(round(side, 1) for side in box) == size
        stand = places(page)
        assert min(x for x, _y, _text in stand) >= LEFT - 0.01
        assert max(y for _x, y, _text in stand) <= size[1] - BOTTOM + 0.01
        above = [(x, text) for x, y, text in stand if y <= TOP]
        assert [text for _x, text in above] == ([] if number == 1 else [str(number)])
        assert all(abs(x - (LEFT + size[0] - RIGHT) / 2) < 3 for x, _text in above)
    first = {text: (x, y) for x, y, text in places(found[0])}
    # Each on one line, and nothing else on the right of the issuing body's line.
    assert first[NATION][1] < first[MOTTO][1] < TOP + 12 and first[NATION][0] > size[0] * 0.45
    assert first["CÔNG AN TỈNH NGHỆ AN"][1] == pytest.approx(first[NATION][1], abs=0.6)


@pytest.mark.parametrize("key", ALL)
def test_the_file_is_for_keeping_and_has_its_fonts(key: str) -> None:
    pdf = pdf_of(key)
    assert fonts(pdf) and all(fonts(pdf).values())
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata and "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert pdf == pdf_of(key)  # the same words, the same bytes


@pytest.mark.parametrize("key", ALL)
def test_the_end_of_the_text_and_the_signature(key: str) -> None:
    text = words(pdf_of(key))
    assert text.count("./.") == 1
    if KINDS[key].signed_by_two:
        found = {text: (x, y) for x, y, text in places(pages(pdf_of(key))[-1])}
        assert found["THƯ KÝ"][1] == found["CHỦ TỌA"][1] and found["THƯ KÝ"][0] < 105 < found["CHỦ TỌA"][0]
        assert found["Đại úy Lê Lan Chi"][1] == found["Thượng tá Phạm Văn Dũng"][1]
        return
    assert "KT. TRƯỞNG CÔNG AN THỊ XÃ PHÓ TRƯỞNG CÔNG AN THỊ XÃ" in text and "Trung tá Trần Bá Lộc" in text
    assert "Nơi nhận: - Như trên; - Lãnh đạo Công an thị xã; - Lưu: VT, TH." in text
    text = words(pdf_of(key, signer=HEAD))
    assert "KT." not in text and "TRƯỞNG CÔNG AN THỊ XÃ" in text


@pytest.mark.parametrize("key", ALL)
def test_number_place_and_day(key: str) -> None:
    text = words(pdf_of(key))
    assert (f"Số: {envelope(key).mark}" in text) == bool(KINDS[key].symbol)
    assert ("Thái Hòa, ngày 09 tháng 02 năm 2020" in text) == KINDS[key].dated
    if KINDS[key].symbol:
        assert "Số: …/" in words(pdf_of(key, mark="…/TB-CATX-TH", day=None))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("key", ALL)
def test_every_vietnamese_letter_is_in_the_text(key: str, form: str) -> None:
    letters = unicodedata.normalize("NFC", VIETNAMESE + "đĐ")
    typed = " ".join(unicodedata.normalize(form, letter) for letter in letters)
    shown = unicodedata.normalize("NFC", words(pdf_of(key, title=typed)))
    assert not set(letters) - set(shown)
    sheet = sheet_of(KINDS[key].template, envelope(key, title=typed))
    file = docx.Document(io.BytesIO(written(sheet)))
    told = "".join(node.text or "" for node in file.element.iter(f"{W}t"))
    assert not set(letters) - set(unicodedata.normalize("NFC", told))


@pytest.mark.parametrize("key", ALL)
def test_the_editable_file_says_the_same_in_the_same_form(key: str) -> None:
    sheet = sheet_of(KINDS[key].template, envelope(key))
    made = written(sheet)
    file = docx.Document(io.BytesIO(made))
    section = file.sections[0]
    wide = key in WIDE
    across, down = section.page_width, section.page_height
    assert across and down and (round(across.mm), round(down.mm)) == ((297, 210) if wide else (210, 297))
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(each.mm) for each in margins] == [20, 15, 20, 30]
    # The number is in the head, and the first page has one of its own, which is blank.
    assert section.different_first_page_header_footer and "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    normal = file.styles["Normal"]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    face = normal.element.rPr.rFonts
    assert {face.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    nation = file.tables[0].cell(0, 1).paragraphs[0]
    assert nation.text == NATION and nation.runs[0].font.size == Pt(12) and nation.runs[0].bold
    for table in file.tables:
        widths = [column.width for column in table.columns]
        assert all([cell.width for cell in row.cells] == widths for row in table.rows)
        assert sum(widths) <= section.page_width - section.left_margin - section.right_margin
    told = " ".join("".join(node.text or "" for node in line.iter(f"{W}t")) for line in file.element.iter(f"{W}p"))
    assert told.count("./.") == 1
    for part in (sheet["title"].upper(), sheet["mark"], "Lưu: VT, TH."):
        assert part in told
    for block in sheet["body"]:
        for cell in [cell for row in block.get("rows", []) for cell in row] if block["kind"] == "table" else []:
            assert cell in told
    _is_sound(made)


def _is_sound(made: bytes) -> None:
    """Each part is XML, each relation leads somewhere."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = set(archive.namelist())
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
        relations = ElementTree.fromstring(archive.read("word/_rels/document.xml.rels"))
        for each in relations:
            assert posixpath.normpath(f"word/{each.get('Target')}") in names


@pytest.mark.parametrize("key", ALL)
def test_a_content_is_kept_as_it_was(key: str) -> None:
    content = CONTENTS[key][1]
    assert load(type(content), dump(content)) == content
    assert plain(load(type(content), dump(content))) == plain(content)


def test_what_somebody_typed_is_printed_letter_by_letter() -> None:
    typed = '#panic("x") *đậm* $x^2$ <b> & "ngoặc" \\ @ref'
    content = replace(CONTENTS["minutes"][1], course=[replace(EXCHANGE, question=typed, title=typed)])
    assert words(pdf_of("minutes", content)).count(typed) == 2
    file = docx.Document(io.BytesIO(written(sheet_of(KINDS["minutes"].template, envelope("minutes", content)))))
    assert any(typed in line.text for line in file.paragraphs)


def test_an_ending_that_was_typed_is_not_doubled() -> None:
    content = replace(CONTENTS["notice"][1], organization="Giao Đội Tổng hợp theo dõi./.")
    assert "theo dõi./." in words(pdf_of("notice", content)) and "./../." not in words(pdf_of("notice", content))


def test_the_reconciliation_line_shows_terms_and_sum() -> None:
    text = words(pdf_of("year_report"))
    assert "tiếp nhận 1.286 câu hỏi" in text
    assert "(đối chiếu: 642 + 559 + 31 + 20 + 12 + 3 + 19 = 1.286)" in text
    assert "1.144/1.201 (95,3%)" in text


def test_a_chart_says_its_numbers_to_whoever_cannot_see_it() -> None:
    file = docx.Document(io.BytesIO(written(sheet_of(KINDS["year_report"].template, envelope("year_report")))))
    told = [part.get("descr") for part in file.element.iter() if part.tag.endswith("}docPr")]
    assert len(told) == 3 and "Trả lời tại hội nghị: 642" in told[0]


def test_the_head_of_a_table_is_on_every_page() -> None:
    content = replace(CONTENTS["item_list"][1], items=[LINE] * 30)
    found = pages(pdf_of("item_list", content))
    assert all("Nội dung trả lời" in page.extract_text() for page in found[:-1])
    file = docx.Document(io.BytesIO(written(sheet_of(KINDS["item_list"].template, envelope("item_list", content)))))
    assert "w:tblHeader" in file.tables[1].rows[0]._tr.xml


def test_parts_without_words_are_left_out_and_the_numbers_close_up() -> None:
    content = replace(CONTENTS["notice"][1], assessment="")
    text = words(pdf_of("notice", content))
    assert "I. NỘI DUNG CÔNG VIỆC" in text and "ĐÁNH GIÁ CHUNG" not in text


def test_no_signature_stands_alone_on_a_page() -> None:
    """Whatever the length of the text, the last page has its last words too."""
    for lines in range(14, 22):
        content = replace(CONTENTS["answer_letter"][1], answer="Một dòng.\n" * lines)
        last = pages(pdf_of("answer_letter", content))[-1].extract_text()
        assert "PHÓ TRƯỞNG CÔNG AN THỊ XÃ" in last and "./." in last
