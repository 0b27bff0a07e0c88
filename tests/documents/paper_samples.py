"""One paper of each kind, filled in; the letters of the alphabet stand in one of them (tests, bench and pictures)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cchc.documents.domain.signers import Signer
from cchc.documents.printing import Envelope
from dialogues.documents import (
    answer_letter,
    directive_table,
    escalation_report,
    invitation,
    item_list,
    minutes,
    notice,
    period_report,
)
from dialogues.documents.kinds import PAPERS
from tests.documents.pledge_samples import PLEDGES

_ZONE = timezone.get_default_timezone()
AT = datetime(2020, 11, 20, 9, 0, tzinfo=_ZONE)
HEAD = Signer("", "", "Trưởng Công an thị xã", "Thượng tá", "Phạm Văn Dũng")
DEPUTY = Signer("kt", "Trưởng Công an thị xã", "Phó Trưởng Công an thị xã", "Trung tá", "Trần Bá Lộc")
OCCASION = "Hội nghị đối thoại về công tác cải cách hành chính năm 2020"
QUESTION = (
    "Hồ sơ đăng ký thường trú nộp trực tuyến có phải mang bản giấy đến đối chiếu không? Người dân ở xa trụ sở "
    "phải đi lại nhiều lần, mất nhiều thời gian."
)
ANSWER = (
    "Từ ngày 01/12/2020, hồ sơ đã có dữ liệu trong Cơ sở dữ liệu quốc gia về dân cư thì không phải xuất trình "
    "bản giấy. Đội Cảnh sát quản lý hành chính về trật tự xã hội niêm yết và hướng dẫn tại bộ phận một cửa."
)
EXCHANGE = minutes.Exchange("CH-05", "Đối chiếu hồ sơ cư trú", "Công dân", QUESTION, "Thượng tá Phạm Văn Dũng", ANSWER)
LINE = item_list.ItemLine("CH-05", QUESTION, "Đội QLHC", ANSWER, "Đang giải quyết, có thời hạn", date(2020, 12, 9))
ORDER = notice.NoticeDirective(
    "Bỏ đối chiếu bản giấy với hồ sơ đã có dữ liệu", "Rà soát, cập nhật quy trình và niêm yết công khai.",
    "Đội Cảnh sát quản lý hành chính về trật tự xã hội", "Công an các xã, phường", "Quy trình sửa đổi được phê duyệt",
    date(2020, 12, 9),
)  # fmt: skip
FOLLOWED = directive_table.DirectiveLine(
    "KL01", "Bỏ đối chiếu bản giấy với hồ sơ đã có dữ liệu", "Đội QLHC", "Công an các xã, phường", "Quy trình sửa đổi",
    date(2020, 12, 9), 60, "Đang thực hiện. Đã rà soát 12 quy trình.",
)  # fmt: skip
UNIT = period_report.UnitFigures("Công an thị xã Thái Hòa", 128, 120, 114, 8, 2)

CONTENTS: dict[str, tuple[str, Any]] = {
    "invitation": (
        "Dự Hội nghị đối thoại về công tác cải cách hành chính năm 2020",
        invitation.Invitation(
            ["Các đội thuộc Công an thị xã", "Công an các xã, phường", "Đại diện công dân, doanh nghiệp trên địa bàn"],
            "các đồng chí và quý vị", OCCASION, datetime(2020, 11, 20, 8, 0, tzinfo=_ZONE), "Hội trường tầng 3",
            "Thượng tá Phạm Văn Dũng, Trưởng Công an thị xã",
            ["08:00: Khai mạc", "08:15: Báo cáo kết quả cải cách hành chính", "08:45: Đối thoại", "11:00: Kết luận"],
            "Đề nghị các đơn vị chuẩn bị nội dung, đến đúng giờ.",
        ),
    ),
    "minutes": (
        OCCASION,
        minutes.Minutes(
            datetime(2020, 11, 20, 8, 0, tzinfo=_ZONE), datetime(2020, 11, 20, 11, 5, tzinfo=_ZONE),
            "Hội trường tầng 3",
            "Thượng tá Phạm Văn Dũng, Trưởng Công an thị xã", "Đại úy Lê Lan Chi, Tổ trưởng Tổ thư ký",
            ["Chỉ huy các đội thuộc Công an thị xã", "Trưởng Công an các xã, phường",
             "42 đại biểu công dân, doanh nghiệp"],
            ["Công an xã Đông Hiếu (có lý do)"], "Đồng chí chủ tọa khai mạc hội nghị, nêu mục đích, yêu cầu.",
            [EXCHANGE, replace(EXCHANGE, code="YK-02", title="Giờ tiếp nhận hồ sơ", answer="")],
            "Đề nghị các đơn vị thực hiện nghiêm các nội dung đã kết luận.",
            "Đại úy Lê Lan Chi", "Thượng tá Phạm Văn Dũng",
        ),
    ),
    "item_list": (
        "Câu hỏi, ý kiến, kiến nghị tại " + OCCASION,
        item_list.ItemList("(Kèm theo Thông báo số 05/TB-CATX-TH ngày 23/11/2020)", "",
                           [LINE, replace(LINE, due=None)]),
    ),
    "notice": (
        "Kết luận của Thượng tá Phạm Văn Dũng, Trưởng Công an thị xã tại " + OCCASION,
        notice.Notice(
            "Ngày 20/11/2020, tại Hội trường tầng 3, đồng chí Trưởng Công an thị xã đã chủ trì hội nghị đối thoại. "
            "Sau khi nghe ý kiến của các đại biểu, đồng chí kết luận như sau:",
            "Công tác cải cách hành chính có chuyển biến rõ nét.\n"
            "Tuy nhiên, việc đối chiếu hồ sơ giấy còn gây phiền hà.",
            [ORDER, replace(ORDER, title="Bố trí tiếp nhận hồ sơ sáng thứ Bảy", product="")],
            "Thủ trưởng các đơn vị nêu trên tổ chức thực hiện, "
            "báo cáo kết quả về Đội Tổng hợp trước ngày 25 hằng tháng.",
        ),
    ),
    "directive_table": (
        "Thực hiện kết luận " + OCCASION,
        directive_table.DirectiveTable(date(2020, 12, 1), 0, 1, "", "", [FOLLOWED, replace(FOLLOWED, code="KL02")]),
    ),
    "answer_letter": (
        "trả lời kiến nghị KN-03 tại hội nghị đối thoại",
        answer_letter.AnswerLetter(
            "Bà Nguyễn Thị Hoa, phường Hòa Hiếu", "bà Nguyễn Thị Hoa", "kiến nghị", OCCASION, QUESTION, ANSWER,
            date(2020, 12, 9),
        ),
    ),
    "escalation_report": (
        "Xin ý kiến về kinh phí số hóa hồ sơ cư trú",
        escalation_report.EscalationReport(
            "Lãnh đạo Công an tỉnh Nghệ An",
            "Qua các hội nghị đối thoại, đơn vị tiếp nhận những nội dung vượt thẩm quyền:",
            [escalation_report.MatterLine("KN-03", QUESTION)], "Công an thị xã chưa cân đối được nguồn kinh phí.",
            "Phương án 1: cấp đủ trong quý I.\nPhương án 2: cấp theo hai đợt.", date(2020, 12, 9),
        ),
    ),
    "year_report": (
        "Kết quả đối thoại về cải cách hành chính năm 2020",
        period_report.PeriodReport(
            "Công an tỉnh Nghệ An", date(2020, 1, 1), date(2020, 12, 31), 4, 1286, 1201, 1144, 96, 91,
            "Ban hành Kế hoạch số 317/KH-CAT-PV01 và tổ chức quán triệt đến từng đơn vị.",
            [period_report.Figure("Trả lời tại hội nghị", 642), period_report.Figure("Trả lời bằng văn bản", 559),
             period_report.Figure("Xin ý kiến cấp trên", 31), period_report.Figure("Gộp", 20),
             period_report.Figure("Từ chối", 12), period_report.Figure("Rút", 3), period_report.Figure("Còn lại", 19)],
            [period_report.Figure("Cải cách thủ tục hành chính", 702), period_report.Figure("Cải cách thể chế", 98),
             period_report.Figure("Xây dựng Chính phủ điện tử", 411)],
            [period_report.Figure("Cư trú", 544), period_report.Figure("Căn cước công dân", 389)],
            [UNIT, replace(UNIT, name="Công an huyện Nghĩa Đàn")],
            "Đã hoàn thành 18/20 nội dung kết luận.", "Trang thiết bị còn thiếu.",
            "Tiếp tục thực hiện nghiêm các cam kết.",
        ),
    ),
}  # fmt: skip
CONTENTS["period_report"] = ("Kết quả đối thoại về cải cách hành chính quý III/2020", CONTENTS["year_report"][1])
MARKS = {
    "invitation": "07/GM-CATX-TH", "minutes": "03/BB-CATX-TH", "notice": "05/TB-CATX-TH",
    "answer_letter": "112/CATX-TH",
    "escalation_report": "12/BC-CATX-TH", "year_report": "31/BC-CATX-TH", "period_report": "24/BC-CATX-TH",
}  # fmt: skip
KINDS = {kind.key: kind for kind in PAPERS}


def envelope(key: str, content: Any = None, **changes: Any) -> Envelope:
    """What the template of a kind is given."""
    title, sample = CONTENTS[key]
    made = Envelope(
        superior="Công an tỉnh Nghệ An", issuer="Công an thị xã Thái Hòa", extra="", mark=MARKS.get(key, ""),
        place="Thái Hòa", day=date(2020, 2, 9), size=14, family="", signer=DEPUTY, title=title,
        recipients=["Như trên", "Lãnh đạo Công an thị xã", "Lưu: VT, TH"], content=content or sample,
    )  # fmt: skip
    return replace(made, **changes)


# Every paper that there is, by the name of its picture: (template, data).
EVERY = {key: (kind.template, envelope(key)) for key, kind in KINDS.items()} | PLEDGES
