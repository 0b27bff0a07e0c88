"""The moves of escalations on their pages, and the sender's desk: made by whom they are, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cchc.organization.models import Person
from cchc.organization.permissions import Permission
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.models import Escalation
from dialogues.views.escalation_steps import STEPS
from tests.dialogues.factories import conference_at, escalation_at, item_at, neighbor, step, walk
from tests.dialogues.referrals import (
    advisor_of,
    every_state,
    joined,
    show,
)
from tests.factories import Force

pytestmark = pytest.mark.django_db

LATER = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def advisor(force: Force) -> Person:
    return advisor_of(force)


# --- moves
def receivable(force: Force) -> Escalation:
    return escalation_at(force, "received")


MOVES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "propose": ("secretary", "written", {}, "proposed"),
    "send": ("leader", "proposed", {}, "sent"),
    "send_back": ("leader", "proposed", {"note": "Nêu rõ số liệu."}, "draft"),
    "recall": ("leader", "sent", {}, "draft"),
    "withdraw": ("leader", "sent", {"note": "Tự giải quyết được."}, "withdrawn"),
    "receive": ("provincial_secretary", "sent", {}, "received"),
    "assign": ("provincial_secretary", "received", {"division": "PV01", "due": LATER}, "assigned"),
    "advise": ("advisor", "assigned", {"text": "Đề nghị đồng ý."}, "presented"),
    "present": ("provincial_secretary", "received", {}, "presented"),
    "rule": ("provincial_leader", "presented", {"text": "Đồng ý.", "document": "1/CAT", "done_by": LATER}, "ruled"),
    "delegate_back": ("provincial_leader", "presented", {"text": "Giao đơn vị."}, "delegated"),
    "ask_again": ("provincial_leader", "presented", {"note": "Cần ý kiến thêm."}, "assigned"),
    "return_for_information": ("provincial_secretary", "received", {"text": "Bổ sung.", "done_by": LATER}, "returned"),
    "forward_up": ("provincial_leader", "presented", {"text": "Xin ý kiến Bộ.", "to": "BCA"}, "forwarded"),
    "refuse": ("provincial_leader", "presented", {"text": "Không có căn cứ."}, "refused"),
    "join": ("provincial_secretary", "received", {"lead": receivable}, "joined"),
    "take_out": ("provincial_secretary", "joined", {}, "received"),
    "record_reply": ("provincial_secretary", "outside", {"kind": "ruled", "text": "Bộ đồng ý."}, "ruled"),
    "extend": ("provincial_leader", "presented", {"to": LATER, "note": "Chờ ý kiến."}, "presented"),
    "ask_time": ("provincial_secretary", "received", {"to": LATER, "note": "Cần khảo sát."}, "received"),
    "grant_time": ("leader", "asked", {}, "received"),
    "deny_time": ("leader", "asked", {"note": "Việc gấp."}, "received"),
}


def at(force: Force, state: str) -> Escalation:
    if state == "written":
        return walk(escalation_at(force, "draft"), ["write"], force, requested_on=None)
    if state == "asked":
        return step(escalation_at(force, "received"), "ask_time", force)
    return escalation_at(force, state, requested_on=None)


def typed_for(action: str, force: Force, escalation: Escalation) -> dict[str, Any]:
    found = {name: value(force).pk if callable(value) else value for name, value in MOVES[action][2].items()}
    for name in ("division", "to"):
        if name in found and found[name] in force.units:
            found[name] = force.units[found[name]].pk
    return {**found, "seen": escalation.moves}


def mover(force: Force, role: str, advisor: Person) -> Any:
    return advisor if role == "advisor" else getattr(force, role)


def test_every_move_of_people_has_its_page() -> None:
    by_people = {row.action for row in ESCALATION_FLOW.transitions if isinstance(row.who, Permission)}
    assert set(MOVES) == set(STEPS) == by_people


@pytest.mark.parametrize("action", MOVES)
def test_a_move_is_asked_for_and_made(client: Client, force: Force, advisor: Person, action: str) -> None:
    role, state, _data, target = MOVES[action]
    made = at(force, state)
    address = f"/escalations/{made.pk}/do/{action}/"
    client.force_login(mover(force, role, advisor))
    assert client.get(f"/escalations/{made.pk}/").status_code == 200
    assert client.get(address).status_code == 200
    answer = client.post(address, typed_for(action, force, made))
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.get(answer.url).status_code == 200
    made.refresh_from_db()
    assert made.state == target
    again = client.post(address, typed_for(action, force, Escalation(moves=made.moves - 1)))
    assert again.status_code in (403, 409)


@pytest.mark.parametrize("action", MOVES)
def test_nobody_makes_a_move_that_is_not_his(client: Client, force: Force, advisor: Person, action: str) -> None:
    role, state, _data, _target = MOVES[action]
    made = at(force, state)
    others = {"secretary", "provincial_secretary", "inspector"} - {role}
    if role == "provincial_leader":
        others.discard("provincial_secretary" if action in ("return_for_information",) else "")
    for other in sorted(others):
        client.force_login(getattr(force, other))
        answer = client.post(f"/escalations/{made.pk}/do/{action}/", typed_for(action, force, made))
        if (action, other) == ("advise", "provincial_secretary"):
            continue  # he may write down what a division tells him
        assert answer.status_code in (403, 404), (action, other)
        made.refresh_from_db()
        assert made.state == Escalation.objects.get(pk=made.pk).state


REFUSED = [
    ("withdraw", {"note": " "}, ["note"]),
    ("assign", {"division": "999999", "due": "2019-01-01"}, ["division", "due"]),
    ("advise", {"text": ""}, ["text"]),
    ("rule", {"text": "", "done_by": "2019-01-01", "document": "12/CAT"}, ["text", "done_by"]),
    ("refuse", {"text": ""}, ["text"]),
    ("forward_up", {"text": "Kính gửi Bộ.", "to": "999999"}, ["to"]),
    ("join", {"lead": "not-an-id"}, ["lead"]),
    ("record_reply", {"kind": "forwarded_up", "text": "Bộ trả lời."}, ["kind"]),
    ("extend", {"to": "2019-12-31", "note": "Chờ."}, ["to"]),
    ("ask_time", {"to": "", "note": "Chờ."}, ["to"]),
]


@pytest.mark.parametrize(("action", "bad", "fields"), REFUSED)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, force: Force, advisor: Person, action: str, bad: dict[str, Any], fields: list[str]
) -> None:
    role, state, _data, _target = MOVES[action]
    made = at(force, state)
    client.force_login(mover(force, role, advisor))
    answer = client.post(f"/escalations/{made.pk}/do/{action}/", {**bad, "seen": made.moves})
    assert answer.status_code == 400
    form = answer.context["form"]
    assert sorted(form.errors) == sorted(fields)
    assert all(form.data[name] == value for name, value in bad.items())
    for value in (value for name, value in bad.items() if name in ("document", "note", "text") and value.strip()):
        assert value in answer.content.decode()
    made.refresh_from_db()
    assert made.moves == Escalation.objects.get(pk=made.pk).moves


def test_who_comes_second_keeps_his_words(client: Client, force: Force, advisor: Person) -> None:
    made = escalation_at(force, "presented")
    seen = made.moves
    step(made, "ask_time", force)
    client.force_login(force.provincial_leader)
    typed = {"seen": seen, "text": "Đồng ý cấp hai tài khoản."}
    answer = client.post(f"/escalations/{made.pk}/do/rule/", typed)
    assert answer.status_code == 409
    assert typed["text"] in answer.content.decode()
    assert answer.context["form"]["seen"].value() == str(seen + 1)  # sent once more it holds
    made = step(made, "rule", force, text="Chỉ đạo của người thứ nhất.")
    answer = client.post(f"/escalations/{made.pk}/do/rule/", typed)
    assert answer.status_code == 409
    assert typed["text"] in answer.content.decode()
    assert made.replies.count() == 1


def test_the_sender_who_comes_second_is_not_told_what_was_done_above(client: Client, force: Force) -> None:
    made = escalation_at(force, "sent")
    seen = made.moves
    walk(made, ["receive", "assign"], force)
    client.force_login(force.leader)
    answer = client.post(f"/escalations/{made.pk}/do/withdraw/", {"seen": seen, "note": "Tự giải quyết được."})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Tự giải quyết được." in text
    assert force.provincial_secretary.full_name not in text
    assert force.pv01.name not in text


def test_alike_issues_stand_first_and_a_search_finds_others(client: Client, force: Force) -> None:
    other = neighbor(force, "KHAC")
    alike = escalation_at(other, "received", title="Khai thác dữ liệu hộ tịch dùng chung")
    far = escalation_at(other, "received", title="Định mức xăng xe tuần tra")
    made = escalation_at(force, "received", title="Mở quyền khai thác dữ liệu hộ tịch dùng chung cho cư trú")
    client.force_login(force.provincial_secretary)
    choices = client.get(f"/escalations/{made.pk}/do/join/").context["form"].fields["lead"].choices
    assert [key for key, _label in choices] == [str(alike.pk), str(far.pk)]
    choices = client.get(f"/escalations/{made.pk}/do/join/?q=xang xe").context["form"].fields["lead"].choices
    assert [key for key, _label in choices] == [str(far.pk)]


def test_what_was_taken_out_leads_back_to_the_issue(client: Client, force: Force) -> None:
    lead, member = joined(force, neighbor(force, "KHAC"))
    client.force_login(force.provincial_secretary)
    answer = client.post(f"/escalations/{member.pk}/do/take_out/", {"seen": member.moves})
    assert answer.url == f"/escalations/{lead.pk}/"
    assert 'id="members"' not in client.get(answer.url).content.decode()


# --- the sender's desk
def test_the_report_is_written_with_its_files(client: Client, force: Force, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = escalation_at(force, "draft")
    client.force_login(force.secretary)
    address = f"/escalations/{made.pk}/edit/"
    typed = {
        "seen": made.moves, "title": "Vấn đề mới", "reason": "needs_coordination", "bodies": "Sở Tư pháp",
        "report_number": "9/BC-CATX", "text": "Kính gửi Công an tỉnh.", "proposal": "", "requested_on": LATER,
    }  # fmt: skip
    assert client.get(address).status_code == 200
    wrong = client.post(address, {**typed, "title": "", "requested_on": "2019-01-01"})
    assert wrong.status_code == 400
    assert sorted(wrong.context["form"].errors) == ["requested_on", "title"]
    file = SimpleUploadedFile("phu-luc.txt", "Phụ lục".encode())
    assert client.post(address, {**typed, "files": [file]}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.bodies, made.requested_on) == ("Vấn đề mới", "Sở Tư pháp", LATER)
    assert "phu-luc.txt" in client.get(f"/escalations/{made.pk}/").content.decode()
    stale = client.post(address, {**typed, "text": "Lời của người thứ hai."})
    assert stale.status_code == 409
    assert "Lời của người thứ hai." in stale.content.decode()
    walk(made, ["propose", "send"], force, at=timezone.now())
    assert "phu-luc.txt" in show(client, force.provincial_secretary, made).content.decode()
    client.force_login(force.secretary)
    assert client.get(address).status_code == 409
    assert client.post(address, {**typed, "text": "Quá muộn."}).status_code == 409


def test_items_of_other_reports_are_taken_in(client: Client, force: Force) -> None:
    conference = conference_at(force)
    first, second = (
        escalation_at(force, "draft", items=[item_at(force, "prepared", conference=conference)]) for _ in "12"
    )
    foreign = escalation_at(neighbor(force, "KHAC"), "draft")
    client.force_login(force.secretary)
    address, item = f"/escalations/{first.pk}/take-in/", second.items.get()
    offered = client.get(address).context["form"].fields["items"].queryset
    assert list(offered) == [item]
    assert client.post(address, {"seen": first.moves, "items": [foreign.items.get().pk]}).status_code == 400
    assert client.post(address, {"seen": first.moves, "items": []}).status_code == 400
    assert client.post(address, {"seen": first.moves, "items": [item.pk]}).status_code == 302
    assert first.items.count() == 2
    second.refresh_from_db()
    assert second.state == "withdrawn"
    assert client.get(address).content.decode().count("empty") >= 1


def test_the_confirmation_shows_what_will_be_frozen(client: Client, force: Force) -> None:
    made = escalation_at(force, "proposed", text="Kính gửi lãnh đạo Công an tỉnh.", requested_on=None)
    client.force_login(force.leader)
    text = client.get(f"/escalations/{made.pk}/do/send/").content.decode()
    for words in (force.province.name, made.report_number, made.text, made.items.get().code):
        assert words in text
    assert client.post(f"/escalations/{made.pk}/do/send/", {"seen": made.moves}).status_code == 302
    assert made.dispatches.get().digest[:16] in client.get(f"/escalations/{made.pk}/").content.decode()


def test_an_export_has_the_rows_of_its_list(client: Client, force: Force) -> None:
    every_state(force)
    client.force_login(force.secretary)
    lines = b"".join(client.get("/escalations/export.csv?pill=above").streaming_content).decode().strip().splitlines()
    assert len(lines) == 1 + len(client.get("/escalations/?pill=above").context["rows"])
    assert b"".join(client.get("/escalations/export.xlsx").streaming_content).startswith(b"PK")
    assert client.get("/escalations/export.pdf").status_code == 404
    client.force_login(force.inspector)
    assert client.get("/escalations/export.csv").status_code == 404
