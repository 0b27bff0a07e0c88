"""Pages of an inspection: name, who opens it, where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain.delegation import add_delegate, set_scope
from dialogues.domain.finding import record_finding
from dialogues.domain.request import ask_for
from dialogues.enums import ConferenceKind
from dialogues.models import Conference, Finding, Request
from tests.browser.pledges import person
from tests.browser.results import refused
from tests.browser.stage import CHIEF, OFFICER, SECRETARY, Stage

Address = Callable[[Stage], str]
INSPECTOR, NEW = "khuong.vm", "KT-MOI"


def visited(stage: Stage, *, empty: bool = False) -> Conference:
    """An inspection of the town: on site, or (*empty*) in preparation with nothing in it; made when asked for first."""
    code = NEW if empty else "KT-TX"
    found = Conference.objects.filter(code=code).first()
    if found is not None:
        return found
    now, today, secretary, month = timezone.now(), timezone.localdate(), person(SECRETARY), timedelta(days=30)
    unit = person(CHIEF).positions.get().unit
    made = conferences.create(
        by=secretary, at=now, code=code, kind=ConferenceKind.INSPECTION, title="Kiểm tra công tác tiếp công dân",
        host=stage.conference.host, chair=stage.conference.chair, venue="Phòng họp tầng 2", invited=[unit],
        topics=stage.conference.topics, opens_at=now, starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=9), closes_at=now + timedelta(hours=9),
    )  # fmt: skip
    if empty:
        return made
    set_scope(
        made, by=secretary, at=now, subject="Việc tiếp công dân tại bộ phận một cửa", decision="Quyết định số 31/QĐ-TU",
        first_day=today - 12 * month, last_day=today, reads_from=today, reads_until=today + month,
    )  # fmt: skip
    add_delegate(made, by=secretary, at=now, person=person(INSPECTOR), title="Trưởng đoàn", head=True)
    add_delegate(made, by=secretary, at=now, name="Ông Lê Văn Ngoại", title="Ban Nội chính")
    for action in ("open", "start"):
        made = perform(made, action, by=secretary, at=now)
    head = person(INSPECTOR)
    ask_for(made, by=head, at=now, text="Sổ tiếp công dân", unit=unit, due_on=today + timedelta(days=7))
    for kind, text, remedy in (
        ("weakness", "Sổ tiếp công dân ghi chưa đủ cột kết quả.", today - timedelta(days=7)),
        ("strength", "Niêm yết đầy đủ, dễ thấy.", None),
    ):
        record_finding(made, by=head, at=now, kind=kind, text=text, unit=unit, remedy_by=remedy)
    return made


def _page(after: str = "", *, empty: bool = False) -> Address:
    return lambda stage: f"/conferences/{visited(stage, empty=empty).code}/inspection/{after}"


def _finding(after: str = "") -> Address:
    def address(stage: Stage) -> str:
        found = Finding.objects.get(conference=visited(stage), number=1)
        return f"/conferences/{found.conference.code}/inspection/findings/{found.pk}/{after}"

    return address


def _request(after: str = "") -> Address:
    return lambda stage: f"/requests/{Request.objects.get(conference=visited(stage)).pk}/{after}"


def _delegate(stage: Stage) -> str:
    made = visited(stage)
    return f"/conferences/{made.code}/inspection/delegation/{made.delegates.get(head=False).pk}/remove/"


def _past(stage: Stage) -> str:
    return f"/conferences/{Conference.objects.get(code__startswith='KT-NT-').code}/"


PLACES: tuple[tuple[Any, ...], ...] = (
    ("conference_inspection", SECRETARY, _page()),
    ("inspection of a delegate", INSPECTOR, lambda stage: f"{_past(stage)}inspection/"),
    ("inspection before its conclusion", OFFICER, _page()),
    ("inspection in preparation", SECRETARY, _page(empty=True)),
    ("inspection overview", INSPECTOR, _past),
    ("inspection to prepare", SECRETARY, lambda stage: "/conferences/new/?kind=inspection"),
    ("inspection to announce", SECRETARY, lambda stage: f"/conferences/{visited(stage, empty=True).code}/do/open/"),
    ("inspection_scope", SECRETARY, _page("scope/")),
    ("scope refused", SECRETARY, _page("scope/", empty=True), refused),
    ("delegate_add", SECRETARY, _page("delegation/?q=duyen")),
    ("delegate refused", SECRETARY, _page("delegation/"), refused),
    ("delegate_remove", SECRETARY, _delegate),
    ("request_add", INSPECTOR, _page("ask/")),
    ("request_show", CHIEF, _request()),
    ("request_move", CHIEF, _request("do/hand_in/")),
    ("finding_add", INSPECTOR, _page("findings/")),
    ("finding refused", INSPECTOR, _page("findings/"), refused),
    ("finding_edit", INSPECTOR, _finding()),
    ("finding_remove", INSPECTOR, _finding("remove/")),
)
