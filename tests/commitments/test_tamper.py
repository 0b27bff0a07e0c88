"""What was signed, scored and ranked: the web's role is refused every change, and the owner's are found afterwards.

One year is lived through once for this file; every change is taken back.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from cchc.documents.domain.certificate import SealProblem
from cchc.documents.domain.seal import verify
from commitments.domain.check import check
from commitments.models import Commitment, Ranking
from commitments.tasks import seal_waiting
from tests.commitments.test_year import published
from tests.factories import force

pytestmark = pytest.mark.django_db
NOW = datetime.now(tz=UTC)
TABLES = (
    "commitments_signature", "documents_paper", "commitments_task", "commitments_score", "commitments_ranking",
    "commitments_place", "commitments_commitment", "commitments_campaign", "commitments_criterion",
    "commitments_level", "commitments_group", "commitments_signatory", "commitments_entry", "workflow_event",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def year(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A published ranking over a sealed commitment; rolled back after the last test."""
    home = tmp_path_factory.mktemp("seal")
    with django_db_blocker.unblock(), override_settings(VAR_DIR=home), transaction.atomic():
        published(force())
        assert seal_waiting(NOW) == 1
        call_command("grant_web_role", verbosity=0, stdout=io.StringIO())
        yield home
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _certificate(settings: Any, year: Path) -> None:
    settings.VAR_DIR = year


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        for statement in statements:
            cursor.execute(statement)


