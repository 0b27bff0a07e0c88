"""What those who came to the conference thought of it: a survey by link, answered without names, closed and counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, repeat
from typing import Any

from cchc.workflow.engine import perform
from dialogues.domain import survey as surveys
from dialogues.enums import SurveySource
from dialogues.models import Survey
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import moment

VALUES = (1, 2, 3, 4, 5)


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    told, staged = source["conference"], source["stage"]["satisfaction"]
    opened, closed = told["ends_at"] + timedelta(minutes=5), moment(staged["closed_on"], 16, 30)
    made: list[Survey] = []
    yield Step(opened, partial(_open, source, cast, opened, made))
    sheets = _sheets(staged)
    said = {12 * n: comment for n, comment in enumerate(staged["comments"], 1)}
    pause = (closed - opened) / (len(sheets) + 1)
    for n, (group, overall) in enumerate(sheets, 1):
        at = opened + n * pause
        yield Step(at, partial(_answer, made, n, group, overall, said.get(n, ""), at))
    secretary = told["secretaries"][0]
    yield Step(closed, lambda: perform(made[0], "close", by=cast.people[secretary], at=closed))


def _sheets(staged: dict[str, Any]) -> list[tuple[str, int]]:
    """Group and overall answer of every sheet, group by group."""
    return [
        (group, value)
        for group, counts in staged["overall"].items()
        for value in chain.from_iterable(repeat(value, n) for value, n in zip(VALUES, counts, strict=True))
    ]


def _open(source: dict[str, Any], cast: Cast, at: datetime, made: list[Survey]) -> None:
    told, staged = source["conference"], source["stage"]["satisfaction"]
    secretary, conference = cast.people[told["secretaries"][0]], cast.conferences[told["code"]]
    survey = surveys.create(
        by=secretary,
        at=at,
        host=conference.host,
        conference=conference,
        criteria=staged["criteria"],
        title=staged["title"],
        source=SurveySource.LINK,
        year=told["date"].year,
        first_on=told["date"],
        last_on=staged["closed_on"],
        method=staged["method"],
        sent=staged["sent"],
    )
    made.append(perform(survey, "open", by=secretary, at=at))


def _answer(made: list[Survey], n: int, group: str, overall: int, comment: str, at: datetime) -> None:
    """Each criterion is answered a little above or below the whole."""
    scores = {
        criterion.pk: min(5, max(1, overall + (n + criterion.order) % 3 - 1)) for criterion in made[0].criteria.all()
    }
    surveys.answer(
        made[0], browser=f"demo-{n}", at=at, group=group, overall=overall, scores=scores, comment=comment
    )  # fmt: skip
