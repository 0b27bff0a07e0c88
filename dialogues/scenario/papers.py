"""The papers of the conference: the invitation, the minutes and the notice with the numbers that the case names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from cchc.documents.domain.document import begin_document
from cchc.documents.domain.letterhead import set_letterhead
from cchc.documents.kinds import PaperKind
from cchc.documents.models import Document
from cchc.documents.printing import issue
from cchc.workdays.domain.calendar import calendar
from dialogues.documents.kinds import INVITATION, ITEM_LIST, MINUTES, NOTICE
from dialogues.domain.conclusion import conclusion_of
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import day_of, moment

HOST, DRAFTER, PLACE = "CATX", "TH", "Thái Hòa"
KINDS = {"Biên bản": MINUTES, "Thông báo": NOTICE}


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """The steps of the play; *source* is the case with its dates already moved."""
    told = source["conference"]
    secretary, leader = told["secretaries"][0], told["chair"]
    day = told["date"]

    def write(kind: PaperKind, at: datetime, number: int | None = None, by: str = leader) -> Document:
        conference = cast.conferences[told["code"]]
        about = conclusion_of(conference) if kind is NOTICE else conference
        assert about is not None
        author = cast.people[secretary]
        made = begin_document(kind, about, conference.host, _id(about), by=author, at=at)
        return issue(made, by=cast.people[by], at=at, day=day_of(at), number=number)

    def dress() -> None:
        unit, by = cast.units[HOST], cast.people[secretary]
        set_letterhead(unit, by=by, at=early, place=PLACE, drafter=DRAFTER)

    early = moment(calendar().before(day, 10), 8)
    invited = moment(calendar().before(day, 8), 15)
    yield Step(early, dress)
    yield Step(invited, lambda: write(INVITATION, invited))
    for output in told["outputs"]:
        at = moment(output["issued_on"], 18) if output["kind"] == "Biên bản" else moment(output["issued_on"], 11)
        number = int(output["symbol"].partition("/")[0])
        yield Step(at, lambda kind=KINDS[output["kind"]], at=at, number=number: write(kind, at, number))  # type: ignore[misc]
    listed = moment(calendar().due(day, 10), 16)
    yield Step(listed, lambda: write(ITEM_LIST, listed, by=secretary))


def _id(about: Any) -> UUID:
    found: UUID = about.pk
    return found
