"""Conferences: who sees them, the list, what is typed and edited."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cchc.workdays.domain.calendar import calendar
from cchc.workflow.models import Event
from dialogues.domain import conference as conferences
from dialogues.domain import participant as participants
from dialogues.enums import Audience, ConferenceState, Part
from dialogues.models import Conference, TopicSet
from tests.dialogues.factories import MET, OPENED, conference_at, item_at, plan, taxonomy
from tests.dialogues.pages import signed_in, text_of, typed_conference
from tests.factories import Force, person

TABS = ("conference_show", "conference_items", "conference_agenda", "conference_people", "conference_history")
MOST_QUERIES = 12


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
    assert reverse("conference_create") in secretary
    assert reverse("conference_create") not in officer


@pytest.mark.parametrize("who", ["officer", "leader", "stranger", "unit_chief"])
def test_only_secretaries_prepare(force: Force, who: str) -> None:
    conference = conference_at(force, "collecting")
    client = signed_in(getattr(force, who))
    for name in ("conference_edit", "conference_agenda_edit", "conference_link"):
        address = reverse(name, args=[conference.code])
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    assert client.get(reverse("conference_create")).status_code == 404
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
    assert reverse("conference_create") in text_of(signed_in(force.secretary).get(reverse("conference_list")))
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
            participants.set_participant(conference, person(), Part.DELEGATE, by=force.secretary, at=OPENED)
        for name in TABS:
            address = reverse(name, args=[conference.code])
            client.get(address)
            with django_assert_max_num_queries(MOST_QUERIES) as asked:
                client.get(address)
            assert len(asked) <= seen.setdefault(name, len(asked)), name


# --- A new one --------------------------------------------------------------------------------------------------------
def test_new_conference(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    assert client.get(reverse("conference_create")).status_code == 200
    response = client.post(reverse("conference_create"), typed_conference(force, all_units="on"))
    made = Conference.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("conference_show", args=[made.code])
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
    signed_in(force.secretary).post(reverse("conference_create"), typed_conference(force, **old))
    made = Conference.objects.get()
    assert made.topics.code == "30c"
    assert made.closes_at == made.ends_at


def test_next_free_code(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    for expected in ("HN-CATX-2026-01", "HN-CATX-2026-02"):
        client.post(reverse("conference_create"), typed_conference(force))
        assert Conference.objects.filter(code=expected).exists()
    assert "HN-CATX-" in text_of(client.get(reverse("conference_create")))


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
        response = client.post(reverse("conference_create"), typed_conference(force, **changed))
        assert response.status_code == 400, changes
        assert field in response.context["form"].errors, changes
        page = text_of(response)
        assert ("Hội trường" if field != "venue" else "Hội nghị đối thoại") in page, changes
        assert "2026-12-02T17:00" in page or "ends_at" in changed, changes
    assert Conference.objects.count() == 1


def test_controls_are_cleaned(force: Force) -> None:
    taxonomy()
    signed_in(force.secretary).post(reverse("conference_create"), typed_conference(force, title="Hội\x00 nghị\u202e"))
    assert Conference.objects.get().title == "Hội nghị"


def test_what_is_typed_is_kept_as_a_draft(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    fields = typed_conference(force, title="Đang soạn dở", audiences=["businesses"], invited=[force.ward.pk])
    client.post(reverse("draft_save", args=["conference-new"]), fields)
    page = client.get(reverse("conference_create"))
    form = page.context["form"]
    assert form["title"].value() == "Đang soạn dở"
    assert [unit for unit, chosen in form.unit_rows if chosen] == [force.ward]
    assert not form["all_units"].value()
    assert client.post(reverse("conference_create"), fields).status_code == 302
    assert client.get(reverse("conference_create")).context["form"]["title"].value() is None


def test_units_are_found_with_and_without_scripts(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    assert "Bắc Sơn" in text_of(client.get(reverse("conference_units"), {"unit_q": "bac son"}))
    assert client.get(reverse("conference_units"), {"unit_q": "\x00"}).status_code == 200
    fields = typed_conference(
        force, title="Giữ nguyên", unit_q="bac son", _find="1", invited=[force.ward.pk, force.pv01.pk]
    )
    page = client.post(reverse("conference_create"), fields)
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
    page = signed_in(force.secretary).get(reverse("conference_show", args=[conference.code]))
    assert len(page.context["warnings"]) == 2
    later = timezone.now() - timedelta(days=30)
    assert not conferences.notice_is_short(conference, later)


# --- Editing ----------------------------------------------------------------------------------------------------------
def edited(conference: Conference, force: Force, **changes: Any) -> dict[str, Any]:
    return typed_conference(force, code=conference.code, seen=conference.moves, **changes)


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
