"""The second case, Ninh Thuận 2019: units and people, plans, gradings, survey, good practices, the inspection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import perform
from dialogues.domain import grading as gradings
from dialogues.domain import plan as plans
from dialogues.domain import practice as practices
from dialogues.domain import survey as surveys
from dialogues.domain.practice import Measured
from dialogues.enums import SurveySource
from dialogues.models import Practice
from dialogues.scenario import inspection
from dialogues.scenario.conference import PLAN_KINDS
from dialogues.scenario.organization import create_people, create_units
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import moment

PROVINCE, CLERK, MINISTRY = "CATNT", "vi.ntt", "BCA"


def steps(source: dict[str, Any], cast: Cast, password: str | None) -> Iterator[Step]:
    """What the province registers itself is dated when it begins to work with the register, not when it was issued."""
    told, begins = source["ninh_thuan_2019"], source["stage"]["ninh_thuan"]["set_up_at"]
    ministry = [unit for unit in source["units"] if unit["code"] == MINISTRY]
    people = {"people": _people(told, source["stage"]["ninh_thuan"]["also_held"]), "stage": source["stage"]}
    yield Step(begins, lambda: create_units([*ministry, *told["units"]], cast, begins))
    yield Step(begins, lambda: create_people(people, cast, begins, password))
    case = Case(source, cast)
    for n, entry in enumerate(told["plan_documents"], 1):
        yield case.step(begins + timedelta(hours=n), case.register_plan, entry)
    for n, entry in enumerate(told["gradings"], 1):
        yield case.step(begins + timedelta(days=1, hours=n), case.register_grading, entry)
    for entry in told["surveys"]:
        yield case.step(moment(case.stage["surveyed_on"], 9), case.record_survey, entry)
    for n, entry in enumerate(told["good_models"]):
        yield from case.practice(entry, n)
    for entry in case.stage["also_adopted"]:
        yield case.step(moment(entry["date"], 15), case.adopt_elsewhere, entry)
    yield from inspection.steps(source, cast)


def _people(told: dict[str, Any], also_held: dict[str, Any]) -> list[dict[str, Any]]:
    """Inspectors have no post until the delegation is named."""
    found = [{**entry, "additional_roles": also_held.get(entry["username"], ())} for entry in told["people"]]
    return [{**entry, "role": None} if entry["role"] == Role.INSPECTOR else entry for entry in found]


@dataclass(frozen=True)
class Case:
    """The case and its people; *made* are the good practices by their codes."""

    source: dict[str, Any]
    cast: Cast

    @cached_property
    def stage(self) -> dict[str, Any]:
        staged: dict[str, Any] = self.source["stage"]["ninh_thuan"]
        return staged

    @cached_property
    def made(self) -> dict[str, Practice]:
        return {}

    @property
    def clerk(self) -> Person:
        return self.cast.people[CLERK]

    @property
    def province(self) -> Unit:
        return self.cast.units[PROVINCE]

    @property
    def visited_in(self) -> int:
        """The year of the inspection, to which the years of the gradings stand as they did in 2019."""
        year: int = self.source["ninh_thuan_2019"]["inspection_visit"]["date"].year
        return year

    def step(self, at: datetime, method: Any, *arguments: Any) -> Step:
        return Step(at, lambda: method(at, *arguments))

    def register_plan(self, at: datetime, entry: dict[str, Any]) -> None:
        """Registered and in force: also the resolution of the Party committee, which the province carries out."""
        plan = plans.register(
            by=self.clerk,
            at=at,
            host=self.province,
            kind=PLAN_KINDS[entry["kind"]],
            number=entry["symbol"],
            issued_on=entry["issued_on"],
            issuer=self.cast.units[entry["issuer"]],
            abstract=entry["abstract"],
            implements=self.cast.plans[entry["parent"]] if entry["parent"] else None,
        )
        self.cast.plans[entry["code"]] = perform(plan, "issue", by=self.clerk, at=at)

    def register_grading(self, at: datetime, entry: dict[str, Any]) -> None:
        gradings.register(
            by=self.clerk,
            at=at,
            unit=self.cast.units[entry["unit"]],
            year=entry["year"] + self.visited_in - 2019,
            group=entry["group"],
            grade=entry["grade"],
            rank=entry["rank"],
            group_size=entry["group_size"],
            wording=entry["wording"],
        )

    def record_survey(self, at: datetime, entry: dict[str, Any]) -> None:
        survey = surveys.create(
            by=self.clerk,
            at=at,
            host=self.cast.units[entry["unit"]],
            title=entry["subject"],
            source=SurveySource.REPORTED,
            year=self.visited_in,
            sent=entry["sent"],
            returned=entry["returned"],
            satisfied=entry["satisfied"],
            reported_percent=Decimal(str(entry["percent_reported"])),
        )
        perform(survey, "record", by=self.clerk, at=at)

    # --- good practices
    def practice(self, entry: dict[str, Any], n: int) -> Iterator[Step]:
        """Proposed by the clerk for units without accounts, recognized, and taken over as planned."""
        yield self.step(moment(self.stage["proposed_on"], 9, 20 * n), self.propose, entry)
        recognized = moment(entry["recognised_on"], 14, 10 * n)
        yield self.step(recognized, self.publish, entry)
        for each in entry["replication"]:
            yield self.step(recognized + timedelta(hours=1), self.plan_adoption, entry, each)
            if each["adopted_on"]:
                yield self.step(moment(each["adopted_on"], 10), self.adopt, entry, each)

    def propose(self, at: datetime, entry: dict[str, Any]) -> None:
        taxonomy = Taxonomy.on(at.date(), self.source["stage"]["later_topics"])
        practice = practices.write(
            by=self.clerk,
            at=at,
            unit=self.cast.units[entry["unit"]],
            measures=[_measured(each) for each in entry["measures"]],
            name=entry["name"],
            topic=taxonomy.topics[entry["topic"]],
            field=taxonomy.fields[entry["field"]],
            started_on=entry["started_on"],
            problem=entry["problem"],
            method=entry["method"],
            conditions=entry["conditions"],
            cost_note=entry["cost_note"],
        )
        self.made[entry["code"]] = perform(practice, "propose", by=self.clerk, at=at)

    def publish(self, at: datetime, entry: dict[str, Any]) -> None:
        recognition = {"recognized_on": entry["recognised_on"], "document": self.stage["guide"]}
        practice = perform(self.made[entry["code"]], "publish", by=self.clerk, at=at, **recognition)
        self.made[entry["code"]] = practice

    def plan_adoption(self, at: datetime, entry: dict[str, Any], each: dict[str, Any]) -> None:
        self._adopt(entry["code"], each["unit"], self.clerk, at, due_on=each["due_on"])

    def adopt(self, at: datetime, entry: dict[str, Any], each: dict[str, Any]) -> None:
        self._adopt(entry["code"], each["unit"], self.clerk, at, adopted_on=each["adopted_on"])

    def adopt_elsewhere(self, at: datetime, entry: dict[str, Any]) -> None:
        chief, on = self.cast.people[entry["by"]], entry["date"]
        self._adopt(entry["practice"], entry["unit"], chief, at, adopted_on=on, note=entry["note"])

    def _adopt(self, code: str, unit: str, by: Person, at: datetime, note: str = "", **days: date) -> None:
        practices.adopt(self.made[code], self.cast.units[unit], by=by, at=at, note=note, **days)


def _measured(entry: dict[str, Any]) -> Measured:
    before, after = (Decimal(str(entry[name])) for name in ("before", "after"))
    return Measured(entry["measure"], before, after, entry["unit_of_measure"])
