"""Signing: the text is shown, the password asked again, and nobody signs what he did not see."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from cchc.organization.domain import person as people
from cchc.organization.models import Person
from cchc.workflow.models import Event
from commitments.domain.draft import canonical, digest_of, save_tasks
from commitments.models import Commitment, Signature
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign, tasks
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
PASSWORD = "bốn con thuyền trôi"


def ready(person: Person) -> Client:
    """Signed in, with a password to sign with."""
    people.set_password(person, PASSWORD, by=None, at=AT)
    person.refresh_from_db()
    return signed_in(person)


def address(commitment: Commitment, action: str = "sign") -> str:
    return reverse(f"commitment_{action}", args=[commitment.pk])


def typed(commitment: Commitment, **changes: Any) -> dict[str, Any]:
    """What the page of *commitment* would send."""
    text = commitment.content or canonical(commitment)
    return {
        "seen": commitment.moves, "digest": digest_of(text), "shown": text, "has_read": "on", "password": PASSWORD,
        **changes,
    }  # fmt: skip


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


# --- Signing ----------------------------------------------------------------------------------------------------------
def test_the_chief_signs_what_the_page_shows(force: Force) -> None:
    draft, client = commitment_at(force), ready(force.unit_chief)
    page = text_of(client.get(address(draft)))
    assert all(task.text in page for task in draft.tasks.all())
    assert force.unit_chief.full_name in page and digest_of(canonical(draft)) in page
    response = client.post(address(draft), typed(draft), REMOTE_ADDR="10.1.2.3")
    assert response["Location"] == reverse("commitment_show", args=[draft.pk])
    draft.refresh_from_db()
    signature = draft.signatures.get()
    assert (draft.state, signature.address, signature.digest) == ("signed_by_chief", "10.1.2.3", draft.digest)
    # The ledger forgets nothing, so it never learns from where somebody signed.
    assert not Event.objects.filter(payload__contains="10.1.2.3").exists()
    words = words_of(bytes(draft.paper.data))
    for part in ("Trần Thị Bình", "Phạm Văn Dũng", "Nhiệm vụ 1", "Nhiệm vụ 2", draft.code, draft.check_code):
        assert part in words, part


def test_a_deputy_confirms_and_the_page_says_by_which_authority(force: Force) -> None:
    signed, client = commitment_at(force, "signed_by_chief"), ready(force.deputy)
    page = text_of(client.get(address(signed, "countersign")))
    assert "12/QĐ-CATX" in page and "KT." in page and "Trưởng Công an thị xã" in page
    assert client.post(address(signed, "countersign"), typed(signed)).status_code == 302
    signed.refresh_from_db()
    assert (signed.state, signed.signatures.get(seat="leader").acting_kind) == ("in_force", "kt")


def test_several_are_confirmed_in_a_row(force: Force) -> None:
    opened = campaign(force)
    waiting = []
    for unit, chief in ((force.qlhc, force.unit_chief), (force.ward, force.ward_chief)):
        drafted = save_tasks(opened.commitments.get(unit=unit), tasks(), by=chief, at=AT)
        waiting.append(sign(drafted, chief))
    client = ready(force.leader)
    response = client.post(address(waiting[0], "countersign"), typed(waiting[0]))
    assert response["Location"] == address(waiting[1], "countersign")
    response = client.post(address(waiting[1], "countersign"), typed(waiting[1]))
    assert response["Location"] == reverse("commitment_show", args=[waiting[1].pk])
    assert set(Commitment.objects.filter(state="in_force")) == set(waiting)


# --- The password -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("changes", [{"password": "sai"}, {"password": ""}, {"has_read": ""}, {"seen": ""}])
def test_nothing_is_signed_without_password_and_reading(force: Force, changes: dict[str, str]) -> None:
    draft, client = commitment_at(force), ready(force.unit_chief)
    response = client.post(address(draft), typed(draft, **changes))
    assert response.status_code == 400
    assert PASSWORD not in text_of(response)
    draft.refresh_from_db()
    assert (draft.state, draft.paper_id, Signature.objects.count()) == ("draft", None, 0)


def test_another_persons_password_is_none(force: Force) -> None:
    draft = commitment_at(force)
    people.set_password(force.leader, "của người khác hẳn", by=None, at=AT)
    client = ready(force.unit_chief)
    assert client.post(address(draft), typed(draft, password="của người khác hẳn")).status_code == 400


def test_wrong_passwords_lock_as_at_signing_in(force: Force) -> None:
    draft, client = commitment_at(force), ready(force.unit_chief)
    wrong = [client.post(address(draft), typed(draft, password="sai"), REMOTE_ADDR="10.0.0.9") for _try in range(6)]
    assert {response.status_code for response in wrong} == {400}
    assert client.post(address(draft), typed(draft), REMOTE_ADDR="10.0.0.9").status_code == 400
    login = {"username": force.unit_chief.username, "password": PASSWORD}
    assert Client().post("/login/", login, REMOTE_ADDR="10.0.0.9").status_code == 429
    assert client.get("/account/").status_code == 200, "the session itself stays"
    assert client.post(address(draft), typed(draft), REMOTE_ADDR="10.0.0.10").status_code == 302


def test_a_right_password_starts_the_count_anew(force: Force) -> None:
    opened = campaign(force)
    client = ready(force.leader)
    chiefs = {force.qlhc: force.unit_chief, force.ward: force.ward_chief}
    for unit, chief in chiefs.items():
        waiting = sign(save_tasks(opened.commitments.get(unit=unit), tasks(), by=chief, at=AT), chief)
        for _try in range(4):
            assert client.post(address(waiting, "countersign"), typed(waiting, password="sai")).status_code == 400
        assert client.post(address(waiting, "countersign"), typed(waiting)).status_code == 302


# --- What changed meanwhile -------------------------------------------------------------------------------------------
def test_a_text_that_changed_is_not_signed_and_the_difference_is_shown(force: Force) -> None:
    draft, client = commitment_at(force), ready(force.unit_chief)
    before = typed(draft)
    first, second = tasks(60, 40)
    second = type(second)(**{**vars(second), "text": "Việc do thư ký sửa"})
    save_tasks(draft, [first, second], by=force.secretary, at=AT)
    response = client.post(address(draft), before)
    assert response.status_code == 409
    assert "<del>Nhiệm vụ 2</del>" in text_of(response) or "Việc do thư ký sửa" in str(response.context["changed"])
    assert response.context["changed"]
    assert not response.context["form"].is_bound, "what was ticked was ticked under another text"
    assert not Signature.objects.exists()
    now = Commitment.objects.get(pk=draft.pk)
    assert client.post(address(draft), typed(now)).status_code == 302


@pytest.mark.parametrize("digest", ["0" * 64, "", "x", "9" * 63])
def test_a_made_up_digest_signs_nothing(force: Force, digest: str) -> None:
    draft, client = commitment_at(force), ready(force.unit_chief)
    response = client.post(address(draft), typed(draft, digest=digest, shown="{}"))
    assert response.status_code == 409
    assert response.context["changed"] == []
    assert not Signature.objects.exists()


def test_who_comes_second_is_told_who_was_first(force: Force) -> None:
    signed, client = commitment_at(force, "signed_by_chief"), ready(force.leader)
    before = typed(signed)
    countersign(signed, force.deputy)
    response = client.post(address(signed, "countersign"), before)
    assert response.status_code == 409
    assert force.deputy.full_name in text_of(response)
    assert signed.signatures.filter(seat="leader").count() == 1


# --- Who and when -----------------------------------------------------------------------------------------------------
def test_only_those_with_the_right_get_to_sign(force: Force) -> None:
    draft = commitment_at(force)
    codes = {
        name: signed_in(getattr(force, name)).get(address(draft)).status_code
        for name in ("unit_chief", "officer", "leader", "secretary", "ward_chief", "stranger")
    }
    assert codes == {
        "unit_chief": 200, "officer": 403, "leader": 403, "secretary": 403, "ward_chief": 404, "stranger": 404,
    }  # fmt: skip
    for name in ("officer", "leader", "secretary"):
        client = ready(getattr(force, name))
        assert client.post(address(draft), typed(draft)).status_code == 403
    assert not Signature.objects.exists()


def test_weights_that_do_not_sum_up_are_told_before(force: Force) -> None:
    draft = save_tasks(commitment_at(force), tasks(60, 30), by=force.unit_chief, at=AT)
    client = ready(force.unit_chief)
    response = client.get(address(draft))
    assert response.status_code == 409
    assert 'name="password"' not in text_of(response)
    assert client.post(address(draft), typed(draft)).status_code == 409


def test_the_paper_names_the_deputy_who_acts_for_a_chief(force: Force) -> None:
    post = force.unit_chief.positions.get()
    post.acting_kind, post.authority = "kt", "05/QĐ-QLHC"
    post.save()
    draft, client = commitment_at(force), ready(Person.objects.get(pk=force.unit_chief.pk))
    assert client.post(address(draft), typed(draft)).status_code == 302
    words = words_of(bytes(Commitment.objects.get(pk=draft.pk).paper.data))
    assert "KT." in words and "05/QĐ-QLHC" in words