def as_owner(*statements: str) -> None:
    """With every trigger asleep; the statements must change something."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement


def test_untouched_nothing_is_found() -> None:
    found = check()
    assert (found.faults, found.commitments > 0, found.papers > 0) == ([], True, True)
    said = io.StringIO()
    call_command("check_commitments", stdout=said)
    assert said.getvalue()


BYTE = "set_byte(data, length(data) / 3, get_byte(data, length(data) / 3) # 1)"
SEALED = "id = (SELECT sealed_id FROM commitments_commitment WHERE state = 'final')"
SIGNED = "id = (SELECT paper_id FROM commitments_commitment WHERE state = 'final')"
FINAL = "state = 'final'"
REFUSED = [
    "UPDATE commitments_signature SET name = 'Người khác'",
    "DELETE FROM commitments_signature",
    f"UPDATE documents_paper SET data = {BYTE} WHERE {SEALED}",
    f"UPDATE documents_paper SET data = {BYTE}, digest = encode(sha256({BYTE}), 'hex') WHERE {SEALED}",
    "DELETE FROM documents_paper",
    f"UPDATE commitments_commitment SET content = replace(content, '95', '59') WHERE {FINAL}",
    f"UPDATE commitments_commitment SET paper_id = sealed_id WHERE {FINAL}",
    f"UPDATE commitments_commitment SET sealed_id = paper_id WHERE {FINAL}",
    "UPDATE commitments_task SET target = 1 WHERE weight = 60",
    "DELETE FROM commitments_task",
    "UPDATE commitments_score SET points = 100",
    "DELETE FROM commitments_score",
    "UPDATE commitments_ranking SET content = replace(content, '78.0', '98.0')",
    "DELETE FROM commitments_ranking",
    "UPDATE commitments_place SET overall = 9 WHERE overall = 1",
    "DELETE FROM commitments_place",
    "UPDATE commitments_campaign SET excellent_percent = 100",
    "UPDATE commitments_criterion SET weight = 50",
    "DELETE FROM commitments_level",
    *(f"TRUNCATE {table} CASCADE" for table in TABLES[:6]),
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES[:6]),
    "DROP FUNCTION commitments_row_kept() CASCADE",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_web_role_is_refused(statement: str) -> None:
    run("SET LOCAL ROLE cchc_web")
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)
    run("RESET ROLE")


def digest(table: str) -> str:
    return f"UPDATE {table} SET digest = encode(sha256(convert_to(content, 'UTF8')), 'hex') WHERE content <> ''"


AS_OWNER: dict[str, list[str]] = {
    "a name under a signature": ["UPDATE commitments_signature SET name = 'Lê Văn Khác' WHERE seat = 'leader'"],
    "who signed": ["UPDATE commitments_signature SET person_id = person_id + 1 WHERE seat = 'chief'"],
    "when it was signed": ["UPDATE commitments_signature SET at = at - interval '1 day' WHERE seat = 'chief'"],
    "under which post": ["UPDATE commitments_signature SET title = 'Chỉ huy' WHERE seat = 'chief'"],
    "under which text": ["UPDATE commitments_signature SET digest = repeat('0', 64) WHERE seat = 'leader'"],
    "a signature taken away": ["DELETE FROM commitments_signature WHERE seat = 'leader'"],
    "a signature put there": [
        "INSERT INTO commitments_signature"
        " (commitment_id, seat, person_id, name, rank, title, unit_name, acting_kind, authority, digest, at)"
        " SELECT (SELECT min(id::text)::uuid FROM commitments_commitment WHERE state = 'lapsed'),"
        " seat, person_id, name, rank, title, unit_name, acting_kind, authority, digest, at"
        " FROM commitments_signature WHERE seat = 'chief'"
    ],
    "a byte of the sealed paper": [
        f"UPDATE documents_paper SET data = {BYTE}, digest = encode(sha256({BYTE}), 'hex') WHERE {SEALED}"
    ],
    "a byte of the signed paper": [
        f"UPDATE documents_paper SET data = {BYTE}, digest = encode(sha256({BYTE}), 'hex') WHERE {SIGNED}"
    ],
    "another paper as the sealed one": [f"UPDATE commitments_commitment SET sealed_id = paper_id WHERE {FINAL}"],
    "the seal taken away": [f"UPDATE commitments_commitment SET sealed_id = NULL, sealed_at = NULL WHERE {FINAL}"],
    "the text with its digest": [
        f"UPDATE commitments_commitment SET content = replace(content, '95', '59') WHERE {FINAL}",
        digest("commitments_commitment"),
    ],
    "the text, its task and its digest": [
        f"UPDATE commitments_commitment SET content = replace(content, '\"95\"', '\"59\"') WHERE {FINAL}",
        "UPDATE commitments_task SET target = 59",
        digest("commitments_commitment"),
    ],
    "the target of a task": ["UPDATE commitments_task SET target = 1 WHERE weight = 60"],
    "a task taken away": [
        "DELETE FROM commitments_entry", "DELETE FROM commitments_report WHERE task_id IS NOT NULL",
        "DELETE FROM commitments_task WHERE weight = 60",
    ],
    "a state": ["UPDATE commitments_commitment SET state = 'terminated' WHERE state = 'final'"],
    "the day of coming into force": [f"UPDATE commitments_commitment SET in_force_at = now() WHERE {FINAL}"],
    "the code of the paper": [f"UPDATE commitments_commitment SET check_code = repeat('A', 16) WHERE {FINAL}"],
    "the number of the version": [f"UPDATE commitments_commitment SET version = 3 WHERE {FINAL}"],
    "what a unit reported": ["UPDATE commitments_entry SET value = 100 WHERE value = 76"],
    "on which day it was finished": ["UPDATE commitments_entry SET done_on = done_on - 2"],
    "a report taken away": ["DELETE FROM commitments_entry", "DELETE FROM commitments_report"],
    "points": ["UPDATE commitments_score SET points = 99 WHERE stage = 'leader'"],
    "points and what stood before the next": [
        "UPDATE commitments_score SET points = 99 WHERE stage = 'self'",
        "UPDATE commitments_score SET before = 99 WHERE before = 90",
    ],
    "computed points": ["UPDATE commitments_score SET points = 99 WHERE stage = 'automatic'"],
    "who gave points": ["UPDATE commitments_score SET by_id = by_id + 1 WHERE stage = 'check'"],
    "points taken away": ["DELETE FROM commitments_score WHERE stage = 'leader'"],
    "points put there": [
        "INSERT INTO commitments_score (commitment_id, criterion_id, stage, points, before, note, basis, by_id, at)"
        " SELECT commitment_id, criterion_id, 'objection', 99, points, '', '[]', by_id, now()"
        " FROM commitments_score WHERE stage = 'leader'"
    ],
    "a place": ["UPDATE commitments_place SET overall = 2 WHERE overall = 1"],
    "the score of a place": ["UPDATE commitments_place SET score = 99 WHERE overall = 1"],
    "why a unit is not ranked": ["UPDATE commitments_place SET unranked = 'terminated' WHERE unranked = 'unsigned'"],
    "a place taken away": ["DELETE FROM commitments_place WHERE overall = 1"],
    "the ranking with its input, its places and its digest": [
        "UPDATE commitments_ranking SET content = replace(content, '78.0', '98.0')",
        "UPDATE commitments_place SET score = 98.0, level = 'Hoàn thành xuất sắc nhiệm vụ',"
        " level_by_score = 'Hoàn thành xuất sắc nhiệm vụ' WHERE overall = 1",
        digest("commitments_ranking"),
    ],
    "the number of the notice": ["UPDATE commitments_ranking SET document = '99/TB'"],
    "the ranking taken away": ["DELETE FROM commitments_place", "DELETE FROM commitments_ranking"],
    "the terms": ["UPDATE commitments_campaign SET late_factor = 1"],
    "the terms with their digest": [
        "UPDATE commitments_campaign SET content = replace(content, '0.75', '1.00'), late_factor = 1",
        digest("commitments_campaign"),
    ],
    "a weight": ["UPDATE commitments_criterion SET weight = 50"],
    "the campaign's state": ["UPDATE commitments_campaign SET state = 'open'"],
    "a unit that need not sign": [
        "DELETE FROM commitments_signatory WHERE id = (SELECT min(id) FROM commitments_signatory)"
    ],
    "the ledger": ["UPDATE workflow_event SET action = 'sign' WHERE action = 'countersign'"],
}  # fmt: skip


@pytest.mark.parametrize("what", AS_OWNER)
def test_what_the_owner_changes_is_found(what: str) -> None:
    as_owner(*AS_OWNER[what])
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_commitments", stdout=said)
    assert said.getvalue().strip()


def test_the_findings_name_the_paper_and_no_contents() -> None:
    code = Commitment.objects.get(state="final").code
    as_owner("UPDATE commitments_task SET text = 'Bí mật' WHERE weight = 60")
    (fault,) = check().faults
    assert fault.startswith(code)
    assert "Bí mật" not in fault and "Nhiệm vụ 1" not in fault


def test_a_name_that_changed_with_its_person_is_no_tampering() -> None:
    """Units and people are renamed by decision; the signature keeps the name of that day."""
    as_owner("UPDATE organization_person SET full_name = 'Tên mới'", "UPDATE organization_unit SET name = 'Đơn vị mới'")
    assert check().faults == []


def test_every_changed_byte_of_the_sealed_paper_is_noticed() -> None:
    """By the seal alone, wherever it lies; tests/commitments/test_verify.py asks the page the same."""
    sealed = Commitment.objects.select_related("sealed").get(state="final").sealed
    assert sealed is not None
    data = bytes(sealed.data)
    assert all(each.valid for each in verify(data))
    for place in range(100, len(data), len(data) // 12):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            assert not any(each.valid for each in verify(changed)), place
        except SealProblem:
            continue


def test_the_ranking_alone_is_checked_too() -> None:
    code = Ranking.objects.select_related("campaign").get().campaign.code
    call_command("check_ranking", code, stdout=io.StringIO())
    as_owner("UPDATE commitments_place SET score = 99 WHERE overall = 1")
    with pytest.raises(CommandError):
        call_command("check_ranking", code, stdout=io.StringIO())
