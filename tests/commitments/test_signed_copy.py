"""A PDF signed outside with a personal digital signature comes back: only the kept paper, truly signed, is taken."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from cchc.documents import pades
from cchc.documents.domain.certificate import own_certificate
from cchc.documents.domain.seal import STAMP
from cchc.documents.models.paper import keep
from cchc.documents.typesetting import typeset
from cchc.embedded import pdfsig
from cchc.workflow.engine import NotAllowed, Refused, perform
from cchc.workflow.models import Event
from commitments import documents
from commitments.domain import signed_copy
from commitments.domain.draft import canonical, digest_of
from commitments.domain.signing import post_on
from commitments.enums import Seat
from commitments.models import Commitment, DigitalSignature, SignedCopy
from commitments.tasks import seal_waiting
from commitments.views import verify as page
from tests.commitments.factories import AT, commitment_at, countersign, sign
from tests.dialogues.pages import signed_in, text_of
from tests.documents.certificates import PASSWORD, p12
from tests.documents.papers import commitment
from tests.factories import Force

pytestmark = pytest.mark.django_db
Outside = Callable[..., bytes]
LATER = AT + timedelta(hours=2)


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Outside:
    """A program outside that signs a file in somebody's name, with a certificate that is known here, or is not."""
    settings.VAR_DIR, roots = tmp_path, tmp_path / "roots.pem"
    made: dict[str, Path] = {}
    roots.write_bytes(b"")

    def signs(pdf: bytes, name: str, *, known: bool = True, at: datetime = LATER, days: int = 365) -> bytes:
        if name not in made:
            made[name], root = p12(tmp_path / f"{len(made)}.p12", at=AT, name=name, days=days)
            if known:
                roots.write_bytes(roots.read_bytes() + root)
                settings.SEAL_ROOTS = str(roots)
        settings.SEAL_P12, settings.SEAL_P12_PASSWORD = str(made[name]), PASSWORD
        certificate, settings.SEAL_P12 = own_certificate(AT), ""
        stamp = typeset(STAMP, {"name": name, "at": at, "self_made": False}, at=at)
        return pades.sign(pdf, certificate, stamp=stamp, reason="Ký số", location="An Thịnh", at=at)

    return signs


@pytest.fixture
def signed(force: Force, settings: Any, tmp_path: Path) -> Commitment:
    """By the chief, with the paper that the pages make."""
    settings.VAR_DIR = tmp_path
    draft = commitment_at(force)
    post = post_on(Seat.CHIEF, draft, force.unit_chief, AT.date())
    assert post is not None
    pdf = documents.to_be_signed(draft, documents.Signing(Seat.CHIEF, post, AT, digest_of(canonical(draft))))
    return sign(draft, force.unit_chief, paper=keep(pdf, AT))


def in_force(signed: Commitment, force: Force) -> Commitment:
    countersign(signed, force.leader)
    assert seal_waiting(AT) == 1
    return Commitment.objects.get(pk=signed.pk)


def frozen(commitment: Commitment) -> bytes:
    paper = commitment.sealed or commitment.paper
    assert paper is not None
    return bytes(paper.data)


def add(client: Client, commitment: Commitment, data: bytes) -> Any:
    file = SimpleUploadedFile("da-ky.pdf", data)
    return client.post(reverse("signed_copy_list", args=[commitment.pk]), {"what": "copy", "file": file})


def refused(commitment: Commitment, pdf: bytes, force: Force, at: datetime = LATER) -> str:
    with pytest.raises(Refused) as reason:
        signed_copy.add_copy(commitment, pdf, by=force.unit_chief, at=at)
    assert not SignedCopy.objects.exists()
    return str(reason.value)


