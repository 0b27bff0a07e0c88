"""The page of a ranking: groups, places, one's own place explained, the rule, computed again; its files; its check."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from io import StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import perform
from commitments.domain.draft import save_tasks
from commitments.models import Campaign, Commitment, Ranking
from tests.commitments.factories import AT, campaign, countersign, sign, tasks
from tests.commitments.test_year import criterion, on
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force
from tests.factories import person as someone
from tests.factories import post as appointed
from tests.kept import Kept

pytestmark = pytest.mark.django_db


def final(force: Force, of: Campaign, unit: str, score: str) -> Commitment:
    """The commitment of *unit*, walked to its final score by the chief of that unit."""
    made = of.commitments.select_related("unit").get(unit=getattr(force, unit))
    chief = {"qlhc": force.unit_chief, "ward": force.ward_chief}.get(unit)
    if chief is None:
        chief = someone(f"chief.{unit}")
        appointed(chief, made.unit, "unit_chief", "Đội trưởng")
    made = countersign(sign(save_tasks(made, tasks(), by=chief, at=AT), chief), force.leader)
    perform(made, "assess", by=SYSTEM, at=on(12, 12))
    points = {criterion(made): Decimal(score)}
    made = perform(made, "self_score", by=chief, at=on(12, 12), points=points)
    made = perform(made, "check", by=force.secretary, at=on(12, 17), points=points)
    made = perform(made, "score", by=force.leader, at=on(12, 24), points=points)
    return perform(made, "agree", by=chief, at=on(12, 28))


@Kept
def evaluated(force: Force, **scores: str) -> Campaign:
    made = campaign(force)
    for unit, score in (scores or {"qlhc": "80", "th": "92.5"}).items():
        final(force, made, unit, score)
    return evaluating(made, force)


def evaluating(made: Campaign, force: Force) -> Campaign:
    Campaign.objects.filter(pk=made.pk).update(state="evaluating")
    made.refresh_from_db()
    return made


@Kept
def published(force: Force, **scores: str) -> Campaign:
    return perform(evaluated(force, **scores), "publish", by=force.leader, at=on(1, 5, 2021), document="01/TB-CATX-TH")


def page(made: Campaign) -> str:
    return reverse("ranking_show", args=[made.code])


# --- The moves of the campaign ----------------------------------------------------------------------------------------
def test_begun_and_published_by_the_pages_of_the_campaign(force: Force) -> None:
    made = campaign(force)
    final(force, made, "qlhc", "80")
    found = made.commitments.get(unit=force.ward)
    countersign(sign(save_tasks(found, tasks(), by=force.ward_chief, at=AT), force.ward_chief), force.leader)
    made.refresh_from_db()
    evaluate = reverse("campaign_move", args=[made.code, "evaluate"])
    assert signed_in(force.secretary).post(evaluate, {"seen": made.moves}).status_code == 302
    found.refresh_from_db()
    assert found.state == "self_due"
    publish, leader = reverse("ranking_publish", args=[made.code]), signed_in(force.leader)
    made.refresh_from_db()
    assert leader.post(publish, {"seen": made.moves}).status_code == 409  # one has no final score
    perform(found, "terminate", by=force.secretary, at=on(12, 30), note="Sáp nhập.")
    digest = leader.get(publish).context["digest"]
    sent = {"_do": "publish", "digest": digest, "document": "01/TB-CATX", "document_on": "2021-01-05"}
    assert leader.post(publish, {**sent, "seen": made.moves}).status_code == 302
    assert page(made) in text_of(leader.get(reverse("campaign_show", args=[made.code])))


# --- The page ---------------------------------------------------------------------------------------------------------
def test_without_a_ranking_the_page_says_when_it_comes(force: Force) -> None:
    made = evaluated(force)
    assert signed_in(force.unit_chief).get(page(made)).context["ranking"] is None
    assert signed_in(force.unit_chief).get(f"{page(made)[:-1]}.csv").status_code == 404


def test_places_within_the_group_with_what_scores_are_made_of(force: Force) -> None:
    made = published(force)
    response = signed_in(force.unit_chief).get(page(made))
    rows = [
        (row.number, row.place.commitment.unit, row.score, row.parts, row.mine, row.opens)
        for row in response.context["rows"]
    ]
    assert rows == [
        (1, force.th, "92,5", ["92,5"], False, False), (2, force.qlhc, "80,0", ["80"], True, True),
    ]  # fmt: skip
    assert 'class="mine"' in text_of(response)
    assert 'aria-label="Nhiệm vụ đăng ký: 80"' in text_of(response)
    assert response.context["unranked"] == []
    tabs = [(str(tab["label"]), tab["count"], tab["active"]) for tab in response.context["tabs"]]
    assert [each[1:] for each in tabs] == [(2, True), (0, False), (2, False)]


def test_all_groups_together_and_who_is_not_ranked(force: Force) -> None:
    made = published(force)
    client = signed_in(force.leader)
    everybody = client.get(page(made), {"group": "all"})
    assert [row.number for row in everybody.context["rows"]] == [1, 2]
    assert [place.commitment.unit for place, _why in everybody.context["unranked"]] == [force.ward]
    ward = made.groups.get(name="Phường, xã")
    assert client.get(page(made), {"group": ward.pk}).context["rows"] == []
    assert client.get(page(made), {"group": "x", "after": "y"}).status_code == 200


def test_the_own_place_is_explained(force: Force) -> None:
    made = published(force)
    own = signed_in(force.officer).get(page(made)).context["own"]
    assert (own.score, own.parts, own.story.higher, own.story.equal, own.missing) == (
        "80,0", [("Nhiệm vụ đăng ký", "80")], 1, 0, "10",
    )  # fmt: skip
    best = signed_in(someone_of(force)).get(page(made)).context["own"]
    assert best.story.capped  # 20 percent of two units is none
    assert (best.story.place.level_by_score, best.story.place.level) == (
        "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ",
    )  # fmt: skip
    assert signed_in(force.leader).get(page(made)).context["own"] is None
    assert signed_in(force.ward_chief).get(page(made)).context["own"].reason


def someone_of(force: Force) -> Any:
    return force.th.positions.get(role="unit_chief").person


def test_equal_scores_share_the_place(force: Force) -> None:
    made = published(force, qlhc="80", th="80")
    response = signed_in(force.unit_chief).get(page(made))
    assert [row.number for row in response.context["rows"]] == [1, 1]
    assert response.context["own"].story.equal == 1


def test_strangers_find_nothing(force: Force) -> None:
    made = published(force)
    for who in (force.stranger, force.next_leader, force.administrator):
        for address in (page(made), reverse("ranking_export", args=[made.code, "xlsx"])):
            assert signed_in(who).get(address).status_code == 404
    for who in (force.ward_chief, force.inspector, force.provincial_leader):
        assert signed_in(who).get(page(made)).status_code == 200


# --- Computed again ---------------------------------------------------------------------------------------------------
def tampered(made: Campaign) -> None:
    """As the owner of the database might: past the trigger that keeps places."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE commitments_place DISABLE TRIGGER USER")
        cursor.execute("UPDATE commitments_place SET overall = 9 WHERE overall = 1")
        cursor.execute("ALTER TABLE commitments_place ENABLE TRIGGER USER")


