"""Conferences and items for tests, brought to a state by the real moves of the real people."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from cchc.organization.models import Person
from cchc.workflow.actors import CLOCK, SYSTEM, Actor, CodeHolder
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain import plan as plans
from dialogues.domain.intake import Asking, ask
from dialogues.domain.topic import seed_taxonomy
from dialogues.enums import (
    AnswerKind,
    AnswerMode,
    Audience,
    ConferenceState,
    EscalationReason,
    ItemState,
    PlanKind,
    ProperChannel,
)
from dialogues.models import Conference, Field, Item, Plan, Topic, TopicSet
from tests.factories import Force

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MET = datetime(2020, 1, 2, 14, 0, tzinfo=HANOI)
OPENED = datetime(2019, 12, 16, 7, 30, tzinfo=HANOI)
ASKED = datetime(2019, 12, 18, 9, 0, tzinfo=HANOI)
ANSWERED = datetime(2020, 1, 2, 15, 0, tzinfo=HANOI)
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
    ItemState.RULED: [*_PREPARED, "escalate", "rule"],
    ItemState.ANSWERED: [*_PREPARED, "answer"],
    ItemState.PUBLISHED: [*_PREPARED, "answer", "publish"],
    ItemState.PROMISED: [*_PREPARED, "promise", "publish"],
    ItemState.REPORTED: [*_PREPARED, "promise", "publish", "report"],
    ItemState.CLOSED: [*_PREPARED, "answer", "publish", "confirm"],
    ItemState.MERGED: ["accept", "merge"],
    ItemState.DECLINED: ["decline"],
    ItemState.WITHDRAWN: ["withdraw"],
}


def taxonomy() -> None:
    if not TopicSet.objects.exists():
        seed_taxonomy()


def plan(force: Force, *, issue: bool = True, **fields: Any) -> Plan:
    fields = {
        "kind": PlanKind.PLAN, "number": f"{next(_number)}/KH-CATX-TH", "issued_on": OPENED.date(),
        "issuer": force.town, "abstract": "Tổ chức hội nghị đối thoại về công tác cải cách hành chính", **fields,
    }  # fmt: skip
    made = plans.register(by=force.secretary, at=OPENED, **fields)
    return perform(made, "issue", by=force.secretary, at=OPENED) if issue else made


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
        item = move(item, action, force, lead=lead)
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


def _classification() -> tuple[Topic, Field]:
    return Topic.objects.get(set__code="30c", code="tthc"), Field.objects.get(code="cu_tru")
