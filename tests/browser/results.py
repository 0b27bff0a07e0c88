"""Pages of surveys, gradings, good practices and the library: name, who opens it, where it is, what hands do first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from cchc.workflow.engine import perform
from dialogues.domain import practice as practices
from dialogues.domain import survey as surveys
from dialogues.enums import SurveySource
from dialogues.models import Grading, Practice, Survey, Topic
from tests.browser.pledges import person
from tests.browser.stage import CHIEF, OFFICER, SECRETARY, Stage

CLERK = "vi.ntt"  # of the second case's province
Address = Callable[[Stage], str]
OPEN, DRAFT = "Hài lòng tại bộ phận một cửa", "Hài lòng quý tới"


def survey(stage: Stage, title: str = OPEN) -> Survey:
    """A survey of the demo's open conference, made when it is asked for first."""
    found = Survey.objects.filter(title=title).first()
    if found is None:
        at, today = timezone.now(), timezone.localdate()
        found = surveys.create(
            by=person(SECRETARY), at=at, host=stage.conference.host, title=title, year=today.year,
            source=SurveySource.LINK, criteria=surveys.default_criteria(), first_on=today,
            last_on=today + timedelta(days=9),
        )  # fmt: skip
        if title != DRAFT:
            found = perform(found, "open", by=person(SECRETARY), at=at)
    return found


def practice(name: str, action: str = "") -> Practice:
    """A practice that the chief wrote, and proposed if *action* says so."""
    found = Practice.objects.filter(name=name).first()
    if found is None:
        at, chief = timezone.now(), person(CHIEF)
        found = practices.write(
            by=chief, at=at, unit=chief.positions.get().unit, name=name,
            topic=Topic.objects.get(set__code="76", code="tthc"),
            started_on=timezone.localdate(), problem="Hồ sơ phải nộp hai lần.", method="Gộp thành một mẫu.",
        )  # fmt: skip
        if action:
            found = perform(found, action, by=chief, at=at)
    return found


def _survey(after: str = "", title: str = OPEN) -> Address:
    return lambda stage: f"/surveys/{survey(stage, title).pk}/{after}"


def _closed(stage: Stage) -> str:
    return f"/surveys/{Survey.objects.get(state='closed', source='link').pk}/"


def _reported(stage: Stage) -> str:
    return f"/surveys/{Survey.objects.get(source='reported').pk}/"


def _published(after: str = "") -> Address:
    return lambda stage: f"/practices/{Practice.objects.get(name='Một phiếu hẹn, một lần đến').pk}/{after}"


def _ended(stage: Stage) -> str:
    found = Practice.objects.get(name="Một phiếu hẹn, một lần đến")
    return f"/practices/{found.pk}/adoptions/{found.adoptions.get(unit__code='TH-DQLHC').pk}/end/"


def _practice(name: str, action: str = "", after: str = "") -> Address:
    return lambda stage: f"/practices/{practice(name, action).pk}/{after}"


def at(address: str) -> Address:
    return lambda stage: address


def refused(page: Page) -> None:
    page.locator("main button.btn-primary:not([type=button]), .abar button.btn-primary").last.click()
    page.locator("[data-errors]").first.wait_for()


def answered(page: Page) -> None:
    """A sheet is filled in and sent."""
    page.locator("input[name=group]").first.check()
    page.locator("label[for=id_overall_3]").click()
    page.locator("main button[type=submit]").last.click()
    page.locator("main [role=status]").wait_for()


PLACES: list[tuple[Any, ...]] = [
    ("survey_list", SECRETARY, at("/surveys/")),
    ("surveys none", OFFICER, at("/surveys/?year=1999")),
    ("survey_create", SECRETARY, at("/surveys/new/")),
    ("survey refused", SECRETARY, at("/surveys/new/"), refused),
    ("survey_show", SECRETARY, _survey()),
    ("survey in preparation", SECRETARY, _survey(title=DRAFT)),
    ("survey with results", SECRETARY, _closed),
    ("survey as reported", CLERK, _reported),
    ("survey_edit", SECRETARY, _survey("edit/")),
    ("survey_link", SECRETARY, _survey("link/")),
    ("survey_poster", SECRETARY, _survey("poster/")),
    ("survey_move", SECRETARY, _survey("do/close/")),
    ("survey_answer", "", lambda stage: f"/s/{survey(stage).key}/"),
    ("sheet refused", "", lambda stage: f"/s/{survey(stage).key}/", refused),
    ("sheet sent", "", lambda stage: f"/s/{survey(stage).key}/", answered),
    ("survey closed", "", lambda stage: f"/s/{Survey.objects.get(state='closed', source='link').key}/"),
    ("grading_list", CLERK, at("/gradings/")),
    ("gradings none", SECRETARY, at("/gradings/")),
    ("grading_unit", CLERK, at("/gradings/units/CATNT/")),
    ("grading_create", CLERK, at("/gradings/new/?unit=CATNT")),
    ("grading refused", CLERK, at("/gradings/new/"), refused),
    ("grading_edit", CLERK, lambda stage: f"/gradings/{_grading()}/edit/"),
    ("practice_list", OFFICER, at("/practices/")),
    ("practices none", OFFICER, at("/practices/?q=khongcogi")),
    ("practice_create", CHIEF, at("/practices/new/")),
    ("practice refused", CHIEF, at("/practices/new/"), refused),
    ("practice_show", CHIEF, _published()),
    ("practice under review", SECRETARY, _practice("Nộp hồ sơ một lần", "propose")),
    ("practice_edit", CHIEF, _practice("Bảng kiểm tại quầy", after="edit/")),
    ("practice_move", SECRETARY, _practice("Nộp hồ sơ một lần", "propose", "do/publish/")),
    ("practice_adopt", CHIEF, _published("adopt/")),
    ("practice_end", CHIEF, _ended),
    ("library", OFFICER, at("/library/?q=ho+so")),
    ("library without a find", OFFICER, at("/library/?q=khongcogi")),
]


def _grading() -> int:
    return Grading.objects.latest("year").pk
