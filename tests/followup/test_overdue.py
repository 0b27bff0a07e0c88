"""Late work: who sees which of it, in which order, and that the files hold exactly the rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cchc.followup.domain import overdue as late
from cchc.organization.enums import Role
from cchc.organization.models import Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.models import Handover, Obligation
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db
_number = iter(range(10_000))


def owed(unit: Unit | None, days: int = 3, role: str = Role.UNIT_CHIEF, **fields: Any) -> Obligation:
    """Something owed by *unit*, due *days* working days ago (0: today, or when one works again)."""
    today = timezone.localdate()
    due = calendar().before(today, days) if days else calendar().roll(today)
    given = {
        "subject_type": "dialogues.item", "subject_id": f"{next(_number)}", "kind": "prepare", "role": role,
        "unit": unit, "started_on": due, "due_on": due, "first_due_on": due, "opened_at": timezone.now(), **fields,
    }  # fmt: skip
    if given["subject_id"].isdecimal():
        given["subject_id"] = f"00000000-0000-4000-8000-{int(given['subject_id']):012}"
    return Obligation.objects.create(**given)


def seen(person: Any, query: str = "") -> list[Obligation]:
    answer = signed_in(person).get(f"/overdue/{query}")
    assert answer.status_code == 200
    return [line.obligation for line in answer.context["lines"]]


def late_items(force: Force, number: int) -> list[Item]:
    """Items whose turn has passed its day, and nothing else that is late."""
    conference = conference_at(force, "collecting")
    found = [item_at(force, "assigned", conference=conference) for _each in range(number)]
    turns = Obligation.objects.filter(pk__in=[item.turn_id for item in found])
    turns.update(due_on=timezone.localdate() - timedelta(days=9))
    Obligation.objects.exclude(pk__in=turns).update(settled_at=timezone.now())
    return found


@pytest.fixture
def everywhere(force: Force) -> dict[str, Obligation]:
    return {name: owed(getattr(force, name)) for name in ("qlhc", "th", "ward", "next_team", "pv01")}


REACH = {
    "unit_chief": ["qlhc"],
    "ward_chief": ["ward"],
    "secretary": ["qlhc", "th", "ward"],
    "leader": ["qlhc", "th", "ward"],
    "deputy": ["qlhc", "th", "ward"],
    "idle_deputy": ["qlhc", "th", "ward"],
    "provincial_secretary": ["qlhc", "th", "ward", "next_team", "pv01"],
    "provincial_leader": ["qlhc", "th", "ward", "next_team", "pv01"],
    "inspector": ["qlhc", "th", "ward", "next_team", "pv01"],
    "next_leader": ["next_team"],
}


@pytest.mark.parametrize("who", REACH)
def test_everybody_sees_what_lies_below_him(force: Force, everywhere: dict[str, Obligation], who: str) -> None:
    expected = {everywhere[name].pk for name in REACH[who]}
    assert {each.pk for each in seen(getattr(force, who))} == expected


@pytest.mark.parametrize("who", ["officer", "stranger", "administrator"])
def test_others_have_no_such_list(force: Force, who: str) -> None:
    client = signed_in(getattr(force, who))
    assert client.get("/overdue/").status_code == 403
    assert client.get("/overdue/export.csv").status_code == 403
    assert "/overdue/" not in client.get("/menu/").content.decode()


def test_only_what_is_open_and_past_its_day(force: Force) -> None:
    kept = owed(force.qlhc, 1)
    owed(force.qlhc, 0)
    owed(force.qlhc, settled_at=timezone.now())
    assert seen(force.leader) == [kept]


def test_what_somebody_owes_by_name_is_not_listed(force: Force) -> None:
    owed(force.qlhc, role="", person=force.officer)
    owed(None, role="", person=force.officer)
    assert seen(force.leader) == []


def test_sorted_by_due_and_paged_by_key(force: Force) -> None:
    made = [owed(force.qlhc, days) for days in range(1, 31)]
    client = signed_in(force.leader)
    first = client.get("/overdue/")
    second = client.get("/overdue/", {"after": first.context["page"].next})
    found = [line.obligation for answer in (first, second) for line in answer.context["lines"]]
    assert found == made[::-1]
    assert len(first.context["lines"]) == 25


def test_a_line_says_how_late_and_what_was_first_due(force: Force) -> None:
    owed(force.qlhc, 7, first_due_on=date(2020, 1, 2))
    (line,) = signed_in(force.leader).get("/overdue/").context["lines"]
    assert line.days == 7
    assert line.first_due_on == date(2020, 1, 2)


def test_the_thing_is_named_to_those_alone_who_may_see_it(force: Force) -> None:
    (item,) = late_items(force, 1)
    for who, named in (("leader", True), ("unit_chief", True), ("provincial_leader", False)):
        client = signed_in(getattr(force, who))
        (line,) = client.get("/overdue/").context["lines"]
        assert bool(line.link) is named, who
        for address in ("/overdue/", "/overdue/export.csv"):
            answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            assert (item.title in content.decode()) is named, (who, address)


def test_narrowed_by_unit_with_all_below_and_by_duty(force: Force, everywhere: dict[str, Obligation]) -> None:
    triage = owed(force.town, role=Role.SECRETARY, kind="triage")
    below = [everywhere[name] for name in ("qlhc", "th", "ward")]
    leader = force.provincial_leader
    assert set(seen(leader, f"?unit={force.town.pk}")) == {*below, triage}
    assert seen(leader, f"?unit={force.pv01.pk}") == [everywhere["pv01"]]
    assert seen(leader, "?duty=dialogues.item:triage") == [triage]
    assert seen(leader, f"?duty=dialogues.item:triage&unit={force.pv01.pk}") == []
    assert seen(force.leader, f"?unit={force.qlhc.pk}") == [everywhere["qlhc"]]


def test_a_unit_out_of_reach_narrows_nothing_and_opens_nothing(force: Force, everywhere: dict[str, Obligation]) -> None:
    listed = seen(force.leader, f"?unit={force.next_team.pk}")
    assert {each.unit_id for each in listed} == {force.qlhc.pk, force.th.pk, force.ward.pk}


def test_both_names_of_what_was_handed_over(force: Force) -> None:
    handover = Handover.objects.create(
        from_unit=force.th, to_unit=force.qlhc, decision="12/QĐ", by=force.administrator, at=timezone.now()
    )
    owed(force.qlhc, handover=handover)
    page = signed_in(force.leader).get("/overdue/").content.decode()
    assert force.th.short_name in page
    assert force.qlhc.short_name in page


def cells(client: Client, kind: str, query: str = "") -> list[list[Any]]:
    content = b"".join(client.get(f"/overdue/export.{kind}{query}"))
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_exactly_the_rows(force: Force, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "BATCH", 10)
    made = [owed(force.qlhc, days) for days in range(1, 31)]
    owed(force.next_team)
    owed(force.ward, 2)
    rows = cells(signed_in(force.leader), kind, f"?unit={force.qlhc.pk}")
    assert [int(row[6]) for row in rows] == list(range(30, 0, -1))
    due = [row[5] if kind == "csv" else f"{row[5]:%d/%m/%Y}" for row in rows]
    assert due == [f"{each.due_on:%d/%m/%Y}" for each in made[::-1]]


def test_another_kind_of_file_is_not_there(force: Force) -> None:
    assert signed_in(force.leader).get("/overdue/export.pdf").status_code == 404


def test_the_number_beside_the_place(force: Force) -> None:
    client = signed_in(force.leader)
    assert "99+" not in client.get("/menu/").content.decode()
    for _each in range(101):
        owed(force.qlhc)
    assert "99+" in client.get("/menu/").content.decode()


def test_the_number_costs_no_query_of_its_own(force: Force) -> None:
    """It is counted together with the bell's."""
    client = signed_in(force.leader)
    client.get("/menu/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/menu/")
    about = [query["sql"] for query in asked if "workflow_notice" in query["sql"]]
    assert len(about) == 1
    assert "workflow_obligation" in about[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    late_items(force, rows)
    client = signed_in(force.leader)
    client.get("/overdue/")
    with django_assert_num_queries(10):
        assert len(client.get("/overdue/").context["lines"]) == rows
