"""Reorganization: a unit's commitment ends as terminated, never failed; open tasks go on; what it hosted passes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from cchc.followup.domain.handover import beside, confirm, plan
from cchc.organization.models import Unit
from cchc.workflow.chain import verify
from cchc.workflow.engine import Refused, perform
from cchc.workflow.models import Event, Notice, Obligation
from commitments.domain.draft import save_tasks
from commitments.domain.progress import Reached
from commitments.domain.ranking import gather
from commitments.models import Campaign, Commitment, Report
from commitments.presentation import origin
from tests.commitments.factories import AT, campaign, commitment_at, countersign, sign, tasks
from tests.commitments.test_year import on, report_result
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
DECISION = "Nghị quyết số 831/NQ-UBTVQH14"
PASSED = on(2, 3)


def ended(unit: Unit, day: date = date(2020, 2, 1)) -> Unit:
    Unit.objects.filter(pk=unit.pk).update(valid_to=day)
    return Unit.objects.get(pk=unit.pk)


def in_force(force: Force, of: Campaign) -> tuple[Commitment, Commitment]:
    """Of the ward and of QLHC, the successor."""
    ward = of.commitments.get(unit=force.ward)
    ward = countersign(sign(save_tasks(ward, tasks(), by=force.ward_chief, at=AT), force.ward_chief), force.leader)
    return ward, commitment_at(force, "in_force", of=of)


def passed(force: Force) -> None:
    """The ward's work is handed over to QLHC."""
    confirm(ended(force.ward), force.qlhc, DECISION, by=force.secretary, at=PASSED)


def draft_of(force: Force) -> Commitment:
    return Commitment.objects.get(unit=force.qlhc, state="draft")


# --- the unit that signed ---------------------------------------------------------------------------------------------
def test_it_ends_by_the_decision_and_owes_nothing(force: Force) -> None:
    ward, _other = in_force(force, campaign(force))
    passed(force)
    ward.refresh_from_db()
    assert ward.state == "terminated"
    assert not Obligation.objects.open().filter(unit=force.ward).exists()
    assert set(ward.reports.values_list("state", flat=True)) == {"closed"}
    told = [(event.action, event.actor, event.note) for event in Event.objects.of(ward).newest_first()[:2]]
    assert told == [
        ("reorganize", None, DECISION),
        ("hand_over", force.secretary, f"{force.ward.name} → {force.qlhc.name}. {DECISION}"),
    ]
    assert verify().ok


def test_open_tasks_stand_in_the_next_version_with_both_names(force: Force) -> None:
    ward, other = in_force(force, campaign(force))
    report_result(ward, 1, "95", date(2020, 1, 20), force.ward_chief, force.secretary)
    passed(force)
    draft = draft_of(force)
    assert (draft.version, draft.host, draft.taken_over_by) == (2, force.town, None)
    rows = [(task.text, task.from_unit, task.weight) for task in draft.tasks.all()]
    assert rows == [
        ("Nhiệm vụ 1", None, Decimal(60)), ("Nhiệm vụ 2", None, Decimal(40)), ("Nhiệm vụ 2", force.ward, Decimal(40)),
    ]  # fmt: skip
    assert force.ward.name in origin(draft.tasks.get(place=3))
    other.refresh_from_db()
    assert other.state == "in_force"  # until both have signed the next
    event = Event.objects.of(other).newest_first().first()
    assert event is not None
    assert event.note == f"{force.ward.name} → {force.qlhc.name}. {DECISION}"
    assert draft.turn.due_on == date(2020, 2, 10)  # a working week
    assert Notice.objects.filter(person=force.unit_chief, event__action="reorganize").exists()


def test_the_draft_is_weighed_anew_and_signed_and_keeps_where_its_tasks_come_from(force: Force) -> None:
    in_force(force, campaign(force))
    passed(force)
    draft, client = draft_of(force), signed_in(force.unit_chief)
    with pytest.raises(Refused):
        sign(draft, force.unit_chief, at=PASSED)
    page = reverse("commitment_tasks", args=[draft.pk])
    forms = client.get(page).context["rows"].forms
    sent = {"_do": "save", "seen": draft.moves, "rows": [form.number for form in forms]}
    for form, weight in zip(forms, ("40", "30", "20", "10"), strict=True):
        sent |= {f"{form.prefix}-{name}": value for name, value in form.initial.items()}
        sent[f"{form.prefix}-weight"] = weight
    assert client.post(page, sent).status_code == 302
    draft = countersign(sign(draft, force.unit_chief, at=PASSED), force.leader, at=PASSED)
    assert list(draft.tasks.values_list("from_unit__code", flat=True)) == [None, None, "PHUONG", "PHUONG"]
    third = perform(draft, "amend", by=force.unit_chief, at=on(3, 2), note="Chỉ tiêu mới.")
    assert list(draft_of(force).tasks.values_list("from_unit__code", flat=True)) == [None, None, "PHUONG", "PHUONG"]
    assert force.ward.name in text_of(client.get(reverse("commitment_show", args=[third.pk])))


def test_a_draft_that_stands_already_gets_them(force: Force) -> None:
    ward, other = in_force(force, campaign(force))
    perform(other, "amend", by=force.unit_chief, at=AT, note="Chỉ tiêu mới.")
    passed(force)
    assert draft_of(force).version == 2
    assert draft_of(force).tasks.filter(from_unit=force.ward).count() == ward.tasks.count()


