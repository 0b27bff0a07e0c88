"""The demo's people, and items of one's own brought to a state by real moves at this moment."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

from django.utils import timezone

from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from dialogues.domain.intake import Asking, ask
from dialogues.enums import AnswerKind, AnswerMode, ConferenceState, ItemState
from dialogues.models import Conference, Field, Item

OFFICER, COLLEAGUE, SECRETARY, CHIEF = "khoi.nt", "hien.lt", "van.ntt", "nguyet.ctm"
LEADER, DEPUTY, ADMINISTRATOR, PROVINCE = "hoach.dv", "loc.tb", "anh.mt", "linh.ctd"
LEAD_UNIT, OTHER_UNIT = "TH-DQLHC", "TH-DTH"
PROMPT = "Hồ sơ số {n} nộp qua mạng đã có kết quả nhưng hệ thống vẫn báo chờ bổ sung, người dân phải hỏi lại ở đâu?"
PREPARED = "Đơn vị đã kiểm tra, đề nghị trả lời: kết quả có hiệu lực từ ngày ký."
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


def words() -> str:
    """A question that nobody has asked yet."""
    return PROMPT.format(n=next(_number))


class Stage:
    @cached_property
    def conference(self) -> Conference:
        """The one that takes questions now."""
        return Conference.objects.get(state=ConferenceState.COLLECTING)

    def person(self, username: str) -> Person:
        return Person.objects.get(username=username)

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def working_day(self, ahead: int) -> str:
        """The working day so many ahead of today, as a date field takes it."""
        return calendar().due(timezone.localdate(), ahead).isoformat()

    def item(self, state: str = ItemState.SUBMITTED, text: str = "", **asking: Any) -> Item:
        """A question that the officer asks now, moved on to *state* by whose turn it is."""
        officer = self.person(OFFICER)
        asking = {"author": officer, "unit": officer.positions.get().unit, **asking}
        taken = ask(Asking(text or words(), **asking), conference=self.conference, by=officer, at=timezone.now())
        item = taken.item
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
            "answer": (LEADER, {**reply, "kind": AnswerKind.EXPLAINED}),
            "promise": (LEADER, {**reply, "kind": AnswerKind.IN_PROGRESS, "promised_on": later}),
            "publish": (SECRETARY, {}),
            "report": (CHIEF, {"text": "Đã thực hiện xong.", "done_on": timezone.localdate()}),
        }
        return made[action]

    def state(self, item: Item) -> str:
        """As it stands in the database now."""
        return str(Item.objects.values_list("state", flat=True).get(pk=item.pk))
