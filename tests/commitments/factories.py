"""Campaigns and commitments for tests, brought to a state by the real moves of the real people."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc.documents.models.paper import keep
from cchc.organization.models import Person
from cchc.workflow.engine import perform
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.draft import Registered, canonical, digest_of, save_tasks
from commitments.enums import Scoring
from commitments.models import Campaign, Commitment
from tests.dialogues.factories import HANOI
from tests.factories import Force

AT = datetime(2020, 1, 2, 9, tzinfo=HANOI)
DAYS: dict[str, Any] = {
    "opens_on": date(2019, 12, 16), "sign_by": date(2020, 1, 31), "self_by": date(2020, 12, 10),
    "check_by": date(2020, 12, 18), "score_by": date(2020, 12, 25), "object_by": date(2020, 12, 30),
    "report_days": [date(2020, 3, 25), date(2020, 6, 25), date(2020, 9, 25)],
}  # fmt: skip
LEVELS = [
    ("Hoàn thành xuất sắc nhiệm vụ", Decimal(90)),
    ("Hoàn thành tốt nhiệm vụ", Decimal(75)),
    ("Hoàn thành nhiệm vụ", Decimal(50)),
    ("Không hoàn thành nhiệm vụ", Decimal(0)),
]


def campaign(force: Force, *, code: str = "CK-2020", opened: bool = True, **fields: Any) -> Campaign:
    """A campaign of the town for its team QLHC, its team TH and its ward; open unless said otherwise."""
    made = create_campaign(
        host=force.town, by=force.secretary, at=AT, code=code, place="An Thịnh",
        title="Cam kết thực hiện nhiệm vụ cải cách hành chính năm 2020",
        clause="Kết quả là một tiêu chí đánh giá mức độ hoàn thành nhiệm vụ năm 2020.",
        **{"year": 2020, **DAYS, **fields},
    )  # fmt: skip
    groups = [("Đội", [force.qlhc, force.th]), ("Phường, xã", [force.ward])]
    terms = Terms([("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(100))], LEVELS, groups)
    made = set_terms(made, terms, by=force.secretary, at=AT)
    return perform(made, "open", by=force.leader, at=AT) if opened else made


def tasks(*weights: int) -> list[Registered]:
    return [
        Registered(
            text=f"Nhiệm vụ {n}", measure="Tỷ lệ hồ sơ đúng hạn", measure_unit="%", target=Decimal(95),
            due_on=date(2020, 12, 10), weight=Decimal(weight),
        )
        for n, weight in enumerate(weights or (60, 40), 1)
    ]  # fmt: skip


def commitment_at(force: Force, state: str = "draft", *, of: Campaign | None = None) -> Commitment:
    """The commitment of the team QLHC, walked to *state*."""
    found = (of or campaign(force)).commitments.get(unit=force.qlhc)
    found = save_tasks(found, tasks(), by=force.unit_chief, at=AT)
    if state == "draft":
        return found
    found = sign(found, force.unit_chief)
    if state == "returned":
        return perform(found, "return", by=force.leader, at=AT, note="Chỉ tiêu chưa đo được.")
    return countersign(found, force.leader) if state == "in_force" else found


def sign(commitment: Commitment, by: Person, at: datetime = AT, **data: Any) -> Commitment:
    shown = {"digest": digest_of(canonical(commitment)), "paper": keep(b"%PDF-1.7 paper", at)}
    return perform(commitment, "sign", by=by, at=at, **{**shown, **data})


def countersign(commitment: Commitment, by: Person, at: datetime = AT, **data: Any) -> Commitment:
    return perform(commitment, "countersign", by=by, at=at, **{"digest": commitment.digest, **data})