# --- What is taken ----------------------------------------------------------------------------------------------------
def test_the_chief_s_own_signature_on_what_he_signed(force: Force, signed: Commitment, outside: Outside) -> None:
    pdf = outside(frozen(signed), force.unit_chief.full_name.upper())
    made = signed_copy.add_copy(signed, pdf, by=force.unit_chief, at=LATER)
    assert bytes(made.paper.data) == pdf
    one = made.signatures.get()
    assert (one.seat, one.root, one.signed_at) == (Seat.CHIEF, "known", LATER)
    assert (one.name, one.organization) == (force.unit_chief.full_name.upper(), "Bộ Công an")
    assert one.issuer == f"Chứng thực của {force.unit_chief.full_name.upper()}"
    event = Event.objects.get(action="add_copy")
    assert event.data == {
        "digest": made.paper.digest, "certificates": [{"name": one.name, "fingerprint": one.fingerprint}],
    }  # fmt: skip
    assert len(one.fingerprint) == 64


def test_both_sign_the_sealed_paper_one_after_the_other(force: Force, signed: Commitment, outside: Outside) -> None:
    done = in_force(signed, force)
    first = outside(frozen(done), force.unit_chief.full_name)
    signed_copy.add_copy(done, first, by=force.secretary, at=LATER)
    assert str(signed_copy.in_law(done, own_of(done))) == str(signed_copy.SOMEBODY) % {
        "names": force.unit_chief.full_name
    }
    both = outside(first, force.leader.full_name, at=LATER + timedelta(hours=1))
    made = signed_copy.add_copy(done, both, by=force.leader, at=LATER + timedelta(hours=2))
    assert [each.seat for each in made.signatures.all()] == ["chief", "leader"]
    assert set(own_of(done)) == {"chief", "leader"}
    names = f"{force.unit_chief.full_name}, {force.leader.full_name}"
    assert str(signed_copy.in_law(done, own_of(done))) == str(signed_copy.EVERYBODY) % {"names": names}


def own_of(commitment: Commitment) -> dict[str, DigitalSignature]:
    return signed_copy.by_signer(commitment, signed_copy.digital_signatures(commitment))


def test_pdfsig_finds_the_same_signatures(force: Force, signed: Commitment, outside: Outside, tmp_path: Path) -> None:
    done = in_force(signed, force)
    path = tmp_path / "copy.pdf"
    path.write_bytes(outside(frozen(done), force.unit_chief.full_name))
    program = pdfsig.find()
    assert program, "No pdfsig: see `python -m cchc.embedded.pdfsig`"
    told = subprocess.run([program, str(path)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid") == 2
    assert force.unit_chief.full_name in told


# --- What is refused, each with its own sentence ----------------------------------------------------------------------
def test_every_reason_is_a_sentence_of_its_own(
    force: Force, signed: Commitment, outside: Outside, settings: Any
) -> None:
    paper, name = frozen(signed), force.unit_chief.full_name
    good = outside(paper, name)
    swapped = good.rindex(b"0" * 20) + 5  # in the room that the signature's envelope leaves
    anew = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(paper)).write(anew)
    files = {
        "no pdf": b"plain text",
        "another file": outside(_other_pdf(), name),
        "saved anew": outside(anew.getvalue(), name),
        "not signed": paper,
        "added to": good + b"\n% more",
        "broken": good[:swapped] + (b"7" if good[swapped : swapped + 1] != b"7" else b"5") + good[swapped + 1 :],
        "a stranger's root": outside(paper, "Người lạ", known=False),
        "somebody else": outside(paper, "Nguyễn Văn Nào Đó"),
        "before the paper": outside(paper, name, at=AT - timedelta(days=1, hours=-1) - timedelta(hours=2)),
    }
    told = {kind: refused(signed, data, force) for kind, data in files.items()}
    assert len(set(told.values())) == len(told), told
    settings.SEAL_ROOTS = ""
    assert refused(signed, good, force) not in told.values(), "no root is known at all"


def _other_pdf() -> bytes:
    return typeset("commitments/document/commitment.typ", commitment(version=3), at=AT)


def test_a_certificate_that_had_expired_when_it_signed_is_refused(
    force: Force, signed: Commitment, outside: Outside
) -> None:
    name = force.unit_chief.full_name
    assert signed_copy.examine(signed, outside(frozen(signed), name, days=2), LATER)
    assert refused(signed, outside(frozen(signed), name, at=AT + timedelta(days=3)), force, at=AT + timedelta(days=4))


@pytest.mark.parametrize("place", [0.02, 0.5, 0.9])
def test_a_changed_byte_is_never_taken(force: Force, signed: Commitment, outside: Outside, place: float) -> None:
    good = outside(frozen(signed), force.unit_chief.full_name)
    at = int(len(good) * place)
    assert refused(signed, good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :], force)


