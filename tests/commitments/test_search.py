"""The search box and the phone's bar know commitments."""

from __future__ import annotations

from typing import Any

import pytest

from cchc.web.navigation import collect
from cchc.web.sought import panels
from commitments.search import sought
from tests.commitments.factories import AT, campaign, commitment_at
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db


def found(person: Any, text: str) -> dict[str, list[str]]:
    return {panel.key: [row.code for row in panel.rows] for panel in panels(person, sought(person, text, AT))}


def test_campaigns_commitments_and_tasks_are_found_without_accents(force: Force) -> None:
    commitment_at(force)
    assert found(force.secretary, "nhiem vu 2") == {"found-tasks": ["CK-2020/QLHC"]}
    assert found(force.secretary, "CAI CACH") == {"found-campaigns": ["CK-2020"]}
    assert found(force.secretary, "HO SO DUNG HAN")["found-tasks"] == ["CK-2020/QLHC"] * 2
    assert found(force.leader, "quan ly hanh chinh") == {"found-commitments": ["CK-2020/QLHC"]}
    assert found(force.leader, "ck-2020/phuong") == {"found-commitments": ["CK-2020/PHUONG"]}
    assert found(force.leader, "tàu vũ trụ") == {}


def test_one_finds_what_one_may_see(force: Force) -> None:
    commitment_at(force)
    assert found(force.officer, "ck-2020")["found-commitments"] == ["CK-2020/QLHC"]
    assert found(force.ward_chief, "nhiem vu 1") == {}
    assert found(force.ward_chief, "cai cach") == {"found-campaigns": ["CK-2020"]}
    for who in (force.stranger, force.next_leader, force.administrator):
        assert found(who, "nhiem vu") == found(who, "ck-2020") == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_one_question_for_all_kinds(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    for n in range(rows):
        commitment_at(force, of=campaign(force, code=f"CK-{n}"))
    page = signed_in(force.secretary).get("/search/", {"q": "phuong hoa binh"})
    assert "found-commitments" in [panel.key for panel in page.context["panels"]]
    assert found(force.secretary, "ck")  # his rights are read once for whatever he asks
    with django_assert_num_queries(1):
        assert len(found(force.secretary, "ck")["found-commitments"]) == 3 * rows - (rows == 3)  # eight at most


def test_the_phone_has_a_place_for_commitments(force: Force) -> None:
    for who in (force.officer, force.unit_chief, force.secretary, force.leader, force.provincial_leader):
        assert "/commitments/" in [entry.url for entry in collect(who, "/").phone]
    assert "/commitments/" not in [entry.url for entry in collect(force.administrator, "/").entries]
