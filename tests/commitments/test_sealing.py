"""Sealing is the worker's: it finds what waits, survives a bad certificate, and loses no signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cchc.documents.domain.seal import verify
from cchc.followup.models import Pulse
from commitments.models import Commitment
from commitments.tasks import seal_waiting
from tests.commitments.factories import AT, commitment_at
from tests.factories import Force


@pytest.fixture(autouse=True)
def _own_certificate(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def test_what_both_have_signed_is_sealed_once(force: Force) -> None:
    made = commitment_at(force, "in_force")
    assert seal_waiting(AT) == 1
    assert seal_waiting(AT) == 0
    made.refresh_from_db()
    found = verify(bytes(made.sealed.data))
    assert [(each.intact, each.whole) for each in found] == [(True, True)]
    assert Pulse.objects.get(name="seal").ok


def test_a_wrong_certificate_keeps_the_signature_and_is_told(force: Force, settings: Any, tmp_path: Path) -> None:
    made = commitment_at(force, "in_force")
    wrong = tmp_path / "wrong.p12"
    wrong.write_bytes(b"no certificate")
    settings.SEAL_P12 = str(wrong)
    assert seal_waiting(AT) == 0
    made.refresh_from_db()
    assert made.state == "in_force"
    assert made.seal_problem
    assert not Pulse.objects.get(name="seal").ok
    settings.SEAL_P12 = ""
    assert seal_waiting(AT) == 1
    made.refresh_from_db()
    assert (made.seal_problem, Commitment.objects.unsealed().count()) == ("", 0)
    assert Pulse.objects.get(name="seal").ok


def test_one_changed_byte_is_found(force: Force) -> None:
    made = commitment_at(force, "in_force")
    seal_waiting(AT)
    made.refresh_from_db()
    data = bytearray(made.sealed.data)
    data[len(data) // 3] ^= 1
    assert not any(each.valid for each in verify(bytes(data)))
