"""Conferences: what is typed, every move by its page, the numbers and their rows, and who sees what."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cchc.organization.enums import Role
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from cchc.workflow.models import Event, Extension
from dialogues.domain import conference as conferences
from dialogues.enums import Audience, ConferenceState, ItemState, Outcome, Part
from dialogues.models import Conference, Item, TopicSet
from tests.dialogues.factories import ITEM_PATHS, MET, OPENED, conference_at, item_at, plan, taxonomy
from tests.factories import Force, person, post

TABS = ("conference_view", "conference_items", "conference_agenda", "conference_people", "conference_history")
MOST_QUERIES = 12


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def typed(force: Force, **changes: Any) -> dict[str, Any]:
    """A form filled in as it should be."""
    return {
        "title": "Hội nghị đối thoại với Nhân dân", "host": force.town.pk, "chair": force.leader.pk, "plan": "",
        "code": "", "venue": "Hội trường", "starts_at": "2026-12-02T14:00", "ends_at": "2026-12-02T17:00",
        "opens_at": "2026-11-10T07:30", "closes_at": "2026-12-02T16:00", "answer_term": "15", "topics": "",
        "audiences": ["officers", "citizens"], "invited": [force.ward.pk], "reported_items": "", **changes,
    }  # fmt: skip


def text_of(response: Any) -> str:
    return response.content.decode()


# --- Who sees it ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "who", "status"),
    [
        ("collecting", "officer", 200), ("collecting", "secretary", 200), ("collecting", "stranger", 404),
        ("draft", "officer", 404), ("draft", "secretary", 200), ("draft", "stranger", 404), ("draft", "leader", 200),
        ("cancelled", "ward_officer", 200), ("collecting", "provincial_leader", 200),
        ("collecting", "administrator", 404),
    ],
)  # fmt: skip
def test_who_sees_a_conference(force: Force, state: str, who: str, status: int) -> None:
    conference = conference_at(force, state)
    client = signed_in(getattr(force, who))
    for name in TABS:
        assert client.get(reverse(name, args=[conference.code])).status_code == status, name


def test_list_shows_what_one_may_see(force: Force) -> None:
    conference_at(force, "draft", code="HN-A")
    conference_at(force, "collecting", code="HN-B")
    address = reverse("conference_list")
    secretary, officer, stranger = (
        text_of(signed_in(who).get(address)) for who in (force.secretary, force.officer, force.stranger)
    )
    assert "HN-A" in secretary
    assert "HN-B" in secretary
    assert "HN-A" not in officer
    assert "HN-B" in officer
    assert "HN-B" not in stranger
    assert reverse("conference_new") in secretary
    assert reverse("conference_new") not in officer


@pytest.mark.parametrize("who", ["officer", "leader", "stranger", "unit_chief"])
def test_only_secretaries_prepare(force: Force, who: str) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(getattr(force, who))
    for name in ("conference_edit", "conference_agenda_edit", "conference_link"):
        address = reverse(name, args=[conference.code])
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    assert client.get(reverse("conference_new")).status_code == 404
    assert client.get(reverse("conference_units")).status_code == 404
    for name in ("conference_participant", "conference_chiefs"):
        assert client.post(reverse(name, args=[conference.code]), {}).status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------------
def test_list_filters_by_host_year_state_and_time(force: Force) -> None:
    conference_at(force, "collecting", code="HN-2020")
    year = timedelta(days=365)
    times = {"starts_at": MET - year, "ends_at": MET, "opens_at": OPENED - year, "closes_at": MET - year}
    conference_at(force, "closed", code="HN-OLD", **times)
    client = signed_in(force.secretary)

    def found(**chosen: Any) -> set[str]:
        page = text_of(client.get(reverse("conference_list"), chosen))
        return {code for code in ("HN-2020", "HN-OLD") if f"/conferences/{code}/" in page}

    assert found() == {"HN-2020", "HN-OLD"}
    assert found(year=2020) == {"HN-2020"}
    assert found(state="closed") == {"HN-OLD"}
    assert found(host=force.town.pk) == {"HN-2020", "HN-OLD"}
    assert found(host=force.next_town.pk) == set()
    assert found(when="upcoming") == {"HN-2020"}
    assert found(when="past") == {"HN-OLD"}
    assert found(when="running") == set()
    assert found(year="x", host="-1", state="?", when="?") == {"HN-2020", "HN-OLD"}


def test_list_in_pages(force: Force) -> None:
    for number in range(27):
        conference_at(force, "draft", code=f"HN-{number:02d}")
    client = signed_in(force.secretary)
    first = text_of(client.get(reverse("conference_list")))
    assert first.count("HN-") >= 25
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following
    second = text_of(client.get(reverse("conference_list") + following[1].replace("&amp;", "&")))
    assert {f"HN-{number:02d}" for number in (25, 26)} == set(re.findall(r"/conferences/(HN-\d\d)/", second))


def test_empty_list_teaches(force: Force) -> None:
    assert reverse("conference_new") in text_of(signed_in(force.secretary).get(reverse("conference_list")))
    assert signed_in(force.stranger).get(reverse("conference_list")).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(force: Force, number: int, django_assert_max_num_queries: Any) -> None:
    for _each in range(number):
        conference_at(force, "collecting")
    client = signed_in(force.secretary)
    client.get(reverse("conference_list"))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(reverse("conference_list"))


def test_queries_of_the_tabs_do_not_grow(force: Force, django_assert_max_num_queries: Any) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(force.secretary)
    seen = {}
    for round_number in (1, 3):
        for _each in range(round_number):
            item_at(force, "submitted", conference=conference)
            conferences.set_participant(conference, person(), Part.DELEGATE, by=force.secretary, at=OPENED)
        for name in TABS:
            address = reverse(name, args=[conference.code])
            client.get(address)
            limit = MOST_QUERIES + 3 if name == "conference_items" else MOST_QUERIES
            with django_assert_max_num_queries(limit) as asked:
                client.get(address)
            assert len(asked) <= seen.setdefault(name, len(asked)), name


# --- A new one --------------------------------------------------------------------------------------------------------
def test_new_conference(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    assert client.get(reverse("conference_new")).status_code == 200
    response = client.post(reverse("conference_new"), typed(force, all_units="on"))
    made = Conference.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("conference_view", args=[made.code])
    assert made.state == ConferenceState.DRAFT
    assert made.code == "HN-CATX-2026-01"
    assert made.topics == TopicSet.objects.get(code="76")
    assert {unit.code for unit in made.invited.all()} == {"TH", "QLHC", "PHUONG"}
    assert {each.audience for each in made.audiences.all()} == {Audience.OFFICERS, Audience.CITIZENS}
    assert timezone.localtime(made.closes_at).strftime("%d/%m %H:%M") == "02/12 16:00"


def test_contents_follow_the_date(force: Force) -> None:
    taxonomy()
    old = {
        "starts_at": "2020-01-02T14:00",
        "ends_at": "2020-01-02T17:00",
        "opens_at": "2019-12-16T07:30",
        "closes_at": "",
    }
    signed_in(force.secretary).post(reverse("conference_new"), typed(force, **old))
    made = Conference.objects.get()
    assert made.topics.code == "30c"
    assert made.closes_at == made.ends_at


def test_next_free_code(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    for expected in ("HN-CATX-2026-01", "HN-CATX-2026-02"):
        client.post(reverse("conference_new"), typed(force))
        assert Conference.objects.filter(code=expected).exists()
    assert "HN-CATX-" in text_of(client.get(reverse("conference_new")))


BAD = [
    ("title", {"title": ""}),
    ("title", {"title": "x" * 301}),
    ("venue", {"venue": ""}),
    ("host", {"host": "{next_town}"}),
    ("host", {"host": "abc"}),
    ("host", {"host": "9" * 40}),
    ("chair", {"chair": ""}),
    ("chair", {"chair": "{officer}"}),
    ("chair", {"chair": "{next_leader}"}),
    ("ends_at", {"ends_at": "2026-12-02T13:00"}),
    ("closes_at", {"closes_at": "2026-12-02T18:00"}),
    ("closes_at", {"closes_at": "2026-11-10T07:30"}),
    ("starts_at", {"starts_at": "0001-01-01T00:00"}),
    ("starts_at", {"starts_at": "9999-12-31T23:59"}),
    ("starts_at", {"starts_at": "hôm nay"}),
    ("starts_at", {"starts_at": ""}),
    ("answer_term", {"answer_term": "0"}),
    ("answer_term", {"answer_term": "61"}),
    ("answer_term", {"answer_term": "x"}),
    ("audiences", {"audiences": []}),
    ("audiences", {"audiences": ["everybody"]}),
    ("invited", {"invited": ["x"]}),
    ("invited", {"invited": ["9" * 40]}),
    ("code", {"code": "có dấu cách"}),
    ("code", {"code": "new"}),
    ("code", {"code": "HN-TAKEN"}),
    ("plan", {"plan": "not-a-plan"}),
    ("topics", {"topics": "999"}),
    ("topics", {"starts_at": "2005-12-02T14:00", "ends_at": "2005-12-02T15:00", "opens_at": "2005-12-01T15:00",
                "closes_at": ""}),
]  # fmt: skip


def test_bad_input_is_named_and_nothing_typed_is_lost(force: Force) -> None:
    conference_at(force, "draft", code="HN-TAKEN")
    people = {"{next_town}": force.next_town.pk, "{officer}": force.officer.pk, "{next_leader}": force.next_leader.pk}
    client = signed_in(force.secretary)
    for field, changes in BAD:
        changed = {
            name: people.get(value, value) if isinstance(value, str) else value for name, value in changes.items()
        }
        response = client.post(reverse("conference_new"), typed(force, **changed))
        assert response.status_code == 400, changes
        assert field in response.context["form"].errors, changes
        page = text_of(response)
        assert ("Hội trường" if field != "venue" else "Hội nghị đối thoại") in page, changes
        assert "2026-12-02T17:00" in page or "ends_at" in changed, changes
    assert Conference.objects.count() == 1


def test_controls_are_cleaned(force: Force) -> None:
    taxonomy()
    signed_in(force.secretary).post(reverse("conference_new"), typed(force, title="Hội\x00 nghị\u202e"))
    assert Conference.objects.get().title == "Hội nghị"


def test_what_is_typed_is_kept_as_a_draft(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    fields = typed(force, title="Đang soạn dở", audiences=["businesses"], invited=[force.ward.pk])
    client.post(reverse("draft_save", args=["conference-new"]), fields)
    page = client.get(reverse("conference_new"))
    form = page.context["form"]
    assert form["title"].value() == "Đang soạn dở"
    assert [unit for unit, chosen in form.unit_rows if chosen] == [force.ward]
    assert not form["all_units"].value()
    assert client.post(reverse("conference_new"), fields).status_code == 302
    assert client.get(reverse("conference_new")).context["form"]["title"].value() is None


def test_units_are_found_with_and_without_scripts(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    assert "Bắc Sơn" in text_of(client.get(reverse("conference_units"), {"unit_q": "bac son"}))
    assert client.get(reverse("conference_units"), {"unit_q": "\x00"}).status_code == 200
    fields = typed(force, title="Giữ nguyên", unit_q="bac son", _find="1", invited=[force.ward.pk, force.pv01.pk])
    page = client.post(reverse("conference_new"), fields)
    assert page.status_code == 200
    assert "Giữ nguyên" in text_of(page)
    assert {unit.code for unit, chosen in page.context["form"].unit_rows if chosen} == {"PHUONG", "PV01"}
    assert [unit.code for unit in page.context["found"]] == ["CATX2"]
    assert not Conference.objects.exists()


def test_short_notice_and_early_plan_warn_only(force: Force) -> None:
    basis = plan(force, issued_on=OPENED.date())
    early = plan(force, issued_on=OPENED.date() - timedelta(days=30), implements=basis)
    soon = timezone.now() + timedelta(days=3)
    conference = conference_at(
        force, "draft", plan=early, starts_at=soon, ends_at=soon + timedelta(hours=2), closes_at=soon
    )
    assert len(conferences.warnings(conference, timezone.now())) == 2
    page = signed_in(force.secretary).get(reverse("conference_view", args=[conference.code]))
    assert len(page.context["warnings"]) == 2
    later = timezone.now() - timedelta(days=30)
    assert not conferences.notice_is_short(conference, later)


# --- Editing ----------------------------------------------------------------------------------------------------------
def edited(conference: Conference, force: Force, **changes: Any) -> dict[str, Any]:
    return typed(force, code=conference.code, seen=conference.moves, **changes)


def test_edit_keeps_what_was_there(force: Force) -> None:
    conference = conference_at(force, "draft")
    client = signed_in(force.secretary)
    address = reverse("conference_edit", args=[conference.code])
    assert "Hội trường tầng 3" in text_of(client.get(address))
    assert client.post(address, edited(conference, force, venue="Nhà văn hóa")).status_code == 302
    conference.refresh_from_db()
    assert conference.venue == "Nhà văn hóa"
    event = Event.objects.of(conference).newest_first()[0]
    assert event.action == "edit"
    assert event.data["before"]["venue"] == "Hội trường tầng 3"
    assert "Hội trường tầng 3" in text_of(client.get(reverse("conference_history", args=[conference.code])))


def test_moved_opening_of_a_draft_moves_what_is_owed(force: Force) -> None:
    conference = conference_at(force, "draft")
    opens = timezone.localtime() + timedelta(days=30)
    days = {
        name: f"{opens + timedelta(days=n):%Y-%m-%dT%H:%M}"
        for n, name in enumerate(("opens_at", "starts_at", "ends_at"))
    }
    changed = edited(conference, force, **days, closes_at="", topics=conference.topics_id)
    signed_in(force.secretary).post(reverse("conference_edit", args=[conference.code]), changed)
    conference.refresh_from_db()
    assert conference.turn
    assert conference.turn.due_on == conference.turn.first_due_on == calendar().roll(opens.date())


def test_second_editor_is_told_and_loses_nothing(force: Force) -> None:
    conference = conference_at(force, "draft")
    stale = edited(conference, force, venue="Chỗ của tôi")
    conferences.change(conference, by=force.secretary, at=timezone.now(), venue="Chỗ của người khác")
    client = signed_in(force.secretary)
    address = reverse("conference_edit", args=[conference.code])
    response = client.post(address, stale)
    page = text_of(response)
    assert response.status_code == 409
    assert "Chỗ của tôi" in page
    assert "Chỗ của người khác" in page
    now = response.context["form"]["seen"].value()
    assert client.post(address, {**stale, "seen": now}).status_code == 302
    conference.refresh_from_db()
    assert conference.venue == "Chỗ của tôi"


def test_announced_date_chair_and_code_are_not_edited(force: Force) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(force.secretary)
    address = reverse("conference_edit", args=[conference.code])
    form = client.get(address).context["form"]
    assert not {"starts_at", "ends_at", "chair", "code", "host"} & set(form.fields)
    client.post(address, edited(conference, force, closes_at="2020-01-02T15:00", opens_at="2019-12-17T07:30"))
    conference.refresh_from_db()
    assert conference.starts_at == MET
    assert conference.chair == force.leader
    with pytest.raises(conferences.Refused):
        conferences.change(conference, by=force.secretary, at=OPENED, starts_at=MET + timedelta(days=1))


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_ended_conference_stays_as_it_is(force: Force, state: str) -> None:
    conference = conference_at(force, state)
    client = signed_in(force.secretary)
    address = reverse("conference_edit", args=[conference.code])
    assert client.get(address).status_code == 409
    assert client.post(address, edited(conference, force)).status_code == 409
    add = reverse("conference_participant", args=[conference.code])
    assert client.post(add, {"person": force.officer.pk, "part": "delegate"}).status_code == 409


def test_no_change_leaves_no_trace(force: Force) -> None:
    conference = conference_at(force, "collecting")
    before = Event.objects.of(conference).count()
    same = conferences.change(conference, by=force.secretary, at=OPENED, venue=conference.venue)
    assert (same.moves, Event.objects.of(conference).count()) == (conference.moves, before)


# --- Every move by its page -------------------------------------------------------------------------------------------
def later(hours: int = 0) -> str:
    return (timezone.localtime(MET) + timedelta(days=7, hours=hours)).strftime("%Y-%m-%dT%H:%M")


MOVES = [
    ("open", "draft", "secretary", {}, "collecting"),
    ("start", "collecting", "secretary", {}, "in_session"),
    ("conclude", "in_session", "leader", {}, "concluded"),
    ("close", "concluded", "secretary", {}, "closed"),
    ("cancel", "draft", "leader", {"note": "Bận công tác đột xuất"}, "cancelled"),
    ("cancel", "collecting", "deputy", {"note": "Bận công tác đột xuất"}, "cancelled"),
    ("reschedule", "collecting", "secretary",
     {"note": "Trùng lịch", "starts_at": later(), "ends_at": later(3), "closes_at": later(2)}, "collecting"),
    ("new_chair", "collecting", "secretary", {"note": "Đi học", "chair": "{deputy}"}, "collecting"),
    ("reopen", "closed", "leader", {"note": "Còn việc"}, "concluded"),
]  # fmt: skip


def filled(data: dict[str, Any], force: Force) -> dict[str, Any]:
    return {name: force.deputy.pk if value == "{deputy}" else value for name, value in data.items()}


@pytest.mark.parametrize(("action", "state", "who", "data", "target"), MOVES)
def test_every_move(force: Force, action: str, state: str, who: str, data: dict[str, Any], target: str) -> None:
    conference = conference_at(force, state)
    client = signed_in(getattr(force, who))
    address = reverse("conference_do", args=[conference.code, action])
    assert f'href="{address}"' in text_of(client.get(reverse("conference_view", args=[conference.code])))
    assert client.get(address).status_code == 200
    response = client.post(address, {"seen": conference.moves, **filled(data, force)})
    conference.refresh_from_db()
    assert response.status_code == 302
    assert conference.state == target
    event = Event.objects.of(conference).newest_first()[0]
    assert (event.action, event.actor) == (action, getattr(force, who))


@pytest.mark.parametrize(("action", "state", "who", "data", "target"), MOVES)
def test_move_by_somebody_else_is_refused(
    force: Force, action: str, state: str, who: str, data: dict[str, Any], target: str
) -> None:
    conference = conference_at(force, state)
    other = force.leader if who == "secretary" else force.secretary
    address = reverse("conference_do", args=[conference.code, action])
    client = signed_in(other)
    assert client.get(address).status_code == 403
    assert client.post(address, {"seen": conference.moves, **filled(data, force)}).status_code == 403
    conference.refresh_from_db()
    assert conference.state == state
    assert signed_in(force.stranger).post(address, {}).status_code == 404


@pytest.mark.parametrize(("action", "state", "who", "data", "target"), [each for each in MOVES if each[3].get("note")])
def test_reason_is_asked_for(
    force: Force, action: str, state: str, who: str, data: dict[str, Any], target: str
) -> None:
    conference = conference_at(force, state)
    address = reverse("conference_do", args=[conference.code, action])
    response = signed_in(getattr(force, who)).post(address, {**filled(data, force), "note": "  "})
    assert response.status_code == 400
    assert "note" in response.context["form"].errors
    conference.refresh_from_db()
    assert conference.state == state


def test_second_one_is_told_that_it_has_moved_on(force: Force) -> None:
    conference = conference_at(force, "collecting")
    address = reverse("conference_do", args=[conference.code, "reschedule"])
    client = signed_in(force.secretary)
    data = {
        "seen": conference.moves,
        "note": "Lý do của tôi",
        "starts_at": later(),
        "ends_at": later(3),
        "closes_at": "",
    }
    perform(conference, "start", by=force.secretary, at=MET)
    response = client.post(address, data)
    assert response.status_code == 409
    assert escape(str(force.secretary)) in text_of(response)
    stale = conference_at(force, "collecting")
    address = reverse("conference_do", args=[stale.code, "reschedule"])
    conferences.change(stale, by=force.secretary, at=OPENED, venue="Nơi khác")
    response = client.post(address, {**data, "seen": stale.moves})
    assert response.status_code == 409
    assert "Lý do của tôi" in text_of(response)


def test_unknown_move_is_no_page(force: Force) -> None:
    conference = conference_at(force, "collecting")
    assert signed_in(force.secretary).get(f"/conferences/{conference.code}/do/delete/").status_code == 404


def test_opening_needs_an_audience(force: Force) -> None:
    conference = conference_at(force, "draft", audiences=[])
    address = reverse("conference_do", args=[conference.code, "open"])
    client = signed_in(force.secretary)
    assert '<form method="post" novalidate' not in text_of(client.get(address))
    assert client.post(address, {"seen": conference.moves}).status_code == 409


def test_who_will_be_told_is_said(force: Force) -> None:
    conference = conference_at(force, "draft")
    page = signed_in(force.secretary).get(reverse("conference_do", args=[conference.code, "open"]))
    assert [str(each) for each in page.context["told"]] == ["Trần Thị Bình", "Phạm Văn Dũng", "Vũ Thị Giang"]


# --- What a rescheduling keeps ----------------------------------------------------------------------------------------
def test_both_dates_stay_in_the_history(force: Force) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(force.secretary)
    data = {
        "seen": conference.moves,
        "note": "Trùng lịch",
        "starts_at": later(),
        "ends_at": later(3),
        "closes_at": later(2),
    }
    client.post(reverse("conference_do", args=[conference.code, "reschedule"]), data)
    officers = text_of(signed_in(force.officer).get(reverse("conference_history", args=[conference.code])))
    for words in ("14:00, 02/01/2020", "14:00, 09/01/2020", "Trùng lịch"):
        assert words in officers
    conference.refresh_from_db()
    assert conference.turn
    assert (f"{conference.turn.first_due_on:%d/%m}", f"{conference.turn.due_on:%d/%m}") != ("02/01", "02/01")
    assert Extension.objects.filter(obligation=conference.turn).count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("ends_at", {"ends_at": later(-1)}),
        ("closes_at", {"closes_at": "2019-12-01T00:00"}),
        ("starts_at", {"starts_at": "2020-01-02T14:00", "ends_at": "2020-01-02T17:00"}),
        ("starts_at", {"starts_at": "9999-12-31T23:00"}),
    ],
)
def test_bad_dates_of_a_rescheduling(force: Force, field: str, changes: dict[str, str]) -> None:
    conference = conference_at(force, "collecting")
    data = {"note": "Trùng lịch", "starts_at": later(), "ends_at": later(3), "closes_at": later(2), **changes}
    address = reverse("conference_do", args=[conference.code, "reschedule"])
    response = signed_in(force.secretary).post(address, data)
    assert response.status_code == 400
    assert field in response.context["form"].errors


def test_a_window_that_would_end_before_it_begins_is_refused(force: Force) -> None:
    conference = conference_at(force, "collecting")
    early = OPENED - timedelta(days=5)
    with pytest.raises(conferences.Refused):
        conferences.reschedule(
            conference,
            starts_at=early,
            ends_at=early + timedelta(hours=2),
            by=force.secretary,
            at=OPENED,
            note="Sớm hơn",
        )


def test_both_chairs_stay_in_the_history(force: Force) -> None:
    conference = conference_at(force, "collecting")
    data = {"seen": conference.moves, "note": "Đi học", "chair": force.deputy.pk}
    client = signed_in(force.secretary)
    client.post(reverse("conference_do", args=[conference.code, "new_chair"]), data)
    page = text_of(client.get(reverse("conference_history", args=[conference.code])))
    assert "Phạm Văn Dũng" in page
    assert "Hoàng Văn Đông" in page
    same = client.post(reverse("conference_do", args=[conference.code, "new_chair"]), {**data, "seen": ""})
    assert same.status_code == 400


def test_cancelled_conference_tells_why_and_whom(force: Force) -> None:
    conference = conference_at(force, "collecting")
    data = {"seen": conference.moves, "note": "Bận công tác đột xuất"}
    signed_in(force.leader).post(reverse("conference_do", args=[conference.code, "cancel"]), data)
    page = text_of(signed_in(force.officer).get(reverse("conference_history", args=[conference.code])))
    assert "Bận công tác đột xuất" in page
    event = Event.objects.of(conference).newest_first()[0]
    told = {notice.person for notice in event.notices.select_related("person")}
    assert {force.unit_chief, force.ward_chief} <= told
    assert force.leader not in told


# --- The numbers and their rows ---------------------------------------------------------------------------------------
def numbers(client: Client, conference: Conference) -> dict[str, tuple[int, str]]:
    page = client.get(reverse("conference_view", args=[conference.code]))
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
    assert "trên 20 ý kiến" in text_of(signed_in(force.officer).get(reverse("conference_view", args=[conference.code])))


def test_closing_is_refused_with_the_list_while_anything_is_owed(force: Force) -> None:
    conference = conference_at(force, "collecting")
    item = item_at(force, ItemState.ASSIGNED, conference=conference)
    closed = item_at(force, ItemState.CLOSED, conference=conference)
    for action, by in (("start", force.secretary), ("conclude", force.leader)):
        conference = perform(conference, action, by=by, at=MET)
    client = signed_in(force.secretary)
    address = reverse("conference_do", args=[conference.code, "close"])
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
    conferences.add_chiefs(conference, by=force.secretary, at=timezone.now())
    page = text_of(signed_in(force.officer).get(reverse("conference_print", args=[conference.code])))
    assert "Vũ Thị Giang" in page
    assert signed_in(force.stranger).get(reverse("conference_print", args=[conference.code])).status_code == 404


# --- The guests' link -------------------------------------------------------------------------------------------------
def test_link_is_for_those_who_steer(force: Force) -> None:
    conference = conference_at(force, "collecting")
    address, poster = (reverse(name, args=[conference.code]) for name in ("conference_view", "conference_poster"))
    for who, steers in ((force.secretary, True), (force.leader, True), (force.officer, False)):
        client = signed_in(who)
        assert (conference.guest_key in text_of(client.get(address))) is steers
        assert client.get(poster).status_code == (200 if steers else 404)
    assert "<svg" in text_of(signed_in(force.secretary).get(poster))


def test_no_link_without_guests(force: Force) -> None:
    conference = conference_at(force, "collecting", audiences=[Audience.OFFICERS])
    page = signed_in(force.secretary).get(reverse("conference_view", args=[conference.code]))
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
        assert client.get(reverse("conference_view", args=[conference.code])).status_code == 200
