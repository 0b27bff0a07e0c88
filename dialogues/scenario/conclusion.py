"""The conclusion of the conference and its six directives to their end; the steps of the town's plan as its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from dialogues.domain import conclusion as conclusions
from dialogues.domain.directive import report
from dialogues.domain.directive_draft import write_directive
from dialogues.models import Conclusion, Directive
from dialogues.scenario.evidence import evidence
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import moment


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """The steps of the play; *source* is the case with its dates already moved."""
    told, writing = source["conclusion"], Writing(source, cast)
    issued: date = told["issued_on"]
    yield Step(moment(source["conference"]["date"], 17, 40), writing.begin)
    yield Step(moment(calendar().before(issued, 1), 10), writing.write)
    yield Step(moment(calendar().before(issued, 1), 15), writing.present)
    yield Step(moment(issued, 10), writing.issue)
    for entry in told["directives"]:
        yield from Work(entry, cast, issued).steps()
    for plan in source["plan_documents"]:
        for number, entry in enumerate(plan.get("steps", ()), 1):
            yield from Task(entry, number, plan, source, cast).steps()


@dataclass(frozen=True)
class Writing:
    """The conclusion from its beginning in the hall to the leader's signature."""

    source: dict[str, Any]
    cast: Cast

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = self.source["conclusion"]
        return told

    @property
    def secretary(self) -> Person:
        return self.cast.people[self.source["conference"]["secretaries"][0]]

    @property
    def now(self) -> Conclusion:
        return Conclusion.objects.get(conference=self.cast.conferences[self.source["conference"]["code"]])

    def begin(self) -> None:
        at = moment(self.source["conference"]["date"], 17, 40)
        conference = self.cast.conferences[self.source["conference"]["code"]]
        conclusions.begin_conclusion(conference, by=self.secretary, at=at)

    def write(self) -> None:
        told, at = self.told, moment(calendar().before(self.told["issued_on"], 1), 10)
        words = {"assessment": told["opening_assessment"].strip(), "closing_note": told["closing_note"].strip()}
        conclusion = conclusions.edit_conclusion(self.now, by=self.secretary, at=at, **words)
        for entry in told["directives"]:
            self._write_directive(conclusion, entry, at)

    def _write_directive(self, conclusion: Conclusion, entry: dict[str, Any], at: datetime) -> None:
        taxonomy = Taxonomy.on(self.source["conference"]["date"], self.source["stage"]["later_topics"])
        write_directive(
            conclusion, by=self.secretary, at=at, title=entry["title"], text=entry["text"].strip(),
            topic=taxonomy.topics[entry["topic"]], lead=self.cast.units[entry["lead_unit"]], due_on=entry["due_on"],
            product=entry["product"].strip(), coordinating=self.cast.unit_list(entry["coordinating_units"]),
            items=[self.cast.items[code] for code in entry["source_items"]],
        )  # fmt: skip

    def present(self) -> None:
        perform(self.now, "present", by=self.secretary, at=moment(calendar().before(self.told["issued_on"], 1), 15))

    def issue(self) -> None:
        leader, at = self.cast.people[self.told["issued_by"]], moment(self.told["issued_on"], 10)
        perform(self.now, "issue", by=leader, at=at, document=self.told["document"])


@dataclass(frozen=True)
class Work:
    """The way of one directive, from the unit's taking it up to the leader's acceptance."""

    entry: dict[str, Any]
    cast: Cast
    issued: date

    def steps(self) -> Iterator[Step]:
        entry = self.entry
        yield self._step(moment(calendar().due(self.issued, 1), 8, 30), "take_up", entry["updates"][0]["by"])
        for told in entry["updates"]:
            at = moment(told["date"], 11)
            yield Step(at, lambda told=told, at=at: self._report(told, at))  # type: ignore[misc]
        for told in entry.get("returns", ()):
            yield self._step(moment(told["date"], 14), "return", told["by"], told["reason"].strip())
        for told in entry.get("extensions", ()):
            asker, reason = entry["updates"][0]["by"], told["reason"].strip()
            yield self._step(moment(told["requested_on"], 9), "ask_time", asker, reason, until=told["to"])
            yield self._step(moment(told["approved_on"], 15), "grant_time", told["approved_by"])
        accepted = entry["acceptance"]
        yield self._step(moment(accepted["date"], 15), "accept", accepted["by"], accepted["note"])

    @cached_property
    def number(self) -> int:
        return int(self.entry["order"])

    @property
    def now(self) -> Directive:
        return Directive.objects.get(conclusion__isnull=False, number=self.number, host=self.cast.units["CATX"])

    def _step(self, at: datetime, action: str, by: str, note: str = "", **data: Any) -> Step:
        return Step(at, lambda: perform(self.now, action, by=self.cast.people[by], at=at, note=note, **data))

    def _report(self, told: dict[str, Any], at: datetime) -> None:
        data = {"text": told["text"].strip()}
        action = "report" if told["percent"] == 100 else "update"
        more = {} if action == "report" else {"percent": told["percent"]}
        files = [evidence(name) for name in told["evidence"]]
        report(self.now, action, files, by=self.cast.people[told["by"]], at=at, **data, **more)


@dataclass(frozen=True)
class Task:
    """A step of the town's plan: its lead unit gets it with the plan and has done it on its last day."""

    entry: dict[str, Any]
    number: int
    plan: dict[str, Any]
    source: dict[str, Any]
    cast: Cast

    def steps(self) -> Iterator[Step]:
        lead, last = self.entry["lead"], self.entry["to"]
        yield Step(self._written_at, self._write)
        yield Step(moment(self.plan["issued_on"], 10, self.number), lambda: self._do("take_up", self._chief(lead)))
        yield Step(moment(last, 19), self._report)
        yield Step(moment(last, 19, 30), lambda: self._do("accept", self.cast.people[self.plan["signed_by"]]))

    @property
    def _written_at(self) -> datetime:
        return moment(self.plan["issued_on"], 9, 15 + self.number)

    def _write(self) -> None:
        write_directive(
            self.cast.plans[self.plan["code"]],
            by=self.cast.people[self.source["conference"]["secretaries"][0]],
            at=self._written_at,
            title=self.entry["text"].strip(),
            lead=self.cast.units[self.entry["lead"]],
            due_on=self.entry["to"],
        )

    @property
    def now(self) -> Directive:
        return Directive.objects.get(plan=self.cast.plans[self.plan["code"]], number=self.number)

    def _chief(self, unit: str) -> Person:
        return self.cast.chief(unit, self.plan["issued_on"])

    def _do(self, action: str, by: Person) -> None:
        at = (
            moment(self.plan["issued_on"], 10, self.number) if action == "take_up" else moment(self.entry["to"], 19, 30)
        )
        perform(self.now, action, by=by, at=at)

    def _report(self) -> None:
        chief = self.cast.chief(self.entry["lead"], self.entry["to"])
        words = self.source["stage"]["plan_reports"][self.number - 1]
        report(self.now, "report", by=chief, at=moment(self.entry["to"], 19), text=words)
