"""Opinions and questions of the case: each one's way from its asker to its end, as steps of the real domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import Actor, CodeHolder
from dialogues.domain import answer as answers
from dialogues.domain.intake import Asking, ask, on_day
from dialogues.enums import AnswerKind, AnswerMode, Audience, Channel, Identity, ItemKind, ItemState
from dialogues.models import Answer, Item
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import day_of, moment

MINUTE = timedelta(minutes=1)
ON_PAPER = (Channel.PAPER, Channel.LIVE_ORAL)
GUESTS = {"citizen": Audience.CITIZENS, "business": Audience.BUSINESSES}


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    taxonomy = Taxonomy.on(source["conference"]["date"], source["stage"]["later_topics"])
    floor = [entry["code"] for entry in source["items"] if _live(entry) and day_of(entry["received_at"]) < _met(source)]
    for entry in source["items"]:
        yield from Story(entry, source, cast, taxonomy, floor).steps()


def _met(source: dict[str, Any]) -> date:
    met: date = source["conference"]["date"]
    return met


def _live(entry: dict[str, Any]) -> bool:
    return bool(entry.get("answer", {}).get("mode") == AnswerMode.LIVE)


@dataclass(frozen=True)
class Story:
    """The way of one item. *floor* are those handed in before and answered in the hall, in their order."""

    entry: dict[str, Any]
    source: dict[str, Any]
    cast: Cast
    taxonomy: Taxonomy
    floor: list[str]

    # --- what is told of it ---------------------------------------------------------------------------------------
    @cached_property
    def code(self) -> str:
        return str(self.entry["code"])

    @cached_property
    def told(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.entry.get("answer", {})
        return answer

    @cached_property
    def received(self) -> datetime:
        at: datetime = self.entry["received_at"]
        return at

    @cached_property
    def in_hall(self) -> bool:
        return day_of(self.received) == _met(self.source)

    @cached_property
    def secretary(self) -> str:
        return str(self.source["conference"]["secretaries"][0])

    @cached_property
    def chair(self) -> str:
        return str(self.source["conference"]["chair"])

    @property
    def item(self) -> Item:
        return self.cast.items[self.code]

    @property
    def asker(self) -> Actor:
        return self.item.author or CodeHolder(subject_id=self.item.pk)

    def do(self, action: str, by: str | Actor, at: datetime, note: str = "", **data: Any) -> Item:
        actor = self.cast.people[by] if isinstance(by, str) else by
        return self.cast.do(self.code, action, actor, at, note, **data)

    def chief_does(self, action: str, at: datetime, note: str = "", **data: Any) -> Item:
        return self.do(action, self.cast.chief(self.entry["lead_unit"], day_of(at)), at, note, **data)

    def step(self, at: datetime, method: Any, *arguments: Any) -> Step:
        return Step(at, lambda: method(at, *arguments))

    # --- the way --------------------------------------------------------------------------------------------------
    def steps(self) -> Iterator[Step]:
        yield self.step(self.received, self._ask)
        yield self.step(self._accepted_at, self._accept)
        yield self.step(self._assigned_at, self._assign)
        if "merged_into" in self.entry:
            yield self.step(self._assigned_at + MINUTE, self._merge)
        elif self.told["kind"] == AnswerKind.DECLINED:
            answered = moment(self.told["answered_on"], 9)
            yield self.step(moment(calendar().before(self.told["answered_on"], 1), 16), self._hand_back)
            yield self.step(answered, self._decline)
        else:
            yield from self._answer_steps()
        for feedback in self.entry.get("feedback", ()):
            yield self.step(moment(feedback["date"], 16, 45), self._feedback, feedback)

    def _answer_steps(self) -> Iterator[Step]:
        prepared, answered = self._prepared_at, self._answered_at
        yield self.step(prepared, self._prepare, self.told["prepared_text"], self.told["prepared_by"])
        if self.told["kind"] == AnswerKind.ESCALATED:
            yield self.step(answered, self._escalate)
            return
        yield self.step(answered, self._answer, self.told)
        yield self.step(answered + MINUTE, self._publish)
        for extension in self.told.get("extensions", ()):
            yield self.step(moment(extension["approved_on"], 10), self._extend, extension)
        if self.told["kind"] == AnswerKind.IN_PROGRESS:
            yield self.step(moment(self.told["done_on"], 15), self._report)
            yield self.step(moment(calendar().due(self.told["done_on"], 1), 9), self._accept_report)
        elif "done_on" in self.told:
            yield self.step(moment(calendar().roll(self.told["done_on"]), 16), self._record_result)
        if "reopened" in self.entry:
            yield from self._second_round(self.entry["reopened"])

    def _second_round(self, again: dict[str, Any]) -> Iterator[Step]:
        second = again["second_answer"]
        yield self.step(moment(again["date"], 17), self._contest, again["reason"])
        written = moment(calendar().before(second["answered_on"], 1), 15)
        yield self.step(written, self._prepare, second["text"], second["prepared_by"])
        answered = moment(second["answered_on"], 10)
        yield self.step(answered, self._answer, second)
        yield self.step(answered + MINUTE, self._publish)

    # --- when, where the data gives only days -----------------------------------------------------------------------
    @property
    def _accepted_at(self) -> datetime:
        if self.in_hall:
            return self.received + MINUTE
        if self.entry["channel"] == Channel.PAPER:
            return self.received + 30 * MINUTE
        return moment(calendar().due(day_of(self.received), 1), 8, 10 + self.entry["order"])

    @property
    def _assigned_at(self) -> datetime:
        if self.in_hall:
            return self.received + 2 * MINUTE
        return moment(self.entry["assigned_on"], 9, self.entry["order"])

    @property
    def _prepared_at(self) -> datetime:
        if self.in_hall:
            return self.received + 3 * MINUTE
        if _live(self.entry):
            return moment(self.entry["assigned_on"], 15, self.entry["order"])
        return moment(calendar().before(self.told["answered_on"], 1), 15, self.entry["order"])

    @property
    def _answered_at(self) -> datetime:
        stage = self.source["stage"]
        if self.code in stage["answered_at"]:
            fixed: datetime = stage["answered_at"][self.code]
            return fixed
        if self.code in self.floor:
            first: datetime = stage["advance_answers_from"]
            return first + 2 * MINUTE * self.floor.index(self.code)
        if self.in_hall and _live(self.entry):
            return self.received + 4 * MINUTE
        return moment(self.told["answered_on"], 10, self.entry["order"])

    # --- the moves ------------------------------------------------------------------------------------------------
    def _ask(self, at: datetime) -> None:
        entry, guest = self.entry, self.entry.get("guest", {})
        author = self.cast.people[entry["submitter"]] if entry["submitter"] else None
        asking = Asking(
            entry["text"],
            kind=ItemKind(entry["kind"]),
            identity=Identity.ANONYMOUS if entry["anonymity"] == "anonymous" else Identity.NAMED,
            audience=GUESTS[guest["type"]] if guest else Audience.OFFICERS,
            channel=Channel(entry["channel"]),
            author=author,
            unit=self.cast.units[entry["unit"]] if entry["unit"] else None,
            asker_name=guest.get("label", ""),
            locality=entry.get("locality", ""),
            number=entry["order"],
        )
        by = self.cast.people[self.secretary] if asking.channel in ON_PAPER else author
        conference = self.cast.conferences[self.source["conference"]["code"]]
        self.cast.items[self.code] = ask(asking, conference=conference, by=by, at=at).item

    def _accept(self, at: datetime) -> None:
        topic, field = self.taxonomy.topics[self.entry["topic"]], self.taxonomy.fields[self.entry["field"]]
        self.do("accept", self.secretary, at, topic=topic, field=field, title=self.source["stage"]["titles"][self.code])

    def _assign(self, at: datetime) -> None:
        lead, others = self.entry["lead_unit"], self.cast.unit_list(self.entry["coordinating_units"])
        self.do("assign", self.secretary, at, lead_unit=self.cast.units[lead], coordinating=others)

    def _merge(self, at: datetime) -> None:
        lead = self.cast.items[self.entry["merged_into"]]
        self.do("merge", self.entry["merged_by"], at, self.entry["merge_reason"], lead=lead)

    def _hand_back(self, at: datetime) -> None:
        self.chief_does("hand_back", at, self.source["stage"]["hand_back"][self.code])

    def _decline(self, at: datetime) -> None:
        channel = self.source["stage"]["decline_channel"][self.told["decline_reason"]]
        text, document = self.told["prepared_text"], self.told["document"]
        self.do("decline", self.secretary, at, text, channel=channel, document=document)

    def _prepare(self, at: datetime, text: str, drafted_by: str) -> None:
        """The lead unit's chief hands it in; who wrote it, when it was another, stands in the note."""
        chief, writer = self.cast.chief(self.entry["lead_unit"], day_of(at)), self.cast.people[drafted_by]
        note = "" if writer == chief else self.source["stage"]["drafted_by"].format(name=writer.ranked_name)
        self.do("prepare", chief, at, note, text=text)

    def _answer(self, at: datetime, told: dict[str, Any]) -> None:
        text = told.get("text") or told["final_text"] or told["prepared_text"]
        more = {name: told[name] for name in ("promised_on", "document") if name in told}
        self.do("answer", told["answered_by"], at, text=text, kind=told["kind"], mode=told["mode"], **more)

    def _escalate(self, at: datetime) -> None:
        """The first of a report's items begins it, the others join it."""
        told = next(each for each in self.source["escalations"] if self.code in each["items"])
        data = {"text": self.told["final_text"], "mode": self.told["mode"], "reason": told["reason"]}
        report = self.cast.escalations.get(told["code"])
        by = self.told["answered_by"]
        item = self.do("escalate", by, at, told["reason_text"], report=report, **data)
        assert item.escalation is not None
        self.cast.escalations[told["code"]] = item.escalation

    def _publish(self, at: datetime) -> None:
        self.do("publish", self.secretary, at)

    def _extend(self, at: datetime, extension: dict[str, Any]) -> None:
        self.do("extend", extension["approved_by"], at, extension["reason"], to=extension["to"])

    def _report(self, at: datetime) -> None:
        document = self.told.get("done_document", "")
        self.chief_does("report", at, text=self.told["done_text"], done_on=self.told["done_on"], document=document)

    def _accept_report(self, at: datetime) -> None:
        self.do("accept_report", self.chair, at)

    def _record_result(self, at: datetime) -> None:
        chief = self.cast.chief(self.entry["lead_unit"], day_of(at))
        document = self.told.get("done_document", "")
        given = self._standing_answer()
        answers.record_result(
            given, text=self.told["done_text"], done_on=self.told["done_on"], by=chief, at=at, document=document
        )

    def _contest(self, at: datetime, reason: str) -> None:
        self.do("contest", self.asker, on_day(at) if self.item.is_anonymous else at, reason)

    def _feedback(self, at: datetime, told: dict[str, Any]) -> None:
        """Whoever finds his question answered confirms it with his word on it."""
        self.cast.items[self.code] = item = Item.objects.get(pk=self.item.pk)
        answers.rate(
            self._standing_answer(),
            asked=item,
            stars=told["rating"],
            on_topic=told["on_topic"],
            comment=told["comment"],
            on=told["date"],
        )
        if told["on_topic"] and item.state == ItemState.PUBLISHED:
            self.do("confirm", self.asker, on_day(at) if item.is_anonymous else at)

    def _standing_answer(self) -> Answer:
        """The answer that reached the asker: the lead item's when this one was merged."""
        item = Item.objects.select_related("answer", "merged_into__answer").get(pk=self.item.pk)
        answer = item.merged_into.answer if item.merged_into else item.answer
        assert answer is not None
        return answer
