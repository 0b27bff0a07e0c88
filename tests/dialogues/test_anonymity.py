"""Who asked? After an anonymous question nothing that is kept anywhere answers that (security.md §3, fault 23).

The whole database is compared before and after, whatever tables it has by then, and each scan is also run on a named
question, where it must find the asker: a scan that finds nothing there would prove nothing here.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import AbstractBaseSession
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.organization.models import Person
from cchc.organization.models.session import Session
from cchc.workflow.models import Notice
from dialogues.domain.intake import track
from dialogues.models import Conference, Item
from tests.dialogues.asking import TEXT, open_now, typed, typed_by_guest
from tests.dialogues.factories import move
from tests.factories import Force

PASSWORD = "Mot mat khau dai 2026"
FILE = "Đơn của Nguyễn Văn An.txt"


@dataclass(frozen=True)
class Trace:
    """A row that came or changed."""

    table: str
    row: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.row, ensure_ascii=False, default=str)


class Watch:
    """What became of the database, row by row, between begin() and traces()."""

    def __init__(self) -> None:
        self.before = self._rows()

    def traces(self) -> list[Trace]:
        after = self._rows()
        return [
            Trace(table, json.loads(row))
            for table, rows in after.items()
            for row in (rows - self.before[table]).elements()
        ]

    @staticmethod
    def _rows() -> dict[str, Counter[str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            tables = [name for (name,) in cursor.fetchall()]
            found = {}
            for table in tables:
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
                found[table] = Counter(row for (row,) in cursor.fetchall())
        return found


def columns_of_people() -> set[tuple[str, str]]:
    """Every column that points to a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.contype = 'f' AND c.confrelid = 'organization_person'::regclass"
        )
        return {(table, column) for table, column in cursor.fetchall()}


def mentions(trace: Trace, person: Person, columns: set[tuple[str, str]]) -> bool:
    pointed = any(trace.row.get(column) == person.pk for table, column in columns if table == trace.table)
    told = [
        person.username,
        person.full_name,
        "Đội Cảnh sát quản lý",
        f'"actor": {person.pk},',
        f'"actor":{person.pk},',
    ]
    return pointed or any(word in trace.text for word in told) or f'\\"actor\\":{person.pk},' in trace.text


def tables_that_mention(traces: list[Trace], person: Person) -> set[str]:
    columns = columns_of_people()
    return {trace.table for trace in traces if mentions(trace, person, columns)}


