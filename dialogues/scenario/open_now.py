"""A conference that is open for questions on the day of the load, with something to do for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from cchc.followup import bell
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain import participant as participants
from dialogues.domain.escalation_report import edit_report
from dialogues.domain.intake import Asking, ask, support
from dialogues.enums import AnswerMode, Audience, Channel, Identity, ItemKind, Part
from dialogues.models import AgendaEntry, Escalation
from dialogues.scenario.items import GUESTS
from dialogues.scenario.script import Cast, Step, Taxonomy
from dialogues.scenario.source import day_of, moment, yaml_of

HOST, SECRETARY, CHAIR, DEPUTY = "CATX", "van.ntt", "hoach.dv", "loc.tb"


def steps(cast: Cast, now: datetime) -> Iterator[Step]:
    """The steps that lead to the state in which a newcomer finds it at *now*; none lies after *now*."""
    told, today = yaml_of("open-now.yaml"), day_of(now)
    code = told["code"].format(year=when(today, told["starts_at"]).year)
    prepared, opened = when(today, told["prepared_at"]), when(today, told["opens_at"])
    yield Step(prepared, lambda: _create(told, code, cast, today, prepared))
    yield Step(opened, lambda: _open(code, cast, opened))
    # What happened weeks ago is no news to anybody.
    caught_up = when(today, [2, "17:30"])
    yield Step(caught_up, lambda: [bell.read_all(person, caught_up) for person in cast.people.values()])
    for place, entry in enumerate(told["items"]):
        name = entry.get("code", f"{code}/{place}")
        asked = when(today, entry["asked_at"])
        yield Step(asked, lambda entry=entry, name=name, at=asked: _ask(entry, name, code, cast, at))  # type: ignore[misc]
        for each in entry.get("moves", ()):
            at = when(today, each["at"])
            yield Step(at, lambda entry=entry, each=each, name=name, at=at: _move(entry, each, name, cast, today, at))  # type: ignore[misc]
        for each in entry.get("report", ()):
            at = when(today, each["at"])
            yield Step(at, lambda each=each, name=name, at=at: _report(each, name, cast, today, at))  # type: ignore[misc]


def when(today: date, told: list[Any]) -> datetime:
    """[working days before today, hour]; days ahead are negative."""
    hour = time.fromisoformat(told[1])
    return moment(working_day(today, told[0]), hour.hour, hour.minute)


def working_day(today: date, before: int) -> date:
    return calendar().before(today, before) if before >= 0 else calendar().due(today, -before)


def _create(told: dict[str, Any], code: str, cast: Cast, today: date, at: datetime) -> None:
    secretary, host = cast.people[SECRETARY], cast.units[HOST]
    starts = when(today, told["starts_at"])
    made = cast.conferences[code] = conferences.create(
        by=secretary,
        at=at,
        audiences=list(Audience),
        invited=[
            unit for unit in cast.units.values() if unit.parent_id == host.pk and unit.is_valid_on(day_of(starts))
        ],
        code=code,
        title=told["title"],
        plan=cast.plans.get(told["plan"]),
        host=host,
        chair=cast.people[CHAIR],
        venue=told["venue"],
        starts_at=starts,
        **{name: when(today, told[name]) for name in ("ends_at", "opens_at", "closes_at")},
        topics=_taxonomy(starts).set,
    )
    agenda = [
        AgendaEntry(at=time.fromisoformat(entry["at"]), minutes=entry["minutes"], text=entry["text"],
                    person=cast.people[entry["by"]])
        for entry in told["agenda"]
    ]  # fmt: skip
    conferences.set_agenda(made, agenda, by=secretary, at=at)
    participants.set_participant(made, cast.people[DEPUTY], Part.CO_CHAIR, by=secretary, at=at)
    participants.add_chiefs(made, by=secretary, at=at)


def _open(code: str, cast: Cast, at: datetime) -> None:
    cast.conferences[code] = perform(cast.conferences[code], "open", by=cast.people[SECRETARY], at=at)


def _taxonomy(at: datetime) -> Taxonomy:
    return Taxonomy.on(day_of(at), yaml_of("stage.yaml")["later_topics"])


def _ask(entry: dict[str, Any], name: str, code: str, cast: Cast, at: datetime) -> None:
    guest, channel = entry.get("guest", {}), Channel(entry.get("channel", Channel.WEB_ADVANCE))
    author = cast.people[entry["submitter"]] if "submitter" in entry else None
    asking = Asking(
        entry["text"],
        kind=ItemKind(entry["kind"]),
        title=entry["title"] if entry.get("draft") else "",
        identity=Identity.ANONYMOUS if entry.get("anonymous") else Identity.NAMED,
        audience=GUESTS[guest["type"]] if guest else Audience.OFFICERS,
        channel=channel,
        author=author,
        unit=cast.units[entry["unit"]] if "unit" in entry else None,
        asker_name=guest.get("label", ""),
        locality=entry.get("locality", ""),
    )
    by = cast.people[SECRETARY] if channel == Channel.PAPER else author
    draft = entry.get("draft", False)
    cast.items[name] = ask(asking, conference=cast.conferences[code], by=by, at=at, keep_as_draft=draft).item
    for username in entry.get("supported_by", ()):
        support(cast.items[name], by=cast.people[username], at=at)


def _move(entry: dict[str, Any], told: dict[str, Any], name: str, cast: Cast, today: date, at: datetime) -> None:
    item, action = cast.items[name], told["do"]
    data: dict[str, Any] = {key: told[key] for key in ("text", "document", "kind") if key in told}
    by = cast.people[told.get("by", SECRETARY)]
    if action == "accept":
        taxonomy = _taxonomy(item.conference.starts_at)
        data = {
            "topic": taxonomy.topics[entry["topic"]],
            "field": taxonomy.fields[entry["field"]],
            "title": entry["title"],
        }
    elif action == "assign":
        data = {"lead_unit": cast.units[told["lead_unit"]], "coordinating": cast.unit_list(told["coordinating"])}
        data["due"] = working_day(today, told["due"]) if "due" in told else None
    elif action == "merge":
        data = {"lead": cast.items[told["lead"]]}
    elif action in ("prepare", "report"):
        assert item.lead_unit is not None
        by = cast.chief(item.lead_unit.code, day_of(at))
        if action == "report":
            data["done_on"] = day_of(at)
    elif action == "escalate":
        data |= {"mode": AnswerMode.WRITTEN, "reason": told["reason"]}
    elif action == "answer":
        data["mode"] = AnswerMode.WRITTEN
        if "promised" in told:
            data["promised_on"] = working_day(today, told["promised"])
    cast.do(name, action, by, at, told.get("note", ""), **data)


def _report(told: dict[str, Any], name: str, cast: Cast, today: date, at: datetime) -> None:
    """A step of the report into which the item called *name* went."""
    report = Escalation.objects.get(items=cast.items[name])
    by = cast.people[told.get("by", SECRETARY)]
    if told["do"] == "write":
        written = {key: told[key] for key in ("title", "bodies", "text", "proposal") if key in told}
        wish = working_day(today, told["wish"])
        edit_report(report, by=by, at=at, report_number=told["number"], requested_on=wish, **written)
    else:
        perform(report, told["do"], by=by, at=at)
