"""My work: what awaits each role, and numbers that open the rows they count."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dialogues import dashboard
from dialogues.models import Item
from tests.dialogues.asking import open_now
from tests.dialogues.factories import conference_at, item_at, plan
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(force: Force) -> dict[str, Item]:
    """A town at work: one conference was held, one takes questions now."""
    conference = conference_at(force, "in_session")
    states = ("submitted", "assigned", "prepared", "escalated", "published", "promised")
    found = {state: item_at(force, state, conference=conference) for state in states}
    open_now(force)
    return found


def home(client: Client, person: Any) -> Any:
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.context["home"], answer.content.decode()


def titles(panels: Any, key: str) -> list[str]:
    return [row.title for panel in panels for row in panel.rows if panel.key == key]


def test_each_role_finds_what_awaits_it_late_first(client: Client, force: Force, busy: dict[str, Item]) -> None:
    expected = {
        "leader": ["prepared"], "secretary": ["submitted", "escalated"], "unit_chief": ["assigned", "promised"],
        "officer": ["published"], "ward_officer": [], "administrator": [],
    }  # fmt: skip
    for role, states in expected.items():
        panels, text = home(client, getattr(force, role))
        found = titles(panels.panels, "waiting")
        assert [busy[state].title for state in states] == [title for title in found if "Hội nghị" not in title], role
        for state in states:
            item = busy[state]
            assert (f"/escalations/{item.escalation_id}/" if state == "escalated" else f"/items/{item.pk}/") in text


def test_a_tile_counts_the_rows_that_it_opens(client: Client, force: Force, busy: dict[str, Item]) -> None:
    for person in (force.leader, force.secretary):
        panels, _text = home(client, person)
        assert len(panels.tiles) == 4
        for tile in panels.tiles:
            assert tile.number == len(client.get(tile.url).context["table"].rows), tile.label


def test_a_province_is_told_no_numbers_of_lists(client: Client, force: Force, busy: dict[str, Item]) -> None:
    for person in (force.provincial_secretary, force.provincial_leader, force.inspector):
        panels, text = home(client, person)
        assert panels.tiles == []
        assert "Không có đơn vị trễ hạn" not in text  # a unit of the town below is late


def test_the_numbers_of_the_latest_conference_add_up(client: Client, force: Force, busy: dict[str, Item]) -> None:
    panels, text = home(client, force.leader)
    body = next(panel for panel in panels.rail if panel.key == "reconciliation")
    assert str(body.title).startswith("6 ")
    for link in [part.split('"')[0] for part in str(body.body).split('href="')[1:]]:
        rows = client.get(link.replace("&amp;", "&")).context["table"].rows
        assert f">{len(rows)}<" in str(body.body).split(link)[1].split("</li>")[0] or len(rows) == 0
    assert "style=" not in text


def test_units_that_are_late_are_named_to_those_who_direct_them(
    client: Client, force: Force, busy: dict[str, Item]
) -> None:
    panels, _text = home(client, force.leader)
    assert titles(panels.rail, "late") == [force.qlhc.short_name]
    row = next(panel for panel in panels.rail if panel.key == "late").rows[0]
    assert len(client.get(row.url).context["table"].rows) >= 1
    panels, _text = home(client, force.officer)
    assert titles(panels.rail, "late") == []


def test_an_officer_sees_the_open_window_and_where_his_own_stand(
    client: Client, force: Force, busy: dict[str, Item]
) -> None:
    panels, text = home(client, force.officer)
    assert len(panels.notices) == 1
    assert panels.notices[0].button.url in text
    assert len(titles(panels.panels, "sent")) == 5  # the newest; the rest behind "see all"
    panels, _text = home(client, force.stranger)
    assert panels.notices == []
    assert titles(panels.panels, "sent") == []


def test_the_side_bar_counts_what_awaits(client: Client, force: Force, busy: dict[str, Item]) -> None:
    client.force_login(force.leader)
    assert client.get("/").context["chrome"].navigation.waiting == 2  # the conference and one item
    labels = {str(entry.url) for entry in dashboard.navigation(force.administrator)}
    assert "/items/" not in labels


def test_search_finds_items_conferences_and_plans(client: Client, force: Force, busy: dict[str, Item]) -> None:
    plan(force, number="317/KH-CATX-TH")
    client.force_login(force.secretary)
    keys = {panel.key for panel in client.get("/search/?q=thuong tru").context["panels"]}
    assert keys == {"found-items", "found-escalations"}
    assert "found-plans" in {panel.key for panel in client.get("/search/?q=317/KH").context["panels"]}
    keys = {panel.key for panel in client.get("/search/?q=doi thoai").context["panels"]}
    assert "found-conferences" in keys
    client.force_login(force.stranger)
    assert client.get("/search/?q=thuong tru").context["panels"] == []


@pytest.mark.parametrize(("role", "queries"), [("leader", 12), ("secretary", 12), ("unit_chief", 12), ("officer", 12)])
def test_the_page_costs_few_queries(
    client: Client, force: Force, busy: dict[str, Item], django_assert_max_num_queries: Any, role: str, queries: int
) -> None:
    client.force_login(getattr(force, role))
    client.get("/")
    with django_assert_max_num_queries(queries) as before:
        client.get("/")
    conference = busy["prepared"].conference
    for state in ("submitted", "assigned", "prepared", "published"):
        item_at(force, state, conference=conference)
    with django_assert_max_num_queries(queries) as after:
        client.get("/")
    assert len(before) == len(after)


def test_whatever_is_counted_is_on_the_page_of_all(
    client: Client, force: Force, busy: dict[str, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cchc.web.views.home.AWAITED", 1)
    counted = 2
    panels, text = home(client, force.unit_chief)
    assert titles(panels.panels, "waiting") == [busy["assigned"].title]  # the soonest
    assert '"/?all=1#waiting"' in text
    everything = client.get("/?all=1")
    assert len(titles(everything.context["home"].panels, "waiting")) == counted
    assert everything.context["chrome"].navigation.waiting == counted
    assert '"/?all=1#waiting"' not in everything.content.decode()
