"""Pages of reports: how far a commitment is, handing in with evidence, accepting, returning; what awaits whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cchc.documents.models import Attachment
from cchc.workflow.engine import perform
from commitments.domain.progress import Reached
from commitments.models import Commitment, Report
from tests.commitments.factories import commitment_at
from tests.commitments.test_year import on, report_result
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db


def first(commitment: Commitment) -> Report:
    return commitment.reports.order_by("due_on").select_related("turn")[0]


def show(report: Report) -> str:
    return reverse("report_show", args=[report.pk])


def do(report: Report, action: str) -> str:
    return f"{show(report)}do/{action}/"


def typed(report: Report, **rows: Any) -> dict[str, Any]:
    """What is posted: (number, day, words) of each task by its place."""
    data: dict[str, Any] = {"seen": report.moves, "note": "Đang triển khai."}
    for task in report.commitment.tasks.all():
        value, done_on, text = rows.get(f"task{task.place}", ("", "", ""))
        prefix = f"task-{task.pk}"
        data |= {f"{prefix}-value": value, f"{prefix}-done_on": done_on, f"{prefix}-text": text}
    return data


def submitted(force: Force) -> Report:
    report = first(commitment_at(force, "in_force"))
    entries = [Reached(task, Decimal(40)) for task in report.commitment.tasks.all()]
    return perform(report, "submit", by=force.unit_chief, at=on(3, 24), entries=entries, note="Ghi chú của đội.")


# --- Handing in -------------------------------------------------------------------------------------------------------
def test_a_report_is_handed_in_with_numbers_remarks_and_evidence(force: Force) -> None:
    report = first(commitment_at(force, "in_force"))
    client = signed_in(force.unit_chief)
    assert client.get(do(report, "submit")).status_code == 200
    data = typed(report, task1=("40,5", "", "Đã làm 12 hồ sơ."), task2=("95", "2020-03-20", ""))
    data["files"] = [SimpleUploadedFile("minh-chung.txt", "Danh sách".encode())]
    response = client.post(do(report, "submit"), data)
    assert response["Location"] == show(report)
    report.refresh_from_db()
    assert (report.state, report.note, report.submitted_by) == ("submitted", "Đang triển khai.", force.unit_chief)
    rows = report.entries.values_list("value", "done_on", "text")
    assert list(rows) == [(Decimal("40.50"), None, "Đã làm 12 hồ sơ."), (Decimal(95), date(2020, 3, 20), "")]
    page = text_of(client.get(show(report)))
    file = Attachment.objects.get(subject_type="commitments.report")
    assert file.get_absolute_url() in page
    assert "Đã làm 12 hồ sơ." in page and "Đang triển khai." in page


def test_evidence_is_opened_by_whoever_sees_the_report(force: Force) -> None:
    report = first(commitment_at(force, "in_force"))
    data = typed(report, task1=("1", "", ""))
    data["files"] = [SimpleUploadedFile("minh-chung.txt", b"x")]
    assert signed_in(force.unit_chief).post(do(report, "submit"), data).status_code == 302
    address = Attachment.objects.get().get_absolute_url()
    for who in (force.officer, force.secretary, force.leader, force.inspector):
        opened = signed_in(who).get(address)
        assert b"".join(opened.streaming_content) == b"x"
    for who in (force.stranger, force.ward_chief, force.administrator):
        assert signed_in(who).get(address).status_code == 404


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"task1": ("", "2020-03-01", "")}, "value"),
    ({"task1": ("", "", "chữ")}, "value"),
    ({"task1": ("x", "", "")}, "value"),
    ({"task1": ("-1", "", "")}, "value"),
    ({"task1": ("1,234", "", "")}, "value"),
    ({"task1": ("1", "2999-01-01", "")}, "done_on"),
    ({"task1": ("1", "hôm qua", "")}, "done_on"),
    ({"task1": ("1", "", "a" * 1001)}, "text"),
]


@pytest.mark.parametrize(("rows", "field"), BAD)
def test_bad_input_is_named_and_kept(force: Force, rows: dict[str, Any], field: str) -> None:
    report = first(commitment_at(force, "in_force"))
    response = signed_in(force.unit_chief).post(do(report, "submit"), typed(report, **rows))
    assert response.status_code == 400
    form = response.context["form"]
    assert field in form.rows[0].errors if field else form.non_field_errors()
    assert "Đang triển khai." in text_of(response)
    assert not report.entries.exists()


def test_the_slower_one_is_told_and_keeps_what_he_typed(force: Force) -> None:
    report = first(commitment_at(force, "in_force"))
    data = typed(report, task1=("41", "", "Chữ tôi đã gõ."))
    submitted_of(force, report)
    back = perform(Report.objects.get(pk=report.pk), "return", by=force.secretary, at=on(3, 24), note="Thiếu.")
    client = signed_in(force.unit_chief)
    response = client.post(do(report, "submit"), data)
    assert response.status_code == 409
    page = text_of(response)
    assert "Chữ tôi đã gõ." in page and force.secretary.full_name in page
    assert f'name="seen" value="{back.moves}"' in page
    assert client.post(do(report, "submit"), {**data, "seen": back.moves}).status_code == 302


def test_what_was_submitted_is_kept_when_handed_in_twice(force: Force) -> None:
    report = submitted(force)
    response = signed_in(force.unit_chief).post(do(report, "submit"), typed(report, task1=("41", "", "Lần hai")))
    assert response.status_code == 409
    assert "Lần hai" in text_of(response)
    assert report.entries.count() == 2


# --- Checking ---------------------------------------------------------------------------------------------------------
def test_accepted_by_the_secretary(force: Force) -> None:
    report = submitted(force)
    assert signed_in(force.unit_chief).get(do(report, "accept")).status_code == 403
    client = signed_in(force.secretary)
    assert "Nhiệm vụ 1" in text_of(client.get(do(report, "accept")))
    assert client.post(do(report, "accept"), {"seen": report.moves}).status_code == 302
    assert client.post(do(report, "accept"), {"seen": report.moves}).status_code == 409
    report.refresh_from_db()
    assert report.state == "accepted"


def test_returned_with_a_reason_that_the_unit_reads(force: Force) -> None:
    report, client = submitted(force), signed_in(force.secretary)
    assert client.post(do(report, "return"), {"seen": report.moves, "note": ""}).status_code == 400
    assert client.post(do(report, "return"), {"seen": report.moves, "note": "Thiếu minh chứng."}).status_code == 302
    chief = signed_in(force.unit_chief)
    assert chief.get(show(report)).context["returned"].note == "Thiếu minh chứng."
    page = chief.get(do(report, "submit"))
    assert page.context["form"].rows[0].initial["value"] == Decimal(40)


def test_moves_of_the_system_have_no_page(force: Force) -> None:
    report = submitted(force)
    for action in ("close", "sing"):
        assert signed_in(force.secretary).get(do(report, action)).status_code == 404


# --- Who sees what ----------------------------------------------------------------------------------------------------
def test_others_find_nothing(force: Force) -> None:
    report = submitted(force)
    pages = [show(report), do(report, "submit"), reverse("report_list", args=[report.commitment_id])]
    for who in (force.officer, force.unit_chief, force.secretary, force.deputy, force.inspector):
        assert signed_in(who).get(pages[0]).status_code == 200
        assert signed_in(who).get(pages[2]).status_code == 200
    for who in (force.stranger, force.ward_chief, force.next_leader, force.administrator):
        assert [signed_in(who).get(page).status_code for page in pages] == [404, 404, 404]


def test_it_awaits_the_chief_then_the_secretary(force: Force) -> None:
    report = first(commitment_at(force, "in_force"))
    assert do(report, "submit") in text_of(signed_in(force.unit_chief).get("/"))
    report = submitted_of(force, report)
    assert show(report) in text_of(signed_in(force.secretary).get("/"))
    assert show(report) not in text_of(signed_in(force.unit_chief).get("/"))


def submitted_of(force: Force, report: Report) -> Report:
    entries = [Reached(report.commitment.tasks.all()[0], Decimal(4))]
    return perform(report, "submit", by=force.unit_chief, at=on(3, 24), entries=entries)


# --- Progress ---------------------------------------------------------------------------------------------------------
def test_progress_counts_accepted_numbers_alone(force: Force) -> None:
    made = commitment_at(force, "in_force")
    submitted_of(force, first(made))  # waits to be checked
    report_result(made, 1, "76", date(2020, 12, 10), force.unit_chief, force.secretary)
    report_result(made, 2, "95", date(2020, 12, 11), force.unit_chief, force.secretary)
    page = signed_in(force.officer).get(reverse("report_list", args=[made.pk]))
    rows = page.context["tasks"]
    assert [(row.progress.percent, row.progress.is_late, len(row.progress.told)) for row in rows] == [
        (80, True, 2), (100, True, 1),
    ]  # fmt: skip
    assert (page.context["whole"], page.context["done"], page.context["late"]) == (Decimal("88.0"), 1, 2)
    assert 'role="img" aria-label="' in text_of(page)
    assert 'width="80.00"' in text_of(page)


# --- Costs ------------------------------------------------------------------------------------------------------------
def test_queries(force: Force, django_assert_num_queries: Any) -> None:
    made = commitment_at(force, "in_force")
    client, address = signed_in(force.secretary), reverse("report_list", args=[made.pk])
    client.get(address)
    with django_assert_num_queries(11):
        client.get(address)
    for place in (1, 2):
        report_result(made, place, "76", date(2020, 12, 10), force.unit_chief, force.secretary)
    submitted_of(force, first(made))
    with django_assert_num_queries(11):
        client.get(address)
    with django_assert_num_queries(12):
        client.get(show(first(made)))
