"""The inspection of 4/9/2019 in Ninh Thuận: what was asked for and found, the conclusion, and its five directives."""

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
from dialogues.domain import conference as conferences
from dialogues.domain import delegation, finding, request
from dialogues.domain.directive import report
from dialogues.domain.directive_draft import write_directive
from dialogues.enums import ConferenceKind, FindingKind
from dialogues.models import Conclusion, Conference, Directive, Finding, Request
from dialogues.scenario.evidence import evidence
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import moment


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    visit = Visit(source, cast)
    told, stage = visit.told, visit.stage
    begins, day, issued = stage["prepared_at"], told["date"], stage["issued_on"]
    yield Step(begins, lambda: visit.prepare(begins))
    for entry in stage["documents"]:
        handed_in = moment(entry["handed_in_on"], 15)
        yield Step(handed_in, lambda entry=entry, at=handed_in: visit.hand_in(entry, at))  # type: ignore[misc]
    yield visit.step(moment(day, 8), "start", visit.clerk)
    yield Step(moment(day, 14), lambda: visit.record(moment(day, 14)))
    yield visit.step(moment(day, 17), "conclude", visit.leader)
    yield Step(moment(issued, 9), lambda: visit.conclude(moment(issued, 9)))
    for entry in told["directives"]:
        yield from visit.carry_out(entry, issued)


@dataclass(frozen=True)
class Visit:
    source: dict[str, Any]
    cast: Cast

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = self.source["ninh_thuan_2019"]["inspection_visit"]
        return told

    @property
    def stage(self) -> dict[str, Any]:
        stage: dict[str, Any] = self.source["stage"]["ninh_thuan"]["inspection"]
        return stage

    @property
    def code(self) -> str:
        return f"KT-NT-{self.told['date'].year}"

    @property
    def now(self) -> Conference:
        return Conference.objects.get(code=self.code)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return Taxonomy.on(self.told["date"], self.source["stage"]["later_topics"])

    def leader(self) -> Person:
        return self.cast.people[self.told["inspected_representatives"][0]]

    def clerk(self) -> Person:
        return self.cast.people[self.told["inspected_representatives"][1]]

    def step(self, at: datetime, action: str, by: Any) -> Step:
        return Step(at, lambda: perform(self.now, action, by=by(), at=at))

    def prepare(self, at: datetime) -> None:
        """With its scope and its delegation announced; the documents are asked for at once."""
        told, stage, clerk, day = self.told, self.stage, self.clerk(), self.told["date"]
        unit = self.cast.units[told["inspected_unit"]]
        made = conferences.create(
            by=clerk, at=at, code=self.code, kind=ConferenceKind.INSPECTION, invited=[unit],
            title=self.source["ninh_thuan_2019"]["title"], plan=self.cast.plans[told["resolution"]],
            host=self.cast.units["CATNT"], chair=self.leader(), venue=stage["venue"], starts_at=moment(day, 8),
            ends_at=moment(day, 17), opens_at=at, closes_at=moment(day, 17), topics=self.taxonomy.set,
        )  # fmt: skip
        days = {name: stage[name] for name in ("decision", "first_day", "last_day", "reads_from", "reads_until")}
        delegation.set_scope(made, by=clerk, at=at, subject=told["subject"], **days)
        posts = {each["username"]: each["position"] for each in self.source["ninh_thuan_2019"]["people"]}
        for username in (told["head"], *told["members"]):
            delegation.add_delegate(
                made, by=clerk, at=at, person=self.cast.people[username], title=posts[username],
                head=username == told["head"],
            )  # fmt: skip
        perform(made, "open", by=clerk, at=at)
        for entry in stage["documents"]:
            request.ask_for(made, by=self._head(), at=at, text=entry["text"], unit=unit, due_on=entry["due_on"])

    def _head(self) -> Person:
        return self._delegate(self.told["head"])

    def _delegate(self, username: str) -> Person:
        """Read anew: the post came with the delegation."""
        return Person.objects.get(username=username)

    def hand_in(self, entry: dict[str, Any], at: datetime) -> None:
        asked = Request.objects.get(conference=self.now, text=entry["text"])
        clerk = Person.objects.get(pk=self.clerk().pk)
        request.move(asked, "hand_in", by=clerk, at=at, files=[evidence(entry["file"])])

    def record(self, at: datetime) -> None:
        """What is weak is to be remedied when the directives built on it are due."""
        by, conference = self._delegate(self.told["members"][0]), self.now
        for entry in self.told["findings"]:
            weak = entry["kind"] == FindingKind.WEAKNESS
            due = [each["due_on"] for each in self.told["directives"] if entry["code"] in each["source_findings"]]
            finding.record_finding(
                conference, by=by, at=at, kind=entry["kind"], topic=self.taxonomy.topics[entry["topic"]],
                text=entry["text"], remedy_by=max(due) if weak else None,
                files=[evidence(name) for name in entry["evidence"]],
            )  # fmt: skip

    def conclude(self, at: datetime) -> None:
        stage, clerk = self.stage, self.clerk()
        words = {"assessment": stage["assessment"], "closing_note": stage["closing_note"]}
        conclusion = conclusions.begin_conclusion(self.now, by=clerk, at=at, **words)
        found = {each.code: each for each in Finding.objects.filter(conference=self.now).select_related("topic")}
        for entry in self.told["directives"]:
            sources = [found[code] for code in entry["source_findings"]]
            write_directive(
                conclusion, by=clerk, at=at, title=entry["text"], lead=self.cast.units[entry["lead_unit"]],
                due_on=entry["due_on"], product=entry["product"], topic=sources[-1].topic, findings=sources,
                coordinating=self.cast.unit_list(entry["coordinating_units"]),
            )  # fmt: skip
        now = Conclusion.objects.get(pk=conclusion.pk)
        perform(now, "issue", by=self.leader(), at=at, document=stage["document"])

    def carry_out(self, entry: dict[str, Any], issued: date) -> Iterator[Step]:
        """Taken up, reported by the clerk as told, and accepted the working day after the last report."""
        yield self._move(entry, moment(calendar().due(issued, 1), 8, 30), "take_up", self.clerk)
        for told in entry["updates"]:
            at = moment(told["date"], 11)
            yield Step(at, lambda told=told, at=at: self._report(entry, told, at))  # type: ignore[misc]
        if entry["done_on"]:
            yield self._move(entry, moment(calendar().due(entry["done_on"], 1), 9), "accept", self.leader)

    def _directive(self, entry: dict[str, Any]) -> Directive:
        return Directive.objects.get(conclusion__conference__code=self.code, number=entry["order"])

    def _move(self, entry: dict[str, Any], at: datetime, action: str, by: Any) -> Step:
        return Step(at, lambda: perform(self._directive(entry), action, by=by(), at=at))

    def _report(self, entry: dict[str, Any], told: dict[str, Any], at: datetime) -> None:
        done = told["percent"] == 100
        more = {} if done else {"percent": told["percent"]}
        files = [evidence(name) for name in told["evidence"]]
        action = "report" if done else "update"
        report(self._directive(entry), action, files, by=self.clerk(), at=at, text=told["text"], **more)
