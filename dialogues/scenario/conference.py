"""The plans, and the conference from its preparation to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from cchc.organization.enums import Role
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain import participant as participants
from dialogues.domain import plan as plans
from dialogues.enums import Audience, Part, PlanKind
from dialogues.models import AgendaEntry
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import moment

AUDIENCES = {"cbcs": Audience.OFFICERS, "cong_dan": Audience.CITIZENS, "doanh_nghiep": Audience.BUSINESSES}
PLAN_KINDS = {"Kế hoạch": PlanKind.PLAN, "Nghị quyết": PlanKind.RESOLUTION}


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """A plan whose issuer is no unit here (the Government's 30c) is kept by the province, from its first day on."""
    keeper = {post["unit"]: person["username"] for person in source["people"] for post in [person]
              if post["role"] in (Role.SECRETARY, Role.PROVINCIAL_SECRETARY)}  # fmt: skip
    parents = {unit["code"]: unit["parent"] for unit in source["units"]}
    by_command = {parents[unit]: username for unit, username in keeper.items()}
    province = next(parents[post["unit"]] for post in source["people"] if post["role"] == Role.PROVINCIAL_SECRETARY)
    for entry in source["plan_documents"]:
        at = max(moment(entry["issued_on"], 9), source["stage"]["set_up_at"] + timedelta(hours=1))
        by = by_command[entry.get("issuer", province)]
        yield Step(at, lambda entry=entry, at=at, by=by: _plan(entry, province, by, cast, at))  # type: ignore[misc]

    told, stage = source["conference"], source["stage"]
    prepared: datetime = stage["conference_prepared_at"]
    yield Step(prepared, lambda: _create(source, cast, prepared))
    for at, action, by in (
        (told["question_window"]["opens_at"], "open", told["secretaries"][0]),
        (told["starts_at"], "start", told["secretaries"][0]),
        (told["ends_at"], "conclude", told["chair"]),
    ):
        yield Step(at, lambda at=at, action=action, by=by: move(cast, told["code"], action, by, at))  # type: ignore[misc]


def move(cast: Cast, code: str, action: str, by: str, at: datetime) -> None:
    cast.conferences[code] = perform(cast.conferences[code], action, by=cast.people[by], at=at)


def _plan(entry: dict[str, Any], province: str, by: str, cast: Cast, at: datetime) -> None:
    keeper = cast.people[by]
    plan = plans.register(
        by=keeper,
        at=at,
        kind=PLAN_KINDS[entry["kind"]],
        number=entry["symbol"],
        issued_on=entry["issued_on"],
        host=cast.units[entry.get("issuer", province)],
        issuer=cast.units[entry["issuer"]] if "issuer" in entry else None,
        issuer_name=entry.get("issuer_text", ""),
        abstract=entry["abstract"],
        implements=cast.plans[entry["parent"]] if entry["parent"] else None,
    )
    cast.plans[entry["code"]] = perform(plan, "issue", by=keeper, at=at + timedelta(minutes=10))


def _create(source: dict[str, Any], cast: Cast, at: datetime) -> None:
    told, window = source["conference"], source["conference"]["question_window"]
    secretary = cast.people[told["secretaries"][0]]
    conference = conferences.create(
        by=secretary,
        at=at,
        audiences=[AUDIENCES[entry["code"]] for entry in told["audiences"]],
        invited=[cast.units[unit["code"]] for unit in source["units"] if unit["parent"] == told["host"]],
        code=told["code"],
        title=told["title"],
        plan=cast.plans[told["plan"]],
        host=cast.units[told["host"]],
        chair=cast.people[told["chair"]],
        venue=told["venue"],
        starts_at=told["starts_at"],
        ends_at=told["ends_at"],
        opens_at=window["opens_at"],
        closes_at=window["live_closes_at"],
        answer_term=window["written_answer_days"],
        topics=Taxonomy.on(told["date"], source["stage"]["later_topics"]).set,
        reported_items=source["stage"]["reported_items"],
    )
    cast.conferences[told["code"]] = conference
    agenda = [
        AgendaEntry(at=time.fromisoformat(entry["at"]), minutes=entry["minutes"], text=entry["text"],
                    person=cast.people[entry["by"]])
        for entry in told["agenda"]
    ]  # fmt: skip
    conferences.set_agenda(conference, agenda, by=secretary, at=at)
    parts = [(username, Part.CO_CHAIR) for username in told["co_chairs"]]
    parts += [(username, Part.SECRETARY) for username in told["secretaries"][1:]]
    for username, part in parts:
        participants.set_participant(conference, cast.people[username], part, by=secretary, at=at)
    participants.add_chiefs(conference, by=secretary, at=at)
