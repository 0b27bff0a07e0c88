"""Pages of campaigns: prepared, units chosen, opened, the board, cancelled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cchc.workflow.engine import Refused, perform
from commitments.domain.campaign import change_campaign
from commitments.models import Campaign, Commitment
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force, unit

pytestmark = pytest.mark.django_db


def typed(force: Force, **changes: Any) -> dict[str, Any]:
    """The form of a campaign, filled in as it should be."""
    return {
        "code": "CK-2027", "year": "2027", "title": "Thực hiện nhiệm vụ cải cách hành chính năm 2027",
        "host": force.town.pk, "conference": "", "place": "An Thịnh", "clause": "Kết quả là một tiêu chí đánh giá./.",
        "opens_on": "2026-12-01", "sign_by": "2027-01-31", "self_by": "2027-12-10", "check_by": "2027-12-18",
        "score_by": "2027-12-25", "object_by": "2027-12-30", "report_days": "25/06/2027, 25/03/2027",
        "late_factor": "0,75", "excellent_percent": "20", "least_tasks": "1", "kinds": ["team"],
        "criteria-TOTAL_FORMS": "2", "criteria-INITIAL_FORMS": "0", "criteria-0-name": "Nhiệm vụ đăng ký",
        "criteria-0-scoring": "tasks", "criteria-0-weight": "80", "criteria-1-name": "Tinh thần phối hợp",
        "criteria-1-scoring": "judged", "criteria-1-weight": "20", "levels-TOTAL_FORMS": "3",
        "levels-INITIAL_FORMS": "0", "levels-0-name": "Tốt", "levels-0-minimum": "70", "levels-1-name": "Chưa đạt",
        "levels-1-minimum": "0", "levels-2-name": "Đạt", "levels-2-minimum": "50", **changes,
    }  # fmt: skip


# --- Preparing --------------------------------------------------------------------------------------------------------
def test_prepared_with_terms_and_units_by_kind(force: Force) -> None:
    client = signed_in(force.secretary)
    assert client.get(reverse("campaign_create")).status_code == 200
    response = client.post(reverse("campaign_create"), typed(force))
    made = Campaign.objects.get()
    assert response["Location"] == reverse("campaign_units", args=["CK-2027"])
    assert (made.host, made.late_factor, made.report_days) == (
        force.town, Decimal("0.75"), [date(2027, 3, 25), date(2027, 6, 25)],
    )  # fmt: skip
    assert [(each.name, each.weight) for each in made.criteria.all()] == [
        ("Nhiệm vụ đăng ký", Decimal(80)), ("Tinh thần phối hợp", Decimal(20)),
    ]  # fmt: skip
    assert {row.unit.code for row in made.signatories.all()} == {"TH", "QLHC"}


def test_what_is_proposed_can_be_saved_as_it_stands(force: Force) -> None:
    """Also the rows that were left empty, whose select has no empty choice."""
    client = signed_in(force.secretary)
    sheet = client.get(reverse("campaign_create")).context["sheet"]
    parts = [sheet.form]
    for rows in (sheet.criteria, sheet.levels):
        parts += [rows.management_form, *rows]
    shown = {box.html_name: box.field.prepare_value(box.value()) for part in parts for box in part}
    shown = {name: value for name, value in shown.items() if value not in (None, "", [])}
    response = client.post(reverse("campaign_create"), {**shown, "clause": "Theo kế hoạch", "place": "Thái Hòa"})
    assert response.status_code == 302
    made = Campaign.objects.get()
    assert made.late_factor == Decimal("0.75")
    Campaign.objects.update(clause=f"Theo Quy định 9/{made.year}, là một tiêu chí đánh giá năm {made.year}.")
    proposed = client.get(reverse("campaign_create")).context["form"]["clause"].value()
    assert proposed == f"Theo Quy định 9/{made.year}, là một tiêu chí đánh giá năm {made.year + 1}."


BAD = [
    ({"code": "CK 2027"}, "code"), ({"code": "new"}, "code"), ({"year": "1999"}, "year"), ({"title": ""}, "title"),
    ({"host": "9" * 30}, "host"), ({"sign_by": "2026-11-01"}, "sign_by"), ({"object_by": "hôm qua"}, "object_by"),
    ({"report_days": "25/03/2027, x"}, "report_days"), ({"late_factor": "1,5"}, "late_factor"),
    ({"excellent_percent": "101"}, "excellent_percent"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_bad_input_is_named_and_kept(force: Force, changes: dict[str, Any], field: str) -> None:
    response = signed_in(force.secretary).post(reverse("campaign_create"), typed(force, **changes))
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert "Tinh thần phối hợp" in text_of(response)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"criteria-1-weight": "30"}, {"criteria-1-weight": "x"}, {"criteria-0-scoring": "song"},
        {"levels-1-minimum": "10"}, {"levels-1-minimum": "70"}, {"levels-0-minimum": "101"}, {"kinds": ["x"]},
    ],
)  # fmt: skip
def test_bad_terms_are_refused(force: Force, changes: dict[str, Any]) -> None:
    assert signed_in(force.secretary).post(reverse("campaign_create"), typed(force, **changes)).status_code == 400
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("percent", "levels", "status"), [("20", 2, 400), ("0", 2, 400), ("100", 2, 302), ("20", 3, 302)]
)
def test_a_capped_best_level_needs_one_between(force: Force, percent: str, levels: int, status: int) -> None:
    """Else whoever earned it and missed the part of the units would get the lowest."""
    data = typed(force, **{"excellent_percent": percent, "levels-TOTAL_FORMS": str(levels)})
    response = signed_in(force.secretary).post(reverse("campaign_create"), data)
    assert response.status_code == status
    if status == 400:
        assert "excellent_percent" in response.context["form"].errors
        assert "Tinh thần phối hợp" in text_of(response)


def test_a_campaign_of_two_levels_with_a_cap_does_not_open(force: Force) -> None:
    made = campaign(force, opened=False)
    made.levels.filter(minimum__in=(75, 50)).delete()
    with pytest.raises(Refused):
        perform(made, "open", by=force.leader, at=AT)
    made = change_campaign(made, by=force.secretary, at=AT, excellent_percent=100)
    assert perform(made, "open", by=force.leader, at=AT).state == "open"


def test_only_those_who_prepare_it_get_the_form(force: Force) -> None:
    made = campaign(force, opened=False)
    for who in (force.officer, force.unit_chief, force.leader, force.stranger, force.inspector):
        client = signed_in(who)
        assert client.get(reverse("campaign_create")).status_code == 404
        assert client.get(reverse("campaign_edit", args=[made.code])).status_code == 404
        assert client.get(reverse("campaign_units", args=[made.code])).status_code == 404


def test_edited_terms_keep_the_units(force: Force) -> None:
    made, client = campaign(force, opened=False), signed_in(force.secretary)
    address = reverse("campaign_edit", args=[made.code])
    assert made.title in text_of(client.get(address))
    response = client.post(address, typed(force, code=made.code, seen=made.moves))
    assert response.status_code == 302
    made.refresh_from_db()
    assert (made.year, made.criteria.count(), made.signatories.count()) == (2027, 2, 3)


def test_the_second_editor_is_told_and_loses_nothing(force: Force) -> None:
    made, client = campaign(force, opened=False), signed_in(force.secretary)
    change_campaign(made, by=force.secretary, at=AT, place="Nơi khác")
    address = reverse("campaign_edit", args=[made.code])
    response = client.post(address, typed(force, code=made.code, seen=made.moves))
    assert response.status_code == 409
    text = text_of(response)
    assert "Nơi khác" in text
    assert "Thực hiện nhiệm vụ cải cách hành chính năm 2027" in text
    now = Campaign.objects.get(pk=made.pk).moves
    assert client.post(address, typed(force, code=made.code, seen=now)).status_code == 302


# --- Choosing units ---------------------------------------------------------------------------------------------------
def test_units_by_kind_one_by_one_moved_and_left_out(force: Force) -> None:
    made, client = campaign(force, opened=False), signed_in(force.secretary)
    address = reverse("campaign_units", args=[made.code])

    def post(what: str, **data: Any) -> int:
        seen = Campaign.objects.get(pk=made.pk).moves
        return client.post(address, {"what": what, "seen": seen, **data}).status_code

    def stands() -> dict[str, str]:
        rows = made.signatories.select_related("unit", "group")
        return {row.unit.code: row.group.name for row in rows}

    assert post("leave", units=[force.th.pk, force.ward.pk]) == 302
    assert stands() == {"QLHC": "Đội"}
    assert post("kind", kind="team", group="") == 302
    assert set(stands()) == {"QLHC", "TH"}
    assert post("one", unit="PHUONG", group="Đội") == 302
    assert stands()["PHUONG"] == "Đội"
    assert post("move", units=[force.ward.pk], group="Cấp phường") == 302
    assert stands()["PHUONG"] == "Cấp phường"
    assert post("move", units=[force.ward.pk], group="") == 409
    assert post("one", unit="CATX2", group="Đội") == 400  # the town next door
    assert post("leave") == 400
    group = made.groups.get(name="Cấp phường")
    assert post("drop", group=group.pk) == 302
    assert "PHUONG" not in stands()


def test_somebody_else_changed_the_units(force: Force) -> None:
    made, client = campaign(force, opened=False), signed_in(force.secretary)
    data = {"what": "leave", "seen": made.moves - 1, "units": [force.th.pk]}
    assert client.post(reverse("campaign_units", args=[made.code]), data).status_code == 409
    assert made.signatories.count() == 3


def test_an_open_campaign_is_frozen(force: Force) -> None:
    made, client = campaign(force), signed_in(force.secretary)
    for name in ("campaign_edit", "campaign_units"):
        assert client.get(reverse(name, args=[made.code])).status_code == 409


# --- Moves ------------------------------------------------------------------------------------------------------------
def test_opened_by_the_leader_after_a_question(force: Force) -> None:
    made = campaign(force, opened=False)
    address = reverse("campaign_move", args=[made.code, "open"])
    assert signed_in(force.secretary).get(address).status_code == 403
    client = signed_in(force.leader)
    assert client.get(address).status_code == 200
    assert client.post(address, {"seen": made.moves}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.commitments.count()) == ("open", 3)
    assert client.post(address, {"seen": made.moves}).status_code == 409


def test_cancelling_wants_a_reason(force: Force) -> None:
    made, client = campaign(force), signed_in(force.leader)
    address = reverse("campaign_move", args=[made.code, "cancel"])
    assert client.post(address, {"seen": made.moves, "note": ""}).status_code == 400
    assert client.post(address, {"seen": made.moves, "note": "Đổi kế hoạch."}).status_code == 302
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_an_unknown_move_is_no_page(force: Force) -> None:
    made = campaign(force)
    assert signed_in(force.leader).get(reverse("campaign_move", args=[made.code, "sing"])).status_code == 404


# --- The board --------------------------------------------------------------------------------------------------------
def test_every_pill_counts_the_rows_that_it_opens(force: Force) -> None:
    opened = campaign(force)
    countersign(sign(commitment_at(force, of=opened), force.unit_chief), force.leader)
    for who in (force.leader, force.secretary, force.unit_chief, force.ward_chief, force.inspector):
        client = signed_in(who)
        page = client.get(reverse("campaign_show", args=[opened.code]))
        counts = {}
        for seg in page.context["segs"]:
            rows = client.get(reverse("campaign_show", args=[opened.code]) + seg["url"]).context["rows"]
            assert seg["count"] == len(rows), (who, seg["label"])
            counts[seg["url"].rpartition("=")[2]] = seg["count"]
        if who == force.leader:
            assert counts == {
                "all": 3, "mine": 0, "idle": 2, "drafted": 0, "signed": 0, "returned": 0, "confirmed": 1, "late": 2,
                "ended": 0,
            }  # fmt: skip


def test_a_unit_sees_its_own_row_alone(force: Force) -> None:
    opened = campaign(force)
    rows = signed_in(force.ward_chief).get(reverse("campaign_show", args=[opened.code])).context["rows"]
    assert [row.commitment.unit for row in rows] == [force.ward]
    listed = text_of(signed_in(force.ward_chief).get(reverse("campaign_list")))
    assert reverse("commitment_show", args=[rows[0].commitment.pk]) in listed


def test_found_by_name_and_by_group(force: Force) -> None:
    opened, client = campaign(force), signed_in(force.secretary)
    address = reverse("campaign_show", args=[opened.code])
    assert [r.commitment.unit for r in client.get(address, {"q": "hoa binh"}).context["rows"]] == [force.ward]
    group = opened.groups.get(name="Phường, xã")
    assert [r.commitment.unit for r in client.get(address, {"group": group.pk}).context["rows"]] == [force.ward]
    assert client.get(address, {"pill": "song", "group": "x", "after": "y"}).status_code == 200


def test_strangers_find_nothing(force: Force) -> None:
    opened = campaign(force)
    for who in (force.stranger, force.next_leader):
        client = signed_in(who)
        assert client.get(reverse("campaign_show", args=[opened.code])).status_code == 404
        assert opened.code not in text_of(client.get(reverse("campaign_list")))
    assert signed_in(force.administrator).get(reverse("campaign_list")).status_code == 403


def test_a_draft_is_hidden_from_the_units(force: Force) -> None:
    made = campaign(force, opened=False)
    assert signed_in(force.unit_chief).get(reverse("campaign_show", args=[made.code])).status_code == 404
    assert signed_in(force.leader).get(reverse("campaign_show", args=[made.code])).status_code == 200


# --- Costs ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("extra", [0, 2])
def test_queries_do_not_grow_with_the_rows(force: Force, extra: int, django_assert_num_queries: Any) -> None:
    for number in range(extra):
        unit(f"DOI{number}", force.town)
    made = campaign(force, opened=False)
    client = signed_in(force.secretary)
    if extra:
        data = {"what": "kind", "kind": "team", "group": "", "seen": made.moves}
        assert client.post(reverse("campaign_units", args=[made.code]), data).status_code == 302
    client.get(reverse("campaign_units", args=[made.code]))
    with django_assert_num_queries(10):
        client.get(reverse("campaign_units", args=[made.code]))
    made = perform(Campaign.objects.get(pk=made.pk), "open", by=force.leader, at=AT)
    assert Commitment.objects.filter(campaign=made).count() == 3 + extra
    with django_assert_num_queries(12):
        client.get(reverse("campaign_show", args=[made.code]))
    with django_assert_num_queries(9):
        client.get(reverse("campaign_list"))
