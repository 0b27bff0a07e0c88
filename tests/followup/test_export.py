"""Long tables: written by the worker, repeated when it dies, open to whoever asked for a week."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.documents.table import write_table
from cchc.followup.domain import export as exports
from cchc.followup.exporting import work_exports
from cchc.followup.models import Export
from cchc.followup.models import export as model
from cchc.followup.sentences import sentences
from cchc.workflow.models import Notice
from tests.dialogues.factories import conference_at, item_at
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db
ITEMS = "/exports/new/items/xlsx/?pill=all"
DAY = timezone.localdate


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A table of three rows is long; they are files of this test."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr(exports, "STEP", 1)
    settings.EXPORT_ROOT = tmp_path


@pytest.fixture
def asked(force: Force) -> Export:
    conference = conference_at(force)
    for _each in range(3):
        item_at(force, "assigned", conference=conference)
    query = QueryDict("pill=all")
    return exports.ask("items", "xlsx", query, "vi", by=force.secretary, at=timezone.now(), day=DAY())


def test_from_the_page_to_the_file(force: Force, asked: Export, tmp_path: Path) -> None:
    client = signed_in(force.secretary)
    offered = client.get(reverse("item_export", args=["xlsx"]), {"pill": "all"})
    assert (offered.status_code, offered["Location"]) == (302, ITEMS)
    assert client.get(ITEMS).status_code == 200
    assert Export.objects.count() == 1
    page = client.post(ITEMS)["Location"]
    assert page == asked.get_absolute_url()  # asked twice it is the same
    assert client.get(f"{page}file/").status_code == 404
    assert 'hx-trigger="every 2s"' in client.get(page).content.decode()

    assert work_exports(timezone.now()) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.written, asked.total, asked.tries) == ("ready", 3, 3, 1)
    assert "every 2s" not in client.get(page).content.decode()
    assert "every 2s" not in client.get(page, headers={"HX-Target": "progress"}).content.decode()
    file = client.get(f"{page}file/")
    assert file["Cache-Control"] == "private, no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert len(list(sheet.rows)) == 1 + 3
    told = sentences(Notice.objects.filter(event__subject_type="followup.export"), force.secretary)
    assert [(line.link.url if line.link else "", line.mine) for line in told] == [(page, True)]


def test_it_is_nobody_else_s(force: Force, asked: Export) -> None:
    work_exports(timezone.now())
    for client in (signed_in(force.leader), signed_in(force.administrator)):
        for name in ("export_show", "export_file"):
            assert client.get(reverse(name, args=[asked.pk])).status_code == 404
    assert Client().get(reverse("export_file", args=[asked.pk])).status_code == 302
    assert signed_in(force.officer).post(ITEMS).status_code == 404
    assert signed_in(force.secretary).post("/exports/new/none/xlsx/").status_code == 404


def test_a_worker_that_dies_is_followed_by_another(asked: Export) -> None:
    at = timezone.now()
    clock = Clock(at)

    class Killed(BaseException):
        pass

    def dies(form: str, file: Any, columns: Any, rows: Iterator[Any]) -> None:
        next(rows)
        raise Killed

    with pytest.raises(Killed):
        exports.work_on(asked.pk, dies, clock, DAY())
    asked.refresh_from_db()
    assert (asked.state, asked.tries) == ("writing", 1)
    assert not exports.work_on(asked.pk, write_table, clock, DAY())  # it may be alive
    clock.at = at + exports.SILENCE + timedelta(seconds=1)

    def overtaken(form: str, file: Any, columns: Any, rows: Iterator[Any]) -> None:
        """This one was only slow: another has claimed and written it meanwhile."""
        clock.at += exports.SILENCE + timedelta(seconds=1)
        assert exports.work_on(asked.pk, write_table, clock, DAY())
        write_table(form, file, columns, rows)

    assert not exports.work_on(asked.pk, overtaken, clock, DAY())
    asked.refresh_from_db()
    assert (asked.state, asked.written, asked.tries) == ("ready", 3, 3)
    assert [path.name for path in exports.path_of(asked).parent.iterdir()] == [f"{asked.pk}.xlsx"]
    assert Notice.objects.filter(event__subject_type="followup.export").count() == 1


def test_what_fails_ends(force: Force, asked: Export) -> None:
    clock = Clock(timezone.now())

    def fails(form: str, file: Any, columns: Any, rows: Any) -> None:
        raise ValueError

    for _each in range(exports.MOST_TRIES):
        with pytest.raises(ValueError):
            exports.work_on(asked.pk, fails, clock, DAY())
        clock.at += exports.SILENCE + timedelta(seconds=1)
    assert exports.work_on(asked.pk, write_table, clock, DAY())
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert signed_in(force.secretary).get(asked.get_absolute_url()).status_code == 200


def test_the_right_is_asked_for_again(force: Force, asked: Export) -> None:
    force.secretary.positions.update(valid_to=DAY() - timedelta(days=1))
    work_exports(timezone.now())
    asked.refresh_from_db()
    assert asked.state == "failed"


def test_after_a_week_it_is_gone(force: Force, asked: Export) -> None:
    work_exports(timezone.now())
    path = exports.path_of(asked)
    stray = path.with_name("left-behind")
    stray.write_text("")
    asked.refresh_from_db()
    assert asked.kept_until is not None
    assert exports.sweep(asked.kept_until - timedelta(minutes=1)) == 1  # the stray one
    assert exports.file_of(asked, asked.kept_until) is None
    assert path.exists()
    assert exports.sweep(asked.kept_until + timedelta(minutes=1)) == 1
    assert not path.exists() and not Export.objects.exists()


def test_what_no_file_holds_is_left_out_and_said(force: Force, asked: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (exports, model):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    work_exports(timezone.now())
    asked.refresh_from_db()
    assert (asked.state, asked.written, asked.total, asked.is_cut) == ("ready", 2, 3, True)
    client = signed_in(force.secretary)
    assert client.get(asked.get_absolute_url()).context["export"].is_cut
    file = client.get(f"{asked.get_absolute_url()}file/")
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert len(list(sheet.rows)) == 1 + 2


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at