@pytest.fixture(autouse=True)
def _alone(db: None, settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def conference(force: Force) -> Conference:
    return open_now(force)


@pytest.fixture
def officer(client: Client, force: Force) -> Client:
    """Signed in through the real page."""
    force.officer.set_password(PASSWORD)
    force.officer.save()
    answer = client.post(reverse("login"), {"username": force.officer.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def asks(client: Client, conference: Conference, identity: str) -> Any:
    """The whole way: the form, typing and changing one's mind, what is alike, a file, sending."""
    address, draft = reverse("ask_form", args=[conference.code]), reverse("ask_draft", args=[conference.code])
    assert client.get(address).status_code == 200
    client.post(draft, typed(identity=None))
    client.post(draft, typed(identity="named"))
    client.post(draft, typed(identity=identity))
    client.post(reverse("ask_similar", args=[conference.code]), {"text": TEXT}, headers={"HX-Request": "true"})
    client.post(address, typed(identity=identity, text=""))  # refused once
    file = SimpleUploadedFile(FILE, "Nội dung kèm theo".encode())
    return client.post(address, typed(identity=identity, files=[file]))


def code_on(answer: Any) -> str:
    found = re.search(r'id="code">([0-9A-Z-]+)<', answer.content.decode())
    assert found
    return found.group(1)


# --- the database ---
def test_no_row_leads_back(officer: Client, force: Force, conference: Conference) -> None:
    watch = Watch()
    code = code_on(asks(officer, conference, "anonymous"))
    item, traces = track(code), watch.traces()
    assert item is not None
    assert tables_that_mention(traces, force.officer) <= {"organization_session"}
    for secret in (code, code.replace("-", ""), FILE, "Nguyễn Văn An"):
        assert not [trace for trace in traces if secret in trace.text], secret


def test_the_same_scan_finds_a_named_asker(officer: Client, force: Force, conference: Conference) -> None:
    watch = Watch()
    asks(officer, conference, "named")
    found = tables_that_mention(watch.traces(), force.officer)
    assert {"dialogues_item", "workflow_event", "documents_attachment"} <= found


def test_of_the_time_only_the_day_is_kept(officer: Client, conference: Conference) -> None:
    watch = Watch()
    asks(officer, conference, "anonymous")
    moments = list(moments_in(watch.traces(), str(Item.objects.get().pk)))
    assert len(moments) >= 5
    assert {f"{timezone.localtime(moment):%H:%M:%S.%f}" for _where, moment in moments} == {"00:00:00.000000"}, moments


def test_the_same_scan_finds_the_hour_of_a_named_one(officer: Client, conference: Conference) -> None:
    watch = Watch()
    asks(officer, conference, "named")
    moments = list(moments_in(watch.traces(), str(Item.objects.get().pk)))
    assert {f"{timezone.localtime(moment):%H:%M:%S.%f}" for _where, moment in moments} != {"00:00:00.000000"}


def moments_in(traces: list[Trace], pk: str) -> Iterator[tuple[str, datetime]]:
    """Every moment in a row that belongs to the item, or that names nobody and could be laid beside it."""
    for trace in traces:
        if trace.table in ("organization_session", "cache") or (
            pk not in trace.text and trace.table != "workflow_notice"
        ):
            continue
        for column, value in trace.row.items():
            if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
                yield f"{trace.table}.{column}", datetime.fromisoformat(value)


def test_the_file_has_neither_name_nor_hour(officer: Client, conference: Conference, tmp_path: Path) -> None:
    asks(officer, conference, "anonymous")
    kept = [path for path in tmp_path.glob("*/*") if path.is_file()]
    assert len(kept) == 1
    changed = timezone.localtime(datetime.fromtimestamp(kept[0].stat().st_mtime, tz=timezone.get_default_timezone()))
    assert (changed.hour, changed.minute, changed.second) == (0, 0, 0)


# --- session, counts, drafts, notices ---
def test_the_session_learns_nothing(officer: Client, force: Force, conference: Conference) -> None:
    before = _session()
    answer = asks(officer, conference, "anonymous")
    after = _session()
    assert {*after} == {*before}
    assert {name for name in after if after[name] != before[name]} <= {"_seen"}
    seen = Session.objects.get().seen_at
    assert seen is not None
    assert (seen.second, seen.microsecond, seen.minute % 5) == (0, 0, 0)
    assert {*answer.cookies} <= {"cchc_csrf"}


def _session() -> dict[str, Any]:
    session: AbstractBaseSession = Session.objects.get()
    return dict(session.get_decoded())


def test_what_counts_uses_counts_nobody(officer: Client, force: Force, conference: Conference) -> None:
    watch = Watch()
    asks(officer, conference, "anonymous")
    keys = {trace.row["cache_key"] for trace in watch.traces() if trace.table == "cache"}
    assert keys
    assert all(":limit:ask-anonymous:" in key for key in keys), keys


def test_no_draft_and_no_notice_remain(officer: Client, force: Force, conference: Conference) -> None:
    watch = Watch()
    asks(officer, conference, "anonymous")
    tables = {trace.table for trace in watch.traces()}
    assert "web_draft" not in tables
    assert not Notice.objects.filter(person=force.officer).exists()
    assert Notice.objects.filter(person=force.secretary).exists()


# --- logs and answers ---
def test_no_log_line_tells(officer: Client, force: Force, conference: Conference, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        code = code_on(asks(officer, conference, "anonymous"))
        officer.post(reverse("guest_track"), {"code": code})
        officer.post(reverse("ask_form", args=[conference.code]), typed(identity="anonymous", kind="x"))
    told = [force.officer.username, force.officer.full_name, TEXT, code, code.replace("-", ""), FILE]
    assert not [line for line in caplog.messages for word in told if word in line]


def test_no_address_holds_the_code_or_the_text(officer: Client, conference: Conference) -> None:
    answer = asks(officer, conference, "anonymous")
    code, page = code_on(answer), answer.content.decode()
    addresses = re.findall(r'(?:href|action|src|formaction|hx-\w+)="([^"]*)"', page)
    assert addresses
    assert not [address for address in addresses if code in address or code.replace("-", "") in address]
    assert answer.headers["Cache-Control"] == "no-store"


# --- what people see ---
def test_nobodys_page_names_the_asker(officer: Client, force: Force, conference: Conference) -> None:
    item = track(code_on(asks(officer, conference, "anonymous")))
    assert item is not None
    page = reverse("item_show", args=[item.pk])
    assert officer.get(page).status_code == 404  # not even his own account knows it
    for action in ("accept", "assign", "prepare", "answer", "publish"):
        item = move(item, action, force, at=timezone.now())
        for person in (force.secretary, force.leader, force.unit_chief, force.ward_chief, force.inspector):
            officer.force_login(person)
            for address in (page, reverse("item_list")):
                shown = officer.get(address).content.decode()
                assert force.officer.full_name not in shown, (action, person)
                assert force.officer.username not in shown, (action, person)
    assert not Notice.objects.filter(person=force.officer).exists()


# --- afterwards, by the code ---
def test_acting_by_the_code_while_signed_in_leaves_no_trace(
    officer: Client, force: Force, conference: Conference
) -> None:
    code = code_on(asks(officer, conference, "anonymous"))
    item = track(code)
    assert item is not None
    for action in ("accept", "assign", "prepare", "answer", "publish"):
        item = move(item, action, force, at=timezone.now())
    watch = Watch()
    officer.post(reverse("guest_track"), {"code": code})
    officer.post(reverse("guest_track_rate"), {"code": code, "stars": "4", "on_topic": "yes", "comment": "Rõ ràng"})
    officer.post(reverse("guest_track_do", args=["confirm"]), {"code": code, "seen": item.moves})
    traces = watch.traces()
    assert Item.objects.get().state == "closed"
    assert tables_that_mention(traces, force.officer) <= {"organization_session"}
    feedback = [trace for trace in traces if trace.table == "dialogues_feedback"]
    assert len(feedback) == 1
    assert not [value for value in feedback[0].row.values() if isinstance(value, str) and "T" in value and ":" in value]


def test_a_guest_leaves_neither_address_nor_browser(client: Client, conference: Conference) -> None:
    client.get(reverse("guest_enter", args=[conference.guest_key]), REMOTE_ADDR="198.51.100.23")
    cookie = client.cookies["cchc_guest"].value
    watch = Watch()
    fields = typed_by_guest(identity="anonymous", asker_contact="0912345678", locality="Phường Hòa Bình")
    answer = client.post(reverse("guest_ask"), fields, REMOTE_ADDR="198.51.100.23", HTTP_USER_AGENT="Trình duyệt riêng")
    assert answer.status_code == 200
    traces = watch.traces()
    for told in (
        "198.51.100.23",
        cookie,
        cookie.split(":")[0],
        "Trình duyệt riêng",
        "Lê Thị Hồng",
        "0912345678",
        "Hòa Bình",
    ):
        assert not [trace for trace in traces if told in trace.text], told
    assert not [trace for trace in traces if trace.table == "organization_session"]


def test_a_session_that_ended_while_typing_keeps_nothing_either(officer: Client, conference: Conference) -> None:
    Session.objects.all().delete()
    watch = Watch()
    answer = officer.post(reverse("ask_form", args=[conference.code]), typed(identity="anonymous"))
    assert answer.status_code == 401
    assert not [trace for trace in watch.traces() if TEXT in trace.text]
