"""Surveys and good practices for tests, brought to a state by real moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from cchc.organization.models import Person
from cchc.workflow.engine import perform
from dialogues.domain import grading as gradings
from dialogues.domain import practice as practices
from dialogues.domain import survey as surveys
from dialogues.enums import PracticeState, SurveySource, SurveyState
from dialogues.models import Adoption, Grading, Practice, Survey, Topic
from tests.dialogues.factories import HANOI, taxonomy
from tests.factories import Force
from tests.kept import Kept

AT = datetime(2020, 1, 6, 9, 0, tzinfo=HANOI)
SURVEY_PATHS = {
    SurveyState.DRAFT: [],
    SurveyState.OPEN: ["open"],
    SurveyState.CLOSED: ["open", "close"],
}
PRACTICE_PATHS = {
    PracticeState.DRAFT: [],
    PracticeState.PROPOSED: ["propose"],
    PracticeState.RETURNED: ["propose", "send_back"],
    PracticeState.PUBLISHED: ["propose", "publish"],
    PracticeState.REJECTED: ["propose", "reject"],
    PracticeState.RETIRED: ["propose", "publish", "retire"],
}
NOTED = ("send_back", "reject", "retire", "reconsider", "resume", "reopen")
_browser = count(1)


@Kept
def survey_at(
    force: Force, state: str = SurveyState.OPEN, *, sheets: dict[str, list[int]] | None = None,
    by: Person | None = None, **fields: Any,
) -> Survey:  # fmt: skip
    """A survey of the town in *state*; *sheets* are the overall answers of each group, handed in while it is open."""
    fields = {
        "host": force.town, "title": "Sự hài lòng của người dân", "source": SurveySource.LINK, "year": 2020,
        "criteria": ["Thời hạn giải quyết", "Kết quả giải quyết"], **fields,
    }  # fmt: skip
    made = surveys.create(by=by or force.secretary, at=AT, **fields)
    for action in SURVEY_PATHS[SurveyState(state)]:
        if action == "close":
            fill_in(made, sheets or {})
        made = perform(made, action, by=force.secretary, at=AT)
    if state == SurveyState.OPEN:
        fill_in(made, sheets or {})
    return made


def fill_in(survey: Survey, sheets: dict[str, list[int]]) -> None:
    """Each sheet gives the first criterion what it gives overall, and leaves the others out."""
    first = survey.criteria.first()
    for group, values in sheets.items():
        for value in values:
            surveys.answer(
                survey, browser=f"b{next(_browser)}", at=AT + timedelta(hours=1), group=group, overall=value,
                scores={first.pk: value} if first else {},
            )  # fmt: skip


@Kept
def practice_at(force: Force, state: str = PracticeState.PUBLISHED, **fields: Any) -> Practice:
    """A practice of the team QLHC in *state*."""
    taxonomy()
    fields = {
        "unit": force.qlhc, "name": "Một phiếu hẹn, một lần đến",
        "topic": Topic.objects.get(set__code="30c", code="tthc"),
        "started_on": date(2018, 3, 5), "problem": "Người dân phải đi lại nhiều lần.",
        "method": "Gộp phiếu tiếp nhận và phiếu hẹn thành một mẫu.", **fields,
    }  # fmt: skip
    made = practices.write(by=force.unit_chief, at=AT, **fields)
    for action in PRACTICE_PATHS[PracticeState(state)]:
        made = step(made, action, force)
    return made


def step(practice: Practice, action: str, force: Force) -> Practice:
    by: Person = force.unit_chief if action in ("propose", "withdraw") else force.secretary
    return perform(practice, action, by=by, at=AT, note="Cần nêu rõ số liệu." if action in NOTED else "")


# --- For tests that visit every address -------------------------------------------------------------------------------
@Kept
def results(force: Force) -> None:
    """An open survey, a grading, and a published practice that another unit has taken over."""
    survey_at(force)
    gradings.register(by=force.secretary, at=AT, unit=force.town, year=2019, group="Công an các huyện", grade="Tốt")
    practices.adopt(practice_at(force), force.ward, by=force.ward_chief, at=AT, adopted_on=AT.date())


def _survey(world: object) -> dict[str, Any]:
    return {"pk": Survey.objects.get().pk}


def _practice(world: object) -> dict[str, Any]:
    return {"pk": Practice.objects.get().pk}


RESULT_SAMPLES: dict[str, Any] = {
    **dict.fromkeys(
        (
            "survey_list",
            "survey_create",
            "grading_list",
            "grading_create",
            "practice_list",
            "practice_create",
            "library",
        ),
        lambda world: {},
    ),
    **dict.fromkeys(("survey_show", "survey_edit", "survey_link", "survey_poster", "survey_export"), _survey),
    "survey_move": lambda world: {**_survey(world), "action": "close"},
    "survey_answer": lambda world: {"key": Survey.objects.get().key},
    "grading_edit": lambda world: {"pk": Grading.objects.get().pk},
    "grading_unit": lambda world: {"code": "CATX"},
    **dict.fromkeys(("practice_show", "practice_edit", "practice_adopt"), _practice),
    "practice_end": lambda world: {**_practice(world), "adoption": Adoption.objects.get().pk},
    "practice_move": lambda world: {**_practice(world), "action": "retire"},
}
