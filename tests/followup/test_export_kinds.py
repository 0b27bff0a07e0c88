"""Every table of settings.EXPORTS: the file holds the rows of the page, for whoever may have it and nobody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.conf import settings as project
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from cchc.followup.domain import export as exports
from cchc.followup.exporting import work_exports
from cchc.followup.models import Export
from tests.commitments.test_ranking_pages import published
from tests.dialogues.directing import directive_at
from tests.dialogues.factories import conference_at, escalation_at, item_at
from tests.dialogues.pages import signed_in
from tests.factories import Force, force
from tests.kept import Kept

pytestmark = pytest.mark.django_db
EVER = {"since": "2019-01-01", "until": "2030-12-31"}
Rows = Callable[[Any], list[Any]]


@dataclass(frozen=True)
class Case:
    """Where the page and the file of a kind are, and how a row is known in both: by *column* of the file.

    *everything*, *some* and *none* are people by how many rows they see; *refused* may not have the table at all.
    *narrow* leaves some rows out; *bad* asks for what there is not.
    """

    page: str
    file: str
    rows: Rows
    column: int
    everything: str
    refused: str
    some: str = ""
    none: str = ""
    query: dict[str, str] = field(default_factory=dict)
    narrow: dict[str, str] = field(default_factory=dict)
    bad: tuple[dict[str, str], ...] = ()
    shown: dict[str, str] = field(default_factory=dict)  # what the page needs besides, to show all rows


def titles(context: Any) -> list[Any]:
    return [line.link.title if line.link else "–" for line in context["lines"]]


def units_of_ranking(context: Any) -> list[Any]:
    ranked = [row.place.commitment.unit.code for row in context["rows"]]
    return [*ranked, *(place.commitment.unit.code for place, _why in context["unranked"])]


CASES = {
    "items": Case(
        "/items/", "/items/export.{}", lambda context: [row.item.code for row in context["table"].rows], 0,
        "leader", "administrator", "unit_chief", "next_leader", {"pill": "all"}, {"pill": "up"},
        ({"conference": "KHONG-CO"}, {"conference": "\0"}),
    ),
    "escalations": Case(
        "/escalations/", "/escalations/export.{}", lambda context: [row.escalation.code for row in context["rows"]], 0,
        "leader", "officer", none="next_leader", narrow={"pill": "preparing"}, bad=({"q": "\0"},),
    ),
    "directives": Case(
        "/directives/", "/directives/export.{}", lambda context: [row.directive.code for row, _may in context["lines"]],
        0, "leader", "officer", "next_leader", narrow={"pill": "on_time"}, bad=({"q": "\0"},),
    ),
    "overdue": Case(
        "/overdue/", "/overdue/export.{}", titles, 1, "leader", "officer", "unit_chief", "ward_chief",
        narrow={"duty": "dialogues.item:prepare"}, bad=({"unit": "\0"},),
    ),
    "overview": Case(
        "/overview/rows/items.all/", "/overview/export/items.all.{}",
        lambda context: [row.code for row in context["panel"].rows], 0, "leader", "officer",
        query={"key": "items.all", **EVER}, narrow={"key": "items.all", "since": "2030-01-01", "until": "2030-12-31"},
        bad=({"key": ""}, {"key": "items.nothing"}, {"key": "nothing"}),
    ),
    "post": Case(
        "/posts/{post}/handover/", "/posts/{post}/handover/{}/", titles, 1, "leader", "administrator",
        query={"post": "{post}"}, bad=({}, {"post": "x"}, {"post": "0"}, {"post": "9" * 30}),
    ),
    "ranking": Case(
        "/commitments/campaigns/CK-2020/ranking/", "/commitments/campaigns/CK-2020/ranking.{}", units_of_ranking, 4,
        "secretary", "next_leader", query={"code": "CK-2020"}, bad=({}, {"code": "KHONG-CO"}), shown={"group": "all"},
    ),
}  # fmt: skip


def build() -> Force:
    made = force()
    conference = conference_at(made)
    for state in ("assigned", "submitted"):
        item_at(made, state, conference=conference)
    for state in ("sent", "draft"):
        escalation_at(made, state)
    directive_at(made, "accepted", coordinating=[])
    directive_at(made, "issued", lead=made.next_town, coordinating=[])
    return made


WORLD = Kept(build)


@pytest.fixture
def world(db: None, kind: str, settings: Any, tmp_path: Path) -> Force:
    settings.EXPORT_ROOT = tmp_path
    made = WORLD()
    if kind == "ranking":  # the terms of a campaign cannot be put back row by row
        published(made)
    return made


def filled(words: str, world: Force, *values: str) -> str:
    return words.format(*values, post=world.unit_chief.positions.get().pk)


def query_of(case: Case, world: Force, more: dict[str, str] | None = None) -> str:
    return urlencode({name: filled(value, world) for name, value in {**case.query, **(more or {})}.items()})


def cells(response: Any, column: int) -> list[Any]:
    content = b"".join(response.streaming_content)
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        return [row[column] for row in sheet.iter_rows(min_row=2, values_only=True)]
    return [row[column] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))][1:]


def written(client: Client, kind: str, form: str, query: str, column: int) -> list[Any]:
    """By the worker: asked for on the page, and opened there."""
    page = client.post(f"/exports/new/{kind}/{form}/?{query}")["Location"]
    assert work_exports(timezone.now()) == 1
    assert client.get(page).context["closed"] is False
    return cells(client.get(f"{page}file/"), column)


def test_every_kind_is_tried() -> None:
    assert set(CASES) == set(project.EXPORTS)


@pytest.mark.parametrize("kind", CASES)
def test_the_file_has_the_rows_of_the_page(world: Force, kind: str) -> None:
    case, counts = CASES[kind], {}
    for who in filter(None, (case.everything, case.some, case.none)):
        client, query = signed_in(world.people[who]), query_of(case, world)
        page = client.get(f"{filled(case.page, world)}?{query_of(case, world, case.shown)}").context
        rows = case.rows(page)
        assert written(client, kind, "xlsx", query, case.column) == [row or None for row in rows]
        counts[who] = len(rows)
    numbers = list(counts.values())
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)
    assert (numbers[-1] == 0) is bool(case.none)


@pytest.mark.parametrize("kind", [kind for kind, case in CASES.items() if case.narrow])
def test_the_filters_of_the_address_are_kept(world: Force, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the button of the list to the worker's file; short, the same file comes at once."""
    case, client = CASES[kind], signed_in(world.people[CASES[kind].everything])
    form = "xlsx" if kind == "overview" else "csv"
    file, query = filled(case.file, world, form), query_of(case, world, case.narrow)
    at_once = cells(client.get(f"{file}?{query}"), case.column)
    assert len(at_once) < len(cells(client.get(f"{file}?{query_of(case, world)}"), case.column))
    monkeypatch.setattr(exports, "AT_ONCE", len(at_once) - 1)
    offered = client.get(f"{file}?{query}")
    assert offered.status_code == 302
    kept = QueryDict(offered["Location"].partition("?")[2]).dict()
    assert offered["Location"].startswith(f"/exports/new/{kind}/{form}/?")
    assert kept == QueryDict(query).dict()
    assert client.get(offered["Location"]).context["sheet"].is_long
    assert written(client, kind, form, urlencode(kept), case.column) == at_once


