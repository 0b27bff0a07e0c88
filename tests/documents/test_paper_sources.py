"""Papers as they are begun from a conclusion."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cchc.documents.domain.document import begin_document, edit_document
from cchc.documents.models import Document
from cchc.documents.printing import issue
from cchc.workflow.engine import Refused
from dialogues.documents.kinds import DIRECTIVE_TABLE, NOTICE
from tests.dialogues.directing import DUE, WORKED, WROTE, conclusion_at, step
from tests.documents.papers import words
from tests.factories import Force

pytestmark = pytest.mark.django_db


def test_the_notice_tells_the_conclusion_and_its_directives(force: Force) -> None:
    conclusion = conclusion_at(force, "issued", number=2)
    made = begin_document(NOTICE, conclusion, force.town, conclusion.pk, by=force.secretary, at=WROTE)
    made = edit_document(made, by=force.secretary, at=WROTE, place="An Thịnh")
    first = made.typed.directives[0]
    assert (first.title, first.lead, first.helpers, first.due) == (
        "Rà soát, niêm yết thủ tục hành chính", force.qlhc.name, force.ward.name, DUE,
    )  # fmt: skip
    assert made.typed.assessment == conclusion.assessment and len(made.typed.directives) == 2
    made = issue(made, by=force.leader, at=WROTE, day=timezone.localdate(WROTE))
    assert made.mark == "01/TB-CATX" and made.paper is not None
    assert "Thời hạn hoàn thành: ngày 14 tháng 02 năm 2020." in words(bytes(made.paper.data))
    assert Document.objects.visible_to(force.unit_chief).filter(pk=made.pk).exists()
    assert not Document.objects.visible_to(force.stranger).exists()


def test_a_notice_waits_for_the_assessment(force: Force) -> None:
    conclusion = conclusion_at(force, assessment="")
    with pytest.raises(Refused):
        begin_document(NOTICE, conclusion, force.town, conclusion.pk, by=force.secretary, at=WROTE)


def test_the_table_tells_how_far_each_directive_is(force: Force) -> None:
    conclusion = conclusion_at(force, "issued", number=2)
    first = conclusion.directives.get(number=1)
    step(step(first, "take_up", force), "update", force)
    at = WORKED + timedelta(days=30)
    made = begin_document(DIRECTIVE_TABLE, conclusion, force.town, conclusion.pk, by=force.secretary, at=at)
    told = made.typed
    assert [(line.code, line.percent) for line in told.directives] == [("KL01", 45), ("KL02", 0)]
    assert told.directives[0].result.endswith("Rà soát xong 61 thủ tục.")
    assert (told.done, told.late, told.as_of) == (0, 2, timezone.localdate(at))
