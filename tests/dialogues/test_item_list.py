"""Lists of items: what each reader finds, how it is filtered, sorted, paged, counted, searched and taken home."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from cchc.workflow.models import Obligation
from dialogues.domain import item_list
from dialogues.domain.item_list import ItemList, Pill, Wanted
from dialogues.enums import Audience, Channel, Identity, Outcome
from dialogues.models import Conference, Item
from tests.dialogues.factories import conference_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db


def codes(client: Client, query: str = "", page: str = "/items/") -> list[str]:
    """The codes of the rows that a page shows, in their order."""
    answer = client.get(page + query)
    assert answer.status_code == 200
    return [row.item.code for row in answer.context["table"].rows]


def listed(person: Any, **wanted: Any) -> set[str]:
    asked = ItemList(person, Wanted(**{"pill": Pill.ALL, **wanted}), date(2020, 1, 3))
    return {item.code for item in asked.rows().order_by(*asked.order)[:100]}


@pytest.fixture
def conference(force: Force) -> Conference:
    return conference_at(force, "in_session")


@pytest.fixture
def items(force: Force, conference: Conference) -> dict[str, Item]:
    """One item in each state that differs for a list."""
    states = ("submitted", "prepared", "escalated", "published", "merged", "declined", "draft")
    found = {state: item_at(force, state, conference=conference) for state in states}
    found["lead"] = found["merged"].merged_into  # type: ignore[assignment]
    return found


def test_each_pill_counts_exactly_the_rows_that_it_opens(
    client: Client, force: Force, items: dict[str, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(force.secretary)
    for at_once in (2000, 1):  # counted in one look, and pill by pill as for a reader of very many
        monkeypatch.setattr(item_list, "COUNTED_AT_ONCE", at_once)
        for page in ("/items/", f"/conferences/{items['submitted'].conference.code}/items/"):
            counts = client.get(page).context["table"].counts
            rows = {pill: len(codes(client, f"?pill={pill}", page)) for pill in counts}
            assert counts == rows, (page, at_once)
            assert rows == {
                "open": 5, "mine": 3, "late": 5, "up": 1, "answered": 1, "merged": 1, "declined": 1, "all": 7,
            }  # fmt: skip


def test_the_open_ones_come_first_by_due_date_late_before_all(
    client: Client, force: Force, items: dict[str, Item]
) -> None:
    client.force_login(force.secretary)
    dues = [row.item.turn.due_on for row in client.get("/items/").context["table"].rows]
    assert dues == sorted(dues)
    assert "quá" in client.get("/items/").content.decode() or "over" in client.get("/items/").content.decode()


def test_every_reader_finds_what_the_rule_lets_him_see(
    force: Force, items: dict[str, Item], conference: Conference
) -> None:
    item_at(force, "submitted", by=force.ward_officer, unit=force.ward, conference=conference)
    for person in force.people.values():
        person.__dict__.pop("_posts", None)
        rule = Item.objects.visible_to(person).received()
        expected = set(rule.values_list("code", flat=True))
        assert listed(person) == expected, person
        assert listed(person, conference=conference) == expected, person
        words = {item.code for item in rule if "thường trú" in item.text}
        assert listed(person, text="thuong tru") == words, person
    assert listed(force.stranger) == set()
    assert listed(force.administrator) == set()


def test_sent_and_supported_are_the_readers_own(client: Client, force: Force, items: dict[str, Item]) -> None:
    client.force_login(force.officer)
    assert len(codes(client, "?pill=sent")) == 8  # the draft too
    client.force_login(force.ward_chief)
    published = items["published"]
    assert codes(client, "?pill=supported") == []
    assert client.post(f"/items/{published.pk}/support/").status_code == 302
    assert codes(client, "?pill=supported") == [published.code]
    assert codes(client, "?pill=sent") == []


def test_filters_narrow_together(client: Client, force: Force, conference: Conference) -> None:
    slip = {"audience": Audience.CITIZENS, "channel": Channel.PAPER, "author": None, "unit": None}
    paper = item_at(
        force,
        "assigned",
        conference=conference,
        by=force.secretary,
        text="Cấp căn cước cho người già yếu tại nhà được không?",
        **slip,
    )
    web = item_at(
        force, "assigned", conference=conference, text="Cấp căn cước lưu động tại khu công nghiệp được không?"
    )
    item_at(force, "submitted", conference=conference)
    client.force_login(force.secretary)
    assert set(codes(client, "?q=can cuoc")) == {paper.code, web.code}
    assert codes(client, "?q=cấp căn&source=paper") == [paper.code]
    assert codes(client, "?source=officers&q=căn cước") == [web.code]
    assert set(codes(client, f"?turn={force.qlhc.pk}")) == {paper.code, web.code}
    assert len(codes(client, "?turn=secretary")) == 1
    assert codes(client, "?turn=leader") == []
    assert set(codes(client, f"?topic={paper.topic_id}")) == {paper.code, web.code}
    assert codes(client, "?q=khongcotunay") == []


def test_what_makes_no_sense_is_left_out(client: Client, force: Force, items: dict[str, Item]) -> None:
    client.force_login(force.secretary)
    nonsense = "?pill=xx&topic=99999999999999999999&turn=-1&source=%00&sort=oops&outcome=7&after=abc&before=%ff&q=%00"
    assert len(codes(client, nonsense)) == 5
    assert client.get("/items/?q=" + "a" * 5000).status_code == 200
    assert client.get("/items/?sort=code").status_code == 200  # codes sort within a conference alone


def test_outcomes_open_exactly_what_the_sum_counts(client: Client, force: Force, items: dict[str, Item]) -> None:
    conference = items["submitted"].conference
    client.force_login(force.secretary)
    counts = Item.objects.filter(conference=conference).counts()
    assert sum(counts.values()) == 7
    for outcome in Outcome:
        page = f"/conferences/{conference.code}/items/"
        assert len(codes(client, f"?pill=all&outcome={outcome.value}", page)) == counts[outcome.value]


def test_pages_follow_each_other_without_gap_or_repetition(
    client: Client, force: Force, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(5):
        item_at(force, "submitted", conference=conference)
    monkeypatch.setattr("dialogues.views.item.SIZE", 2)
    client.force_login(force.leader)
    for query in ("?pill=open", "?pill=all", "?pill=all&sort=due"):
        seen, after = [], ""
        while True:
            page = client.get(f"/items/{query}{after}").context["table"]
            seen += [row.item.code for row in page.rows]
            if not page.page.next:
                break
            after = f"&after={page.page.next}"
        assert len(seen) == len(set(seen)) == 5, query
        back = client.get(f"/items/{query}{after}").context["table"].page.previous
        assert [row.item.code for row in client.get(f"/items/{query}&before={back}").context["table"].rows] == seen[2:4]


def test_the_address_keeps_the_filter_and_htmx_gets_the_part(
    client: Client, force: Force, items: dict[str, Item]
) -> None:
    client.force_login(force.secretary)
    page = client.get("/items/?q=ho so&source=officers")
    text = page.content.decode()
    assert "q=ho+so&amp;source=officers&amp;pill=all" in text
    assert "/items/export.xlsx?q=ho+so&amp;source=officers" in text
    part = client.get("/items/?q=ho so", headers={"HX-Request": "true", "HX-Target": "items"}).content.decode()
    assert part.lstrip().startswith("<section") and "<html" not in part


def test_download_holds_exactly_what_is_shown_and_no_formula(
    client: Client, force: Force, conference: Conference
) -> None:
    evil = item_at(
        force, "submitted", conference=conference, text='=HYPERLINK("http://x";"y") có phải mang bản giấy không?'
    )
    item_at(force, "published", conference=conference)
    client.force_login(force.secretary)
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get("/items/export.xlsx?pill=open&q=hyperlink").streaming_content))
    )
    rows = list(book.active.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [evil.code]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    text = b"".join(client.get("/items/export.csv?pill=all").streaming_content).decode()
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert [line[0] for line in lines[1:]] == codes(client, "?pill=all")
    client.force_login(force.officer)
    assert client.get("/items/export.csv").status_code == 404
    assert client.get("/items/export.pdf").status_code == 404


def test_without_a_name_nothing_leads_back(client: Client, force: Force, conference: Conference) -> None:
    item_at(
        force,
        "submitted",
        conference=conference,
        identity=Identity.ANONYMOUS,
        text="Lớp tập huấn cho cán bộ mới có mở lại không?",
    )
    client.force_login(force.officer)
    assert codes(client, "?pill=sent") == []
    client.force_login(force.secretary)
    assert force.officer.full_name not in client.get("/items/").content.decode()


@pytest.mark.parametrize(("role", "queries"), [("secretary", 10), ("officer", 10)])
def test_a_list_of_three_costs_as_many_queries_as_a_list_of_one(
    client: Client, force: Force, conference: Conference, django_assert_num_queries: Any, role: str, queries: int
) -> None:
    client.force_login(getattr(force, role))
    item_at(force, "published", conference=conference)
    client.get("/items/?pill=all")
    with django_assert_num_queries(queries):
        assert len(codes(client, "?pill=all")) == 1
    for _each in range(2):
        move(item_at(force, "prepared", conference=conference), "answer", force)
    with django_assert_num_queries(queries):
        codes(client, "?pill=all")


def test_due_dates_tell_how_late(client: Client, force: Force, conference: Conference) -> None:
    item = item_at(force, "submitted", conference=conference)
    Obligation.objects.filter(pk=item.turn_id).update(due_on=timezone.localdate() + timedelta(days=30))
    client.force_login(force.secretary)
    assert codes(client, "?pill=late") == []
    assert codes(client, "?pill=mine") == [item.code]


def test_rows_of_several_conferences_name_theirs(client: Client, force: Force) -> None:
    item = item_at(force, "submitted")
    client.force_login(force.secretary)
    pages = ("/items/", f"/conferences/{item.conference.code}/items/")
    named = [client.get(page).context["table"].rows[0].sub.split(" · ")[1] == item.conference.code for page in pages]
    assert named == [True, False]
