"""Sealed papers: what their signature shows, and that no changed byte passes."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.utils import timezone
from pyhanko.pdf_utils.generic import NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cchc.documents.domain import certificate
from cchc.documents.domain.certificate import SealProblem, own_certificate
from cchc.documents.domain.seal import Origin, SealFound, is_signed_copy, seal, verify
from cchc.documents.typesetting import typeset
from cchc.embedded import pdfsig
from commitments.documents.commitment import COMMITMENT
from tests.documents.certificates import PASSWORD, p12
from tests.documents.papers import AT, commitment, pages, words

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=timezone.get_default_timezone())
TOLD = {"reason": "Đóng dấu bản cam kết CK-2020-07", "location": "Thái Hòa"}


@pytest.fixture(scope="module")
def paper() -> bytes:
    return typeset(COMMITMENT, commitment(), at=AT)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One self-made certificate for all tests of this file: its key takes half a second to make."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR, settings.SEAL_P12, settings.SEAL_ROOTS = home, "", ""
    monkeypatch.setattr(certificate, "_organization", lambda: "Công an thị xã Thái Hòa")


@pytest.fixture
def sealed(paper: bytes) -> bytes:
    return seal(paper, at=NOW, **TOLD)


def one(pdf: bytes) -> SealFound:
    (found,) = verify(pdf)
    return found


def passes(pdf: bytes) -> bool:
    """Whether anybody could take this file for a sealed one."""
    try:
        found = verify(pdf)
    except SealProblem:
        return False
    return bool(found) and all(each.valid for each in found)


# --- What a seal says ------------------------------------------------------------------------------------------------


def test_a_sealed_paper_is_the_paper_and_a_signature_behind_it(paper: bytes, sealed: bytes) -> None:
    assert sealed.startswith(paper)
    found = one(sealed)
    assert found.valid and found.intact and found.whole and found.trusted
    assert (found.name, found.organization) == ("Công an thị xã Thái Hòa", "Công an thị xã Thái Hòa")
    assert found.at == NOW
    assert found.origin is Origin.SELF_MADE
    assert len(found.fingerprint) == 64
    assert verify(paper) == []


def test_its_stamp_says_who_when_and_that_the_certificate_is_self_made(paper: bytes, sealed: bytes) -> None:
    (widget,) = [each.get_object() for each in pages(sealed)[0]["/Annots"]]
    x1, y1, x2, y2 = (float(edge) / 72 * 25.4 for edge in widget["/Rect"])
    assert (round(x2), round(297 - y2)) == (195, 6) and x1 > 110 and y1 > 297 - 20  # in the top margin
    form = widget["/AP"]["/N"]["/Resources"]["/XObject"]
    (stamp,) = form.values()
    assert "/Font" in stamp.get("/Resources", {})
    assert words(sealed).startswith(words(paper)[:40])


def test_the_signature_is_pades_with_reason_and_place(sealed: bytes) -> None:
    (field,) = pypdf.PdfReader(io.BytesIO(sealed)).trailer["/Root"]["/AcroForm"]["/Fields"]
    signature = field.get_object()["/V"]
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert (signature["/Reason"], signature["/Location"]) == (TOLD["reason"], TOLD["location"])
    assert signature["/M"] == "D:20261122093015+07'00'"


def test_two_seals_are_both_valid(paper: bytes, sealed: bytes) -> None:
    twice = seal(sealed, at=NOW + timedelta(days=1), reason="Lần hai", location="Vinh")
    first, second = verify(twice)
    assert first.valid and second.valid
    assert (first.at, second.at) == (NOW, NOW + timedelta(days=1))
    assert is_signed_copy(twice, paper) and is_signed_copy(twice, sealed)


def test_pdfsig_agrees(tmp_path: Path, sealed: bytes) -> None:
    assert "Signature is Valid" in _pdfsig(tmp_path, sealed)
    told = _pdfsig(tmp_path, _flipped(sealed, 5000))
    assert "Digest Mismatch" in told and "Signature is Valid" not in told


# --- Alterations -----------------------------------------------------------------------------------------------------


def test_one_changed_byte_is_found_wherever_it_is(sealed: bytes) -> None:
    assert passes(sealed)
    step = len(sealed) // 150
    assert [place for place in range(0, len(sealed), step) if passes(_flipped(sealed, place))] == []


def test_a_changed_byte_in_the_signature_is_found(sealed: bytes) -> None:
    """Its envelope is the one part that it does not sign: digits of the signature, and the zeros behind it."""
    start = sealed.index(b"/Contents <") + len(b"/Contents <")
    end = sealed.index(b">", start)
    assert sealed[end - 20 : end] == b"0" * 20
    for place in (start + 3, end - 900, end - 10):
        other = b"7" if sealed[place : place + 1] != b"7" else b"5"
        assert not passes(sealed[:place] + other + sealed[place + 1 :])


def test_what_is_added_behind_a_seal_is_found(sealed: bytes) -> None:
    found = one(_covered(sealed))
    assert found.intact and not found.whole and not found.valid


def test_text_changed_before_a_signature_is_found(paper: bytes) -> None:
    """The signature itself is valid: it covers the changed text."""
    false = seal(_covered(paper), at=NOW, **TOLD)
    assert one(false).valid
    assert false.startswith(paper)
    assert not is_signed_copy(false, paper)


def test_a_signed_copy_is_told_from_another_paper(paper: bytes, sealed: bytes) -> None:
    assert is_signed_copy(sealed, paper)
    assert not is_signed_copy(paper, paper)  # nobody signed
    assert not is_signed_copy(sealed + b"\n% more", paper)
    other = typeset(COMMITMENT, commitment(version=3), at=AT)
    assert not is_signed_copy(seal(other, at=NOW, **TOLD), paper)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\x89PNG\r\n", b"GIF89a", b"%PDF-1.7\n" + bytes(2000)])
def test_what_is_no_pdf_is_a_sentence(content: bytes) -> None:
    for examine in (verify, lambda pdf: is_signed_copy(pdf, pdf), lambda pdf: seal(pdf, at=NOW, **TOLD)):
        with pytest.raises(SealProblem):
            examine(content)


def test_half_a_file_is_a_sentence_or_no_signature(sealed: bytes) -> None:
    assert not any(passes(sealed[: len(sealed) * part // 9]) for part in range(1, 9))


# --- Certificates ----------------------------------------------------------------------------------------------------


def test_the_self_made_certificate_is_for_its_owner_only_and_made_once(home: Path, sealed: bytes) -> None:
    folder = home / "seal"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == dict.fromkeys(
        ("key.pem", "certificate.pem", "root.pem"), 0o600
    )
    assert own_certificate(NOW).leaf == own_certificate(NOW + timedelta(days=900)).leaf
    root = load_pem_x509_certificate((folder / "root.pem").read_bytes())
    assert b"PRIVATE" not in (folder / "root.pem").read_bytes()
    assert own_certificate(NOW).leaf.verify_directly_issued_by(root) is None
    assert own_certificate(NOW).leaf.not_valid_after_utc.year == NOW.year + 10


def test_workers_that_start_together_make_one(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _number: own_certificate(NOW).leaf, range(4)))
    assert len({leaf.serial_number for leaf in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]


def test_it_bears_the_name_of_the_highest_body_and_never_the_ministry_s(
    settings: Any, tmp_path: Path, force: Any, monkeypatch: Any
) -> None:
    monkeypatch.undo()
    settings.VAR_DIR = tmp_path
    assert own_certificate(NOW).name == force.province.name


def test_a_real_certificate_takes_its_place(settings: Any, tmp_path: Path, paper: bytes, sealed: bytes) -> None:
    path, _root = p12(tmp_path / "seal.p12", at=NOW)
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD
    found = one(seal(paper, at=NOW, **TOLD))
    assert found.valid and found.origin is Origin.ORGANIZATION
    assert (found.name, found.organization) == ("CÔNG AN TỈNH NGHỆ AN", "Bộ Công an")
    # What was sealed before stays what it was.
    assert one(sealed).valid and one(sealed).origin is Origin.SELF_MADE


def test_a_stranger_s_signature_is_intact_and_not_trusted(settings: Any, tmp_path: Path, paper: bytes) -> None:
    path, root = p12(tmp_path / "person.p12", at=NOW, name="Hồ Đức Quyết")
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD
    signed = seal(paper, at=NOW, **TOLD)
    settings.SEAL_P12 = ""
    found = one(signed)
    assert found.intact and found.whole and not found.trusted and not found.valid
    assert found.origin is Origin.UNKNOWN
    (tmp_path / "roots.pem").write_bytes(root)
    settings.SEAL_ROOTS = str(tmp_path / "roots.pem")
    assert one(signed).valid and one(signed).origin is Origin.KNOWN
    assert is_signed_copy(signed, paper)


def test_a_certificate_of_the_same_name_is_not_the_same(settings: Any, tmp_path: Path, paper: bytes) -> None:
    path, _root = p12(tmp_path / "false.p12", at=NOW, name="Công an thị xã Thái Hòa")
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD
    signed = seal(paper, at=NOW, **TOLD)
    settings.SEAL_P12 = ""
    assert one(signed).name == "Công an thị xã Thái Hòa"
    assert not one(signed).trusted


def _wrong_password(settings: Any, folder: Path) -> None:
    path, _root = p12(folder / "seal.p12", at=NOW)
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), "khác"


def _expired(settings: Any, folder: Path) -> None:
    path, _root = p12(folder / "seal.p12", at=NOW - timedelta(days=400))
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD


def _not_yet(settings: Any, folder: Path) -> None:
    path, _root = p12(folder / "seal.p12", at=NOW + timedelta(days=400))
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD


def _missing(settings: Any, folder: Path) -> None:
    settings.SEAL_P12 = str(folder / "seal.p12")


def _no_p12(settings: Any, folder: Path) -> None:
    (folder / "seal.p12").write_bytes(b"-----BEGIN CERTIFICATE-----")
    settings.SEAL_P12 = str(folder / "seal.p12")


def _broken_self_made(settings: Any, folder: Path) -> None:
    settings.VAR_DIR = folder
    own_certificate(NOW)
    (folder / "seal" / "key.pem").write_bytes(b"")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_wrong_password, id="wrong password"),
        pytest.param(_expired, id="expired"),
        pytest.param(_not_yet, id="not yet valid"),
        pytest.param(_missing, id="no file"),
        pytest.param(_no_p12, id="another kind of file"),
        pytest.param(_broken_self_made, id="self-made, damaged"),
    ],
)
def test_without_a_good_certificate_nothing_is_sealed(
    spoil: Callable[[Any, Path], None], settings: Any, tmp_path: Path, paper: bytes
) -> None:
    spoil(settings, tmp_path)
    with pytest.raises(SealProblem) as problem:
        seal(paper, at=NOW, **TOLD)
    assert str(problem.value)


def test_an_expired_certificate_is_told_with_its_days(settings: Any, tmp_path: Path, paper: bytes) -> None:
    _expired(settings, tmp_path)
    with pytest.raises(SealProblem, match="CÔNG AN TỈNH NGHỆ AN.*17/10/2025.*17/10/2026"):
        seal(paper, at=NOW, **TOLD)


def test_a_paper_sealed_in_time_stays_valid_when_the_certificate_has_expired(
    settings: Any, tmp_path: Path, paper: bytes
) -> None:
    path, _root = p12(tmp_path / "seal.p12", at=AT, days=30)
    settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(path), PASSWORD
    assert one(seal(paper, at=AT, **TOLD)).valid


def test_the_web_process_starts_without_pyhanko() -> None:
    """It takes half a second and 30 MB."""
    code = "import cchc.wsgi, cchc.urls, cchc.documents.domain.seal, sys; sys.exit('pyhanko' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- Hands -----------------------------------------------------------------------------------------------------------


def _flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def _covered(pdf: bytes) -> bytes:
    """The file with an update behind it that draws something else on its first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.update_container(page)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _pdfsig(folder: Path, pdf: bytes) -> str:
    program = pdfsig.find()
    assert program, "No pdfsig: see `python -m cchc.embedded.pdfsig`"
    (folder / "paper.pdf").write_bytes(pdf)
    return subprocess.run([program, str(folder / "paper.pdf")], capture_output=True, text=True, check=False).stdout
