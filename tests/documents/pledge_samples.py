"""The evaluation sheet and the notice of a ranking as they are printed; the commitment is in papers.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cchc.documents.typesetting import qr_picture
from commitments.documents.commitment import COMMITMENT
from commitments.documents.evaluation import EVALUATION, CriterionRow, EvaluationPaper, Given, TaskResult
from commitments.documents.ranking import RANKING, RankedGroup, RankedRow, RankingPaper, Result
from tests.documents.papers import ADDRESS, AT, CHIEF, DEPUTY, DIGEST, commitment

D = Decimal
LEVELS = ("Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ")
TASK = TaskResult(
    "Số hóa hồ sơ cư trú lưu giấy", "at_least", D("12400.50"), "hồ sơ", D(9300), date(2020, 12, 9), True, D(75), D(60)
)
CRITERIA = [
    CriterionRow("Kết quả nhiệm vụ đã đăng ký", "Theo nhiệm vụ", D(60), [D(80), D(75), D(75)], D("45.00")),
    CriterionRow("Trả lời sau đối thoại đúng hạn", "Theo thời hạn", D(25), [D(100), None, D(96)], D("24.00")),
    CriterionRow("Sáng kiến", "Chấm điểm", D(15), [D(90), D(90), D(90)], D("13.50")),
]
GIVEN = [
    Given("Tự chấm", "Thiếu tá Hồ Đức Quyết", AT, ""),
    Given("Kiểm tra", "Đại úy Lê Lan Chi", AT, "Đối chiếu minh chứng, giảm 5 điểm do quá hạn."),
]


def evaluation(**changes: Any) -> EvaluationPaper:
    """A final one of three criteria and two tasks."""
    second = replace(TASK, text="Trả lời ý kiến sau đối thoại", direction="at_most", target=D(7), unit="ngày",
                     value=None, done=None, late=False, points=D(0), weight=D(40))  # fmt: skip
    paper = EvaluationPaper(
        code="CK-2020-07", version=2, year=2020, title="Thực hiện nhiệm vụ cải cách hành chính năm 2020",
        superior="Công an thị xã Thái Hòa", issuer="Đội Tổng hợp", place="Thái Hòa", day=date(2020, 12, 31),
        is_final=True, stages=["Tự chấm", "Kiểm tra", "Lãnh đạo"], criteria=CRITERIA,
        totals=[D("86.5"), None, D("82.5")], deducted=D("0.5"), total=D(82), level=LEVELS[1], tasks=[TASK, second],
        given=GIVEN, chief=replace(CHIEF, at=None, digest=""), leader=replace(DEPUTY, at=None, digest=""),
        address=ADDRESS, qr=qr_picture(ADDRESS),
    )  # fmt: skip
    return replace(paper, **changes)


def ranking(**changes: Any) -> RankingPaper:
    """Two groups, one unit that the best level is capped for, one that is not ranked."""
    rows = [
        RankedRow(1, "Công an phường Hòa Hiếu", D("94.5"), D(0), LEVELS[0], "", 1),
        RankedRow(2, "Công an phường Quang Tiến", D("91.0"), D("0.5"), LEVELS[1], LEVELS[0], 2),
    ]
    teams = [RankedRow(1, "Đội Tổng hợp", D(82), D(0), LEVELS[1], "", 3)]
    paper = RankingPaper(
        number="05/TB-CATX-TH", day=date(2020, 12, 31), superior="Công an tỉnh Nghệ An",
        issuer="Công an thị xã Thái Hòa", place="Thái Hòa", code="CK-2020",
        title="Thực hiện nhiệm vụ cải cách hành chính năm 2020", year=2020,
        result=Result([RankedGroup("Công an các xã, phường", rows), RankedGroup("Các đội", teams)],
                      [("Công an xã Nghĩa Mỹ", "Không ký cam kết")]),
        best_level=LEVELS[0], best_percent=20, least_tasks=3, late_deduction=D("0.5"),
        signer=replace(DEPUTY, at=None, digest=""), digest=DIGEST, address=ADDRESS, qr=qr_picture(ADDRESS),
    )  # fmt: skip
    return replace(paper, **changes)


# What is signed, scored and ranked, by the names of its pictures: (template, data).
PLEDGES: dict[str, tuple[str, Any]] = {
    "commitment": (COMMITMENT, commitment()),
    "evaluation": (EVALUATION, evaluation()),
    "ranking": (RANKING, ranking()),
}
