"""Parts of a conference's page: numbers and their rows, agenda, participants, link, steps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.organization.enums import Role
from cchc.workflow.engine import perform
from dialogues.domain import conference as conferences
from dialogues.domain import participant as participants
from dialogues.enums import Audience, ConferenceState, ItemState, Outcome, Part
from dialogues.models import Conference, Item
from tests.dialogues.factories import ITEM_PATHS, MET, OPENED, conference_at, item_at
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force, person, post


# --- The numbers and their rows ---------------------------------------------------------------------------------------
def numbers(client: Client, conference: Conference) -> dict[str, tuple[int, str]]:
    page = client.get(reverse("conference_show", args=[conference.code]))
    return {term.key: (term.number, term.url) for term in page.context["terms"]}


@pytest.mark.parametrize("who", ["secretary", "officer", "provincial_leader"])
def test_each_number_opens_exactly_its_rows_and_they_add_up(force: Force, who: str) -> None:
    conference = conference_at(force, "collecting")
    for state in ITEM_PATHS:
        if state != ItemState.MERGED:
            item_at(force, state, conference=conference, by=force.officer if state == "closed" else force.unit_chief)
    lead = item_at(force, ItemState.ACCEPTED, conference=conference)
    item_at(force, ItemState.MERGED, conference=conference, lead=lead)
    client = signed_in(getattr(force, who))
    found = numbers(client, conference)
    assert found["all"][0] == sum(number for key, (number, _url) in found.items() if key != "all")
    for key, (number, url) in found.items():
        rows = client.get(url).context["table"].page.rows
        assert len(rows) == number, key
        if key != "all":
            outcomes = Item.objects.filter(pk__in=[row.pk for row in rows]).with_outcome()
            assert all(each.outcome == key for each in outcomes)
    assert set(found) == {"all", *Outcome.values}
    if who == "secretary":
        assert found["all"][0] == Item.objects.filter(conference=conference).received().count()


def test_reported_figure_stands_beside_the_computed(force: Force) -> None:
    conference = conference_at(force, "collecting", reported_items="trên 20 ý kiến")
    assert "trên 20 ý kiến" in text_of(signed_in(force.officer).get(reverse("conference_show", args=[conference.code])))


def test_closing_is_refused_with_the_list_while_anything_is_owed(force: Force) -> None:
    conference = conference_at(force, "collecting")
    item = item_at(force, ItemState.ASSIGNED, conference=conference)
    closed = item_at(force, ItemState.CLOSED, conference=conference)
    for action, by in (("start", force.secretary), ("conclude", force.leader)):
        conference = perform(conference, action, by=by, at=MET)
    client = signed_in(force.secretary)
    address = reverse("conference_move", args=[conference.code, "close"])
    page = client.get(address)
    assert [row.item.pk for row in page.context["owed"]] == [item.pk]
    assert closed.title not in text_of(page)
    assert client.post(address, {"seen": conference.moves}).status_code == 409
    conference.refresh_from_db()
    assert conference.state == ConferenceState.CONCLUDED


# --- Agenda -----------------------------------------------------------------------------------------------------------
def agenda(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    blank = {"order": "", "at": "", "minutes": "", "text": "", "person": ""}
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, **more}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in {**blank, **row}.items()}
    return data


OPENING = {"order": 2, "at": "14:00", "minutes": 10, "text": "Khai mạc"}
ANSWERS = {"order": 1, "at": "13:30", "minutes": 30, "text": "Đón tiếp đại biểu"}


def test_agenda_is_ordered_by_its_numbers(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    address = reverse("conference_agenda_edit", args=[conference.code])
    assert client.get(address).status_code == 200
    sent = agenda({**OPENING, "person": force.leader.pk}, ANSWERS, {}, {**OPENING, "text": "Bỏ", "DELETE": "on"})
    assert client.post(address, {**sent, "seen": conference.moves}).status_code == 302
    assert [entry.text for entry in conference.agenda.all()] == ["Đón tiếp đại biểu", "Khai mạc"]
    assert "Khai mạc" in text_of(client.get(reverse("conference_agenda", args=[conference.code])))
    assert "Khai mạc" in text_of(client.get(address))


BAD_ROWS = [
    {"at": "25:00"}, {"minutes": 0}, {"text": ""}, {"person": "999999"}, {"order": -1}, {"minutes": "9" * 30},
    {"text": "x" * 301},
]  # fmt: skip


def test_bad_rows_of_an_agenda(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    address = reverse("conference_agenda_edit", args=[conference.code])
    for changes in BAD_ROWS:
        response = client.post(address, agenda(ANSWERS, {**OPENING, **changes}, seen=conference.moves))
        assert response.status_code == 400, changes
        assert "Đón tiếp đại biểu" in text_of(response)
    assert not conference.agenda.exists()


def test_broken_count_of_rows_is_refused(force: Force) -> None:
    conference = conference_at(force, "draft")
    address = reverse("conference_agenda_edit", args=[conference.code])
    client = signed_in(force.secretary)
    assert client.post(address, {"form-TOTAL_FORMS": "x"}).status_code == 400
    assert client.post(address, {}).status_code == 400


def test_two_editors_of_an_agenda(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    address = reverse("conference_agenda_edit", args=[conference.code])
    assert client.post(address, agenda(ANSWERS, seen=conference.moves)).status_code == 302
    late = client.post(address, agenda(OPENING, seen=conference.moves))
    assert late.status_code == 409
    assert "Khai mạc" in text_of(late)
    assert "Đón tiếp đại biểu" in text_of(late)
    assert client.post(address, agenda(OPENING, seen=late.context["seen"])).status_code == 302
    assert client.post(address, agenda(OPENING, seen="abc")).status_code == 409


def test_agenda_typed_is_kept_as_a_draft(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    client.post(reverse("draft_save", args=[f"conference-agenda-{conference.code}"]), agenda(OPENING, seen=1))
    assert "Khai mạc" in text_of(client.get(reverse("conference_agenda_edit", args=[conference.code])))


# --- Participants -----------------------------------------------------------------------------------------------------
def test_participants_are_added_given_a_part_and_removed(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    page = reverse("conference_people", args=[conference.code])
    assert "Nguyễn Văn An" in text_of(client.get(page, {"q": "nguyen van an"}))
    add = reverse("conference_participant", args=[conference.code])
    assert client.post(add, {"person": force.officer.pk, "part": "delegate"}).status_code == 302
    assert client.post(add, {"person": force.officer.pk, "part": "co_chair"}).status_code == 302
    entry = conference.participants.get(person=force.officer)
    assert entry.part == Part.CO_CHAIR
    assert "Nguyễn Văn An" in text_of(client.get(page))
    remove = reverse("conference_participant_remove", args=[conference.code, entry.pk])
    assert client.get(remove).status_code == 405
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404
    assert not conference.participants.filter(person=force.officer).exists()


def test_nobody_is_added_by_a_wrong_form(force: Force) -> None:
    conference = conference_at(force, "draft")
    before = conference.participants.count()
    client = signed_in(force.secretary)
    for data in ({}, {"person": "x", "part": "delegate"}, {"person": "1", "part": "king"}):
        assert client.post(reverse("conference_participant", args=[conference.code]), data).status_code == 302
    assert conference.participants.count() == before


def test_chiefs_of_the_invited_units(force: Force) -> None:
    conference = conference_at(force, "draft")
    post(chief := person("chief2"), force.th, Role.UNIT_CHIEF)
    client = signed_in(force.secretary)
    address = reverse("conference_chiefs", args=[conference.code])
    for _twice in range(2):
        assert client.post(address).status_code == 302
    assert {each.person for each in conference.participants.filter(part=Part.DELEGATE)} == {
        chief, force.unit_chief, force.ward_chief,
    }  # fmt: skip


def test_participant_of_another_conference_is_not_found(force: Force) -> None:
    mine, other = conference_at(force, "draft"), conference_at(force, "draft")
    entry = other.participants.get()
    remove = reverse("conference_participant_remove", args=[mine.code, entry.pk])
    assert signed_in(force.secretary).post(remove).status_code == 404


def test_on_paper(force: Force) -> None:
    conference = conference_at(force, "collecting")
    participants.add_chiefs(conference, by=force.secretary, at=timezone.now())
    page = text_of(signed_in(force.officer).get(reverse("conference_print", args=[conference.code])))
    assert "Vũ Thị Giang" in page
    assert signed_in(force.stranger).get(reverse("conference_print", args=[conference.code])).status_code == 404


# --- The guests' link -------------------------------------------------------------------------------------------------
def test_link_is_for_those_who_steer(force: Force) -> None:
    conference = conference_at(force, "collecting")
    address, poster = (reverse(name, args=[conference.code]) for name in ("conference_show", "conference_poster"))
    for who, steers in ((force.secretary, True), (force.leader, True), (force.officer, False)):
        client = signed_in(who)
        assert (conference.guest_key in text_of(client.get(address))) is steers
        assert client.get(poster).status_code == (200 if steers else 404)
    assert "<svg" in text_of(signed_in(force.secretary).get(poster))


def test_no_link_without_guests(force: Force) -> None:
    conference = conference_at(force, "collecting", audiences=[Audience.OFFICERS])
    page = signed_in(force.secretary).get(reverse("conference_show", args=[conference.code]))
    assert page.context["link"] is None


def test_new_link_makes_the_old_one_void(force: Force) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(force.secretary)
    address = reverse("conference_link", args=[conference.code])
    assert client.get(address).status_code == 200
    assert Conference.objects.get().guest_key == conference.guest_key
    assert client.post(address).status_code == 302
    assert Conference.objects.get().guest_key != conference.guest_key


# --- Steps ------------------------------------------------------------------------------------------------------------
def test_step(force: Force) -> None:
    steps = {
        ("draft", OPENED): 1, ("collecting", OPENED): 2, ("collecting", MET): 3, ("in_session", MET): 4,
        ("concluded", MET): 5, ("closed", MET): 7, ("cancelled", MET): 0,
    }  # fmt: skip
    client = signed_in(force.secretary)
    for (state, at), step in steps.items():
        conference = conference_at(force, state)
        assert conferences.step_of(conference, at) == step, state
        assert client.get(reverse("conference_show", args=[conference.code])).status_code == 200
