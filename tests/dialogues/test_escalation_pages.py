"""The pages of escalations: each side reads what is its own and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cchc.organization.models import Person
from dialogues.domain.escalation_report import edit_report
from dialogues.models import Item
from tests.dialogues.factories import REFERRED, conference_at, escalation_at, item_at, move, neighbor, step, walk
from tests.dialogues.referrals import (
    ADVICE,
    ASKED_FOR,
    REPLY,
    SENT,
    WRITING,
    advisor_of,
    every_state,
    joined,
    returned,
    show,
)
from tests.dialogues.test_item_offers import agrees_with
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(force: Force) -> Person:
    return advisor_of(force)


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
        "reply": REPLY, "asked for": ASKED_FOR, "sent back": "Cần nêu rõ số liệu",
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
            seen = [name for name, word in words.items() if word in text]
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
