"""Conferences and items for tests, brought to a state by the real moves of the real people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from cchc.organization.enums import Role, UnitKind
from cchc.organization.models import Person
from cchc.workflow.actors import CLOCK, SYSTEM, Actor, CodeHolder
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain import plan as plans
from dialogues.domain.escalation_report import edit_report
from dialogues.domain.intake import Asking, ask
from dialogues.domain.topic import seed_taxonomy
from dialogues.enums import (
    AnswerKind,
    AnswerMode,
    Audience,
    ConferenceState,
    EscalationReason,
    EscalationState,
    ItemState,
    PlanKind,
    ProperChannel,
    ReplyKind,
)
from dialogues.models import Conference, Escalation, Field, Item, Plan, Topic, TopicSet
from tests.factories import Force, person, post, unit
from tests.kept import Kept

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MET = datetime(2020, 1, 2, 14, 0, tzinfo=HANOI)
OPENED = datetime(2019, 12, 16, 7, 30, tzinfo=HANOI)
ASKED = datetime(2019, 12, 18, 9, 0, tzinfo=HANOI)
ANSWERED = datetime(2020, 1, 2, 15, 0, tzinfo=HANOI)
REFERRED = datetime(2020, 1, 7, 9, 0, tzinfo=HANOI)
WISHED = date(2020, 2, 14)
PROMISE = (MET + timedelta(days=90)).date()
_number = count(1)

# The moves that lead from a draft to each state, and who makes them.
CONFERENCE_PATHS: dict[str, list[str]] = {
    ConferenceState.DRAFT: [],
    ConferenceState.COLLECTING: ["open"],
    ConferenceState.IN_SESSION: ["open", "start"],
    ConferenceState.CONCLUDED: ["open", "start", "conclude"],
    ConferenceState.CLOSED: ["open", "start", "conclude", "close"],
    ConferenceState.CANCELLED: ["open", "cancel"],
}
_ASSIGNED = ["accept", "assign"]
_PREPARED = [*_ASSIGNED, "prepare"]
ITEM_PATHS: dict[str, list[str]] = {
    ItemState.DRAFT: [],
    ItemState.SUBMITTED: [],
    ItemState.ACCEPTED: ["accept"],
    ItemState.ASSIGNED: _ASSIGNED,
    ItemState.PREPARED: _PREPARED,
    ItemState.ESCALATED: [*_PREPARED, "escalate"],
    ItemState.RULED: [*_PREPARED, "escalate"],  # and then the province rules on its escalation
    ItemState.ANSWERED: [*_PREPARED, "answer"],
    ItemState.PUBLISHED: [*_PREPARED, "answer", "publish"],
    ItemState.PROMISED: [*_PREPARED, "promise", "publish"],
    ItemState.REPORTED: [*_PREPARED, "promise", "publish", "report"],
    ItemState.CLOSED: [*_PREPARED, "answer", "publish", "confirm"],
    ItemState.MERGED: ["accept", "merge"],
    ItemState.DECLINED: ["decline"],
    ItemState.WITHDRAWN: ["withdraw"],
}
_SENT = ["write", "propose", "send"]
_RECEIVED = [*_SENT, "receive"]
_PRESENTED = [*_RECEIVED, "assign", "advise"]
ESCALATION_PATHS: dict[str, list[str]] = {
    EscalationState.DRAFT: [],
    EscalationState.PROPOSED: _SENT[:2],
    EscalationState.SENT: _SENT,
    EscalationState.RECEIVED: _RECEIVED,
    EscalationState.ASSIGNED: [*_RECEIVED, "assign"],
    EscalationState.PRESENTED: _PRESENTED,
    EscalationState.JOINED: [*_RECEIVED, "join"],
    EscalationState.RETURNED: [*_RECEIVED, "return_for_information"],
    EscalationState.FORWARDED: [*_PRESENTED, "forward_up"],
    EscalationState.OUTSIDE: [*_PRESENTED, "forward_up", "child", "write", "send"],
    EscalationState.RULED: [*_PRESENTED, "rule"],
    EscalationState.DELEGATED: [*_PRESENTED, "delegate_back"],
    EscalationState.REFUSED: [*_PRESENTED, "refuse"],
    EscalationState.WITHDRAWN: ["withdraw"],
}


@Kept
def taxonomy() -> None:
    if not TopicSet.objects.exists():
        seed_taxonomy()


@Kept
def plan(force: Force, *, issue: bool = True, **fields: Any) -> Plan:
    fields = {
        "kind": PlanKind.PLAN, "number": f"{next(_number)}/KH-CATX-TH", "issued_on": OPENED.date(),
        "issuer": force.town, "abstract": "Tổ chức hội nghị đối thoại về công tác cải cách hành chính", **fields,
    }  # fmt: skip
    made = plans.register(by=force.secretary, at=OPENED, **fields)
    return perform(made, "issue", by=force.secretary, at=OPENED) if issue else made


@Kept
def conference_at(force: Force, state: str = ConferenceState.COLLECTING, **fields: Any) -> Conference:
    """A conference of the town, in *state*."""
    taxonomy()
    fields = {
        "code": f"HN-2020-{next(_number):02d}", "title": "Hội nghị đối thoại về công tác cải cách hành chính",
        "host": force.town, "chair": force.leader, "venue": "Hội trường tầng 3", "starts_at": MET,
        "ends_at": MET + timedelta(hours=3), "opens_at": OPENED, "closes_at": MET + timedelta(hours=2),
        "topics": TopicSet.objects.get(code="30c"), "audiences": list(Audience),
        "invited": [force.th, force.qlhc, force.ward],
        **fields,
    }  # fmt: skip
    made = conferences.create(by=force.secretary, at=OPENED - timedelta(days=3), **fields)
    for action in CONFERENCE_PATHS[state]:
        by = force.leader if action in ("conclude", "cancel") else force.secretary
        made = perform(made, action, by=by, at=OPENED, note="Đổi lịch công tác" if action == "cancel" else "")
    return made


@Kept
def item_at(
    force: Force, state: str = ItemState.SUBMITTED, *, conference: Conference | None = None, by: Person | None = None,
    lead: Item | None = None, text: str = "", **asking: Any,
) -> Item:  # fmt: skip
    """An item that *by* (the officer unless given) raised, in *state*."""
    conference = conference or conference_at(force)
    author = by or force.officer
    asking = {"author": author, "unit": force.qlhc, **asking}
    words = text or f"Hồ sơ đăng ký thường trú số {next(_number)} nộp trực tuyến có phải mang bản giấy đối chiếu không?"
    receipt = ask(
        Asking(words, **asking), conference=conference, by=author, at=ASKED, keep_as_draft=state == ItemState.DRAFT
    )
    item = receipt.item
    for action in ITEM_PATHS[state]:
        item = _moved(item, action, force, lead=lead)
    if state == ItemState.RULED:
        assert item.escalation is not None
        walk(item.escalation, ESCALATION_PATHS[EscalationState.RULED], force)
        item = Item.objects.get(pk=item.pk)
    return item


def move(
    item: Item, action: str, force: Force, *, at: datetime = ANSWERED, lead: Item | None = None, **data: Any
) -> Item:
    """One move by whoever may make it, with what it needs filled in."""
    name, by, note, needed = prepared_move(item, action, force, lead=lead)
    return perform(item, name, by=by, at=at, note=note, **{**needed, **data})


def prepared_move(
    item: Item, action: str, force: Force, *, lead: Item | None = None
) -> tuple[str, Actor, str, dict[str, Any]]:
    """The action's name, who makes it here, a note if it wants one, and its data."""
    topic, field = _classification()
    asker: Actor = item.author or CodeHolder(subject_id=item.pk)
    chief = force.unit_chief
    if action == "merge" and lead is None:
        lead = item_at(force, ItemState.ACCEPTED, conference=item.conference)
    reply = {"text": "Đồng ý với đề xuất của đơn vị, thực hiện từ ngày 01/02/2020.", "mode": AnswerMode.WRITTEN}
    made: dict[str, tuple[Actor, str, dict[str, Any]]] = {
        "submit": (asker, "", {}),
        "accept": (force.secretary, "", {"topic": topic, "field": field}),
        "assign": (force.secretary, "", {"lead_unit": force.qlhc, "coordinating": [force.ward]}),
        "take_to_floor": (force.secretary, "", {}),
        "merge": (force.secretary, "", {"lead": lead}),
        "unmerge": (force.secretary, "", {}),
        "decline": (force.secretary, "Nội dung là khiếu nại.", {"channel": ProperChannel.COMPLAINT}),
        "prepare": (chief, "", {"text": "Đề xuất bỏ đối chiếu với hồ sơ đã có dữ liệu."}),
        "hand_back": (chief, "Không thuộc nhiệm vụ của đơn vị.", {}),
        "answer": (force.leader, "", {**reply, "kind": AnswerKind.EXPLAINED}),
        "promise": (force.leader, "", {**reply, "kind": AnswerKind.IN_PROGRESS, "promised_on": PROMISE}),
        "escalate": (force.leader, "", {**reply, "reason": EscalationReason.BEYOND_AUTHORITY}),
        "rule": (SYSTEM, "", {}),
        "bring_back": (SYSTEM, "", {}),
        "send_back": (force.leader, "Cần nêu rõ căn cứ.", {}),
        "publish": (force.secretary, "", {}),
        "take_back": (force.leader, "", {}),
        "confirm": (asker, "", {}),
        "contest": (asker, "Chưa nêu thời hạn.", {}),
        "expire": (CLOCK, "", {}),
        "report": (chief, "", {"text": "Đã thực hiện xong.", "done_on": ANSWERED.date()}),
        "accept_report": (force.leader, "", {}),
        "return_report": (force.leader, "Chưa có minh chứng.", {}),
        "extend": (force.leader, "Chờ cơ quan phối hợp.", {"to": PROMISE + timedelta(days=60)}),
        "withdraw": (asker, "", {}),
        "reopen": (force.leader, "Có tình tiết mới.", {}),
    }
    by, note, data = made[action]
    return "answer" if action == "promise" else action, by, note, data


