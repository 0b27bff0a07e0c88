"""The year 2020 of 21 commitments: registered, signed, reported, scored, ranked; each step at its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from cchc.documents.models.paper import keep
from cchc.organization import access
from cchc.organization.domain.absence import record_absence
from cchc.organization.models import Person, Position
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import CLOCK
from cchc.workflow.engine import perform
from commitments import documents, permissions
from commitments.domain import ranking
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.commitment import unanswered
from commitments.domain.draft import Registered, canonical, digest_of, save_tasks
from commitments.domain.progress import Reached
from commitments.domain.signing import post_on
from commitments.enums import Direction, Scoring, Seat
from commitments.models import Campaign, Commitment, Report
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import day_of, moment

SECRETARY, LEADER, HOST = "van.ntt", "hoach.dv", "CATX"
GROUPS = {"doi": "Các đội", "phuong_xa": "Công an phường, xã", "doan_the": "Tổ chức đoàn thể"}
AWAY = "Vắng mặt có lý do"


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """The steps of the campaign; *source* is the case with its dates already moved."""
    year = Year(source, cast)
    told = source["campaign"]
    yield Step(moment(told["registration_opens_on"] - timedelta(days=3), 9), year.prepare)
    yield Step(moment(told["registration_opens_on"], 8), year.open)
    for entry in source["commitments"]:
        yield from Story(entry, year).steps()
    yield Step(moment(told["self_assessment_due"] - timedelta(days=2), 9), year.evaluate)
    yield Step(moment(told["objection_until"] + timedelta(days=1), 0, 15), year.settle)
    yield Step(moment(told["published_on"], 9), year.publish)


@dataclass(frozen=True)
class Year:
    """The campaign and its people."""

    source: dict[str, Any]
    cast: Cast

    @cached_property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = self.source["campaign"]
        return told

    @cached_property
    def number(self) -> int:
        met: date = self.source["conference"]["date"]
        return met.year

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get(code=f"CK-{self.number}")

    def person(self, username: str) -> Person:
        """Fresh from the database: posts that came meanwhile count."""
        return Person.objects.get(username=username)

    def prepare(self) -> None:
        told, by = self.told, self.person(SECRETARY)
        at = moment(told["registration_opens_on"] - timedelta(days=3), 9)
        made = create_campaign(
            host=self.cast.units[HOST], by=by, at=at, code=f"CK-{self.number}", year=self.number, title=told["title"],
            conference=self.cast.conferences.get(self.source["conference"]["code"]), place="Thái Hòa",
            clause=told["effect"].strip(), opens_on=told["registration_opens_on"], sign_by=told["signing_deadline"],
            report_days=told["report_due_dates"], self_by=told["self_assessment_due"],
            check_by=told["secretariat_check_due"], score_by=told["leader_rating_due"],
            object_by=told["objection_until"], late_factor=Decimal(str(told["scoring"]["late_factor"])),
            excellent_percent=told["scoring"]["excellent_cap_percent"],
        )  # fmt: skip
        levels = [(level["name"], Decimal(level["min"])) for level in told["scoring"]["levels"]]
        units = {code: [self.cast.units[each["unit"]] for each in self._of(code)] for code in GROUPS}
        groups = [(name, units[code]) for code, name in GROUPS.items()]
        terms = Terms([("Kết quả nhiệm vụ đã đăng ký", Scoring.TASKS, Decimal(100))], levels, groups)
        set_terms(made, terms, by=by, at=at)

    def _of(self, group: str) -> list[dict[str, Any]]:
        return [each for each in self.source["commitments"] if each["group"] == group]

    def open(self) -> None:
        perform(self.campaign, "open", by=self.person(LEADER), at=moment(self.told["registration_opens_on"], 8))

    def evaluate(self) -> None:
        at = moment(self.told["self_assessment_due"] - timedelta(days=2), 9)
        perform(self.campaign, "evaluate", by=self.person(SECRETARY), at=at)

    def settle(self) -> None:
        at = moment(self.told["objection_until"] + timedelta(days=1), 0, 15)
        for commitment in unanswered(at):
            perform(commitment, "settle", by=CLOCK, at=at)

    def publish(self) -> None:
        day, number, by = self.told["published_on"], self.told["published_document"], self.person(LEADER)
        campaign, at = self.campaign, moment(day, 9)
        post = access.post_for(by, permissions.DIRECT_CAMPAIGN, campaign.host, day)
        assert post is not None
        notice = documents.Notice(ranking.frozen(campaign), number, day, post)
        paper = keep(documents.ranking_notice(campaign, notice, at), at)
        perform(
            campaign, "publish", by=by, at=at, document=number, document_on=day, paper=paper, digest=notice.digest
        )  # fmt: skip


@dataclass(frozen=True)
class Story:
    """The way of one unit's commitment."""

    entry: dict[str, Any]
    year: Year

    # --- what stands ----------------------------------------------------------------------------------------------
    @property
    def commitment(self) -> Commitment:
        return self.year.campaign.commitments.filter(unit__code=self.entry["unit"]).order_by("-version")[0]

    def at(self, day: date, hour: int) -> datetime:
        """Each at its own minute: nobody signs two in one."""
        return moment(day, hour, 2 * self.year.source["commitments"].index(self.entry))

    def person(self, username: str) -> Person:
        return self.year.person(username)

    # --- the way --------------------------------------------------------------------------------------------------
    def steps(self) -> Iterator[Step]:
        drafted = self.at(calendar().before(self.year.told["signing_day"], 3), 9)
        revisions = self.entry.get("revisions", ())
        tasks = revisions[0]["tasks"] if revisions else self.entry["tasks"]
        yield Step(drafted, lambda: self._register(tasks, drafted))
        if revisions:
            yield from self._returned(revisions[0])
        chief, leader = self.entry["signatures"]["chief"], self.entry["signatures"]["leader"]
        if chief:
            yield from self._signed(chief, leader)
            yield from self._reports()
            yield from self._scores(self.entry["year_end"])
        if closed := self.entry.get("closed"):
            at = self.at(closed["date"], 8)
            yield Step(at, lambda: self._terminate(closed, at))

    def _returned(self, first: dict[str, Any]) -> Iterator[Step]:
        signed, returned = self.at(first["chief_signed_on"], 16), self.at(first["returned_on"], 9)
        again = self.at(calendar().due(first["returned_on"], 2), 9)
        yield Step(signed, lambda: self._sign({"person": self.entry["chief"]}, signed))
        yield Step(returned, lambda: self._move("return", first["returned_by"], returned, first["reason"].strip()))
        yield Step(again, lambda: self._move("revise", self.entry["chief"], again))
        yield Step(again + timedelta(hours=1), lambda: self._register(self.entry["tasks"], again + timedelta(hours=1)))

    def _signed(self, chief: dict[str, Any], leader: dict[str, Any]) -> Iterator[Step]:
        signed, confirmed = self.at(chief["signed_on"], 16), self.at(leader["signed_on"], 17)
        if authority := chief.get("authority_document"):
            before = self.at(chief["signed_on"], 7)
            yield Step(before, lambda: self._stand_in(chief, authority, before))
        yield Step(signed, lambda: self._sign(chief, signed))
        yield Step(confirmed, lambda: self._countersign(leader, confirmed))

    def _reports(self) -> Iterator[Step]:
        for place, told in enumerate(self.entry.get("progress_reports", ())):
            at = self.at(told["submitted_on"], 14)
            due = self.year.told["report_due_dates"][place]
            yield Step(at, lambda told=told, due=due, at=at: self._progress(told, due, at))  # type: ignore[misc]
        for place, task in enumerate(self.entry["tasks"], 1):
            if result := task.get("result"):
                at = self.at(calendar().roll(result["done_on"]), 15)
                yield Step(at, lambda place=place, result=result, at=at: self._result(place, result, at))  # type: ignore[misc]

    def _scores(self, end: dict[str, Any]) -> Iterator[Step]:
        for action, stage, hour in (("self_score", "self", 10), ("check", "secretariat", 10), ("score", "leader", 10)):
            told = end[stage]
            at = self.at(told["date"], hour)
            yield Step(at, lambda action=action, told=told, at=at: self._score(action, told, at))  # type: ignore[misc]
        if objection := end.get("objection"):
            at = self.at(objection["submitted_on"], 9)
            yield Step(at, lambda: self._move("object", objection["by"], at, objection["text"].strip()))
            decided = self.at(objection["decision"]["date"], 16)
            yield Step(decided, lambda: self._decide(objection["decision"], decided))

    # --- the moves ------------------------------------------------------------------------------------------------
    def _move(self, action: str, by: str, at: datetime, note: str = "", **data: Any) -> Commitment:
        return perform(self.commitment, action, by=self.person(by), at=at, note=note, **data)

    def _register(self, tasks: list[dict[str, Any]], at: datetime) -> None:
        by = self.entry["chief"] or SECRETARY
        save_tasks(self.commitment, [self._task(task) for task in tasks], by=self.person(by), at=at)

    def _task(self, task: dict[str, Any]) -> Registered:
        return Registered(
            text=task["content"], measure=task["measure"], measure_unit=task["unit_of_measure"] or "không nêu",
            target=Decimal(str(task["target"] or 0)), due_on=task["due_on"], weight=Decimal(str(task["weight"])),
            direction=task.get("direction", Direction.AT_LEAST),
        )  # fmt: skip

    def _stand_in(self, chief: dict[str, Any], authority: dict[str, Any], at: datetime) -> None:
        held = Position.objects.get(person__username=chief["on_behalf_of"], unit__code=self.entry["unit"])
        record_absence(
            held, first=authority["valid_from"], last=authority["valid_to"], reason=AWAY,
            stand_in=self.person(chief["person"]), acting_kind=chief["mode"],
            authority=f"{authority['kind']} số {authority['symbol']}", by=self.person(SECRETARY), at=at,
        )  # fmt: skip

    def _sign(self, told: dict[str, Any], at: datetime) -> None:
        commitment, by = self.commitment, self.person(told["person"])
        digest = digest_of(canonical(commitment))
        post = post_on(Seat.CHIEF, commitment, by, day_of(at))
        assert post is not None
        paper = keep(documents.to_be_signed(commitment, documents.Signing(Seat.CHIEF, post, at, digest)), at)
        perform(commitment, "sign", by=by, at=at, digest=digest, paper=paper)

    def _countersign(self, told: dict[str, Any], at: datetime) -> None:
        commitment = self.commitment
        perform(commitment, "countersign", by=self.person(told["person"]), at=at, digest=commitment.digest)

    def _terminate(self, closed: dict[str, Any], at: datetime) -> None:
        decision = next(
            each["legal_basis"]
            for each in self.year.source["reorganisations"]
            if each["code"] == closed["reorganisation"]
        )
        successor = self.year.cast.units[closed["transferred_to"]]
        self._move("terminate", SECRETARY, at, decision.strip(), successor=successor)

    def _progress(self, told: dict[str, Any], due: date, at: datetime) -> None:
        tasks = list(self.commitment.tasks.all())
        codes = [task["code"] for task in self.entry["tasks"]]
        entries = [Reached(tasks[codes.index(each["task"])], Decimal(str(each["value"]))) for each in told["entries"]]
        report = self.commitment.reports.get(task=None, due_on=due)
        # Whoever wrote it, it is the chief who hands it in.
        self._report(report, self.entry["chief"], entries, at, told["note"] or "")

    def _result(self, place: int, result: dict[str, Any], at: datetime) -> None:
        task = self.commitment.tasks.get(place=place)
        reached = Reached(task, Decimal(str(result["actual"])), result["done_on"])
        self._report(self.commitment.reports.get(task=task), self.entry["chief"], [reached], at)

    def _report(self, report: Report, by: str, entries: list[Reached], at: datetime, note: str = "") -> None:
        report = perform(report, "submit", by=self.person(by), at=at, entries=entries, note=note)
        perform(report, "accept", by=self.person(SECRETARY), at=at + timedelta(hours=1))

    def _score(self, action: str, told: dict[str, Any], at: datetime) -> None:
        self._move(action, told["by"], at, told.get("note") or "", points=self._points(told["score"]))

    def _decide(self, told: dict[str, Any], at: datetime) -> None:
        self._move("decide", told["by"], at, told["text"].strip(), points=self._points(told["revised_score"]))

    def _points(self, score: float) -> dict[int, Decimal]:
        return {self.year.campaign.criteria.get().pk: Decimal(str(score))}
