"""The look that Decree 30/2020/NĐ-CP, appendix I, asks of a paper: measured in the file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cchc.documents.typesetting import typeset
from commitments.documents.commitment import COMMITMENT
from tests.documents.papers import AT, CHIEF, DEPUTY, DIGEST, TASK, commitment, pages, places, words

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT, RIGHT, TOP, BOTTOM = 30, 210 - 15, 20, 297 - 25  # millimetres on the sheet


@pytest.fixture(scope="module")
def long() -> bytes:
    """A commitment of several pages."""
    return typeset(COMMITMENT, commitment(tasks=[TASK] * 40), at=AT)


@pytest.fixture
def letter(settings: Any, tmp_path: Path) -> Any:
    """Makes the letter beside this file."""
    shutil.copytree(settings.BASE_DIR / "templates" / "documents", tmp_path / "templates" / "documents")
    shutil.copy(Path(__file__).with_name("letter.typ"), tmp_path / "templates")
    settings.BASE_DIR = tmp_path
    given = {
        "superior": "Công an tỉnh Nghệ An",
        "issuer": "Công an thị xã Thái Hòa",
        "mark": "Số: 05/TB-CATX",
        "place": "Thái Hòa",
        "day": date(2020, 2, 9),
        "title": "Kết luận hội nghị đối thoại",
        "text": "Đoạn một.\n\nĐoạn hai./.",
        "numbers": [],
        "recipients": ["Như trên", "Lưu: VT, ĐTH"],
        "signature": DEPUTY,
    }
    return lambda **changes: typeset("letter.typ", {**given, **changes}, at=AT)


def test_the_sheet_is_a4(long: bytes) -> None:
    for page in pages(long):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert (round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)) == (210, 297)


def test_text_keeps_within_the_margins(long: bytes) -> None:
    for page in pages(long):
        found = places(page)
        body = [y for _x, y, _text in found if TOP < y < BOTTOM]
        assert min(x for x, _y, _text in found) >= LEFT - 0.01
        assert min(body) < TOP + 8
        # At the foot there is only what the paper can be checked by.
        assert [text for _x, y, text in found if y >= BOTTOM][0] == "CK-2020-07, phiên bản 2"


def _above(page: Any) -> list[str]:
    return [text for _x, y, text in places(page) if y <= TOP]


def test_the_page_is_numbered_from_the_second_on_in_the_middle_of_the_top_margin(long: bytes) -> None:
    assert [_above(page) for page in pages(long)] == [[], ["2"], ["3"], ["4"]]
    for page in pages(long)[1:]:
        (x,) = [x for x, y, _text in places(page) if y <= TOP]
        assert abs(x - (LEFT + RIGHT) / 2) < 3


def test_the_table_s_head_is_on_every_page(long: bytes) -> None:
    assert all("Nhiệm vụ" in page.extract_text() for page in pages(long)[:3])


def test_the_heading_is_never_broken(letter: Any) -> None:
    issuer = "Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ Công an tỉnh Nghệ An"
    for pdf in (letter(), letter(issuer=issuer), letter(superior="")):
        found = {text: (x, y) for x, y, text in places(pages(pdf)[0])}
        assert found[NATION][0] > 100 and found[NATION][1] < TOP + 4
        assert found[NATION][1] < found[MOTTO][1] < TOP + 12


def test_the_issuing_body_stands_on_the_left_under_its_superior(letter: Any) -> None:
    found = {text: (x, y) for x, y, text in places(pages(letter())[0])}
    above, below = found["CÔNG AN TỈNH NGHỆ AN"], found["CÔNG AN THỊ XÃ THÁI HÒA"]
    assert above[1] < below[1] < found["Số: 05/TB-CATX"][1]
    assert max(above[0], below[0]) < 95
    assert "CÔNG AN TỈNH NGHỆ AN" not in words(letter(superior=""))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2020, 2, 9), "Thái Hòa, ngày 09 tháng 02 năm 2020"),
        (date(2020, 3, 10), "Thái Hòa, ngày 10 tháng 3 năm 2020"),
        (date(2020, 12, 31), "Thái Hòa, ngày 31 tháng 12 năm 2020"),
        (None, "Thái Hòa, ngày … tháng … năm …"),
    ],
)
def test_place_and_date_are_on_the_number_s_line(letter: Any, day: date | None, written: str) -> None:
    found = {text: y for _x, y, text in places(pages(letter(day=day))[0])}
    assert found[written] == pytest.approx(found["Số: 05/TB-CATX"], abs=0.1)


def test_recipients_are_level_with_the_signature(letter: Any) -> None:
    pdf = letter()
    found = {text: (x, y) for x, y, text in places(pages(pdf)[0])}
    assert found["Nơi nhận:"][1] == pytest.approx(found["KT. TRƯỞNG CÔNG AN THỊ XÃ"][1], abs=1)
    assert found["Nơi nhận:"][0] < 100 < found["KT. TRƯỞNG CÔNG AN THỊ XÃ"][0]
    assert "- Như trên;" in words(pdf) and "- Lưu: VT, ĐTH." in words(pdf)


def test_numbers_are_written_as_in_vietnam(letter: Any) -> None:
    text = words(letter(numbers=["0", "7", "999", "1286", "12400.5", "1234567", "-1200.25", "87.2"]))
    for written in ("0", "7", "999", "1.286", "12.400,5", "1.234.567", "−1.200,25", "87,2"):
        assert f"Số {written} đơn vị." in text


def test_each_typed_line_is_a_paragraph(letter: Any) -> None:
    found = {text: x for x, _y, text in places(pages(letter())[0])}
    assert found["Đoạn một."] == found["Đoạn hai./."] == pytest.approx(LEFT + 10, abs=0.1)


# --- The commitment --------------------------------------------------------------------------------------------------


def test_the_commitment_says_who_promises_what() -> None:
    text = words(typeset(COMMITMENT, commitment(), at=AT))
    for part in (
        "BẢN CAM KẾT Thực hiện nhiệm vụ cải cách hành chính năm 2020",
        "Bên cam kết: Thiếu tá Hồ Đức Quyết, Đội trưởng Đội Tổng hợp.",
        "Bên xác nhận: Trung tá Trần Bá Lộc, Phó Trưởng Công an thị xã Thái Hòa (ký thay Trưởng Công an thị xã).",
        "Đội Tổng hợp đăng ký và cam kết thực hiện trong năm 2020 các nhiệm vụ sau:",
        "ít nhất 12.400,5 hồ sơ 09/02/2020 50",
        "không quá 7 ngày cả năm 50",
        "Tổng trọng số 100",
        "Kết quả là một tiêu chí đánh giá. Có hiệu lực từ ngày ký./.",
        "CK-2020-07, phiên bản 2",
        "https://doithoai.example.vn/kiem-tra/CK-2020-07",
    ):
        assert part in text


def test_signatures_stand_side_by_side_with_the_names_on_one_line() -> None:
    found = {text: (x, y) for x, y, text in places(pages(typeset(COMMITMENT, commitment(), at=AT))[0])}
    chief, leader = found["Thiếu tá Hồ Đức Quyết"], found["Trung tá Trần Bá Lộc"]
    assert found["Có hiệu lực từ ngày ký./."][1] + 8 < found["ĐƠN VỊ CAM KẾT"][1]  # room between text and signatures
    assert chief[0] < 105 < leader[0]
    assert chief[1] == pytest.approx(leader[1], abs=0.1)
    assert found["ĐƠN VỊ CAM KẾT"][1] == pytest.approx(found["KT. TRƯỞNG CÔNG AN THỊ XÃ"][1], abs=0.1)
    assert found["PHÓ TRƯỞNG CÔNG AN THỊ XÃ"][1] < leader[1]


def test_a_signature_is_empty_until_it_is_given() -> None:
    text = words(typeset(COMMITMENT, commitment(leader=replace(DEPUTY, at=None)), at=AT))
    assert text.count("Đã xác nhận điện tử lúc 09:42, ngày 02/01/2020 Mã nội dung: 9f3c 71ab 04de 52c8") == 1
    assert DIGEST not in text
    text = words(typeset(COMMITMENT, commitment(leader=replace(DEPUTY, at=None), chief=replace(CHIEF, at=None)), at=AT))
    assert "Đã xác nhận" not in text


@pytest.mark.parametrize(("kind", "line"), [("kt", "KT. "), ("tl", "TL. "), ("tuq", "TUQ. "), ("tm", "TM. ")])
def test_how_one_signs_for_another_is_printed(kind: str, line: str) -> None:
    text = words(typeset(COMMITMENT, commitment(leader=replace(DEPUTY, acting_kind=kind)), at=AT))
    assert f"{line}TRƯỞNG CÔNG AN THỊ XÃ PHÓ TRƯỞNG CÔNG AN THỊ XÃ" in text


def test_a_mass_organization_has_no_ranks() -> None:
    chief = replace(CHIEF, rank="", title="Bí thư Đoàn Thanh niên", post="Bí thư Đoàn Thanh niên")
    text = words(typeset(COMMITMENT, commitment(chief=chief), at=AT))
    assert "Bên cam kết: Hồ Đức Quyết, Bí thư Đoàn Thanh niên." in text


def test_a_usual_commitment_fits_one_page() -> None:
    assert len(pages(typeset(COMMITMENT, commitment(tasks=[TASK] * 4), at=AT))) == 1
