"""Pages of conclusions, directives and the tasks of plans: name, who opens it, where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain.conclusion import begin_conclusion
from dialogues.domain.directive import report
from dialogues.domain.directive_draft import write_directive
from dialogues.enums import Audience
from dialogues.models import Conclusion, Conference, Directive, Plan
from tests.browser.pledges import person
from tests.browser.stage import CHIEF, LEADER, OFFICER, SECRETARY, Stage

Address = Callable[[Stage], str]
MET, EMPTY = "Hội nghị đối thoại về cấp căn cước", "Hội nghị đối thoại về phòng cháy"


def met(stage: Stage, title: str = MET) -> Conference:
    """A conference that has just met, made when it is asked for first."""
    found = Conference.objects.filter(title=title).first()
    if found is None:
        now, secretary, host = timezone.now(), person(SECRETARY), stage.conference.host
        found = conferences.create(
            by=secretary, at=now, audiences=[Audience.OFFICERS], title=title, host=host, chair=stage.conference.chair,
            venue="Hội trường tầng 3", topics=stage.conference.topics, opens_at=now, starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(hours=3), closes_at=now + timedelta(hours=2),
        )  # fmt: skip
        for action in ("open", "start"):
            found = perform(found, action, by=secretary, at=now)
    return found


def draft(stage: Stage) -> Conclusion:
    """A conclusion that is being written, with two directives, one of them due on a day that has passed."""
    conference = met(stage)
    found = conference.conclusions.first()
    if found is None:
        at, secretary, today = timezone.now(), person(SECRETARY), timezone.localdate()
        found = begin_conclusion(conference, by=secretary, at=at, assessment="Hội nghị thẳng thắn, đúng trọng tâm.")
        lead = person(CHIEF).positions.get().unit
        for title, days in (("Công khai lịch cấp căn cước lưu động", 30), ("Rà soát hồ sơ tồn", -3)):
            write_directive(found, by=secretary, at=at, title=title, lead=lead, due_on=today + timedelta(days=days))
    return found


def told(number: int, *actions: str) -> Directive:
    """A directive of the demo's conclusion, by its number, moved on by these steps if it was not yet."""
    made = Directive.objects.exclude(state="draft").get(
        conclusion__conference__code__endswith="-01", host__code="CATX", number=number
    )
    later = made.due_on + timedelta(days=30)
    for action in actions:
        now = timezone.now()
        if action == "ask_time" and not made.asked_until:
            chief = person(CHIEF)
            made = perform(made, action, by=chief, at=now, note="Chờ hướng dẫn của cấp trên.", until=later)
        elif action == "report" and made.state == "in_progress":
            made = report(made, action, by=person(CHIEF), at=now, text="Đã hoàn thành, có biên bản kèm theo.")
    return made


def _told(number: int, after: str = "", *actions: str) -> Address:
    return lambda stage: f"/directives/{told(number, *actions).pk}/{after}"


def _issued(stage: Stage) -> str:
    return f"/conferences/{Conference.objects.get(conclusions__directives=told(1)).code}/conclusion/"


def _conclusion(after: str = "") -> Address:
    return lambda stage: f"/conferences/{draft(stage).conference.code}/conclusion/{after}"


def _first(stage: Stage, after: str) -> str:
    return f"/directives/{draft(stage).directives.order_by('number')[0].pk}/{after}/"


def _plan(stage: Stage) -> str:
    return f"/plans/{Plan.objects.get(number='168/KH-CATX-TH').pk}/"


PLACES: tuple[tuple[Any, ...], ...] = (
    ("conference_conclusion", OFFICER, _issued),
    ("conclusion being written", SECRETARY, _conclusion()),
    ("conclusion not begun", SECRETARY, lambda stage: f"/conferences/{met(stage, EMPTY).code}/conclusion/"),
    ("conclusion_edit", SECRETARY, _conclusion("edit/")),
    ("conclusion_move", LEADER, _conclusion("do/issue/")),
    ("directive_add", SECRETARY, _conclusion("add/")),
    ("directive_edit", SECRETARY, lambda stage: _first(stage, "edit")),
    ("directive_remove", SECRETARY, lambda stage: _first(stage, "remove")),
    ("directive not issued", SECRETARY, lambda stage: _first(stage, "").replace("//", "/")),
    ("directive_list", SECRETARY, lambda stage: "/directives/"),
    ("directives by unit", LEADER, lambda stage: "/directives/?by=unit"),
    ("directives by plan", LEADER, lambda stage: "/directives/?by=plan"),
    ("directives none", SECRETARY, lambda stage: "/directives/?q=khongcogi"),
    ("directive_show", OFFICER, _told(1)),
    ("directive with time asked for", LEADER, _told(2, "", "ask_time")),
    ("directive reported", LEADER, _told(4, "", "report")),
    ("directive_move", CHIEF, _told(2, "do/update/")),
    ("to return a directive", LEADER, _told(4, "do/return/", "report")),
    ("to give it to another unit", LEADER, _told(1, "do/assign/")),
    ("plan with tasks", SECRETARY, _plan),
    ("plan_task_add", SECRETARY, lambda stage: f"{_plan(stage)}tasks/add/"),
)  # fmt: skip
NO_PAGES = "directive_export directive_remind directive_up".split()
