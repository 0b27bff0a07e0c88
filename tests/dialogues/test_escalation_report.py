"""The report: written by its unit, frozen when it is sent, taken back unread, withdrawn; and what it never tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from cchc.documents.domain.attachment import attach, check
from cchc.organization.models import Person
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Event, Notice, Obligation
from dialogues.domain.escalation_report import edit_report, take_in
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Dispatch, Escalation, Item
from tests.dialogues.factories import (
    REFERRED,
    WISHED,
    conference_at,
    escalation_at,
    item_at,
    move,
    neighbor,
    step,
    write,
)
from tests.factories import Force

pytestmark = pytest.mark.django_db


def visible_above(force: Force, made: Escalation) -> bool:
    return Escalation.objects.visible_to(force.provincial_secretary).filter(pk=made.pk).exists()


# --- begun with the leader's word ----------------------------------------------------------------------------------
def test_the_leaders_word_begins_a_report_which_its_secretary_owes_within_five_days(force: Force) -> None:
    made = escalation_at(force, "draft")
    item = made.items.get()
    assert (made.host, made.receiver, made.code) == (force.town, force.province, "XY-01/2020")
    assert (made.title, made.reason) == (item.title, "beyond_authority")
    assert made.turn is not None
    assert (made.turn.kind, made.turn.term, item.turn) == ("report", 5, made.turn)
    assert item.escalated_at is None  # nothing is known above
    assert not visible_above(force, made)
    assert not Item.objects.visible_to(force.provincial_secretary).exists()


def test_a_second_item_goes_into_the_same_report_and_a_third_into_its_own(force: Force) -> None:
    conference = conference_at(force)
    first, second, third = (item_at(force, ItemState.PREPARED, conference=conference) for _each in range(3))
    made = escalation_at(force, "draft", items=[first, second])
    other = escalation_at(force, "draft", items=[third])
    assert set(made.items.all()) == {first, second}
    assert {item.turn for item in made.items.all()} == {made.turn}
    assert (made.code, other.code) == ("XY-01/2020", "XY-02/2020")


@pytest.mark.parametrize("state", ["proposed", "sent", "returned", "withdrawn"])
def test_a_report_that_was_finished_takes_nothing_more(force: Force, state: str) -> None:
    made = escalation_at(force, state)
    with pytest.raises(Refused), transaction.atomic():
        move(item_at(force, ItemState.PREPARED), "escalate", force, report=made)


def test_the_report_of_another_unit_takes_nothing(force: Force) -> None:
    theirs = escalation_at(neighbor(force, "CATX3"), "draft")
    with pytest.raises(Refused), transaction.atomic():
        move(item_at(force, ItemState.PREPARED), "escalate", force, report=theirs)


def test_numbers_run_by_host_and_year(force: Force) -> None:
    other = neighbor(force, "CATX3")
    codes = [escalation_at(each, "draft").code for each in (force, other, force)]
    assert codes == ["XY-01/2020", "XY-01/2020", "XY-02/2020"]


# --- written -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["secretary", "leader", "deputy"])
def test_its_unit_writes_it(force: Force, who: str) -> None:
    made = escalation_at(force, "draft")
    written = edit_report(made, by=getattr(force, who), at=REFERRED, text="Kính gửi.", seen=made.moves)
    assert (written.text, written.moves) == ("Kính gửi.", made.moves + 1)
    event = Event.objects.of(made).newest_first()[0]
    assert (event.action, event.data) == ("edit", {"fields": ["text"]})
    again = edit_report(written, by=getattr(force, who), at=REFERRED, text="Kính gửi.")
    assert again.moves == written.moves  # nothing changed, nothing told


@pytest.mark.parametrize("who", ["officer", "unit_chief", "idle_deputy", "provincial_secretary", "next_leader"])
def test_nobody_else_writes_it(force: Force, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit_report(escalation_at(force, "draft"), by=getattr(force, who), at=REFERRED, text="Kính gửi.")


@pytest.mark.parametrize("state", ["proposed", "sent", "received", "ruled", "withdrawn"])
def test_what_is_not_with_its_unit_is_not_written(force: Force, state: str) -> None:
    with pytest.raises(MovedOn):
        edit_report(escalation_at(force, state), by=force.secretary, at=REFERRED, text="Khác.")


def test_who_writes_an_older_page_is_told(force: Force) -> None:
    made = escalation_at(force, "draft")
    edit_report(made, by=force.leader, at=REFERRED, title="Khác")
    with pytest.raises(MovedOn) as refused:
        edit_report(made, by=force.secretary, at=REFERRED, text="Khác.", seen=made.moves)
    assert refused.value.event is not None
    assert refused.value.event.actor == force.leader


def test_only_fields_of_the_report_are_written(force: Force) -> None:
    with pytest.raises(TypeError, match="answer_by"):
        edit_report(escalation_at(force, "draft"), by=force.secretary, at=REFERRED, answer_by=WISHED)


@pytest.mark.parametrize("missing", ["text", "report_number"])
def test_without_text_and_number_it_is_not_sent(force: Force, missing: str) -> None:
    made = write(escalation_at(force, "draft"), force, **{missing: " "})
    for action in ("propose", "send"):
        with pytest.raises(Refused):
            step(made, action, force)


# --- sent ----------------------------------------------------------------------------------------------------------
def test_sending_freezes_text_items_and_files(force: Force) -> None:
    item = item_at(force, ItemState.PREPARED)
    made = write(escalation_at(force, "draft", items=[item]), force, report_number="06/BC-CATX-TH", text="Thiếu máy.")
    upload = SimpleUploadedFile("danh-sach.txt", "Mười hai đồng chí.\n".encode())
    file = attach(
        subject_type="dialogues.escalation", subject_id=made.pk, checked=check(upload), by=force.secretary, at=REFERRED
    )
    made = step(made, "send", force)
    sent = made.dispatches.get()

    assert (sent.round, sent.report_number, sent.sent_by, sent.sent_at) == (1, "06/BC-CATX-TH", force.leader, REFERRED)
    assert (sent.acting_kind, sent.capacity) == ("", "Trưởng Công an thị xã")
    assert sent.digest == hashlib.sha256(sent.content.encode()).hexdigest()
    content = json.loads(sent.content)
    assert content["items"] == [{"id": str(item.pk), "code": item.code, "title": item.title, "text": item.text}]
    assert content["files"] == [{"id": str(file.pk), "name": "danh-sach.txt", "digest": file.digest}]
    assert (content["text"], content["requested_on"]) == ("Thiếu máy.", WISHED.isoformat())
    assert (content["from"], content["to"]) == (force.town.name, force.province.name)


def test_a_deputy_sends_for_the_head(force: Force) -> None:
    made = write(escalation_at(force, "draft"), force)
    sent = perform(made, "send", by=force.deputy, at=REFERRED).dispatches.get()
    assert (sent.acting_kind, sent.capacity) == ("kt", "KT. Phó Trưởng Công an thị xã")


def test_what_is_written_later_leaves_what_was_sent(force: Force) -> None:
    made = escalation_at(force, "returned", text="Bản đầu.")
    before = made.dispatches.get()
    write(made, force, text="Bản hai.")
    assert made.dispatches.get().content == before.content
    assert json.loads(before.content)["text"] == "Bản đầu."


def test_sent_above_it_and_its_items_are_read_there(force: Force) -> None:
    made = escalation_at(force, "sent")
    item = made.items.get()
    assert visible_above(force, made)
    assert item.escalated_at == REFERRED
    assert list(Item.objects.visible_to(force.provincial_leader)) == [item]
    for stranger in (force.officer, force.unit_chief, force.stranger, force.next_leader, force.administrator):
        assert not Escalation.objects.visible_to(stranger).exists()


def test_a_chief_reads_what_he_advises_on(force: Force) -> None:
    made = escalation_at(force, "received")
    perform(made, "assign", by=force.provincial_secretary, at=REFERRED, division=force.pv01)
    assert not Escalation.objects.visible_to(force.unit_chief).exists()
    with pytest.raises(Refused), transaction.atomic():
        perform(made, "assign", by=force.provincial_secretary, at=REFERRED, division=force.ministry)


# --- of the asker it says nothing ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "asking",
    [
        {},
        {"author": None, "unit": None, "asker_name": "Trần Thị Hoa", "asker_contact": "0912345678", "channel": "paper"},
    ],
    ids=["officer", "guest"],
)
def test_the_report_does_not_say_who_asked(force: Force, asking: dict[str, Any]) -> None:
    item = item_at(force, ItemState.PREPARED, by=force.officer if not asking else force.secretary, **asking)
    made = escalation_at(force, "sent", items=[item])
    content = made.dispatches.get().content
    for name in ("Trần Thị Hoa", "0912345678", force.officer.full_name, force.officer.username, force.qlhc.name):
        assert name not in content
    assert item.text in content


# --- taken back, withdrawn, taken in ---------------------------------------------------------------------------------
def test_taken_back_unread_it_was_never_sent(force: Force) -> None:
    made = step(escalation_at(force, "sent"), "recall", force)
    assert (made.state, made.sent_at, made.answer_by, made.first_answer_by) == ("draft", None, None, None)
    assert not visible_above(force, made)
    assert not Item.objects.visible_to(force.provincial_leader).exists()
    assert made.turn is not None
    assert made.turn.kind == "report"

    again = step(write(made, force, text="Bản hai."), "send", force)
    assert [json.loads(each.content)["text"] for each in again.dispatches.all()][-1] == "Bản hai."
    assert again.dispatches.count() == 2


def test_what_was_read_is_not_taken_back(force: Force) -> None:
    with pytest.raises(MovedOn):
        step(escalation_at(force, "received"), "recall", force)


def test_taken_back_the_item_stays_known_where_it_was_ruled_on_before(force: Force) -> None:
    item = move(item_at(force, ItemState.RULED), "send_back", force)
    item = move(item, "prepare", force)
    second = escalation_at(force, "sent", items=[item], at=REFERRED + timedelta(days=9))
    step(second, "recall", force)
    assert list(Item.objects.visible_to(force.provincial_leader)) == [item]


def test_a_supplement_that_is_taken_back_leaves_the_request_as_it_was(force: Force) -> None:
    made = escalation_at(force, "returned")
    made = step(step(write(made, force), "send", force), "recall", force)
    assert made.state == EscalationState.RETURNED
    assert made.sent_at is not None
    assert visible_above(force, made)


@pytest.mark.parametrize("state", ["draft", "proposed", "sent", "returned"])
def test_withdrawn_its_items_are_before_the_leader_with_their_drafts(force: Force, state: str) -> None:
    made = escalation_at(force, state)
    drafted = made.items.get().answers.get().prepared_text
    made = step(made, "withdraw", force)
    item = made.items.get()
    assert (made.state, item.state) == ("withdrawn", ItemState.PREPARED)
    assert made.turn is None
    assert not Obligation.objects.open().filter(subject_id=str(made.pk)).exists()
    assert item.turn is not None
    assert (item.turn.kind, item.turn.unit) == ("answer", force.town)
    assert item.answer is not None
    assert (item.answer.kind, item.answer.number, item.answer.prepared_text) == ("", 2, drafted)
    assert move(item, "answer", force).state == ItemState.ANSWERED


def test_a_withdrawal_needs_its_reason(force: Force) -> None:
    with pytest.raises(Refused):
        perform(escalation_at(force, "sent"), "withdraw", by=force.leader, at=REFERRED)


def test_taking_in_moves_the_item_and_ends_the_empty_report(force: Force) -> None:
    first, second = escalation_at(force, "draft"), escalation_at(force, "draft")
    item = second.items.get()
    take_in(first, item, by=force.secretary, at=REFERRED)
    first.refresh_from_db()
    second.refresh_from_db()
    item.refresh_from_db()
    assert (item.escalation, item.turn) == (first, first.turn)
    assert (second.state, second.turn) == ("withdrawn", None)
    assert item.state == ItemState.ESCALATED  # it still goes up
    event = Event.objects.of(first).newest_first()[0]
    assert (event.action, event.data) == ("take_in", {"item": str(item.pk)})


def test_taking_in_from_a_report_with_more_leaves_that_one(force: Force) -> None:
    conference = conference_at(force)
    pair = [item_at(force, ItemState.PREPARED, conference=conference) for _each in range(2)]
    first, second = escalation_at(force, "draft"), escalation_at(force, "draft", items=pair)
    take_in(first, Item.objects.get(pk=pair[0].pk), by=force.leader, at=REFERRED)
    second.refresh_from_db()
    assert (second.state, second.items.get(), first.items.count()) == ("draft", pair[1], 2)


@pytest.mark.parametrize("state", ["proposed", "sent", "ruled", "withdrawn"])
def test_nothing_is_taken_out_of_a_report_that_was_finished(force: Force, state: str) -> None:
    made, item = escalation_at(force, "draft"), escalation_at(force, state).items.get()
    with pytest.raises(Refused):
        take_in(made, item, by=force.secretary, at=REFERRED)
    item.refresh_from_db()
    assert item.escalation != made


def test_nothing_is_taken_into_a_report_that_was_finished_or_is_another_units(force: Force) -> None:
    item = escalation_at(force, "draft").items.get()
    with pytest.raises(MovedOn):
        take_in(escalation_at(force, "sent"), item, by=force.secretary, at=REFERRED)
    with pytest.raises(Refused):
        take_in(escalation_at(force, "returned"), item, by=force.secretary, at=REFERRED)
    with pytest.raises(NotAllowed):
        take_in(escalation_at(neighbor(force, "CATX3"), "draft"), item, by=force.secretary, at=REFERRED)


def test_an_item_that_has_moved_meanwhile_is_not_taken_in(force: Force) -> None:
    """The page showed the item in a report from which somebody has taken it since."""
    conference = conference_at(force)
    pair = [item_at(force, ItemState.PREPARED, conference=conference) for _each in range(2)]
    source, first, second = escalation_at(force, "draft", items=pair), *(escalation_at(force, "draft") for _ in "12")
    stale = source.items.earliest("number")
    take_in(first, Item.objects.get(pk=stale.pk), by=force.secretary, at=REFERRED)
    with pytest.raises(MovedOn):
        take_in(second, stale, by=force.leader, at=REFERRED)
    stale.refresh_from_db()
    assert stale.escalation == first


# --- papers are kept ------------------------------------------------------------------------------------------------
REFUSED = [
    "UPDATE dialogues_dispatch SET content = '{}'",
    "UPDATE dialogues_dispatch SET sent_at = now()",
    "DELETE FROM dialogues_dispatch",
    "UPDATE dialogues_reply SET text = 'Khác'",
    "DELETE FROM dialogues_reply",
]


@pytest.fixture
def papers(force: Force) -> None:
    escalation_at(force, "ruled")


@pytest.fixture
def as_web(papers: None) -> Iterator[None]:
    call_command("grant_web_role", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cchc_web")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", REFUSED)
def test_the_web_role_changes_no_paper(as_web: None, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql)


@pytest.mark.parametrize("sql", REFUSED)
def test_nor_does_the_owner(papers: None, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql)


def test_a_digest_that_is_not_that_of_the_content_is_refused(papers: None) -> None:
    sent = Dispatch.objects.get()
    sent.pk, sent.round, sent.content = None, 2, sent.content.replace("Công an", "công an")
    sent._state.adding = True
    with pytest.raises(DatabaseError, match="digest"), transaction.atomic():
        sent.save(force_insert=True)
    sent.digest = hashlib.sha256(sent.content.encode()).hexdigest()
    sent.save(force_insert=True)


def test_who_was_told_of_a_report_are_people_who_may_see_it(force: Force) -> None:
    """But for what was taken back: of that the unit above knows that it is gone."""
    for state in EscalationState.values:
        escalation_at(force, state)
    recalled = Event.objects.filter(action="recall").values("subject_id")
    notices = Notice.objects.filter(event__subject_type="dialogues.escalation").exclude(event__subject_id__in=recalled)
    seen: dict[int, set[str]] = {}
    for notice in notices.select_related("event", "person"):
        if notice.person_id not in seen:
            visible = Escalation.objects.visible_to(Person.objects.get(pk=notice.person_id))
            seen[notice.person_id] = {str(pk) for pk in visible.values_list("pk", flat=True)}
        assert notice.event.subject_id in seen[notice.person_id]
