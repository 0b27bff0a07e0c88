"""Every move of a conference by its page, and what stays in its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cchc.workflow.engine import perform
from cchc.workflow.models import Event, Extension
from dialogues.domain import conference as conferences
from tests.dialogues.factories import MET, OPENED, conference_at
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force


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
    address = reverse("conference_move", args=[conference.code, action])
    assert f'href="{address}"' in text_of(client.get(reverse("conference_show", args=[conference.code])))
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
    address = reverse("conference_move", args=[conference.code, action])
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
    address = reverse("conference_move", args=[conference.code, action])
    response = signed_in(getattr(force, who)).post(address, {**filled(data, force), "note": "  "})
    assert response.status_code == 400
    assert "note" in response.context["form"].errors
    conference.refresh_from_db()
    assert conference.state == state


def test_second_one_is_told_that_it_has_moved_on(force: Force) -> None:
    conference = conference_at(force, "collecting")
    address = reverse("conference_move", args=[conference.code, "reschedule"])
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
    address = reverse("conference_move", args=[stale.code, "reschedule"])
    conferences.change(stale, by=force.secretary, at=OPENED, venue="Nơi khác")
    response = client.post(address, {**data, "seen": stale.moves})
    assert response.status_code == 409
    assert "Lý do của tôi" in text_of(response)


def test_unknown_move_is_no_page(force: Force) -> None:
    conference = conference_at(force, "collecting")
    assert signed_in(force.secretary).get(f"/conferences/{conference.code}/do/delete/").status_code == 404


def test_opening_needs_an_audience(force: Force) -> None:
    conference = conference_at(force, "draft", audiences=[])
    address = reverse("conference_move", args=[conference.code, "open"])
    client = signed_in(force.secretary)
    assert '<form method="post" novalidate' not in text_of(client.get(address))
    assert client.post(address, {"seen": conference.moves}).status_code == 409


def test_who_will_be_told_is_said(force: Force) -> None:
    conference = conference_at(force, "draft")
    page = signed_in(force.secretary).get(reverse("conference_move", args=[conference.code, "open"]))
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
    client.post(reverse("conference_move", args=[conference.code, "reschedule"]), data)
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
    address = reverse("conference_move", args=[conference.code, "reschedule"])
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
    client.post(reverse("conference_move", args=[conference.code, "new_chair"]), data)
    page = text_of(client.get(reverse("conference_history", args=[conference.code])))
    assert "Phạm Văn Dũng" in page
    assert "Hoàng Văn Đông" in page
    same = client.post(reverse("conference_move", args=[conference.code, "new_chair"]), {**data, "seen": ""})
    assert same.status_code == 400


def test_cancelled_conference_tells_why_and_whom(force: Force) -> None:
    conference = conference_at(force, "collecting")
    data = {"seen": conference.moves, "note": "Bận công tác đột xuất"}
    signed_in(force.leader).post(reverse("conference_move", args=[conference.code, "cancel"]), data)
    page = text_of(signed_in(force.officer).get(reverse("conference_history", args=[conference.code])))
    assert "Bận công tác đột xuất" in page
    event = Event.objects.of(conference).newest_first()[0]
    told = {notice.person for notice in event.notices.select_related("person")}
    assert {force.unit_chief, force.ward_chief} <= told
    assert force.leader not in told