def test_the_seal_alone_is_nobody_s_own_signature(force: Force, signed: Commitment, outside: Outside) -> None:
    done = in_force(signed, force)
    assert refused(done, frozen(done), force)
    assert refused(done, outside(frozen(done), "CÔNG AN TỈNH SƠN NAM"), force)


def test_the_same_file_is_kept_once(force: Force, signed: Commitment, outside: Outside) -> None:
    good = outside(frozen(signed), force.unit_chief.full_name)
    signed_copy.add_copy(signed, good, by=force.unit_chief, at=LATER)
    with pytest.raises(Refused):
        signed_copy.add_copy(signed, good, by=force.unit_chief, at=LATER)
    assert SignedCopy.objects.count() == 1


def test_only_signers_and_the_secretary_and_only_while_it_stands(
    force: Force, signed: Commitment, outside: Outside
) -> None:
    good = outside(frozen(signed), force.unit_chief.full_name)
    for who in (force.officer, force.inspector, force.ward_chief, force.stranger):
        with pytest.raises(NotAllowed):
            signed_copy.add_copy(signed, good, by=who, at=LATER)
    returned = Commitment.objects.get(pk=signed.pk)
    perform(returned, "return", by=force.leader, at=LATER, note="Chỉ tiêu chưa đo được.")
    assert refused(Commitment.objects.get(pk=signed.pk), good, force)


# --- It is never changed ----------------------------------------------------------------------------------------------
def test_the_database_keeps_what_was_told(force: Force, signed: Commitment, outside: Outside) -> None:
    good = outside(frozen(signed), force.unit_chief.full_name)
    made = signed_copy.add_copy(signed, good, by=force.unit_chief, at=LATER)
    changes = (
        lambda: SignedCopy.objects.update(at=AT), lambda: DigitalSignature.objects.update(name="Khác"),
        lambda: made.signatures.all().delete(), lambda: SignedCopy.objects.filter(pk=made.pk)._raw_delete("default"),
    )  # fmt: skip
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_added_on_its_page_and_downloaded_by_those_who_see_it(
    force: Force, signed: Commitment, outside: Outside
) -> None:
    client = signed_in(force.unit_chief)
    assert client.get(reverse("signed_copy_list", args=[signed.pk])).status_code == 200
    good = outside(frozen(signed), force.unit_chief.full_name)
    assert add(client, signed, good)["Location"] == reverse("signed_copy_list", args=[signed.pk])
    shown = client.get(reverse("commitment_show", args=[signed.pk]))
    assert [each.seat for each in shown.context["digital"]] == ["chief"]
    address = reverse("signed_copy_file", args=[signed.pk, 1])
    assert address in text_of(shown)
    response = signed_in(force.officer).get(address)
    assert response.content == good
    assert response["Content-Disposition"].endswith('-v1-signed-1.pdf"')
    for who in (force.stranger, force.ward_chief):
        assert signed_in(who).get(address).status_code == 404
    for number in (0, 2, 99):
        assert client.get(reverse("signed_copy_file", args=[signed.pk, number])).status_code == 404


