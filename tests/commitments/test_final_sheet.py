"""The evaluation sheet as a paper: as it stands, and frozen once the score is final."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cchc.workflow.engine import perform
from commitments.models import Commitment, FinalSheet
from commitments.tasks import print_final
from tests.commitments.test_year import criterion, evaluated, on
from tests.dialogues.pages import signed_in
from tests.documents.papers import words
from tests.factories import Force

pytestmark = pytest.mark.django_db


def file(made: Commitment, who: Any) -> Any:
    return signed_in(who).get(reverse("evaluation_file", args=[made.pk]))


def decided(force: Force) -> Commitment:
    made = perform(evaluated(force), "object", by=force.unit_chief, at=on(12, 28), note="Còn minh chứng \U0001f600.")
    points = {criterion(made): Decimal("85.5")}
    return perform(made, "decide", by=force.leader, at=on(12, 30), note="Chấp nhận.", points=points)


def test_every_stage_every_step_and_what_was_counted(force: Force) -> None:
    made = decided(force)
    told = words(file(made, force.unit_chief).content)
    for part in ("PHIẾU ĐÁNH GIÁ", made.code, "85,5/100", "Hoàn thành tốt nhiệm vụ", "Nhiệm vụ 1", "76%", "48 / 60"):
        assert part in told
    for part in ("Còn minh chứng □.", "Chấp nhận.", force.leader.full_name, force.unit_chief.full_name):
        assert part in told


def test_before_the_scores_are_final_it_says_so_and_before_any_there_is_none(force: Force) -> None:
    made = evaluated(force, "checked")
    assert "Chưa có điểm cuối cùng" in words(file(made, force.secretary).content)
    other = made.campaign.commitments.exclude(pk=made.pk).first()
    assert file(other, force.secretary).status_code == 404
    assert file(made, force.ward_chief).status_code == 404
    assert file(made, force.stranger).status_code == 404


def test_the_worker_prints_each_final_sheet_once_and_it_stays(force: Force) -> None:
    made = decided(force)
    first = file(made, force.unit_chief).content
    assert print_final(on(12, 31)) == 1
    assert print_final(on(12, 31)) == 0
    kept = FinalSheet.objects.get(commitment=made)
    assert bytes(kept.paper.data) == first == file(made, force.leader).content
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
