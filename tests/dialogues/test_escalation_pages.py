"""The pages of escalations: each side reads what is its own and no more, and makes its moves there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.organization.permissions import Permission
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.domain.escalation_report import edit_report
from dialogues.models import Escalation, Item
from dialogues.views.escalation_steps import STEPS
from tests.dialogues.factories import (
    REFERRED,
    conference_at,
    escalation_at,
    item_at,
    move,
    neighbor,
    step,
    walk,
)
from tests.dialogues.test_item_offers import agrees_with
from tests.factories import Force, person, post

pytestmark = pytest.mark.django_db

# Words that stand nowhere else: whose page shows them?
SENT, WRITING, ADVICE, ASKED_AGAIN = "lời đã gửi", "lời đang viết", "lời tham mưu", "lời hỏi lại"
REPLY, ASKED_FOR, SENT_BACK = "lời chỉ đạo", "lời hỏi thêm", "lời trả lại"
LATER = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def advisor(force: Force) -> Person:
    """The chief of the division that is asked for advice."""
    made = person("co.van", "Nguyễn Cố Vấn")
    post(made, force.pv01, Role.UNIT_CHIEF, "Trưởng phòng Tham mưu")
    return made


def show(client: Client, who: Any, escalation: Escalation) -> Any:
    client.force_login(who)
    return client.get(f"/escalations/{escalation.pk}/")


def returned(force: Force, **written: Any) -> Escalation:
    """Sent, asked for more, and being written again with other words."""
    made = walk(
        escalation_at(force, "proposed", text=f"Báo cáo: {SENT}", **written), ["send_back", "propose", "send"], force
    )
    made = step(made, "receive", force)
    made = step(made, "return_for_information", force, text=f"Bổ sung: {ASKED_FOR}")
    return edit_report(made, by=force.secretary, at=REFERRED, title=f"Vấn đề, {WRITING}", text=f"Sửa: {WRITING}")


def joined(force: Force, other: Force) -> tuple[Escalation, Escalation]:
    """An issue that two towns ask, about to be ruled on."""
    lead = escalation_at(force, "received", text=f"Báo cáo: {SENT}")
    member = escalation_at(other, "joined", lead=lead, text=f"Báo cáo của đơn vị bạn: {SENT}")
    lead = step(lead, "assign", force)
    lead = step(lead, "advise", force, text=f"Tham mưu: {ADVICE}")
    lead = step(lead, "ask_again", force, at=REFERRED)
    return step(lead, "advise", force, text=f"Tham mưu: {ADVICE}"), member


def test_each_side_reads_what_is_its_own(client: Client, force: Force, advisor: Person) -> None:
    """For each state and reader the words that the page shows; "–" is a page that does not exist for him."""
    other = neighbor(force, "KHAC")
    lead, member = joined(force, other)
    far = neighbor(force, "XA")
    ruled, ruled_member = joined(force, far)
    ruled = step(ruled, "rule", force, text=f"Chỉ đạo: {REPLY}")
    pages = {
        "draft": edit_report(escalation_at(force, "draft"), by=force.secretary, at=REFERRED, text=f"Viết: {WRITING}"),
        "sent": escalation_at(force, "sent", text=f"Báo cáo: {SENT}"),
        "returned": returned(force),
        "presented": lead,
        "joined": member,
        "ruled": ruled,
        "followed": ruled_member,
    }
    words = {
        "sent": SENT, "writing": WRITING, "advice": ADVICE, "asked again": "Cần ý kiến thêm về kinh phí",
        "reply": REPLY, "asked for": ASKED_FOR, "sent back": "Cần nêu rõ số liệu", "joined": "XY-01/2020",
        "the other unit": other.town.name,
    }  # fmt: skip
    readers = {
        **{role: getattr(force, role) for role in ("secretary", "leader", "unit_chief", "officer")},
        "other_secretary": other.secretary, "far_secretary": far.secretary, "advisor": advisor,
        **{
            role: getattr(force, role)
            for role in ("provincial_secretary", "provincial_leader", "inspector", "administrator", "next_leader")
        },
    }  # fmt: skip
    lines = []
    for state, escalation in pages.items():
        escalation.refresh_from_db()
        for role, who in readers.items():
            answer = show(client, who, escalation)
            assert answer.status_code in (200, 404), (state, role)
            text = answer.content.decode() if answer.status_code == 200 else ""
            seen = [name for name, word in words.items() if name != "joined" and word in text]
            lines.append(f"{state:<12}{role:<22}{', '.join(seen) if text else '–'}".rstrip())
    agrees_with("escalation_words.txt", lines)


def test_a_report_taken_back_unread_was_never_read(client: Client, force: Force) -> None:
    later = REFERRED + timedelta(hours=1)
    made = walk(escalation_at(force, "sent", text=f"Báo cáo: {WRITING}"), ["recall"], force, at=later)
    assert show(client, force.provincial_secretary, made).status_code == 404
    later += timedelta(hours=1)
    made = walk(edit_report(made, by=force.secretary, at=later, text=f"Báo cáo: {SENT}"), ["send"], force, at=later)
    above = show(client, force.provincial_secretary, made).content.decode()
    assert SENT in above
    assert WRITING not in above
    assert WRITING in show(client, force.leader, made).content.decode()


def test_titles_above_are_those_that_were_sent(client: Client, force: Force) -> None:
    made = returned(force, title="Vấn đề đã gửi")
    client.force_login(force.provincial_secretary)
    for address in ("/escalations/inbox/?pill=all", "/", f"/search/?q={made.code}", f"/escalations/{made.pk}/"):
        text = client.get(address).content.decode()
        assert "Vấn đề đã gửi" in text, address
        assert WRITING not in text, address
    assert client.get("/search/?q=lời đang viết").context["panels"] == []
    client.force_login(force.secretary)
    assert WRITING in client.get("/escalations/").content.decode()


@pytest.mark.parametrize("after", ["", "edit/", "take-in/", "do/send/", "do/receive/", "do/rule/"])
def test_whom_it_does_not_concern_gets_what_does_not_exist(client: Client, force: Force, after: str) -> None:
    made = escalation_at(force, "sent")
    strangers = (force.officer, force.unit_chief, force.ward_chief, force.stranger, force.next_leader)
    for who in (*strangers, force.administrator):
        client.force_login(who)
        found = client.get(f"/escalations/{made.pk}/{after}")
        missing = client.get(f"/escalations/00000000-0000-4000-8000-000000000000/{after}")
        assert (found.status_code, found.content) == (404, missing.content)
        assert client.post(f"/escalations/{made.pk}/{after}").status_code in (404, 405)


def test_the_unit_above_cannot_open_the_senders_desk(client: Client, force: Force) -> None:
    made = returned(force)
    client.force_login(force.provincial_secretary)
    for after in ("edit/", "take-in/"):
        for answer in (client.get(f"/escalations/{made.pk}/{after}"), client.post(f"/escalations/{made.pk}/{after}")):
            assert answer.status_code == 403
            assert WRITING not in answer.content.decode()


def test_lists_are_for_whom_they_concern(client: Client, force: Force, advisor: Person) -> None:
    expected = {
        "secretary": (200, 404), "leader": (200, 404), "officer": (404, 404), "unit_chief": (404, 404),
        "provincial_secretary": (200, 200), "provincial_leader": (200, 200), "inspector": (404, 200),
        "administrator": (404, 404),
    }  # fmt: skip
    for role, codes in expected.items():
        client.force_login(getattr(force, role))
        assert (client.get("/escalations/").status_code, client.get("/escalations/inbox/").status_code) == codes, role
    client.force_login(advisor)
    assert client.get("/escalations/inbox/").status_code == 200


def every_state(force: Force) -> None:
    for state in ("draft", "proposed", "sent", "received", "assigned", "presented", "returned", "ruled", "refused"):
        escalation_at(force, state)
    escalation_at(neighbor(force, "KHAC"), "joined", lead=Escalation.objects.get(state="received"))


def test_numbers_are_those_of_the_rows(client: Client, force: Force, advisor: Person) -> None:
    every_state(force)
    client.force_login(force.secretary)
    segs = client.get("/escalations/").context["segs"]
    found = {seg.label: (int(seg.count), len(client.get(f"/escalations/{seg.url}").context["rows"])) for seg in segs}
    assert [counted for counted, _rows in found.values()] == [rows for _counted, rows in found.values()]
    assert [counted for counted, _rows in found.values()] == [9, 2, 2, 4, 1, 2]
    assert found
    for who, numbers in {
        force.provincial_secretary: [2, 1, 7, 2, 7], force.provincial_leader: [1, 1, 7, 2, 7], advisor: [1, 1, 4, 2, 4],
        force.inspector: [0, 1, 7, 2, 7],
    }.items():  # fmt: skip
        client.force_login(who)
        segs = client.get("/escalations/inbox/").context["segs"]
        rows = [len(client.get(f"/escalations/inbox/{seg.url}").context["rows"]) for seg in segs]
        counts = [int(seg.count) for seg in segs]
        # Those that have their reply or await the sender are late in nobody's hands above.
        assert counts == rows
        assert [counts[0], counts[1], counts[3], counts[4]] == [numbers[0], numbers[1], numbers[3], numbers[4]]
        counted = client.get("/").context["chrome"].navigation.entries
        entry = next(each for each in counted if each.url == "/escalations/inbox/")
        assert (entry.count or 0) == counts[0]


def test_the_sum_says_how_many_reports_became_how_many_issues(client: Client, force: Force) -> None:
    lead = escalation_at(force, "received")
    escalation_at(neighbor(force, "HAI"), "joined", lead=lead)
    escalation_at(neighbor(force, "BA"), "joined", lead=lead)
    escalation_at(force, "sent")
    client.force_login(force.provincial_secretary)
    answer = client.get("/escalations/inbox/?pill=all")
    assert [part for part in answer.context["sum"].replace(",", "").split() if part.isdigit()] == ["4", "3", "2"]
    first = next(row for row in answer.context["rows"] if row.escalation.pk == lead.pk)
    assert first.escalation.unit_count == 3
    shown = client.get(f"/escalations/inbox/?show={lead.pk}")
    assert shown.context["issue"].units == 3
    assert shown.content.decode().count("/do/take_out/") == 2
    assert client.get(f"/escalations/inbox/?show={escalation_at(force, 'draft').pk}").status_code == 404


@pytest.mark.parametrize("address", ["/escalations/", "/escalations/inbox/?pill=all", "show"])
@pytest.mark.parametrize("role", ["secretary", "provincial_secretary", "provincial_leader"])
def test_pages_cost_as_much_for_three_rows_as_for_one(
    client: Client, force: Force, django_assert_max_num_queries: Any, address: str, role: str
) -> None:
    if role == "secretary" and "inbox" in address:
        return
    lead, _member = joined(force, neighbor(force, "KHAC"))
    url = f"/escalations/{lead.pk}/" if address == "show" else address
    client.force_login(getattr(force, role))
    client.get(url)
    with django_assert_max_num_queries(12) as before:
        assert client.get(url).status_code == 200
    escalation_at(neighbor(force, "HAI"), "received")
    escalation_at(force, "received")
    client.get(url)
    with django_assert_max_num_queries(12) as after:
        client.get(url)
    assert len(before) == len(after)


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
    ("forward_up", {"text": "Kính gửi Bộ.", "to": "1"}, ["to"]),
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


# --- the item's page, and my work
def test_the_leader_relays_the_ruling_from_the_items_page(client: Client, force: Force) -> None:
    item = item_at(force, "ruled", conference=conference_at(force, "in_session"))
    reply = item.escalation.last_reply
    client.force_login(force.leader)
    for address in (f"/items/{item.pk}/", f"/items/{item.pk}/do/answer/"):
        text = client.get(address).content.decode()
        assert reply.text in text
        assert 'data-take="#ruling"' in text
    assert f"/escalations/{item.escalation_id}/" in client.get(f"/items/{item.pk}/").content.decode()
    client.force_login(force.officer)
    text = client.get(f"/items/{item.pk}/").content.decode()
    assert 'id="referral"' in text
    assert reply.text not in text
    assert "/escalations/" not in text


def test_an_item_goes_up_in_a_report_that_is_in_preparation(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    report = escalation_at(force, "draft", items=[item_at(force, "prepared", conference=conference)])
    foreign = escalation_at(neighbor(force, "KHAC"), "draft")
    item = item_at(force, "prepared", conference=conference)
    client.force_login(force.leader)
    address = f"/items/{item.pk}/do/escalate/"
    offered = client.get(address).context["form"].fields["report"].queryset
    assert list(offered) == [report]
    typed = {"seen": item.moves, "text": "Đã xin ý kiến cấp trên.", "report": foreign.pk}
    assert client.post(address, typed).status_code == 400
    assert client.post(address, {**typed, "report": report.pk}).status_code == 302
    assert Item.objects.get(pk=item.pk).escalation == report
    another = item_at(force, "prepared", conference=conference)
    typed = {"seen": another.moves, "text": "Đã xin ý kiến.", "reason": "needs_coordination", "bodies": "Sở Tư pháp"}
    assert client.post(f"/items/{another.pk}/do/escalate/", typed).status_code == 302
    made = Item.objects.get(pk=another.pk).escalation
    assert made is not None
    assert (made.reason, made.bodies) == ("needs_coordination", "Sở Tư pháp")


def test_my_work_has_each_step_of_whoever_owes_it(client: Client, force: Force, advisor: Person) -> None:
    conference = conference_at(force)
    states = ("draft", "proposed", "sent", "received", "assigned", "presented", "returned", "outside")
    made = {
        state: escalation_at(force, state, items=[item_at(force, "prepared", conference=conference)])
        for state in states
    }
    expected = {
        force.secretary: ["draft", "returned"], force.leader: ["proposed"], advisor: ["assigned"],
        force.provincial_secretary: ["sent", "received", "outside"], force.provincial_leader: ["presented"],
    }  # fmt: skip
    for who, states in expected.items():
        client.force_login(who)
        panels = client.get("/").context["home"].panels
        urls = [row.url for panel in panels if panel.key == "waiting" for row in panel.rows]
        wanted = {f"/escalations/{made[state].pk}/" for state in states}
        assert {url for url in urls if url.startswith("/escalations/")} == wanted, who
        assert all(row.button for panel in panels if panel.key == "waiting" for row in panel.rows)
    client.force_login(force.provincial_leader)
    inbox = next(panel for panel in client.get("/").context["home"].panels if panel.key == "inbox")
    assert len(inbox.rows) == 5
    client.force_login(force.leader)
    mine = next(panel for panel in client.get("/").context["home"].panels if panel.key == "referred")
    assert f"/escalations/{made['proposed'].pk}/" not in [row.url for row in mine.rows]  # stands above, to be signed


def test_search_finds_by_code_matter_and_number(client: Client, force: Force) -> None:
    made = escalation_at(force, "sent", title="Khai thác dữ liệu hộ tịch", report_number="218/BC-CAP")
    for who in (force.secretary, force.provincial_leader):
        client.force_login(who)
        for text in (made.code, "du lieu ho tich", "218/BC"):
            panels = client.get("/search/", {"q": text}).context["panels"]
            urls = [row.url for panel in panels if panel.key == "found-escalations" for row in panel.rows]
            assert urls == [f"/escalations/{made.pk}/"], text
    client.force_login(force.unit_chief)
    assert client.get("/search/?q=218/BC").context["panels"] == []


def test_an_item_that_came_back_is_its_leaders_again(client: Client, force: Force) -> None:
    item = move(item_at(force, "prepared"), "escalate", force)
    assert item.escalation is not None
    step(item.escalation, "withdraw", force)
    client.force_login(force.leader)
    text = client.get(f"/items/{item.pk}/").content.decode()
    assert 'form="answer-form"' in text
    client.force_login(force.officer)
    assert 'id="referral"' not in client.get(f"/items/{item.pk}/").content.decode()
