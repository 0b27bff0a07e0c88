"""Conclusions and directives for tests, brought to a state by the real moves of the real people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cchc.workflow.actors import SYSTEM, Actor
from cchc.workflow.engine import perform
from dialogues.domain.conclusion import begin_conclusion
from dialogues.domain.directive import report
from dialogues.domain.directive_draft import write_directive
from dialogues.enums import ConclusionState, DirectiveState
from dialogues.models import Conclusion, Conference, Directive, Plan
from tests.dialogues.factories import conference_at
from tests.factories import Force
from tests.kept import Kept

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WROTE = datetime(2020, 1, 7, 9, 0, tzinfo=HANOI)
WORKED = datetime(2020, 2, 3, 9, 0, tzinfo=HANOI)
DUE = date(2020, 2, 14)
ASSESSED = "Hội nghị thẳng thắn; còn bốn điểm yếu phải khắc phục ngay."

CONCLUSION_PATHS: dict[str, list[str]] = {
    ConclusionState.DRAFT: [],
    ConclusionState.PRESENTED: ["present"],
    ConclusionState.ISSUED: ["present", "issue"],
    ConclusionState.CANCELLED: ["cancel"],
}
DIRECTIVE_PATHS: dict[str, list[str]] = {
    DirectiveState.DRAFT: [],
    DirectiveState.ISSUED: ["issue"],
    DirectiveState.IN_PROGRESS: ["issue", "take_up"],
    DirectiveState.REPORTED: ["issue", "take_up", "report"],
    DirectiveState.RETURNED: ["issue", "take_up", "report", "return"],
    DirectiveState.ACCEPTED: ["issue", "take_up", "report", "accept"],
    DirectiveState.CLOSED: ["issue", "close"],
}


@Kept
def conclusion_at(
    force: Force, state: str = ConclusionState.DRAFT, *, conference: Conference | None = None, number: int = 1,
    **fields: Any,
) -> Conclusion:  # fmt: skip
    """The conclusion of *conference* (a new one unless given) with so many directives, in *state*."""
    conference = conference or conference_at(force, "concluded")
    fields = {"assessment": ASSESSED, **fields}
    made = begin_conclusion(conference, by=force.secretary, at=WROTE, **fields)
    for _each in range(number):
        add(made, force)
    for action in CONCLUSION_PATHS[state]:
        made = move_conclusion(made, action, force)
    return Conclusion.objects.get(pk=made.pk)


def move_conclusion(conclusion: Conclusion, action: str, force: Force) -> Conclusion:
    by = force.leader if action in ("issue", "send_back") else force.secretary
    note = "Cần nêu rõ hơn." if action in ("send_back", "cancel") else ""
    data = {"document": "03/TB-CATX-TH"} if action == "issue" else {}
    return perform(conclusion, action, by=by, at=WROTE, note=note, **data)


def add(basis: Conclusion | Plan, force: Force, **fields: Any) -> Directive:
    """A further directive, written by the secretary."""
    fields = {
        "title": "Rà soát, niêm yết thủ tục hành chính", "text": "Niêm yết đủ thành phần hồ sơ, thời hạn, lệ phí.",
        "lead": force.qlhc, "coordinating": [force.ward], "due_on": DUE, "product": "Danh mục niêm yết", **fields,
    }  # fmt: skip
    return write_directive(basis, by=force.secretary, at=WROTE, **fields)


@Kept
def directive_at(
    force: Force, state: str = DirectiveState.ISSUED, *, conclusion: Conclusion | None = None, **fields: Any
) -> Directive:
    """A directive of *conclusion* (one of its own unless given), in *state*."""
    conclusion = conclusion or conclusion_at(force, number=0)
    made = add(conclusion, force, **fields)
    for action in DIRECTIVE_PATHS[state]:
        if action == "issue":
            move_conclusion(move_conclusion(conclusion, "present", force), "issue", force)
            made = Directive.objects.get(pk=made.pk)
        else:
            made = step(made, action, force)
    return made


def step(directive: Directive, action: str, force: Force, *, at: datetime = WORKED, **data: Any) -> Directive:
    """One move by whoever may make it, with what it needs filled in."""
    by, note, needed = prepared(directive, action, force)
    told = {**needed, **data}
    if action in ("update", "report"):
        return report(directive, action, by=by, at=at, **told)
    return perform(directive, action, by=by, at=at, note=note, **told)


def prepared(directive: Directive, action: str, force: Force) -> tuple[Actor, str, dict[str, Any]]:
    """Who makes the move here, a note if it wants one, and its data."""
    chief = force.ward_chief if directive.lead_id == force.ward.pk else force.unit_chief
    later = directive.due_on + timedelta(days=30)
    other = force.qlhc if directive.lead_id == force.ward.pk else force.ward
    made: dict[str, tuple[Actor, str, dict[str, Any]]] = {
        "issue": (SYSTEM, "", {}),
        "take_up": (chief, "", {}),
        "update": (chief, "", {"percent": 45, "text": "Rà soát xong 61 thủ tục."}),
        "report": (chief, "", {"text": "Đã niêm yết đủ 12 điểm."}),
        "accept": (force.leader, "Nghiệm thu.", {}),
        "return": (force.leader, "Chưa có thời hạn cho từng khâu.", {}),
        "ask_time": (chief, "Tạm dừng vì dịch.", {"until": later}),
        "grant_time": (force.leader, "", {}),
        "deny_time": (force.leader, "Việc gấp.", {}),
        "extend": (force.leader, "Chờ hướng dẫn.", {"until": later}),
        "assign": (force.leader, "Đúng chức năng hơn.", {"lead": other}),
        "close": (force.leader, "Không còn cần thiết.", {}),
        "reopen": (force.leader, "Kết quả chưa bền vững.", {}),
        "end": (SYSTEM, "", {}),
    }
    return made[action]
