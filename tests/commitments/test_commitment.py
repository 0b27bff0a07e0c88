"""From a drafted commitment to one in force; what was signed stays, whoever tries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Obligation
from commitments.domain.draft import save_tasks
from commitments.models import Commitment
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign, tasks
from tests.factories import Force


def test_opening_gives_every_unit_a_draft_that_its_chief_owes(force: Force) -> None:
    opened = campaign(force)
    drafts = opened.commitments.order_by("unit__code")
    assert [each.unit.code for each in drafts] == ["PHUONG", "QLHC", "TH"]
    assert all(each.turn.role == "unit_chief" and each.turn.unit_id == each.unit_id for each in drafts)
    assert {each.turn.due_on.isoformat() for each in drafts} == {"2020-01-31"}
    assert opened.content
    assert len(opened.digest) == 64


@pytest.mark.parametrize(("weights", "sentence"), [((60, 30), "90"), ((60, 50), "110"), ((), ".")])
def test_only_weights_that_sum_to_100_can_be_signed(force: Force, weights: tuple[int, ...], sentence: str) -> None:
    draft = campaign(force).commitments.get(unit=force.qlhc)
    if weights:
        draft = save_tasks(draft, tasks(*weights), by=force.unit_chief, at=AT)
    with pytest.raises(Refused, match=sentence):
        sign(draft, force.unit_chief)


def test_both_sign_and_it_is_in_force(force: Force) -> None:
    done = commitment_at(force, "in_force")
    assert done.state == "in_force"
    assert [(each.seat, each.name, each.title) for each in done.signatures.all()] == [
        ("chief", "Trần Thị Bình", "Đội trưởng"),
        ("leader", "Phạm Văn Dũng", "Trưởng Công an thị xã"),
    ]
    assert not Obligation.objects.open().filter(subject_id=str(done.pk)).exists()


def test_a_deputy_with_authority_confirms_for_the_leader(force: Force) -> None:
    done = countersign(commitment_at(force, "signed_by_chief"), force.deputy)
    seal = done.signatures.get(seat="leader")
    assert (seal.acting_kind, seal.authority) == ("kt", "12/QĐ-CATX")


def test_a_deputy_without_authority_does_not(force: Force) -> None:
    with pytest.raises(NotAllowed):
        countersign(commitment_at(force, "signed_by_chief"), force.idle_deputy)


def test_nobody_signs_a_text_that_changed_since_it_was_shown(force: Force) -> None:
    draft = commitment_at(force)
    with pytest.raises(MovedOn):
        sign(draft, force.unit_chief, digest="0" * 64)


def test_an_amendment_is_a_new_version_and_the_old_one_is_superseded(force: Force) -> None:
    first = commitment_at(force, "in_force")
    first = perform(first, "amend", by=force.unit_chief, at=AT, note="Thay đổi chỉ tiêu.")
    second = Commitment.objects.get(campaign=first.campaign, unit=first.unit, version=2)
    assert second.state == "draft"
    assert [each.copied_from_id for each in second.tasks.all()] == [each.pk for each in first.tasks.all()]
    with pytest.raises(Refused):
        perform(first, "amend", by=force.unit_chief, at=AT, note="Lần nữa.")
    second = countersign(sign(second, force.unit_chief), force.leader)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "in_force")
    assert first.content


def test_a_returned_one_is_drafted_anew_with_its_tasks(force: Force) -> None:
    returned = commitment_at(force, "returned")
    assert returned.return_reason == "Chỉ tiêu chưa đo được."
    again = perform(returned, "revise", by=force.unit_chief, at=AT)
    assert again.state == "superseded"
    draft = Commitment.objects.get(campaign=again.campaign, unit=again.unit, version=2)
    assert draft.tasks.count() == 2


def test_a_version_number_is_never_used_twice(force: Force) -> None:
    first = perform(commitment_at(force, "in_force"), "amend", by=force.unit_chief, at=AT, note="Thay đổi chỉ tiêu.")
    versions = Commitment.objects.filter(campaign=first.campaign, unit=first.unit)
    second = sign(versions.get(version=2), force.unit_chief)
    second = perform(second, "return", by=force.leader, at=AT, note="Chưa đo được.")
    with pytest.raises(Refused):  # the returned one is to be drafted anew
        perform(first, "amend", by=force.unit_chief, at=AT, note="Lần nữa.")
    perform(second, "revise", by=force.unit_chief, at=AT)
    assert list(versions.order_by("version").values_list("version", "state")) == [
        (1, "in_force"), (2, "superseded"), (3, "draft"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each.tasks.update(weight=Decimal(50)),
        lambda each: each.tasks.all().delete(),
        lambda each: each.signatures.update(name="Người khác"),
        lambda each: each.signatures.all().delete(),
        lambda each: Commitment.objects.filter(pk=each.pk).update(content="{}"),
        lambda each: Commitment.objects.filter(pk=each.pk).update(digest="0" * 64),
        lambda each: type(each.paper).objects.update(data=b"other"),
        lambda each: type(each.paper).objects.all().delete(),
    ],
)
def test_the_database_refuses_to_change_what_was_signed(force: Force, change: Any) -> None:
    signed = commitment_at(force, "in_force")
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        change(signed)


def test_a_stranger_sees_none_of_it(force: Force) -> None:
    done = commitment_at(force, "in_force")
    seen = {name for name, who in force.people.items() if Commitment.objects.visible_to(who).filter(pk=done.pk)}
    assert seen == {
        "officer", "unit_chief", "secretary", "leader", "deputy", "idle_deputy", "provincial_secretary",
        "provincial_leader", "inspector",
    }  # fmt: skip