@Kept
def escalation_at(
    force: Force, state: str = EscalationState.SENT, *, items: list[Item] | None = None, lead: Escalation | None = None,
    at: datetime = REFERRED, **written: Any,
) -> Escalation:  # fmt: skip
    """The report on *items* (a new one unless given; all in one report), in *state*; what is *written* in it."""
    items = items or [item_at(force, ItemState.PREPARED)]
    report = None
    for item in items:
        if item.state != ItemState.ESCALATED:
            item = _moved(item, "escalate", force, report=report)
        report = item.escalation
    assert report is not None
    return walk(report, ESCALATION_PATHS[state], force, lead=lead, at=at, **written)


def walk(
    escalation: Escalation, actions: list[str], force: Force, *, at: datetime = REFERRED,
    lead: Escalation | None = None, **written: Any,
) -> Escalation:  # fmt: skip
    for action in actions:
        if action == "child":
            escalation = escalation.children.get()
        elif action == "write":
            escalation = _written(escalation, force, at=at, **written)
        else:
            escalation = _stepped(escalation, action, force, at=at, lead=lead)
    return escalation


def write(escalation: Escalation, force: Force, *, at: datetime = REFERRED, **fields: Any) -> Escalation:
    """The report of its secretary, who fills in what is not given in *fields*."""
    secretary, _leader = desk(escalation, force)
    fields = {
        "text": "Công an thị xã chưa cân đối được nguồn, đề nghị Công an tỉnh cho ý kiến.",
        "proposal": "Phương án 1: cấp đủ trong quý I. Phương án 2: cấp theo hai đợt.",
        "report_number": f"{next(_number)}/BC-CATX-TH", "requested_on": WISHED, **fields,
    }  # fmt: skip
    return edit_report(escalation, by=secretary, at=at, **fields)


