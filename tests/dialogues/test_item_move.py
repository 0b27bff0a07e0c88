"""Every move through its own page: what it asks, what it refuses with the text kept, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cchc.documents.models import Attachment
from cchc.web.domain import draft as drafts
from cchc.workflow.models import Event, Notice
from dialogues.enums import AnswerKind, ItemState
from dialogues.models import Field, Item, Topic
from dialogues.views.item_steps import STEPS
from tests.dialogues.asking import asked_now, open_now
from tests.dialogues.factories import conference_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=20)
Typed = Callable[[Force, Item], dict[str, Any]]


def classified(force: Force, item: Item) -> dict[str, Any]:
    topic, field = Topic.objects.get(set__code="30c", code="tthc"), Field.objects.get(code="cu_tru")
    return {"kind": "opinion", "title": "Một tiêu đề rõ hơn", "topic": topic.pk, "field": field.pk}


def a_lead(force: Force, item: Item) -> dict[str, Any]:
    return {"lead": item_at(force, "accepted", conference=item.conference).pk}


# action: who, from which state, what is typed, into which state
MOVES: dict[str, tuple[str, str, dict[str, Any] | Typed, str]] = {
    "submit": ("officer", "draft", {}, "submitted"),
    "accept": ("secretary", "submitted", classified, "accepted"),
    "assign": (
        "secretary",
        "accepted",
        lambda f, i: {"lead_unit": f.qlhc.pk, "coordinating": [f.ward.pk], "due": SOON},
        "assigned",
    ),
    "take_to_floor": ("secretary", "assigned", {}, "prepared"),
    "merge": ("secretary", "submitted", a_lead, "merged"),
    "decline": ("secretary", "submitted", {"channel": "complaint", "note": "Nội dung là khiếu nại."}, "declined"),
    "unmerge": ("secretary", "merged", {}, "accepted"),
    "prepare": ("unit_chief", "assigned", {"text": "Đề xuất bỏ đối chiếu."}, "prepared"),
    "hand_back": ("unit_chief", "assigned", {"note": "Không thuộc nhiệm vụ của đội."}, "accepted"),
    "answer": ("leader", "prepared", {"text": "Đồng ý.", "kind": "explained", "document": "12/CATX"}, "answered"),
    "escalate": ("leader", "prepared", {"text": "Xin ý kiến tỉnh.", "reason": "beyond_authority"}, "escalated"),
    "send_back": ("leader", "prepared", {"note": "Nêu rõ căn cứ."}, "assigned"),
    "publish": ("secretary", "answered", {}, "published"),
    "take_back": ("leader", "answered", {}, "prepared"),
    "confirm": ("officer", "published", {}, "closed"),
    "contest": ("officer", "published", {"note": "Chưa nêu thời hạn."}, "assigned"),
    "report": ("unit_chief", "promised", {"text": "Đã làm xong.", "done_on": timezone.localdate()}, "reported"),
    "accept_report": ("leader", "reported", {}, "closed"),
    "return_report": ("leader", "reported", {"note": "Chưa có minh chứng."}, "promised"),
    "extend": ("leader", "assigned", {"to": SOON + timedelta(days=400), "note": "Chờ cơ quan phối hợp."}, "assigned"),
    "withdraw": ("officer", "submitted", {}, "withdrawn"),
    "reopen": ("leader", "closed", {"note": "Có tình tiết mới."}, "accepted"),
}


def typed_for(action: str, force: Force, item: Item) -> dict[str, Any]:
    data = MOVES[action][2]
    return {"seen": item.moves, **(data(force, item) if callable(data) else data)}


def test_every_step_of_the_pages_is_tried() -> None:
    assert set(MOVES) == set(STEPS)


@pytest.mark.parametrize("action", MOVES)
def test_the_page_asks_and_the_move_is_made(client: Client, force: Force, action: str) -> None:
    role, state, _data, target = MOVES[action]
    conference = open_now(force) if action == "submit" else conference_at(force, "in_session")
    item = (
        asked_now(force, conference, draft=True) if action == "submit" else item_at(force, state, conference=conference)
    )
    client.force_login(getattr(force, role))
    address = f"/items/{item.pk}/do/{action}/"
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["form"].initial["seen"] == item.moves
    dialog = client.get(address, headers={"HX-Request": "true", "HX-Target": "move-content"}).content.decode()
    assert "<form" in dialog
    sent = client.post(address, typed_for(action, force, item))
    assert sent.status_code == 302, sent.content.decode()
    assert sent.url == f"/items/{item.pk}/"
    item.refresh_from_db()
    assert item.state == target
    assert Event.objects.of(item).filter(action=action).count() == 1
    assert client.get(sent.url).status_code == 200


REFUSED = [
    ("accept", {"title": "", "topic": "", "field": "7777777"}, ["title", "topic", "field"]),
    ("assign", {"lead_unit": "99999999", "due": "2019-01-01"}, ["lead_unit", "due"]),
    ("merge", {"lead": "not-an-id"}, ["lead"]),
    ("decline", {"channel": "", "note": "   "}, ["channel", "note"]),
    ("prepare", {"text": "a" * 8001}, ["text"]),
    ("hand_back", {"note": ""}, ["note"]),
    ("answer", {"text": "Sẽ làm sớm.", "kind": "in_progress", "promised_on": ""}, ["promised_on"]),
    ("answer", {"text": "Sẽ làm.", "kind": "in_progress", "promised_on": "2019-01-01"}, ["promised_on"]),
    ("answer", {"text": "", "kind": "escalated"}, ["text", "kind"]),
    ("escalate", {"text": "", "reason": "xx"}, ["text", "reason"]),
    ("report", {"text": "Xong.", "done_on": date(2099, 1, 1)}, ["done_on"]),
    ("extend", {"to": "1999-12-31", "note": "Lý do."}, ["to"]),
    ("contest", {"note": ""}, ["note"]),
]


@pytest.mark.parametrize(("action", "bad", "fields"), REFUSED)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    client: Client, force: Force, action: str, bad: dict[str, Any], fields: list[str]
) -> None:
    role, state, _data, _target = MOVES[action]
    item = item_at(force, state, conference=conference_at(force, "in_session"))
    client.force_login(getattr(force, role))
    answer = client.post(f"/items/{item.pk}/do/{action}/", {**typed_for(action, force, item), **bad})
    assert answer.status_code == 400
    form = answer.context["form"]
    assert sorted(form.errors) == sorted(fields)
    for name, value in bad.items():
        if isinstance(value, str) and name in form.fields and name != "lead":
            assert form[name].value() == value
    item.refresh_from_db()
    assert (item.state, Event.objects.of(item).count()) == (state, item.moves)


def test_a_lead_of_another_conference_is_no_choice(client: Client, force: Force) -> None:
    item = item_at(force, "submitted", conference=conference_at(force, "in_session"))
    other = item_at(force, "submitted", conference=conference_at(force, "in_session"))
    client.force_login(force.secretary)
    answer = client.post(f"/items/{item.pk}/do/merge/", {"seen": item.moves, "lead": other.pk})
    assert answer.status_code == 400
    found = client.get(f"/items/{item.pk}/do/merge/?q=khong co tu nay").context["form"]
    assert found.fields["lead"].choices == []


def test_another_kind_gives_another_code(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    item_at(force, "submitted", conference=conference, kind="opinion")
    item = item_at(force, "submitted", conference=conference)
    assert item.code == "CH-01"
    client.force_login(force.secretary)
    client.post(f"/items/{item.pk}/do/accept/", typed_for("accept", force, item))
    item.refresh_from_db()
    assert (item.kind, item.code, item.title) == ("opinion", "YK-02", "Một tiêu đề rõ hơn")


def test_in_the_hall_an_answer_is_published_with_the_same_click(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force, "in_session"))
    client.force_login(force.leader)
    typed = {"seen": item.moves, "text": "Thực hiện ngay.", "kind": "resolved", "mode": "live", "publish": "1"}
    assert client.post(f"/items/{item.pk}/do/answer/", typed).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.answer.mode) == ("published", "live")
    assert Notice.objects.filter(person=force.officer, event__action="publish").exists()


def test_outside_of_the_session_an_answer_is_in_writing(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force))
    client.force_login(force.leader)
    page = client.get(f"/items/{item.pk}/")
    assert "mode" not in page.context["form"].fields
    client.post(
        f"/items/{item.pk}/do/answer/", {"seen": item.moves, "text": "Đồng ý.", "kind": "explained", "mode": "live"}
    )
    item.refresh_from_db()
    assert item.answer.mode == "written"


def test_a_promise_carries_its_day(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force))
    client.force_login(force.leader)
    typed = {
        "seen": item.moves,
        "text": "Có lộ trình.",
        "kind": "in_progress",
        "promised_on": SOON.strftime("%d/%m/%Y"),
    }
    client.post(f"/items/{item.pk}/do/answer/", typed)
    item.refresh_from_db()
    assert (item.answer.kind, item.answer.promised_on) == (AnswerKind.IN_PROGRESS, SOON)


def test_the_second_of_two_leaders_sees_the_firsts_answer_beside_his_own(client: Client, force: Force) -> None:
    item = item_at(force, "prepared", conference=conference_at(force))
    seen = item.moves
    move(item, "answer", force, text="Câu trả lời của người thứ nhất.")
    client.force_login(force.deputy)
    mine = {"seen": seen, "text": "Câu trả lời của người thứ hai.", "kind": "resolved"}
    answer = client.post(f"/items/{item.pk}/do/answer/", mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Câu trả lời của người thứ nhất." in text
    assert "Câu trả lời của người thứ hai." in text
    assert force.leader.full_name in text
    item.refresh_from_db()
    assert item.answer.text == "Câu trả lời của người thứ nhất."


def test_a_stale_form_that_still_holds_comes_again_to_be_sent_once_more(client: Client, force: Force) -> None:
    item = item_at(force, "accepted", conference=conference_at(force))
    seen = item.moves
    item = move(item, "assign", force)
    client.force_login(force.secretary)
    typed = {"seen": seen, "lead_unit": force.ward.pk, "due": SOON}
    answer = client.post(f"/items/{item.pk}/do/assign/", typed)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert (form["lead_unit"].value(), form["seen"].value()) == (str(force.ward.pk), str(item.moves))
    item.refresh_from_db()
    assert item.lead_unit == force.qlhc
    assert client.post(f"/items/{item.pk}/do/assign/", {**typed, "seen": item.moves}).status_code == 302
    item.refresh_from_db()
    assert (item.lead_unit, item.prepare_by) == (force.ward, SOON)


def test_nobody_does_what_is_not_his(client: Client, force: Force) -> None:
    conference = conference_at(force, "in_session")
    published = item_at(force, "published", conference=conference)
    client.force_login(force.ward_officer)
    for action in STEPS:
        page = client.get(f"/items/{published.pk}/do/{action}/")
        assert page.status_code == 403, action
        assert force.officer.full_name not in page.content.decode()
        assert client.post(f"/items/{published.pk}/do/{action}/", {"seen": published.moves}).status_code in (400, 403)
    client.force_login(force.stranger)
    assert client.get(f"/items/{published.pk}/do/confirm/").status_code == 404
    assert client.post(f"/items/{published.pk}/do/confirm/").status_code == 404
    published.refresh_from_db()
    assert published.state == "published"


def test_a_step_that_is_over_or_unknown_is_refused(client: Client, force: Force) -> None:
    item = item_at(force, "accepted", conference=conference_at(force, "collecting"))
    client.force_login(force.secretary)
    assert client.get(f"/items/{item.pk}/do/accept/").status_code == 409
    assert client.get(f"/items/{item.pk}/do/expire/").status_code == 404
    assert client.get(f"/items/{item.pk}/do/fly/").status_code == 404
    guarded = client.get(f"/items/{item.pk}/do/take_to_floor/")
    assert guarded.status_code == 200
    assert str(guarded.context["offer"].reason) in guarded.content.decode().replace("&#x27;", "'")
    refused = client.post(f"/items/{item.pk}/do/take_to_floor/", {"seen": item.moves})
    assert refused.status_code == 409
    item.refresh_from_db()
    assert item.state == ItemState.ACCEPTED


def test_extra_fields_change_nothing(client: Client, force: Force) -> None:
    item = item_at(force, "submitted", conference=conference_at(force, "in_session"))
    client.force_login(force.secretary)
    evil = {
        "state": "closed",
        "author": force.secretary.pk,
        "host": force.next_town.pk,
        "identity": "anonymous",
        "number": 99,
    }
    client.post(f"/items/{item.pk}/do/accept/", {**typed_for("accept", force, item), **evil})
    before, item = item, Item.objects.get(pk=item.pk)
    assert (item.state, item.author, item.host, item.identity) == ("accepted", before.author, before.host, "named")


def test_the_draft_is_kept_given_back_and_forgotten(client: Client, force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "in_session"))
    client.force_login(force.unit_chief)
    key = client.get(f"/items/{item.pk}/").context["draft_key"]
    client.post(f"/drafts/{key}/", {"text": "Đang viết dở", "seen": "1"})
    for page in (f"/items/{item.pk}/", f"/items/{item.pk}/do/prepare/"):
        assert "Đang viết dở" in client.get(page).content.decode()
        assert client.get(page).context["form"].initial["seen"] == item.moves
    client.post(f"/items/{item.pk}/do/prepare/", typed_for("prepare", force, item))
    assert drafts.find(drafts.Owner(force.unit_chief.pk), key) is None


def opened(client: Client, address: str) -> int:
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # to the end, so that the file is closed
    return int(answer.status_code)


def test_files_of_a_draft_are_for_those_at_work_until_it_is_published(
    client: Client, force: Force, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    item = item_at(force, "assigned", conference=conference_at(force, "in_session"))
    client.force_login(force.unit_chief)
    file = SimpleUploadedFile("phu-luc.txt", "Phụ lục".encode())
    client.post(f"/items/{item.pk}/do/prepare/", {**typed_for("prepare", force, item), "files": [file]})
    address = Attachment.objects.get(subject_type="dialogues.answer").get_absolute_url()
    assert opened(client, address) == 200
    assert "phu-luc.txt" in client.get(f"/items/{item.pk}/").content.decode()
    client.force_login(force.officer)
    assert opened(client, address) == 404
    item.refresh_from_db()
    move(move(item, "answer", force), "publish", force)
    assert opened(client, address) == 200
    client.force_login(force.stranger)
    assert opened(client, address) == 404


def test_many_are_published_at_once_each_by_itself(client: Client, force: Force) -> None:
    conference = conference_at(force)
    first, second = (item_at(force, "answered", conference=conference) for _each in range(2))
    other = item_at(force, "prepared", conference=conference)
    client.force_login(force.secretary)
    chosen = f"item={first.pk}&item={second.pk}&item={other.pk}&item=x"
    assert client.get("/items/publish/?item=x").context["items"] == []
    page = client.get(f"/items/publish/?{chosen.replace('&item=x', '')}")
    assert {item.pk for item in page.context["items"]} == {first.pk, second.pk}
    assert page.context["told"].askers == 1  # one officer asked both
    posted = {"item": [str(first.pk), str(second.pk)], f"seen-{first.pk}": first.moves, f"seen-{second.pk}": "0"}
    assert client.post("/items/publish/", posted).status_code == 302
    assert [Item.objects.get(pk=item.pk).state for item in (first, second)] == ["published", "answered"]
    client.force_login(force.officer)
    assert client.post("/items/publish/", {"item": [str(second.pk)]}).status_code == 400
    assert Item.objects.get(pk=second.pk).state == "answered"
