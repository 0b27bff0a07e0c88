"""Inspections for tests: of the town, by a delegation whose head came from elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cchc.organization.models import Person
from cchc.workflow.engine import perform
from dialogues.domain.conclusion import begin_conclusion
from dialogues.domain.delegation import add_delegate, set_scope
from dialogues.domain.directive_draft import write_directive
from dialogues.domain.finding import record_finding
from dialogues.domain.request import ask_for, move
from dialogues.enums import ConferenceKind, FindingKind
from dialogues.models import Conclusion, Conference, Delegate, Directive, Finding, Request
from tests.dialogues.factories import conference_at
from tests.factories import Force, person

WEEK = timedelta(days=7)


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    return timezone.now()


def scope_of(conference: Conference, force: Force, **days: date) -> None:
    fields: dict[str, Any] = {
        "decision": "Quyết định số 12-QĐ/TU", "subject": "Kết quả 3 năm thực hiện Nghị quyết",
        "first_day": date(2016, 7, 1), "last_day": date(2019, 6, 30),
        "reads_from": today() - WEEK, "reads_until": today() + WEEK, **days,
    }  # fmt: skip
    set_scope(conference, by=force.secretary, at=now(), **fields)


def inspection_at(
    force: Force, actions: tuple[str, ...] = ("open", "start"), code: str = "", **days: date
) -> Conference:
    """An inspection of the town with its head, somebody without any other post."""
    named = {"code": code} if code else {}
    made = conference_at(force, "draft", kind=ConferenceKind.INSPECTION, audiences=[], **named)
    scope_of(made, force, **days)
    add_delegate(made, by=force.secretary, at=now(), person=person(), title="Trưởng đoàn", head=True)
    for action in actions:
        by = force.leader if action == "conclude" else force.secretary
        made = perform(made, action, by=by, at=now())
    return made


def head_of(conference: Conference) -> Person:
    """As if he had just signed in: nothing of him is remembered."""
    delegate = conference.delegates.get(head=True)
    assert delegate.person is not None
    return Person.objects.get(pk=delegate.person.pk)


def finding_of(conference: Conference, force: Force, **fields: Any) -> Finding:
    fields = {"kind": FindingKind.WEAKNESS, "text": "Quy chế làm việc chưa được cập nhật", **fields}
    return record_finding(conference, by=head_of(conference), at=now(), **fields)


def request_of(conference: Conference, force: Force, state: str = "asked", **fields: Any) -> Request:
    fields = {"text": "Quy chế làm việc của Đội", "unit": force.qlhc, "due_on": today() + WEEK, **fields}
    made = ask_for(conference, by=head_of(conference), at=now(), **fields)
    if state == "handed_in":
        made = move(made, "hand_in", by=force.unit_chief, at=now(), note="Nộp bản giấy")
    elif state == "waived":
        made = move(made, "waive", by=head_of(conference), at=now())
    return made


def concluded(conference: Conference, force: Force, findings: list[Finding], due_on: date) -> Directive:
    """Its conclusion issued, with one directive built on *findings*."""
    conclusion = begin_conclusion(conference, by=force.secretary, at=now(), assessment="Thực hiện tốt.")
    made = write_directive(
        conclusion, by=force.secretary, at=now(), title="Sửa quy chế làm việc", lead=force.qlhc, due_on=due_on,
        findings=findings,
    )  # fmt: skip
    perform(Conclusion.objects.get(pk=conclusion.pk), "issue", by=force.leader, at=now())
    return Directive.objects.get(pk=made.pk)


def photo(name: str = "van-ban.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (60, 40), "#e3f1e8").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


# --- the table of addresses -------------------------------------------------------------------------------------------
def inspections(force: Force) -> None:
    """An inspection on site, with a document asked for and a finding."""
    made = inspection_at(force, code="KT-2020-01")
    request_of(made, force)
    finding_of(made, force)


def _inspection(world: Any) -> dict[str, Any]:
    return {"code": "KT-2020-01"}


def _request(world: Any) -> dict[str, Any]:
    return {"pk": Request.objects.get().pk}


INSPECTION_SAMPLES: dict[str, Any] = {
    **dict.fromkeys(
        ("conference_inspection", "inspection_scope", "delegate_add", "request_add", "finding_add"), _inspection
    ),
    "delegate_remove": lambda world: {**_inspection(world), "pk": Delegate.objects.get().pk},
    **dict.fromkeys(
        ("finding_edit", "finding_remove"), lambda world: {**_inspection(world), "pk": Finding.objects.get().pk}
    ),
    "request_show": _request,
    "request_move": lambda world: {**_request(world), "action": "hand_in"},
}
