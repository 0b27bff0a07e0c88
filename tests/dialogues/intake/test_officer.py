"""Asking by account: the form, drafts, one's own until it is accepted, and the same sent twice."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.documents.models import Attachment
from cchc.web.models import Draft
from cchc.workflow.engine import NotAllowed
from cchc.workflow.models import Event
from dialogues.domain import intake
from dialogues.domain.intake import Asking, Receipt, ask
from dialogues.enums import Audience, Channel
from dialogues.models import Conference, Item, Support
from tests.dialogues.asking import TEXT, asked_now, code_on, form_of, open_now, typed, typed_by_guest
from tests.dialogues.factories import item_at
from tests.factories import Force


# --- an officer ---
def test_one_open_conference_is_gone_to_at_once(officer: Client, conference: Conference) -> None:
    assert officer.get(reverse("ask")).headers["Location"] == form_of(conference)


def test_several_are_offered_and_closed_or_foreign_ones_are_not(
    officer: Client, force: Force, conference: Conference
) -> None:
    now = timezone.now()
    other = open_now(force, title="Đối thoại quý I")
    closed = open_now(force, title="Đã hết hạn", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    civil = open_now(force, title="Chỉ công dân", audiences=[Audience.CITIZENS])
    page = officer.get(reverse("ask")).content.decode()
    assert form_of(conference) in page
    assert form_of(other) in page
    assert form_of(closed) not in page
    assert form_of(civil) not in page
    officer.force_login(force.stranger)
    assert form_of(conference) not in officer.get(reverse("ask")).content.decode()
    assert officer.get(form_of(conference)).status_code == 404
    assert officer.post(form_of(conference), typed()).status_code == 404


def test_with_none_open_the_next_one_is_named(officer: Client, force: Force) -> None:
    now = timezone.now()
    open_now(force, title="Sắp mở", opens_at=now + timedelta(days=1))
    page = officer.get(reverse("ask")).content.decode()
    assert "Sắp mở" in page
    assert "ask/to/" not in page


def test_the_form_chooses_no_identity_and_says_what_follows(officer: Client, conference: Conference) -> None:
    page = officer.get(form_of(conference)).content.decode()
    radios = re.findall(r'<input[^>]*name="identity"[^>]*>', page)
    assert len(radios) == 2
    assert not any("checked" in radio for radio in radios)
    assert reverse("ask_channels") in page


def test_a_named_question_lands_on_its_page(officer: Client, force: Force, conference: Conference) -> None:
    answer = officer.post(form_of(conference), typed(title="Bản giấy khi đăng ký thường trú"))
    item = Item.objects.get()
    assert answer.headers["Location"] == reverse("item_show", args=[item.pk])
    assert (item.code, item.state, item.author, item.unit) == ("CH-01", "submitted", force.officer, force.qlhc)
    assert (item.channel, item.audience, item.tracking_digest) == ("web_advance", "officers", None)
    assert item.title == "Bản giấy khi đăng ký thường trú"
    assert [event.action for event in Event.objects.of(item).order_by("seq")] == ["create", "submit"]
    assert item.turn is not None
    assert item.turn.kind == "triage"


def test_in_the_hall_the_channel_is_the_hall(officer: Client, force: Force) -> None:
    officer.post(form_of(open_now(force, "in_session")), typed())
    assert Item.objects.get().channel == Channel.QR_LIVE


def test_text_is_cleaned(officer: Client, conference: Conference) -> None:
    officer.post(form_of(conference), typed(text="  Ho\u0302\u0300 sơ \x00nộp\u202e trực\r\ntuyến mấy ngày?\x07 "))
    assert Item.objects.get().text == "Hồ sơ nộp trực\ntuyến mấy ngày?"


def test_a_closed_window_keeps_the_text(officer: Client, force: Force) -> None:
    now = timezone.now()
    closed = open_now(force, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    assert officer.get(form_of(closed)).status_code == 200
    answer = officer.post(form_of(closed), typed())
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()
    assert not Item.objects.exists()


def test_files_come_with_it(officer: Client, conference: Conference, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("Đơn của An.txt", "Nội dung kèm theo".encode())
    officer.post(form_of(conference), typed(files=[file]))
    kept = Attachment.objects.get()
    assert (kept.subject_id, kept.name) == (str(Item.objects.get().pk), "Đơn của An.txt")


def test_a_full_disk_takes_in_nothing_and_keeps_the_text(
    officer: Client, conference: Conference, monkeypatch: Any
) -> None:
    def full(*args: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cchc.documents.domain.attachment._keep", full)
    file = SimpleUploadedFile("phieu.txt", b"Phieu")
    answer = officer.post(form_of(conference), typed(files=[file]))
    assert answer.status_code == 507
    assert TEXT in answer.content.decode()
    assert not Item.objects.exists()
    assert not Event.objects.filter(subject_type="dialogues.item").exists()


def test_too_many_fields_are_a_page(guest: Client, officer: Client, conference: Conference) -> None:
    many = {f"x{n}": "1" for n in range(1100)}
    assert guest.post(reverse("guest_ask"), {**typed_by_guest(), **many}).status_code == 400
    assert officer.post(form_of(conference), {**typed(), **many}).status_code == 400
    assert not Item.objects.exists()


def test_a_person_may_send_only_so_much_an_hour(officer: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.intake.NAMED_AN_HOUR", 2)
    assert [officer.post(form_of(conference), typed()).status_code for _ in range(3)] == [302, 302, 429]
    assert Item.objects.count() == 2


# --- drafts ---
def keep(client: Client, conference: Conference, **fields: Any) -> Any:
    return client.post(reverse("ask_draft", args=[conference.code]), typed(**fields))


def test_what_is_typed_is_kept_once_it_is_signed(officer: Client, conference: Conference) -> None:
    assert keep(officer, conference).status_code == 200
    draft = Draft.objects.get()
    assert "submit_key" not in draft.data
    assert TEXT in officer.get(form_of(conference)).content.decode()
    officer.post(form_of(conference), typed())
    assert not Draft.objects.exists()


@pytest.mark.parametrize("identity", [None, "anonymous", "", "x"])
def test_nothing_is_kept_without_a_signature(officer: Client, conference: Conference, identity: str | None) -> None:
    keep(officer, conference)
    assert keep(officer, conference, identity=identity).status_code == 204
    assert not Draft.objects.exists()


def test_the_platforms_own_autosave_forgets_what_is_anonymous(officer: Client) -> None:
    address = reverse("draft_save", args=["ask.HN-1"])
    officer.post(address, {"text": TEXT, "identity": "named"})
    officer.post(address, {"text": TEXT, "identity": "anonymous"})
    assert not Draft.objects.exists()


def test_a_draft_is_saved_continued_and_sent(officer: Client, force: Force, conference: Conference) -> None:
    answer = officer.post(form_of(conference), typed(do="draft"))
    item = Item.objects.get()
    assert (item.state, item.author) == ("draft", force.officer)
    assert answer.headers["Location"] == (edit := reverse("ask_edit", args=[item.pk]))
    assert TEXT in officer.get(edit).content.decode()
    open_now(force)  # with a second one open the choice is shown, and the drafts beside it
    assert edit in officer.get(reverse("ask")).content.decode()
    officer.post(edit, {"kind": "opinion", "text": f"{TEXT} Đề nghị trả lời.", "seen": item.moves, "do": "send"})
    item.refresh_from_db()
    assert (item.state, item.code) == ("submitted", "YK-01")


def test_a_draft_is_its_authors_alone(officer: Client, force: Force, conference: Conference) -> None:
    item = asked_now(force, conference, draft=True)
    for person in (force.secretary, force.leader, force.unit_chief, force.stranger):
        officer.force_login(person)
        assert officer.get(reverse("ask_edit", args=[item.pk])).status_code == 404
        assert officer.post(reverse("ask_discard", args=[item.pk])).status_code == 404


def test_no_draft_without_a_name(officer: Client, conference: Conference) -> None:
    answer = officer.post(form_of(conference), typed(identity="anonymous", do="draft"))
    assert answer.status_code == 400
    assert TEXT in answer.content.decode()
    assert not Item.objects.exists()


def test_a_draft_too_late_is_refused_and_stays(officer: Client, force: Force, conference: Conference) -> None:
    officer.post(form_of(conference), typed(do="draft"))
    item = Item.objects.get()
    now = timezone.now()
    Conference.objects.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    fields = {"kind": "question", "text": "Một nội dung khác hẳn", "seen": item.moves, "do": "send"}
    answer = officer.post(reverse("ask_edit", args=[item.pk]), fields)
    assert answer.status_code == 409
    assert "Một nội dung khác hẳn" in answer.content.decode()
    item.refresh_from_db()
    assert (item.state, item.text) == ("draft", TEXT)  # both or neither


def test_a_draft_can_be_thrown_away_and_what_was_sent_cannot(officer: Client, force: Force) -> None:
    draft, sent = item_at(force, "draft"), item_at(force, "submitted")
    assert officer.post(reverse("ask_discard", args=[draft.pk])).status_code == 302
    assert officer.post(reverse("ask_discard", args=[sent.pk])).status_code == 409
    assert list(Item.objects.all()) == [sent]


# --- one's own until it is accepted ---
def test_edit_until_accepted(officer: Client, force: Force, conference: Conference) -> None:
    item = asked_now(force, conference)
    address = reverse("ask_edit", args=[item.pk])
    assert officer.get(address).status_code == 200
    assert (
        officer.post(address, {"text": "Nội dung đã sửa lại", "kind": "opinion", "seen": item.moves}).status_code == 302
    )
    item.refresh_from_db()
    assert (item.text, item.kind, item.code) == ("Nội dung đã sửa lại", "question", "CH-01")
    last = Event.objects.of(item).newest_first().first()
    assert last is not None
    assert last.data == {"changed": ["text", "title"]}  # which, never what stood there


def test_two_windows_the_second_sees_the_first(officer: Client, force: Force, conference: Conference) -> None:
    item = asked_now(force, conference)
    address = reverse("ask_edit", args=[item.pk])
    officer.post(address, {"text": "Bản của cửa sổ thứ nhất", "seen": item.moves})
    answer = officer.post(address, {"text": "Bản của cửa sổ thứ hai", "seen": item.moves})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản của cửa sổ thứ nhất" in page
    assert "Bản của cửa sổ thứ hai" in page


def test_after_acceptance_it_is_too_late_and_nothing_typed_is_lost(officer: Client, force: Force) -> None:
    item = item_at(force, "accepted")
    answer = officer.post(reverse("ask_edit", args=[item.pk]), {"text": "Sửa khi đã muộn rồi", "seen": item.moves})
    assert answer.status_code == 409
    assert "Sửa khi đã muộn rồi" in answer.content.decode()


def test_only_the_asker_edits(force: Force) -> None:
    item = item_at(force, "submitted")
    with pytest.raises(NotAllowed):
        intake.edit(item, by=force.secretary, at=timezone.now(), text="Chữ của người khác")
    with pytest.raises(NotAllowed):
        intake.discard(item_at(force, "draft"), by=force.secretary, at=timezone.now())


# --- sent twice ---
def test_the_same_form_again_is_the_same_item(officer: Client, conference: Conference) -> None:
    fields = typed()
    first, second = officer.post(form_of(conference), fields), officer.post(form_of(conference), fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert Item.objects.count() == 1


def test_the_same_anonymous_form_again_shows_the_same_code(officer: Client, conference: Conference) -> None:
    fields = typed(identity="anonymous")
    codes = {code_on(officer.post(form_of(conference), fields)) for _ in range(2)}
    assert len(codes) == 1
    assert Item.objects.count() == 1
    # Back, and then with a name: still the anonymous one, and no link to it is made.
    again = officer.post(form_of(conference), {**fields, "identity": "named"})
    assert code_on(again) in codes
    assert Item.objects.get().author is None


@pytest.mark.parametrize("key", ["1", "", "a" * 31, "đ" * 32, "x" * 500])
def test_a_key_that_somebody_made_up_opens_nothing(officer: Client, conference: Conference, key: str) -> None:
    codes = [code_on(officer.post(form_of(conference), typed(identity="anonymous", submit_key=key))) for _ in range(2)]
    assert codes[0] != codes[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("same_key", "made"), [(True, 1), (False, 6)])
def test_two_taps_at_once(force: Force, same_key: bool, made: int) -> None:
    """The negative control: with a key for each tap, as many items as taps."""
    conference, at = open_now(force), timezone.now()
    barrier, key = threading.Barrier(6), intake.new_submit_key()
    receipts: list[Receipt] = []

    def tap() -> None:
        barrier.wait()
        own = key if same_key else intake.new_submit_key()
        try:
            receipts.append(
                ask(Asking(TEXT, author=force.officer), conference=conference, by=force.officer, at=at, submit_key=own)
            )
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _ in range(6)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    assert Item.objects.count() == made
    assert len({receipt.item.pk for receipt in receipts}) == made
    assert sorted(Item.objects.values_list("number", flat=True)) == list(range(1, made + 1))


# --- following instead of asking again ---
def test_an_earlier_item_is_followed_once_however_often_it_is_said(officer: Client, force: Force) -> None:
    earlier = item_at(force, "published", by=force.unit_chief)
    for _ in range(2):
        assert officer.post(reverse("ask_follow", args=[earlier.pk]), {"conference": "x"}).status_code == 302
    assert Support.objects.get().person == force.officer
    unpublished = item_at(force, "accepted", by=force.unit_chief)
    assert officer.post(reverse("ask_follow", args=[unpublished.pk])).status_code == 404
