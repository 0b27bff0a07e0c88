"""The demo's people, and items of one's own brought to a state by real moves at this moment."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from django.utils import timezone

from cchc.followup.domain.handover import confirm
from cchc.organization.domain.absence import record_absence
from cchc.organization.domain.unit import create_unit, record_succession
from cchc.organization.models import Absence, Person, Position, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workdays.models import Day
from cchc.workflow.engine import perform
from cchc.workflow.models import Event
from commitments.models import Campaign, Criterion, Group, Level, Task
from dialogues.domain import conference as conferences
from dialogues.domain.escalation_report import edit_report
from dialogues.domain.intake import Asking, ask
from dialogues.enums import AnswerKind, AnswerMode, Audience, ConferenceState, ItemState
from dialogues.models import (
    Adoption,
    AgendaEntry,
    Answer,
    Conclusion,
    Conference,
    Delegate,
    Directive,
    Dispatch,
    Escalation,
    Field,
    Finding,
    Grading,
    Item,
    Measure,
    Plan,
    Practice,
    Reply,
    Request,
    Response,
    Scope,
    Survey,
    Topic,
    Update,
)
from dialogues.models import Criterion as Question

OFFICER, COLLEAGUE, SECRETARY, CHIEF = "khoi.nt", "hien.lt", "van.ntt", "nguyet.ctm"
LEADER, DEPUTY, ADMINISTRATOR, PROVINCE = "hoach.dv", "loc.tb", "anh.mt", "linh.ctd"
PROVINCIAL_LEADER = "khue.dq"
AWAY = "quyet.hd"
LEAD_UNIT, OTHER_UNIT = "TH-DQLHC", "TH-DTH"
PROMPT = "Hồ sơ số {n} nộp qua mạng đã có kết quả nhưng hệ thống vẫn báo chờ bổ sung, người dân phải hỏi lại ở đâu?"
PREPARED = "Đơn vị đã kiểm tra, đề nghị trả lời: kết quả có hiệu lực từ ngày ký."
REPORT = "Qua đối thoại, người dân còn phải mang bản giấy đối chiếu. Đề nghị Công an tỉnh cho ý kiến."
LONG = (
    "Đề nghị Công an thị xã cho biết vì sao hồ sơ đăng ký thường trú của hộ gia đình tôi nộp qua Cổng Dịch vụ công "
    "đã có thông báo tiếp nhận từ ngày mùng một, sau đó ba lần được yêu cầu bổ sung những giấy tờ đã có trong cơ sở dữ "
    "liệu quốc gia về dân cư, đến nay vẫn chưa có kết quả và không có ai trả lời điện thoại của bộ phận tiếp nhận?"
)
_number = count(101)
# The moves from "received" to each state.
PATHS: dict[str, tuple[str, ...]] = {
    ItemState.SUBMITTED: (),
    ItemState.ACCEPTED: ("accept",),
    ItemState.ASSIGNED: ("accept", "assign"),
    ItemState.PREPARED: ("accept", "assign", "prepare"),
    ItemState.ANSWERED: ("accept", "assign", "prepare", "answer"),
    ItemState.PUBLISHED: ("accept", "assign", "prepare", "answer", "publish"),
    ItemState.PROMISED: ("accept", "assign", "prepare", "promise", "publish"),
    ItemState.REPORTED: ("accept", "assign", "prepare", "promise", "publish", "report"),
}
# The same of a report: from the leader's word to the asker.
_SENT = ("write", "propose", "send")
REPORT_PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "proposed": ("write", "propose"),
    "sent": _SENT,
    "received": (*_SENT, "receive"),
    "presented": (*_SENT, "receive", "present"),
    "returned": (*_SENT, "receive", "return_for_information"),
    "ruled": (*_SENT, "receive", "present", "rule"),
}


def words() -> str:
    """A question that nobody has asked yet."""
    return PROMPT.format(n=next(_number))


class Stage:
    def __init__(self) -> None:
        self._standing: dict[str, Item] = {}
        self._referrals: dict[str, Escalation] = {}

    @cached_property
    def conference(self) -> Conference:
        """The one of the demo that takes questions now."""
        return Conference.objects.get(state=ConferenceState.COLLECTING, code__endswith="-02")

    @cached_property
    def second_conference(self) -> Conference:
        """Another one that takes questions: now there is a choice."""
        now, secretary = timezone.now(), self.person(SECRETARY)
        made = conferences.create(
            by=secretary, at=now, audiences=[Audience.OFFICERS], title="Hội nghị đối thoại về công tác đăng ký xe",
            host=self.conference.host, chair=self.conference.chair, venue="Hội trường tầng 3",
            topics=self.conference.topics, opens_at=now, starts_at=now + timedelta(days=9),
            ends_at=now + timedelta(days=10), closes_at=now + timedelta(days=9),
        )  # fmt: skip
        return perform(made, "open", by=secretary, at=now)

    def standing(self, state: str) -> Item:
        """An item in *state* that is only looked at."""
        if state not in self._standing:
            self._standing[state] = self.item(state)
        return self._standing[state]

    @cached_property
    def two_answered(self) -> list[UUID]:
        return [self.item(ItemState.ANSWERED).pk for _again in range(2)]

    @cached_property
    def draft(self) -> Item:
        officer = self.person(OFFICER)
        asked = Asking(words(), author=officer)
        return ask(asked, conference=self.conference, by=officer, at=timezone.now(), keep_as_draft=True).item

    def referral(self, state: str) -> Escalation:
        """A report to the province in *state* that is only looked at."""
        if state not in self._referrals:
            self._referrals[state] = self.report(state)
        return self._referrals[state]

    def report(self, state: str, *items: Item) -> Escalation:
        """A report on *items* (a new one unless given), moved on to *state* by whose turn it is."""
        made: Escalation | None = None
        for item in items or (self.item(ItemState.PREPARED),):
            data = {"report": made} if made else {"reason": "beyond_authority"}
            made = self.move(item, "escalate", **data).escalation
        assert made is not None
        for action in REPORT_PATHS[state]:
            by, data = self._needed_above(action)
            if action == "write":
                made = edit_report(made, by=by, at=timezone.now(), **data)
            else:
                made = perform(made, action, by=by, at=timezone.now(), **data)
        return made

    def _needed_above(self, action: str) -> tuple[Person, dict[str, Any]]:
        made: dict[str, tuple[str, dict[str, Any]]] = {
            "write": (SECRETARY, {"text": REPORT, "report_number": "218/BC-CATX", "proposal": "Cấp 02 tài khoản."}),
            "propose": (SECRETARY, {}),
            "send": (LEADER, {}),
            "receive": (PROVINCE, {}),
            "present": (PROVINCE, {"text": "Đủ điều kiện, đề nghị đồng ý."}),
            "return_for_information": (PROVINCE, {"text": "Bổ sung số lượt tiếp nhận."}),
            "rule": (PROVINCIAL_LEADER, {"text": "Đồng ý cấp 02 tài khoản.", "document": "214/CAT"}),
        }
        by, data = made[action]
        return self.person(by), data

    def long(self) -> Item:
        """Three hundred letters for a text, two hundred for a title, and a lead unit with a long name."""
        item = self.move(self.item(text=LONG), "accept", title=LONG[:200])
        return self.move(self.move(item, "assign"), "prepare")

    @cached_property
    def absence(self) -> Absence:
        """A chief is away, and nobody was named to stand in."""
        post, today = self.person(AWAY).positions.get(), timezone.localdate()
        return record_absence(
            post, first=today, last=today + timedelta(days=6), reason="Nghỉ phép", by=self.person(SECRETARY),
            at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def ended(self) -> Unit:
        """A team that was merged yesterday and still owes two answers; a third was handed over."""
        at, town = timezone.now(), self.conference.host
        made = create_unit(code="TH-CU", name="Đội Quản lý hành chính cũ", short_name="Đội cũ", kind="team",
                           parent=town, at=at)  # fmt: skip
        items = [self.move(self.item("accepted"), "assign", lead_unit=made) for _each in range(3)]
        record_succession(
            unit=made, successor=self.unit(LEAD_UNIT), kind="merged", decision="Quyết định số 15/QĐ-CATX",
            on=timezone.localdate(), at=at,
        )  # fmt: skip
        turn = items[0].turn
        assert turn is not None
        self.handed_over = confirm(
            made, self.unit(LEAD_UNIT), "Quyết định số 15/QĐ-CATX", chosen=[turn.pk], by=self.person(SECRETARY), at=at
        )
        return Unit.objects.get(pk=made.pk)

    def person(self, username: str) -> Person:
        return Person.objects.get(username=username)

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def working_day(self, ahead: int) -> str:
        """The working day so many ahead of today, as a date field takes it."""
        return calendar().due(timezone.localdate(), ahead).isoformat()

    def item(
        self, state: str = ItemState.SUBMITTED, text: str = "", conference: Conference | None = None, **asking: Any
    ) -> Item:
        """A question that the officer asks now, moved on to *state* by whose turn it is."""
        officer = self.person(OFFICER)
        asking = {"author": officer, "unit": officer.positions.get().unit, **asking}
        asked, where = Asking(text or words(), **asking), conference or self.conference
        item = ask(asked, conference=where, by=officer, at=timezone.now()).item
        for action in PATHS[state]:
            item = self.move(item, action)
        return item

    def move(self, item: Item, action: str, note: str = "", **data: Any) -> Item:
        """One move by whoever's turn it is."""
        by, needed = self._needed(item, action)
        name = "answer" if action == "promise" else action
        return perform(item, name, by=self.person(by), at=timezone.now(), note=note, **{**needed, **data})

    def _needed(self, item: Item, action: str) -> tuple[str, dict[str, Any]]:
        topic, field = item.conference.topics.topics.first(), Field.objects.first()
        reply = {"text": "Đồng ý với đề xuất của đơn vị.", "mode": AnswerMode.WRITTEN}
        later = timezone.localdate() + timedelta(days=30)
        made: dict[str, tuple[str, dict[str, Any]]] = {
            "accept": (SECRETARY, {"topic": topic, "field": field}),
            "assign": (SECRETARY, {"lead_unit": self.unit(LEAD_UNIT), "coordinating": [self.unit(OTHER_UNIT)]}),
            "prepare": (CHIEF, {"text": PREPARED}),
            "escalate": (LEADER, reply),
            "answer": (LEADER, {**reply, "kind": AnswerKind.EXPLAINED}),
            "promise": (LEADER, {**reply, "kind": AnswerKind.IN_PROGRESS, "promised_on": later}),
            "publish": (SECRETARY, {}),
            "confirm": (OFFICER, {}),
            "report": (CHIEF, {"text": "Đã thực hiện xong.", "done_on": timezone.localdate()}),
        }
        return made[action]

    def everything_told(self) -> str:
        """All the texts of the demo in one: what a page shows of it is no word of the interface."""
        told = (
            Item.objects.values_list("title", "text"), Answer.objects.values_list("text", "prepared_text"),
            Unit.objects.values_list("name", "short_name"), AgendaEntry.objects.values_list("text"),
            Conference.objects.values_list("title", "venue"), Position.objects.values_list("title"),
            Plan.objects.values_list("abstract"), Topic.objects.values_list("name"), Field.objects.values_list("name"),
            Absence.objects.values_list("reason"), Event.objects.values_list("payload"),
            Day.objects.values_list("name", "source"), Escalation.objects.values_list("title", "text", "proposal"),
            Dispatch.objects.values_list("content"), Reply.objects.values_list("text"),
            Campaign.objects.values_list("title", "clause", "place"), Group.objects.values_list("name"),
            Task.objects.values_list("text", "measure", "measure_unit"), Level.objects.values_list("name"),
            Criterion.objects.values_list("name"), Survey.objects.values_list("title", "method", "document"),
            Question.objects.values_list("text"), Response.objects.values_list("comment"),
            Practice.objects.values_list("name", "problem", "method", "conditions", "cost_note", "document"),
            Measure.objects.values_list("name", "measure_unit"), Adoption.objects.values_list("note", "end_note"),
            Grading.objects.values_list("group", "grade", "wording", "document"),
            Conclusion.objects.values_list("assessment", "closing_note", "document"),
            Directive.objects.values_list("title", "text", "product"), Update.objects.values_list("text"),
            Scope.objects.values_list("subject", "decision"), Delegate.objects.values_list("name", "title"),
            Request.objects.values_list("text"), Finding.objects.values_list("text"),
        )  # fmt: skip
        return "\n".join(text for rows in told for row in rows for text in row)

    def state(self, item: Item) -> str:
        """As it stands in the database now."""
        return str(Item.objects.values_list("state", flat=True).get(pk=item.pk))
