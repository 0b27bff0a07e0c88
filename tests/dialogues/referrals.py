"""Escalations that several tests of pages look at, and whose words they look for."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cchc.organization.enums import Role
from cchc.organization.models import Person
from dialogues.domain.escalation_report import edit_report
from dialogues.models import Escalation
from tests.dialogues.factories import REFERRED, escalation_at, neighbor, step, walk
from tests.factories import Force, person, post
from tests.kept import Kept

# Words that stand nowhere else: whose page shows them?
SENT, WRITING, ADVICE = "lời đã gửi", "lời đang viết", "lời tham mưu"
REPLY, ASKED_FOR = "lời chỉ đạo", "lời hỏi thêm"


def advisor_of(force: Force) -> Person:
    """The chief of the division that is asked for advice."""
    made = person("co.van", "Nguyễn Cố Vấn")
    post(made, force.pv01, Role.UNIT_CHIEF, "Trưởng phòng Tham mưu")
    return made


def show(client: Client, who: Any, escalation: Escalation) -> Any:
    client.force_login(who)
    return client.get(f"/escalations/{escalation.pk}/")


@Kept
def returned(force: Force, **written: Any) -> Escalation:
    """Sent, asked for more, and being written again with other words."""
    made = walk(
        escalation_at(force, "proposed", text=f"Báo cáo: {SENT}", **written), ["send_back", "propose", "send"], force
    )
    made = step(made, "receive", force)
    made = step(made, "return_for_information", force, text=f"Bổ sung: {ASKED_FOR}")
    return edit_report(made, by=force.secretary, at=REFERRED, title=f"Vấn đề, {WRITING}", text=f"Sửa: {WRITING}")


@Kept
def joined(force: Force, other: Force) -> tuple[Escalation, Escalation]:
    """An issue that two towns ask, about to be ruled on."""
    lead = escalation_at(force, "received", text=f"Báo cáo: {SENT}")
    member = escalation_at(other, "joined", lead=lead, text=f"Báo cáo của đơn vị bạn: {SENT}")
    lead = step(lead, "assign", force)
    lead = step(lead, "advise", force, text=f"Tham mưu: {ADVICE}")
    lead = step(lead, "ask_again", force, at=REFERRED)
    return step(lead, "advise", force, text=f"Tham mưu: {ADVICE}"), member


@Kept
def every_state(force: Force) -> None:
    for state in ("draft", "proposed", "sent", "received", "assigned", "presented", "returned", "ruled", "refused"):
        escalation_at(force, state)
    escalation_at(neighbor(force, "KHAC"), "joined", lead=Escalation.objects.get(state="received"))