@pytest.mark.parametrize("kind", CASES)
def test_who_may_not_have_it_and_what_there_is_not(world: Force, kind: str) -> None:
    case = CASES[kind]
    refused, client = signed_in(world.people[case.refused]), signed_in(world.people[case.everything])
    query = query_of(case, world)
    assert refused.get(f"{filled(case.file, world, 'xlsx')}?{query}").status_code in (403, 404)
    assert refused.post(f"/exports/new/{kind}/xlsx/?{query}").status_code == 404
    for bad in case.bad:
        assert client.post(f"/exports/new/{kind}/csv/?{urlencode(bad)}").status_code == 404
    for method in (client.get, client.post):
        assert method(f"/exports/new/{kind}/exe/?{query}").status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("kind", CASES)
def test_a_post_that_ends_takes_the_file_with_it(world: Force, kind: str) -> None:
    """What was written stays closed, what was not is not."""
    case, yesterday = CASES[kind], timezone.localdate() - timedelta(days=1)
    client, query = signed_in(world.people[case.everything]), query_of(case, world)
    page = client.post(f"/exports/new/{kind}/xlsx/?{query}")["Location"]
    work_exports(timezone.now())
    assert cells(client.get(f"{page}file/"), case.column)
    late = client.post(f"/exports/new/{kind}/xlsx/?{query}")["Location"]
    world.people[case.everything].positions.update(valid_to=yesterday)
    work_exports(timezone.now())
    assert client.get(f"{page}file/").status_code == 404
    assert client.get(page).context["closed"] is True
    assert Export.objects.get(pk=late.split("/")[2]).state == "failed"
