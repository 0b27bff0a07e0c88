"""Publishing a ranking: the result, number and day of its notice, the paper; what is published is frozen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cchc.workflow.engine import Refused, perform
from commitments import documents
from commitments.domain import ranking
from commitments.models import Campaign, Ranking
from commitments.presentation import short_code
from tests.commitments.factories import commitment_at
from tests.commitments.test_ranking_pages import evaluated, final, on
from tests.dialogues.pages import signed_in
from tests.documents.papers import words
from tests.factories import Force

pytestmark = pytest.mark.django_db
NUMBER = "01/TB-CATX-TH"


def address(made: Campaign) -> str:
    return reverse("ranking_publish", args=[made.code])


def typed(made: Campaign, step: str, **more: Any) -> dict[str, Any]:
    digest = ranking.digest_of(ranking.frozen(made))
    return {"_do": step, "seen": made.moves, "digest": digest, "document": NUMBER, "document_on": "2021-01-05", **more}


def test_looked_at_then_published_with_its_paper(force: Force) -> None:
    made, client = evaluated(force), signed_in(force.leader)
    first = client.get(address(made))
    assert [[(row.place, row.unit) for row in group.rows] for group in first.context["result"].groups] == [
        [(1, force.th.name), (2, force.qlhc.name)]
    ]
    looked = client.post(address(made), typed(made, "preview"))
    assert looked.status_code == 200
    assert looked.context["pages"]
    assert not looked.context["unusual"]
    assert Ranking.objects.count() == 0
    assert client.post(address(made), typed(made, "publish")).status_code == 302
    kept = Ranking.objects.get()
    assert (kept.document, kept.document_on, kept.published_by) == (NUMBER, date(2021, 1, 5), force.leader)
    page = client.get(reverse("ranking_show", args=[made.code]))
    assert NUMBER in page.text
    assert "05/01/2021" in page.text
    file = client.get(reverse("ranking_export", args=[made.code, "pdf"]))
    assert file.content == bytes(kept.paper.data)
    told = words(file.content)
    for part in (f"Số: {NUMBER}", "ngày 05 tháng 01 năm 2021", force.qlhc.name, "92,5", short_code(kept.digest)):
        assert part in told


def test_an_unusual_number_is_told_and_may_stand(force: Force) -> None:
    made, client = evaluated(force), signed_in(force.leader)
    assert client.post(address(made), typed(made, "preview", document="so 1")).context["unusual"]
    again = client.post(address(made), typed(made, "edit", document="so 1"))
    assert again.status_code == 200
    assert 'value="so 1"' in again.text
    assert client.post(address(made), typed(made, "publish", document="so 1")).status_code == 302


@pytest.mark.parametrize("wrong", [{"document": ""}, {"document_on": "31/02/2021"}, {"document": "01/TB-\U0001f600"}])
def test_what_cannot_be_printed_or_is_missing_is_told(force: Force, wrong: dict[str, str]) -> None:
    made = evaluated(force, qlhc="80")
    refused = signed_in(force.leader).post(address(made), typed(made, "publish", **wrong))
    assert refused.status_code == 400
    assert refused.context["form"].errors
    assert Ranking.objects.count() == 0


def test_a_result_that_changed_since_it_was_shown_is_not_published(force: Force) -> None:
    made, client = evaluated(force, qlhc="80"), signed_in(force.leader)
    sent = typed(made, "publish")
    Campaign.objects.update(state="open")
    final(force, made, "ward", "70")
    Campaign.objects.update(state="evaluating")
    refused = client.post(address(made), sent)
    assert refused.status_code == 409
    assert Ranking.objects.count() == 0
    again = {**sent, "digest": refused.context["digest"]}
    assert client.post(address(made), again).status_code == 302


def test_the_move_itself_compares_what_was_shown(force: Force) -> None:
    made = evaluated(force, qlhc="80")
    with pytest.raises(Refused):
        perform(made, "publish", by=force.leader, at=on(1, 5, 2021), digest="0" * 64)


def test_who_may_publish(force: Force) -> None:
    made = evaluated(force, qlhc="80")
    expected = {"secretary": 403, "unit_chief": 403, "deputy": 200, "idle_deputy": 403, "stranger": 404}
    assert {who: signed_in(force.people[who]).get(address(made)).status_code for who in expected} == expected


def test_a_deputy_signs_for_the_head(force: Force) -> None:
    made = evaluated(force, qlhc="80")
    assert signed_in(force.deputy).post(address(made), typed(made, "publish")).status_code == 302
    told = words(bytes(Ranking.objects.get().paper.data))
    assert "KT. TRƯỞNG CÔNG AN THỊ XÃ PHÓ TRƯỞNG CÔNG AN THỊ XÃ" in told


def test_the_paper_follows_from_the_frozen_input_alone(force: Force) -> None:
    made = evaluated(force)
    post = force.leader.positions.get()
    notice = documents.Notice(ranking.frozen(made), NUMBER, date(2021, 1, 5), post)
    first, second = (documents.ranking_notice(made, notice, on(1, 5, 2021)) for _n in range(2))
    assert first == second


def test_a_published_paper_is_never_changed(force: Force) -> None:
    made = evaluated(force, qlhc="80")
    signed_in(force.leader).post(address(made), typed(made, "publish"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE commitments_ranking SET paper_id = NULL")


def test_nothing_to_publish_before_the_evaluation(force: Force) -> None:
    made = commitment_at(force).campaign
    assert signed_in(force.leader).get(address(made)).status_code == 409


def test_without_a_paper_there_is_no_file(force: Force) -> None:
    made = perform(evaluated(force, qlhc="80"), "publish", by=force.leader, at=on(1, 5, 2021))
    assert signed_in(force.leader).get(reverse("ranking_export", args=[made.code, "pdf"])).status_code == 404