def test_the_page_and_the_command_find_what_was_changed(force: Force) -> None:
    made, client = published(force), signed_in(force.leader)
    assert client.get(page(made)).context["again"] is None
    assert client.get(page(made), {"again": "1"}).context["again"]["differences"] == 0
    out = StringIO()
    call_command("check_ranking", made.code, stdout=out)
    assert Ranking.objects.get().digest in out.getvalue()
    tampered(made)
    assert client.get(page(made), {"again": "1"}).context["again"]["differences"] == 1
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_ranking", made.code, stdout=out)
    assert refused.value.returncode == 1
    assert "'overall': 9" in out.getvalue()


def test_the_command_wants_a_published_ranking(force: Force) -> None:
    made = evaluated(force)
    with pytest.raises(CommandError):
        call_command("check_ranking", made.code)


# --- Files ------------------------------------------------------------------------------------------------------------
def test_exported_with_what_each_criterion_added(force: Force) -> None:
    made, client = published(force), signed_in(force.secretary)
    raw = b"".join(client.get(reverse("ranking_export", args=[made.code, "csv"])).streaming_content)
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [(line[0], line[4], line[6], line[8]) for line in lines[1:]] == [
        ("1", "TH", "92.50", "92.5"), ("2", "QLHC", "80.00", "80.0"), ("", "PHUONG", "", ""),
    ]  # fmt: skip
    book = b"".join(client.get(reverse("ranking_export", args=[made.code, "xlsx"])).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet["E"]][1:] == ["TH", "QLHC", "PHUONG"]
    assert client.get(reverse("ranking_export", args=[made.code, "exe"])).status_code == 404


# --- Costs ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("units", [["qlhc"], ["qlhc", "th", "ward"]])
def test_queries_do_not_grow_with_the_rows(force: Force, units: list[str], django_assert_num_queries: Any) -> None:
    made = published(force, **dict.fromkeys(units, "80"))
    client = signed_in(force.unit_chief)
    client.get(page(made), {"group": "all"})
    with django_assert_num_queries(12):
        client.get(page(made), {"group": "all"})