def test_the_page_says_why_not(force: Force, signed: Commitment) -> None:
    client = signed_in(force.unit_chief)
    for data in (b"", b"plain", frozen(signed)):
        response = add(client, signed, data)
        assert response.status_code == 400
        assert response.context["copy"].errors["file"]
    officer = signed_in(force.officer)
    assert not officer.get(reverse("signed_copy_list", args=[signed.pk])).context["may_add"]
    assert add(officer, signed, b"x").status_code == 403
    assert signed_in(force.stranger).get(reverse("signed_copy_list", args=[signed.pk])).status_code == 404


def test_a_scan_is_kept_and_marked_as_unchecked(force: Force, signed: Commitment) -> None:
    client, address = signed_in(force.secretary), reverse("signed_copy_list", args=[signed.pk])
    picture = io.BytesIO()
    Image.new("L", (40, 40)).save(picture, "PNG")
    for name, data in (("x.txt", b"text"), ("x.png", b"none")):
        bad = client.post(address, {"what": "scan", "files": SimpleUploadedFile(name, data)})
        assert bad.status_code == 400 and bad.context["scan"].errors["files"]
    file = SimpleUploadedFile("ban-ky-tay.png", picture.getvalue())
    assert client.post(address, {"what": "scan", "files": file}).status_code == 302
    shown = signed_in(force.officer).get(address)
    scan = shown.context["scans"][0]
    assert scan.name == "ban-ky-tay.png"
    assert str(shown.context["in_law"]) == str(signed_copy.CONFIRMED), "a scan is no signature in law"
    opened = signed_in(force.officer).get(scan.get_absolute_url())
    assert opened.status_code == 200 and b"".join(opened)
    assert signed_in(force.stranger).get(scan.get_absolute_url()).status_code == 404


def test_the_page_of_a_commitment_with_copies_costs_no_more(
    force: Force, signed: Commitment, outside: Outside, django_assert_num_queries: Any
) -> None:
    pdf, client = frozen(signed), signed_in(force.unit_chief)
    for _time in range(2):
        pdf = outside(pdf, force.unit_chief.full_name)
        signed_copy.add_copy(signed, pdf, by=force.unit_chief, at=LATER)
        client.get(reverse("commitment_show", args=[signed.pk]))
        for name in ("commitment_show", "signed_copy_list"):
            with django_assert_num_queries(12 if name == "commitment_show" else 11):
                client.get(reverse(name, args=[signed.pk]))


# --- Whoever holds the paper ------------------------------------------------------------------------------------------
def test_the_public_page_says_which_kind_of_signature_it_is(force: Force, signed: Commitment, outside: Outside) -> None:
    guest, done = Client(), in_force(signed, force)
    address = reverse("verify_code", args=[done.check_code])
    assert str(guest.get(address).context["in_law"]) == str(signed_copy.CONFIRMED)
    good = outside(frozen(done), force.unit_chief.full_name)

    def by_file(data: bytes) -> Any:
        return guest.post("/verify/", {"code": "", "file": SimpleUploadedFile("x.pdf", data)})

    loose = by_file(good)
    assert (loose.context["file"], loose.context["qualified"]) == (page.FILES["copy"], True)
    signed_copy.add_copy(done, good, by=force.unit_chief, at=LATER)
    kept = by_file(good)
    assert kept.context["file"] == page.FILES["signed"]
    told = guest.get(address)
    assert [bool(each.digital) for each in told.context["signers"]] == [True, False]
    assert force.unit_chief.full_name in str(told.context["in_law"])
    assert not told.context["may_open"]
    assert reverse("signed_copy_file", args=[done.pk, 1]) not in text_of(told)
    assert signed_in(force.officer).get(address).context["may_open"]
    assert not signed_in(force.stranger).get(address).context["may_open"]


def test_a_stranger_s_valid_signature_does_not_make_it_a_signer_s(
    force: Force, signed: Commitment, outside: Outside
) -> None:
    data = outside(frozen(signed), "Nguyễn Văn Nào Đó")
    told = Client().post("/verify/", {"code": "", "file": SimpleUploadedFile("x.pdf", data)})
    assert told.context["seals"] and not told.context["qualified"]
