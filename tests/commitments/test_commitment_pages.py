"""The page of a commitment: tasks, signatures, versions, what differs; its paper and its files; moves with a reason."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from cchc.documents.models.paper import keep
from cchc.workflow.engine import perform
from commitments.domain.draft import save_tasks
from commitments.models import Commitment
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign, tasks
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db


def show(commitment: Commitment) -> str:
    return reverse("commitment_show", args=[commitment.pk])


@pytest.mark.parametrize("state", ["draft", "signed_by_chief", "returned", "in_force"])
def test_every_state_has_its_page(force: Force, state: str) -> None:
    commitment = commitment_at(force, state)
    for who in (force.unit_chief, force.officer, force.leader, force.deputy, force.secretary, force.inspector):
        response = signed_in(who).get(show(commitment))
        assert response.status_code == 200
        assert "Nhiệm vụ 2" in text_of(response)
    for who in (force.stranger, force.ward_chief, force.next_leader, force.administrator):
        assert signed_in(who).get(show(commitment)).status_code == 404


def test_both_signers_are_named_before_they_sign_and_after(force: Force) -> None:
    draft = commitment_at(force)
    places = signed_in(force.unit_chief).get(show(draft)).context["places"]
    assert [(place.signature, place.post.person, place.mine) for place in places] == [
        (None, force.unit_chief, True), (None, force.leader, False),
    ]  # fmt: skip
    signed = sign(draft, force.unit_chief)
    places = signed_in(force.leader).get(show(signed)).context["places"]
    assert [(bool(place.signature), place.mine) for place in places] == [(True, False), (False, True)]
    done = countersign(signed, force.deputy)
    text = text_of(signed_in(force.officer).get(show(done)))
    assert force.deputy.full_name in text and "12/QĐ-CATX" in text


def test_buttons_follow_the_flow(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")
    offered = {
        who: [offer.action for offer in signed_in(getattr(force, who)).get(show(signed)).context["offers"]]
        for who in ("officer", "unit_chief", "leader", "deputy", "idle_deputy", "secretary")
    }
    assert offered == {
        "officer": [], "unit_chief": ["take_back"], "leader": ["countersign", "return"],
        "deputy": ["countersign", "return"], "idle_deputy": [], "secretary": ["terminate"],
    }  # fmt: skip


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_what_differs_from_the_version_before(force: Force) -> None:
    returned = commitment_at(force, "returned")
    client = signed_in(force.unit_chief)
    address = reverse("commitment_move", args=[returned.pk, "revise"])
    response = client.post(address, {"seen": returned.moves})
    second = Commitment.objects.get(campaign=returned.campaign, unit=returned.unit, version=2)
    assert response["Location"] == show(second)
    first, other = tasks(60, 40)
    sources = list(second.tasks.all())
    changed = [
        type(other)(**{**vars(other), "weight": first.weight, "copied_from": sources[1].copied_from}),
        type(first)(**{**vars(first), "text": "Việc khác hẳn", "weight": other.weight}),
    ]
    second = save_tasks(second, changed, by=force.unit_chief, at=AT)
    page = client.get(show(second))
    found = page.context["compared"]
    assert found.before.pk == returned.pk
    assert [(each.kind, each.place) for each in found.changes] == [("changed", 1), ("added", 2), ("gone", 1)]
    assert "<del>40</del><ins>60</ins>" in text_of(page)
    assert returned.return_reason in text_of(page)
    assert [each.version for each in page.context["versions"]] == [2, 1]


def test_a_superseded_version_stays_readable(force: Force) -> None:
    first = commitment_at(force, "in_force")
    client = signed_in(force.unit_chief)
    response = client.post(
        reverse("commitment_move", args=[first.pk, "amend"]), {"seen": first.moves, "note": "Thay đổi chỉ tiêu."}
    )
    second = Commitment.objects.get(campaign=first.campaign, unit=first.unit, version=2)
    assert response["Location"] == show(second)
    countersign(sign(second, force.unit_chief), force.leader)
    page = client.get(show(first))
    assert page.status_code == 200
    assert page.context["commitment"].state == "superseded"
    assert page.context["offers"] == []


# --- Moves with a reason ----------------------------------------------------------------------------------------------
def test_returning_wants_a_reason_and_keeps_it(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")
    client, address = signed_in(force.leader), reverse("commitment_move", args=[signed.pk, "return"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"seen": signed.moves, "note": " "}).status_code == 400
    assert client.post(address, {"seen": signed.moves, "note": "Chỉ tiêu chưa đo được."}).status_code == 302
    assert "Chỉ tiêu chưa đo được." in text_of(client.get(show(signed)))


def test_the_slower_one_is_told_and_keeps_what_he_typed(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")
    client, address = signed_in(force.leader), reverse("commitment_move", args=[signed.pk, "return"])
    countersign(signed, force.deputy)
    response = client.post(address, {"seen": signed.moves, "note": "Lý do tôi đã gõ."})
    assert response.status_code == 409
    assert "Lý do tôi đã gõ." in text_of(response)
    assert force.deputy.full_name in text_of(response)


def test_moves_of_the_system_have_no_page(force: Force) -> None:
    done = commitment_at(force, "in_force")
    client = signed_in(force.leader)
    for action in ("supersede", "lapse", "assess", "sing"):
        assert client.get(reverse("commitment_move", args=[done.pk, action])).status_code == 404


# --- The paper --------------------------------------------------------------------------------------------------------
def test_the_paper_of_a_draft_is_shown_page_by_page(force: Force) -> None:
    draft = commitment_at(force)
    response = signed_in(force.unit_chief).get(reverse("commitment_paper", args=[draft.pk]))
    assert response.status_code == 200
    assert response.context["pages"]
    assert "data:image/png;base64,iVBOR" in text_of(response)


def test_files_are_named_by_code_and_version_and_kept_from_others(force: Force) -> None:
    done = commitment_at(force, "in_force")
    address = reverse("commitment_file", args=[done.pk])
    response = signed_in(force.officer).get(address)
    assert bytes(response.content) == bytes(done.paper.data)
    assert response["Content-Disposition"] == 'attachment; filename="CK-2020-QLHC-v1.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert signed_in(force.stranger).get(address).status_code == 404
    sealed = reverse("commitment_sealed", args=[done.pk])
    assert signed_in(force.officer).get(sealed).status_code == 404
    Commitment.objects.filter(pk=done.pk).update(sealed=keep(b"%PDF-1.7 sealed", AT), sealed_at=AT)
    assert bytes(signed_in(force.officer).get(sealed).content) == b"%PDF-1.7 sealed"
    assert signed_in(force.ward_chief).get(sealed).status_code == 404


def test_a_draft_has_no_file(force: Force) -> None:
    draft = commitment_at(force)
    assert signed_in(force.unit_chief).get(reverse("commitment_file", args=[draft.pk])).status_code == 404


def words_of(pdf: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


# --- My work ----------------------------------------------------------------------------------------------------------
def test_what_awaits_me_stands_on_my_work(force: Force) -> None:
    signed = commitment_at(force, "signed_by_chief")

    def panel(who: Any) -> list[str]:
        home = signed_in(who).get("/").context["home"]
        return [row.button.url for panel in home.panels if panel.key == "waiting" for row in panel.rows]

    assert reverse("commitment_countersign", args=[signed.pk]) in panel(force.leader)
    assert reverse("commitment_countersign", args=[signed.pk]) in panel(force.deputy)
    assert panel(force.officer) == []
    assert len(panel(force.ward_chief)) == 1
    perform(signed, "return", by=force.leader, at=AT, note="Chưa đo được.")
    assert show(signed) in panel(force.unit_chief)


# --- Costs ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_tasks(force: Force, count: int, django_assert_num_queries: Any) -> None:
    draft = campaign(force).commitments.get(unit=force.qlhc)
    draft = save_tasks(draft, tasks(*([100] if count == 1 else [50, 30, 20])), by=force.unit_chief, at=AT)
    client = signed_in(force.unit_chief)
    client.get(show(draft))
    with django_assert_num_queries(11):
        client.get(show(draft))
    with django_assert_num_queries(11):
        client.get(reverse("commitment_tasks", args=[draft.pk]))
    with django_assert_num_queries(10):
        client.get(reverse("commitment_sign", args=[draft.pk]))
