"""The ledger cannot be changed by the web, and a change by the owner is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cchc.workflow.chain import verify
from cchc.workflow.engine import record
from cchc.workflow.models import Event
from tests.factories import AT, Force


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        cursor.execute(sql)


@pytest.fixture
def events(force: Force) -> list[Event]:
    return [record(force.town, "edit", by=force.administrator, at=AT, note=f"Lần {n}") for n in range(5)]


@pytest.fixture
def as_web(events: list[Event]) -> Iterator[None]:
    call_command("grant_web_role", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cchc_web")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


REFUSED = [
    "UPDATE workflow_event SET payload = '{}' WHERE seq = 3",
    "DELETE FROM workflow_event WHERE seq = 3",
    "TRUNCATE workflow_event CASCADE",
    "ALTER TABLE workflow_event DISABLE TRIGGER ALL",
    "DROP TABLE workflow_event CASCADE",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (id int)",
    "DELETE FROM django_migrations",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_the_web_role_cannot_touch_the_past(as_web: None, sql: str) -> None:
    with pytest.raises(DatabaseError):
        run(sql)
    assert verify().ok


def test_the_web_role_adds_and_reads(as_web: None, force: Force) -> None:
    added = record(force.town, "edit", by=force.administrator, at=AT)
    assert Event.objects.get(seq=added.seq).hash == added.hash == verify().head


def test_the_web_role_owns_nothing(as_web: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'cchc_web'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("sql", REFUSED[:3])
def test_even_the_owner_is_refused_while_the_triggers_stand(events: list[Event], sql: str) -> None:
    run("ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept_whole")
    with pytest.raises(DatabaseError):
        run(sql)
    run("ALTER TABLE workflow_event DISABLE TRIGGER event_kept_whole")


TAMPERED = [
    "UPDATE workflow_event SET payload = replace(payload, 'Lần 2', 'Lần 9') WHERE seq = {seq}",
    "UPDATE workflow_event SET at = at + interval '1 day' WHERE seq = {seq}",
    "UPDATE workflow_event SET actor_id = NULL WHERE seq = {seq}",
    "UPDATE workflow_event SET hash = repeat('0', 64) WHERE seq = {seq}",
    "DELETE FROM workflow_event WHERE seq = {seq}",
]


@pytest.mark.parametrize("sql", TAMPERED)
def test_tampering_past_the_triggers_is_found(events: list[Event], sql: str) -> None:
    assert verify().ok
    run("ALTER TABLE workflow_event DISABLE TRIGGER event_kept")
    run(sql.format(seq=events[2].seq))
    run("ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept")
    broken = verify().first_broken
    assert broken is not None
    assert events[2].seq <= broken <= events[3].seq
    with pytest.raises(CommandError, match=str(broken)):
        call_command("verify_events")


def test_the_numbers_have_no_gap(events: list[Event]) -> None:
    assert [later.seq - earlier.seq for earlier, later in pairwise(events)] == [1] * 4
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:-1]]
    assert verify().events == Event.objects.count()
