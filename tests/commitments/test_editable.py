"""Commitment, evaluation sheet and notice of a ranking as DOCX: for whoever gets the PDF, and for nobody else."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.urls import reverse

from commitments.models import Campaign, Commitment
from tests.commitments.factories import commitment_at
from tests.commitments.test_ranking_pages import evaluated as ranked
from tests.commitments.test_ranking_publish import NUMBER, address, typed
from tests.commitments.test_year import evaluated
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
NAMES = ("unit_chief", "officer", "secretary", "leader", "deputy", "inspector", "ward_chief", "stranger",
         "next_leader", "administrator")  # fmt: skip


def file(who: Any, name: str, *arguments: Any) -> Any:
    return signed_in(who).get(reverse(name, args=arguments))


def told(response: Any) -> str:
    """Every word of the file, cells too, on one line."""
    opened = docx.Document(io.BytesIO(response.content))
    lines = [
        *opened.paragraphs,
        *(line for table in opened.tables for cell in table._cells for line in cell.paragraphs),
    ]
    return " ".join(line.text for line in lines)


def same_readers(force: Force, pdf: tuple[str, ...], editable: tuple[str, ...]) -> set[str]:
    """Who gets both; nobody gets only one of them."""
    found = {name: [file(getattr(force, name), *each).status_code for each in (pdf, editable)] for name in NAMES}
    assert {tuple(codes) for codes in found.values()} == {(200, 200), (404, 404)}
    return {name for name, codes in found.items() if codes[0] == 404}


def test_the_signed_commitment_is_a_copy_that_says_so(force: Force) -> None:
    made = commitment_at(force, "in_force")
    response = file(force.officer, "commitment_docx", made.pk)
    name = f"{made.code.replace('/', '-')}-v1-de-bien-tap.docx"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response["Cache-Control"] and "sandbox" in response["Content-Security-Policy"]
    text = told(response)
    assert "Chỉ tệp PDF đã ký" in text and made.check_code in text and "Nhiệm vụ 2" in text
    assert "Đã xác nhận" not in text and force.leader.full_name in text
    left_out = same_readers(force, ("commitment_file", made.pk), ("commitment_docx", made.pk))
    assert left_out == {"ward_chief", "stranger", "next_leader", "administrator"}


def test_before_it_is_signed_it_is_a_draft(force: Force) -> None:
    made = commitment_at(force)
    assert "chưa có chữ ký" in told(file(force.unit_chief, "commitment_docx", made.pk))
    assert file(force.ward_chief, "commitment_docx", made.pk).status_code == 404
    link = reverse("commitment_docx", args=[made.pk])
    assert link in text_of(file(force.unit_chief, "commitment_paper", made.pk))
    assert link not in text_of(file(force.unit_chief, "commitment_show", made.pk))


def test_the_sheet_says_whether_it_is_final(force: Force) -> None:
    made = evaluated(force, "checked")
    assert "chưa phải điểm cuối cùng" in told(file(force.secretary, "evaluation_docx", made.pk))
    other = Commitment.objects.filter(campaign=made.campaign_id).exclude(pk=made.pk)[0]
    assert file(force.secretary, "evaluation_docx", other.pk).status_code == 404
    left_out = same_readers(force, ("evaluation_file", made.pk), ("evaluation_docx", made.pk))
    assert left_out == {"ward_chief", "stranger", "next_leader", "administrator"}
    assert reverse("evaluation_docx", args=[made.pk]) in text_of(file(force.secretary, "evaluation_show", made.pk))


def test_the_notice_of_a_ranking_names_its_signer(force: Force) -> None:
    made: Campaign = ranked(force)
    assert file(force.leader, "ranking_docx", made.code).status_code == 404
    client = signed_in(force.deputy)
    client.post(address(made), typed(made, "preview"))
    assert client.post(address(made), typed(made, "publish")).status_code == 302
    text = told(file(force.officer, "ranking_docx", made.code))
    for part in (f"Số: {NUMBER}", "ngày 05 tháng 01 năm 2021", force.qlhc.name, "92,5", "Chỉ tệp PDF", "KT. "):
        assert part in text
    assert force.deputy.full_name in text and text.count("./.") == 1
    left_out = same_readers(force, ("ranking_export", made.code, "pdf"), ("ranking_docx", made.code))
    assert {"stranger", "next_leader"} <= left_out
    assert reverse("ranking_docx", args=[made.code]) in text_of(file(force.officer, "ranking_show", made.code))