def step(
    escalation: Escalation, action: str, force: Force, *, at: datetime = REFERRED, lead: Escalation | None = None,
    **data: Any,
) -> Escalation:  # fmt: skip
    """One move of an escalation by whoever may make it, with what it needs filled in."""
    by, note, needed = prepared_step(escalation, action, force, lead=lead)
    return perform(escalation, action, by=by, at=at, note=note, **{**needed, **data})


def desk(escalation: Escalation, force: Force) -> tuple[Person, Person]:
    """Who writes and who sends the reports of its host."""
    if escalation.host_id == force.province.pk:
        return force.provincial_secretary, force.provincial_leader
    return force.secretary, force.leader


def prepared_step(
    escalation: Escalation, action: str, force: Force, *, lead: Escalation | None = None
) -> tuple[Actor, str, dict[str, Any]]:
    """Who makes the move here, a note if it wants one, and its data."""
    secretary, leader = desk(escalation, force)
    clerk, chief = force.provincial_secretary, force.provincial_leader
    if action == "join" and lead is None:
        lead = escalation_at(force, EscalationState.RECEIVED)
    said = {"text": "Đồng ý theo phương án 2.", "document": f"{next(_number)}/CAT-PV01"}
    made: dict[str, tuple[Actor, str, dict[str, Any]]] = {
        "propose": (secretary, "", {}),
        "send": (leader, "", {}),
        "send_back": (leader, "Cần nêu rõ số liệu.", {}),
        "recall": (leader, "", {}),
        "withdraw": (leader, "Đơn vị tự giải quyết được.", {}),
        "empty": (SYSTEM, "", {}),
        "fall_back": (SYSTEM, "", {}),
        "receive": (clerk, "", {}),
        "assign": (clerk, "", {"division": force.pv01}),
        "advise": (clerk, "", {"text": "Đề nghị đồng ý theo phương án 2."}),
        "present": (clerk, "", {"text": "Đề nghị đồng ý theo phương án 2."}),
        "rule": (chief, "", said),
        "delegate_back": (chief, "", said),
        "ask_again": (chief, "Cần ý kiến thêm về kinh phí.", {}),
        "return_for_information": (clerk, "", {**said, "text": "Bổ sung danh sách."}),
        "forward_up": (chief, "", {**said, "text": "Đã có văn bản xin ý kiến Bộ Công an."}),
        "come_back": (SYSTEM, "", {}),
        "refuse": (chief, "", {**said, "text": "Không có căn cứ để xem xét."}),
        "join": (clerk, "", {"lead": lead}),
        "take_out": (clerk, "", {}),
        "follow": (SYSTEM, "", {}),
        "move_day": (SYSTEM, "", {"to": WISHED + timedelta(days=7)}),
        "record_reply": (secretary, "", {**said, "kind": ReplyKind.RULED}),
        "extend": (chief, "Chờ ý kiến Phòng Hậu cần.", {"to": WISHED + timedelta(days=14)}),
        "ask_time": (clerk, "Cần khảo sát thực tế.", {"to": WISHED + timedelta(days=14)}),
        "grant_time": (leader, "", {}),
        "deny_time": (leader, "Việc gấp.", {}),
    }
    return made[action]


@Kept
def neighbor(force: Force, code: str) -> Force:
    """Another town of the same province with people of its own; what it has not is the first one's."""
    town = unit(code, force.province, UnitKind.DISTRICT_POLICE, name=f"Công an thị xã {code}")
    team = unit(f"{code}-QLHC", town, name=f"Đội QLHC {code}")
    desk_team = unit(f"{code}-TH", town, name=f"Đội Tổng hợp {code}", is_focal_point=True)
    people = {
        "officer": (team, Role.OFFICER), "unit_chief": (team, Role.UNIT_CHIEF),
        "secretary": (desk_team, Role.SECRETARY), "leader": (town, Role.LEADER),
    }  # fmt: skip
    made: dict[str, Any] = {}
    for name, (place, role) in people.items():
        made[name] = person()
        post(made[name], place, role, str(role.label))
    return replace(force, town=town, th=desk_team, qlhc=team, ward=team, **made)


def _classification() -> tuple[Topic, Field]:
    return Topic.objects.get(set__code="30c", code="tthc"), Field.objects.get(code="cu_tru")


# On the way to a state: the ways begin alike.
_moved, _stepped, _written = Kept(move), Kept(step), Kept(write)