def test_what_is_being_signed_stays_and_the_version_after_it_brings_them(force: Force) -> None:
    in_force(force, campaign(force))
    other = Commitment.objects.get(unit=force.qlhc)
    perform(other, "amend", by=force.unit_chief, at=AT, note="Chỉ tiêu mới.")
    second = sign(draft_of(force), force.unit_chief)
    passed(force)
    second = countersign(second, force.leader, at=PASSED)
    assert second.tasks.filter(from_unit=force.ward).count() == 0
    perform(second, "amend", by=force.unit_chief, at=PASSED, note="Nhận việc của phường.")
    assert draft_of(force).tasks.filter(from_unit=force.ward).count() == 2


def test_what_nobody_signed_was_not_promised(force: Force) -> None:
    of = campaign(force)
    commitment_at(force, "in_force", of=of)
    ward = save_tasks(of.commitments.get(unit=force.ward), tasks(), by=force.ward_chief, at=AT)
    passed(force)
    ward.refresh_from_db()
    assert (ward.state, ward.taken_over_by and ward.taken_over_by.unit) == ("terminated", force.qlhc)
    assert not Commitment.objects.filter(unit=force.qlhc, version=2).exists()


def test_what_was_drafted_beside_it_ends_with_it(force: Force) -> None:
    ward, _other = in_force(force, campaign(force))
    perform(ward, "amend", by=force.ward_chief, at=AT, note="Chỉ tiêu mới.")
    second = Commitment.objects.get(unit=force.ward, version=2)
    with pytest.raises(Refused):
        perform(second, "terminate", by=force.secretary, at=PASSED, note=DECISION)
    passed(force)
    states = dict(Commitment.objects.filter(unit=force.ward).values_list("version", "state"))
    assert states == {1: "terminated", 2: "lapsed"}


@pytest.mark.parametrize("upto", ["self_due", "scored"])
def test_never_failed_and_not_ranked_whenever_it_ends(force: Force, upto: str) -> None:
    made = commitment_at(force, upto)
    at = on(12, 28)
    confirm(
        ended(force.qlhc, date(2020, 12, 26)), force.ward, DECISION, also=beside(force.qlhc), by=force.secretary, at=at
    )
    made.refresh_from_db()
    assert made.state == "terminated"
    unit = next(each for each in gather(made.campaign)["units"] if each["unit"] == "QLHC")
    assert (unit["unranked"], unit["score"]) == ("terminated", None)
    assert not Commitment.objects.filter(unit=force.ward, version=2).exists()  # nothing is signed any more


def test_nothing_owed_and_yet_beside(force: Force) -> None:
    ward, _other = in_force(force, campaign(force))
    Report.objects.filter(commitment=ward).delete()
    assert beside(force.ward) == {("commitments.commitment", str(ward.pk))}


def test_the_preview_tells_what_ends_and_what_passes(force: Force) -> None:
    in_force(force, campaign(force))
    found = plan(ended(force.ward), None)
    assert (found.duties, len(found.ending)) == ([], 5)


# --- the host ---------------------------------------------------------------------------------------------------------
def test_a_dissolved_host_s_campaign_goes_on_above(force: Force) -> None:
    of = campaign(force)
    ward, other = in_force(force, of)
    report = ward.reports.order_by("due_on")[0]
    town = ended(force.town, date(2020, 2, 29))
    confirm(town, force.province, "Nghị định số 02/2025/NĐ-CP", by=force.provincial_secretary, at=on(3, 2))
    of.refresh_from_db()
    assert of.host == force.province
    assert set(Commitment.objects.values_list("host__code", "unit__code", "state")) >= {
        ("CAT", "PHUONG", "in_force"), ("CAT", "QLHC", "in_force"),
    }  # fmt: skip
    assert not Obligation.objects.open().filter(unit=force.town).exists()
    assert Event.objects.of(of).filter(action="hand_over").count() == 1
    entries = [Reached(ward.tasks.get(place=1), Decimal(40))]
    report = perform(report, "submit", by=force.ward_chief, at=on(3, 24), entries=entries)
    assert (report.turn.unit, report.turn.role) == (force.province, "secretary")
    perform(report, "accept", by=force.provincial_secretary, at=on(3, 25))
    perform(other, "terminate", by=force.provincial_secretary, at=on(3, 25), note="Bỏ đội.", successor=force.ward)
    assert verify().ok


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_secretary_ends_it_by_the_page(force: Force) -> None:
    of = campaign(force)
    ward, _other = in_force(force, of)
    page, client = reverse("commitment_terminate", args=[ward.pk]), signed_in(force.secretary)
    first = client.get(page)
    assert [task.text for task, _target in first.context["tasks"]] == ["Nhiệm vụ 1", "Nhiệm vụ 2"]
    ward.refresh_from_db()
    typed = {"seen": ward.moves, "note": DECISION, "successor": "QLHC"}
    assert client.post(page, {**typed, "note": ""}).status_code == 400
    assert client.post(page, {**typed, "successor": "CATX2"}).status_code == 400  # of no use to this campaign
    assert client.post(page, typed).status_code == 302
    assert draft_of(force).tasks.filter(from_unit=force.ward).count() == 2
    assert client.post(page, typed).status_code == 409
    own = signed_in(force.unit_chief)
    assert own.get(reverse("commitment_show", args=[ward.pk])).status_code == 200  # the successor reads what it took
    assert own.get(page).status_code == 403
    assert signed_in(force.stranger).get(page).status_code == 404
