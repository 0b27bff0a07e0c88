"""Following by the code: what it shows, what it lets do, and what a wrong one gets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.workflow.engine import perform
from cchc.workflow.models import Event
from dialogues.domain import intake, tracking
from dialogues.enums import Audience, Identity
from dialogues.models import Feedback, Item
from tests.dialogues.asking import TEXT, one_window, open_now, typed_by_guest
from tests.dialogues.factories import ITEM_PATHS, conference_at, item_at, move
from tests.factories import Force

TRACK = "/track/"


@pytest.fixture(autouse=True)
def _no_counts_left(db: None) -> None:
    cache.clear()


def code_of(item: Item) -> str:
    """Give an item a code that is known here."""
    code = intake._tracking_code(str(item.pk))
    Item.objects.filter(pk=item.pk).update(tracking_digest=intake._digest(code))
    return intake.spaced(code)


def coded(force: Force, state: str = "published", **asking: Any) -> tuple[Item, str]:
    item = item_at(force, state, identity=Identity.ANONYMOUS, audience=Audience.CITIZENS, **asking)
    return item, code_of(item)


def shown(answer: Any) -> str:
    return answer.content.decode()


# --- the code ---
def test_a_code_has_eighty_bits_and_is_read_as_people_type_it(force: Force) -> None:
    item, code = coded(force)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    for way in (
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {code} ",
        code.replace("0", "O").replace("1", "l"),
    ):
        assert intake.track(way) == item, way
    assert len({intake._tracking_code(intake.new_submit_key()) for _ in range(500)}) == 500


def test_only_a_digest_is_stored(force: Force) -> None:
    item, code = coded(force)
    plain = code.replace("-", "")
    assert plain not in str(Item.objects.values().get(pk=item.pk))


WRONG = ["AAAA-BBBB-CCCC-DDDD", "0" * 16, "x", "\x00" * 16, "đ" * 16, "\u202e" * 16, "9" * 5000]


def test_a_wrong_code_and_an_old_one_get_the_same_answer(client: Client, force: Force) -> None:
    item, code = coded(force)
    Item.objects.filter(pk=item.pk).update(tracking_digest=None)
    pages = {
        re.sub(r'value="[^"]*"', "", shown(client.post(TRACK, {"code": wrong}))) for wrong in (code, WRONG[0], WRONG[1])
    }
    assert len({re.sub(r"[A-Za-z0-9]{32,}", "", page) for page in pages}) == 1


@pytest.mark.parametrize("wrong", ["", *WRONG])
@pytest.mark.parametrize("address", [TRACK, "/track/do/confirm/", "/track/rate/"])
def test_a_wrong_code_opens_nothing(client: Client, force: Force, wrong: str, address: str) -> None:
    answer = client.post(address, {"code": wrong, "stars": "5"})
    assert answer.status_code == 400
    assert 'name="code"' in shown(answer)


def test_the_code_never_comes_by_address(client: Client, force: Force) -> None:
    item, code = coded(force)
    assert item.title not in shown(client.get(TRACK, {"code": code}))
    for address in ("/track/do/confirm/", "/track/rate/"):
        assert client.get(address, {"code": code}).status_code == 405


def test_twenty_wrong_ones_an_hour(client: Client, force: Force, monkeypatch: Any) -> None:
    one_window(monkeypatch)
    item, code = coded(force)
    codes = [client.post(TRACK, {"code": f"{n:016d}"}).status_code for n in range(21)]
    assert codes == [400] * 20 + [429]
    assert client.post(TRACK, {"code": code}).status_code == 429  # nor may a right one tell itself apart
    assert client.post("/track/do/confirm/", {"code": code}).status_code == 429
    assert client.post(TRACK, {"code": code}, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_right_codes_are_not_counted(client: Client, force: Force, monkeypatch: Any) -> None:
    """A whole ward may sit behind one address."""
    one_window(monkeypatch)
    _item, code = coded(force)
    assert {client.post(TRACK, {"code": code}).status_code for _ in range(25)} == {200}


# --- what it shows ---
@pytest.mark.parametrize("state", sorted(set(ITEM_PATHS) - {"draft"}))
def test_every_state_has_its_page(client: Client, force: Force, state: str) -> None:
    item = item_at(
        force,
        state,
        conference=conference_at(force, "in_session"),
        identity=Identity.ANONYMOUS,
        audience=Audience.CITIZENS,
    )
    answer = client.post(TRACK, {"code": code_of(item)})
    page = shown(answer)
    assert answer.status_code == 200
    assert item.text in page
    given = re.findall("Đồng ý với đề xuất của đơn vị", page)
    assert bool(given) == (state in ("escalated", "ruled", "published", "promised", "reported", "closed")), state


def test_of_the_staff_only_who_answered_is_named(client: Client, force: Force) -> None:
    _item, code = coded(force, "promised")
    page = shown(client.post(TRACK, {"code": code}))
    named = {name for name, person in force.people.items() if person.full_name in page or person.username in page}
    assert named == {"leader"}
    assert "Đề xuất bỏ đối chiếu" not in page  # the unit's draft


def test_inner_notes_are_not_shown(client: Client, force: Force) -> None:
    item, code = coded(force, "assigned")
    move(item, "hand_back", force)
    page = shown(client.post(TRACK, {"code": code}))
    assert "Không thuộc nhiệm vụ của đơn vị." not in page


def test_the_promised_date_and_the_due_one_are_shown(client: Client, force: Force) -> None:
    item, code = coded(force, "promised")
    page = shown(client.post(TRACK, {"code": code}))
    assert item.answer is not None
    assert item.turn is not None
    assert f"{item.answer.promised_on:%d/%m/%Y}" in page
    assert f"{item.turn.due_on:%d/%m/%Y}" in page


def test_a_merged_one_gets_the_answer_of_its_lead(client: Client, force: Force) -> None:
    conference = conference_at(force)
    lead = item_at(force, "accepted", conference=conference)
    item = item_at(force, "accepted", conference=conference, identity=Identity.ANONYMOUS)
    item, code = move(item, "merge", force, lead=lead), code_of(item)
    assert "Đồng ý với đề xuất" not in shown(client.post(TRACK, {"code": code}))
    for action in ("assign", "prepare", "answer", "publish"):
        lead = move(lead, action, force)
    page = shown(client.post(TRACK, {"code": code}))
    assert "Đồng ý với đề xuất" in page
    assert lead.code in page
    client.post("/track/rate/", {"code": code, "stars": "4", "on_topic": "yes"})
    assert Feedback.objects.get().answer == Item.objects.get(pk=lead.pk).answer


def test_hours_are_not_shown(client: Client, force: Force) -> None:
    _item, code = coded(force)
    page = shown(client.post(TRACK, {"code": code}))
    timeline = page.partition('id="timeline"')[2]
    assert timeline
    assert not re.search(r"\d\d:\d\d", timeline.partition("</ol>")[0])


def test_looking_writes_nothing(client: Client, force: Force) -> None:
    item, code = coded(force)

    def only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert sql.lstrip().upper().startswith("SELECT"), sql
        return execute(sql, params, many, context)

    with connection.execute_wrapper(only_reads):
        assert item.text in shown(client.post(TRACK, {"code": code}))
    assert "sessionid" not in client.cookies
    assert "cchc_session" not in client.cookies


@pytest.mark.parametrize("rounds", [1, 3])
def test_queries_of_the_page(client: Client, force: Force, rounds: int, django_assert_max_num_queries: Any) -> None:
    item, code = coded(force)
    for _ in range(rounds - 1):
        item = move(move(item, "confirm", force), "reopen", force)
        for action in ("assign", "prepare", "answer", "publish"):
            item = move(item, action, force)
    with django_assert_max_num_queries(12):
        client.post(TRACK, {"code": code})


# --- what it lets do ---
def do(client: Client, action: str, code: str, **fields: Any) -> Any:
    return client.post(f"/track/do/{action}/", {"code": code, **fields})


def test_confirm(client: Client, force: Force) -> None:
    item, code = coded(force)
    assert do(client, "confirm", code, seen=item.moves).status_code == 200
    item.refresh_from_db()
    assert item.state == "closed"
    last = Event.objects.of(item).newest_first().first()
    assert last is not None
    assert (last.actor, last.acting_as) == (None, "asker")
    assert (timezone.localtime(last.at).hour, timezone.localtime(last.at).minute) == (0, 0)


def test_contest_once_with_a_reason(client: Client, force: Force) -> None:
    item, code = coded(force)
    answer = do(client, "contest", code, seen=item.moves, note="   ")
    assert answer.status_code == 400
    item.refresh_from_db()
    assert item.state == "published"
    assert do(client, "contest", code, seen=item.moves, note="Chưa nói bao giờ xong.").status_code == 200
    item.refresh_from_db()
    assert item.state == "assigned"
    for action in ("prepare", "answer", "publish"):
        item = move(item, action, force)
    answer = do(client, "contest", code, seen=item.moves, note="Vẫn chưa rõ.")
    assert answer.status_code == 409


def test_withdraw_until_accepted(client: Client, force: Force) -> None:
    item, code = coded(force, "submitted")
    assert do(client, "withdraw", code, seen=item.moves).status_code == 200
    item.refresh_from_db()
    assert item.state == "withdrawn"
    later, code = coded(force, "accepted")
    assert do(client, "withdraw", code, seen=later.moves).status_code == 409


def test_correct_the_text_until_accepted(client: Client, force: Force) -> None:
    item, code = coded(force, "submitted")
    fields = {"code": code, "seen": item.moves, "text": "Nội dung tôi viết lại cho đúng."}
    assert client.post("/track/edit/", {**fields, "text": "x"}).status_code == 400
    assert client.post("/track/edit/", fields).status_code == 200
    item.refresh_from_db()
    assert item.text == fields["text"]
    assert client.post("/track/edit/", {**fields, "text": "Từ một cửa sổ cũ hơn."}).status_code == 409
    perform(item, "accept", by=force.secretary, at=timezone.now())
    answer = client.post("/track/edit/", {**fields, "seen": item.moves + 1, "text": "Muộn rồi mà vẫn sửa."})
    assert answer.status_code == 409
    assert "Muộn rồi mà vẫn sửa." in shown(answer)


def test_what_moved_on_meanwhile_is_shown_and_the_reason_stays(client: Client, force: Force) -> None:
    item, code = coded(force)
    answer = do(client, "contest", code, seen=item.moves - 1, note="Lý do tôi đã viết.")
    assert answer.status_code == 409
    assert "Lý do tôi đã viết." in shown(answer)
    item.refresh_from_db()
    assert item.state == "published"


def test_a_code_opens_only_its_own(client: Client, force: Force) -> None:
    one, code = coded(force)
    other, _code = coded(force)
    do(client, "confirm", code, seen=one.moves, pk=other.pk, item=other.pk)
    other.refresh_from_db()
    assert other.state == "published"


@pytest.mark.parametrize("action", ["accept", "publish", "rule", "expire", "submit", "x"])
def test_moves_of_others_are_not_there(client: Client, force: Force, action: str) -> None:
    _item, code = coded(force)
    assert do(client, action, code).status_code == 404


def test_one_word_on_an_answer_which_may_change(client: Client, force: Force) -> None:
    item, code = coded(force)
    client.post("/track/rate/", {"code": code, "stars": "2", "on_topic": "no", "comment": "Còn thiếu thời hạn"})
    client.post("/track/rate/", {"code": code, "stars": "4", "on_topic": "yes"})
    word = Feedback.objects.get()
    assert (word.stars, word.on_topic, word.comment, word.answer) == (4, True, "", item.answer)
    assert word.on == timezone.localdate()


@pytest.mark.parametrize("state", ["submitted", "prepared", "answered", "escalated", "declined"])
def test_nothing_to_rate_yet(client: Client, force: Force, state: str) -> None:
    _item, code = coded(force, state)
    assert client.post("/track/rate/", {"code": code, "stars": "5", "on_topic": "yes"}).status_code == 409
    assert not Feedback.objects.exists()


BAD: list[Any] = [None, "", "0", "6", "-1", "x", "1.5", "\x00", "9" * 400, "á" * 9000, ["1", "2"]]


def test_bad_input(client: Client, force: Force) -> None:
    item, code = coded(force)
    fine = {"code": code, "stars": "5", "on_topic": "yes", "comment": "Rõ ràng"}
    for name in ("stars", "on_topic", "comment"):
        for bad in BAD:
            fields = {**fine, name: bad}
            answer = client.post("/track/rate/", {key: value for key, value in fields.items() if value is not None})
            assert answer.status_code in (200, 400), (name, bad)
            assert item.text in shown(answer)
    for name in ("seen", "note"):
        for bad in BAD:
            fields = {"code": code, "seen": "99", "note": "Lý do", name: bad}
            answer = client.post(
                "/track/do/contest/", {key: value for key, value in fields.items() if value is not None}
            )
            assert answer.status_code in (200, 400, 409), (name, bad)
            item.refresh_from_db()
            if item.state != "published":  # one of them was a fine one
                item, code = coded(force)


def test_a_named_author_rates_on_his_item(client: Client, force: Force) -> None:
    item = item_at(force, "published")
    client.force_login(force.officer)
    address = reverse("item_rate", args=[item.pk])
    assert client.post(address, {"stars": "5", "on_topic": "yes"}).status_code == 302
    assert client.post(address, {"stars": "x"}).status_code == 400
    assert Feedback.objects.get().stars == 5
    client.force_login(force.unit_chief)
    assert client.post(address, {"stars": "1", "on_topic": "no"}).status_code == 404


# --- files ---
def test_the_files_one_sent_come_back_by_the_code(client: Client, force: Force, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    conference = open_now(force)
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    file = SimpleUploadedFile("Đơn của Hồng.txt", "Nội dung kèm theo".encode())
    page = shown(client.post(reverse("guest_ask"), typed_by_guest(files=[file])))
    code = re.search(r'id="code">([0-9A-Z-]+)<', page)
    assert code
    item = Item.objects.get()
    kept = tracking.files_of(item).get()
    assert reverse("guest_track_file", args=[kept.pk]) in shown(client.post(TRACK, {"code": code.group(1)}))
    address = reverse("guest_track_file", args=[kept.pk])
    answer = client.post(address, {"code": code.group(1)})
    assert b"".join(answer.streaming_content) == "Nội dung kèm theo".encode()  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.post(address, {"code": WRONG[0]}).status_code == 400
    assert client.get(address).status_code == 405
    _other, foreign = coded(force)
    assert client.post(address, {"code": foreign}).status_code == 404


# --- the dates of a receipt ---
def test_dates_before_during_and_after_the_meeting(force: Force) -> None:
    now = timezone.now()
    item = item_at(force, "submitted")
    before = tracking.dates_of(item, item.conference.starts_at - timedelta(days=3))
    assert before.heard_at == item.conference.starts_at
    assert before.accept_by is not None
    assert before.answer_by > timezone.localtime(item.conference.starts_at).date()
    after = tracking.dates_of(item, now)
    assert after.heard_at is None
    assert after.answer_by > timezone.localdate(now)
    accepted = perform(item, "accept", by=force.secretary, at=now)
    assert tracking.dates_of(accepted, now).accept_by is None


def test_a_text_of_a_stranger_is_inert(client: Client, force: Force) -> None:
    evil = '"><svg onload=alert(1)> %253Cb%253E {{ 7|add:7 }}'
    _item, code = coded(force, "submitted", text=f"{TEXT} {evil}")
    page = shown(client.post(TRACK, {"code": code}))
    assert "<svg onload" not in page
    assert "%253Cb%253E" in page
    assert "{{ 7|add:7 }}" in page
