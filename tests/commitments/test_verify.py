"""The page on which anybody checks a paper: by code or by its file, and no word more than needed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cchc.documents.domain.seal import seal
from cchc.documents.models.paper import keep
from cchc.workflow.engine import perform
from commitments import documents
from commitments.domain.draft import canonical, digest_of
from commitments.domain.signing import post_on
from commitments.enums import Seat
from commitments.models import Commitment
from commitments.tasks import seal_waiting
from commitments.views import verify as page
from tests.commitments.factories import AT, commitment_at, countersign, sign
from tests.dialogues.pages import text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
ENTER = "/verify/"


@pytest.fixture
def guest(settings: Any, tmp_path: Any) -> Client:
    settings.VAR_DIR = tmp_path  # where a certificate is made when there is none
    return Client()


def really_signed(force: Force) -> Commitment:
    """Signed with the paper that the pages make."""
    draft = commitment_at(force)
    post = post_on(Seat.CHIEF, draft, force.unit_chief, AT.date())
    assert post is not None
    pdf = documents.to_be_signed(draft, documents.Signing(Seat.CHIEF, post, AT, digest_of(canonical(draft))))
    return sign(draft, force.unit_chief, paper=keep(pdf, AT))


def by_code(guest: Client, code: str, **more: Any) -> Any:
    return guest.get(reverse("verify_code", args=[code]), **more)


def by_file(guest: Client, data: bytes, name: str = "cam-ket.pdf", **more: Any) -> Any:
    return guest.post(ENTER, {"code": "", "file": SimpleUploadedFile(name, data)}, **more)


# --- By code ----------------------------------------------------------------------------------------------------------
def test_a_code_tells_whose_when_and_whether_it_holds(force: Force, guest: Client) -> None:
    done = commitment_at(force, "in_force")
    response = by_code(guest, done.check_code)
    text = text_of(response)
    assert response.status_code == 200
    assert response.context["found"].standing == "in_force"
    for part in (force.qlhc.name, force.town.name, force.unit_chief.full_name, force.leader.full_name, "02/01/2020"):
        assert part in text, part
    assert "Nhiệm vụ 1" not in text and "Tỷ lệ hồ sơ" not in text


@pytest.mark.parametrize("shape", [str.lower, lambda code: f"{code[:4]}-{code[4:8]} {code[8:12]}-{code[12:]}"])
def test_a_code_may_be_typed_in_any_shape(force: Force, guest: Client, shape: Any) -> None:
    done = commitment_at(force, "in_force")
    assert guest.post(ENTER, {"code": shape(done.check_code)}).status_code == 200


@pytest.mark.parametrize(
    ("state", "standing"), [("signed_by_chief", "partly"), ("returned", "returned"), ("in_force", "in_force")]
)
def test_every_standing(force: Force, guest: Client, state: str, standing: str) -> None:
    found = commitment_at(force, state)
    assert by_code(guest, found.check_code).context["found"].standing == standing


def test_an_amended_one_is_superseded_and_names_the_version_in_force(force: Force, guest: Client) -> None:
    first = perform(commitment_at(force, "in_force"), "amend", by=force.unit_chief, at=AT, note="Đổi chỉ tiêu.")
    second = Commitment.objects.get(campaign=first.campaign, unit=first.unit, version=2)
    assert by_code(guest, second.check_code).status_code == 404, "a draft tells nothing"
    countersign(sign(second, force.unit_chief), force.leader)
    found = by_code(guest, first.check_code).context["found"]
    assert (found.standing, found.newer) == ("superseded", 2)


def test_a_returned_one_that_was_replaced_never_came_into_force(force: Force, guest: Client) -> None:
    returned = perform(commitment_at(force, "returned"), "revise", by=force.unit_chief, at=AT)
    assert by_code(guest, returned.check_code).context["found"].standing == "never"


def test_one_of_a_reorganized_unit_has_ended(force: Force, guest: Client) -> None:
    ended = perform(commitment_at(force, "in_force"), "terminate", by=force.secretary, at=AT, note="Sắp xếp lại.")
    assert by_code(guest, ended.check_code).context["found"].standing == "ended"


def test_a_wrong_code_and_that_of_a_draft_answer_alike(force: Force, guest: Client) -> None:
    draft = commitment_at(force)
    answers = {by_code(guest, code).status_code for code in (draft.check_code, "A" * 16, "x", "0" * 16)}
    assert answers == {404}
    pages = [by_code(guest, code) for code in (draft.check_code, "A" * 16)]
    assert pages[0].context["sentence"] == pages[1].context["sentence"]


@pytest.mark.parametrize("code", ["", " ", "x" * 61, "\x00", "' OR 1=1 --", "²" * 16])
def test_nonsense_is_refused_and_never_an_error(force: Force, guest: Client, code: str) -> None:
    assert guest.post(ENTER, {"code": code}).status_code in (400, 404)


def test_wrong_codes_are_limited_and_right_ones_are_not(force: Force, guest: Client) -> None:
    done = commitment_at(force, "in_force")
    for number in range(page.WRONG_AN_HOUR):
        assert by_code(guest, done.check_code, REMOTE_ADDR="10.0.0.7").status_code == 200
        assert by_code(guest, f"{number:A>16}", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert by_code(guest, "B" * 16, REMOTE_ADDR="10.0.0.7").status_code == 429
    assert by_code(guest, done.check_code, REMOTE_ADDR="10.0.0.7").status_code == 429
    assert by_code(guest, done.check_code, REMOTE_ADDR="10.0.0.8").status_code == 200


# --- By file ----------------------------------------------------------------------------------------------------------
def test_the_unit_s_file_and_the_sealed_one_are_recognized(force: Force, guest: Client) -> None:
    done = countersign(really_signed(force), force.leader)
    assert seal_waiting(AT) == 1
    done.refresh_from_db()
    assert done.paper is not None and done.sealed is not None
    plain = by_file(guest, bytes(done.paper.data))
    assert (plain.status_code, plain.context["file"], plain.context["seals"]) == (200, page.FILES["same"], [])
    sealed = by_file(guest, bytes(done.sealed.data))
    assert sealed.context["file"] == page.FILES["sealed"]
    assert [(each.found.intact, each.found.whole) for each in sealed.context["seals"]] == [(True, True)]
    assert not sealed.context["qualified"], "a certificate made here is no digital signature in law"


def test_every_altered_byte_is_noticed(force: Force, guest: Client) -> None:
    done = countersign(really_signed(force), force.leader)
    seal_waiting(AT)
    done.refresh_from_db()
    assert done.sealed is not None
    data = bytes(done.sealed.data)
    for place in (200, len(data) // 2, len(data) - 3):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        response = by_file(guest, changed)
        assert response.status_code == 404 or response.context["altered"], place
    appended = by_file(guest, data + b"\n% more")
    assert appended.context["altered"]


def test_a_further_signature_leaves_it_our_paper(force: Force, guest: Client) -> None:
    done = countersign(really_signed(force), force.leader)
    seal_waiting(AT)
    done.refresh_from_db()
    assert done.sealed is not None
    twice = seal(bytes(done.sealed.data), reason="x", location="y", at=AT)
    response = by_file(guest, twice)
    assert response.context["file"] == page.FILES["copy"]
    assert len(response.context["seals"]) == 2


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"\x00" * 100, b"plain text"])
def test_other_files_are_none_of_ours(force: Force, guest: Client, data: bytes) -> None:
    commitment_at(force, "in_force")
    assert by_file(guest, data).status_code in (400, 404)


def test_too_large_a_file_is_refused(force: Force, guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commitments.forms.verify.LARGEST", 10)
    assert by_file(guest, b"%PDF-1.7 more than ten").status_code == 400


def test_files_are_limited(force: Force, guest: Client) -> None:
    for _try in range(page.FILES_AN_HOUR):
        assert by_file(guest, b"%PDF-1.7 x", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert by_file(guest, b"%PDF-1.7 x", REMOTE_ADDR="10.0.0.7").status_code == 429


def test_the_page_is_open_and_costs_little(force: Force, guest: Client, django_assert_num_queries: Any) -> None:
    done = commitment_at(force, "in_force")
    assert guest.get(ENTER).status_code == 200
    by_code(guest, done.check_code)
    with django_assert_num_queries(5):
        by_code(guest, done.check_code)
