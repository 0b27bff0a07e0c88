"""A commitment as a paper prints it, and what a PDF shows of it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdf
from django.utils import timezone

from cchc.documents.typesetting import qr_picture
from commitments.documents.commitment import CommitmentPaper, TaskRow
from commitments.documents.party import Signature

AT = datetime(2020, 1, 2, 9, 42, 10, tzinfo=timezone.get_default_timezone())
ADDRESS = "https://doithoai.example.vn/kiem-tra/CK-2020-07"
DIGEST = "9f3c71ab04de52c8" * 4
MILLIMETRE = 72 / 25.4

CHIEF = Signature("Hồ Đức Quyết", "Thiếu tá", "Đội trưởng", "Đội trưởng Đội Tổng hợp", at=AT, digest=DIGEST)
DEPUTY = Signature(
    name="Trần Bá Lộc",
    rank="Trung tá",
    title="Phó Trưởng Công an thị xã",
    post="Phó Trưởng Công an thị xã Thái Hòa",
    acting_kind="kt",
    acting_for="Trưởng Công an thị xã",
    authority="ký thay Trưởng Công an thị xã",
    at=AT,
    digest=DIGEST,
)
TASK = TaskRow(
    text="Số hóa hồ sơ cư trú lưu giấy",
    measure="Số hồ sơ đã số hóa",
    unit="hồ sơ",
    direction="at_least",
    target=Decimal("12400.50"),
    due=date(2020, 2, 9),
    weight=Decimal("50.00"),
)


def commitment(**changes: Any) -> CommitmentPaper:
    """One with two tasks, signed by both, the leader's deputy for the leader."""
    second = replace(
        TASK, text="Trả lời ý kiến sau đối thoại", direction="at_most", target=Decimal(7), unit="ngày", due=None
    )
    paper = CommitmentPaper(
        code="CK-2020-07",
        version=2,
        year=2020,
        title="Thực hiện nhiệm vụ cải cách hành chính năm 2020",
        superior="Công an tỉnh Nghệ An",
        issuer="Công an thị xã Thái Hòa",
        place="Thái Hòa",
        day=date(2020, 1, 2),
        unit="Đội Tổng hợp",
        chief=CHIEF,
        leader=DEPUTY,
        clause="Kết quả là một tiêu chí đánh giá.\nCó hiệu lực từ ngày ký./.",
        verify_url=ADDRESS,
        qr=qr_picture(ADDRESS),
        tasks=[TASK, second],
    )
    return replace(paper, **changes)


def pages(pdf: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def words(pdf: bytes) -> str:
    """The text layer, its spaces and lines made single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pages(pdf)).split())


def places(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """Where each run of text starts: millimetres from the left and from the top of the sheet."""
    found: list[tuple[float, float, str]] = []
    height = float(page.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], *_font: Any) -> None:
        if text.strip():
            x, y = (tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5])
            found.append((x / MILLIMETRE, (height - y) / MILLIMETRE, text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def fonts(pdf: bytes) -> dict[str, bool]:
    """Each font of the file, and whether it is in it."""
    found = {}
    for page in pages(pdf):
        for font in page["/Resources"]["/Font"].values():
            described = font["/DescendantFonts"][0]["/FontDescriptor"]
            found[str(font["/BaseFont"])] = any(name in described for name in ("/FontFile2", "/FontFile3"))
    return found
