"""Asking by account, by a conference's link, and for somebody else."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cchc.documents.models import Attachment
from cchc.web.models import Draft
from cchc.workflow.actors import CodeHolder
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Event
from dialogues.domain import intake
from dialogues.domain.intake import Asking, Receipt, ask
from dialogues.enums import Audience, Channel, Identity, ItemKind
from dialogues.models import Conference, Item, Support
from tests.dialogues.asking import TEXT, asked_now, one_window, open_now, typed, typed_by_guest
from tests.dialogues.factories import item_at
from tests.factories import Force


@pytest.fixture(autouse=True)
def _no_counts_left(db: None) -> None:
    cache.clear()


@pytest.fixture
def conference(force: Force) -> Conference:
    return open_now(force)


@pytest.fixture
def officer(client: Client, force: Force) -> Client:
    client.force_login(force.officer)
    return client


@pytest.fixture
def guest(client: Client, conference: Conference) -> Client:
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    return client


def form_of(conference: Conference) -> str:
    return reverse("ask_form", args=[conference.code])


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


# --- guests ---
def code_holder(item: Item) -> CodeHolder:
    return CodeHolder(subject_id=item.pk)


def code_on(answer: Any) -> str:
    found = re.search(r'id="code">([0-9A-Z-]+)<', answer.content.decode())
    assert found, answer.content.decode()[:2000]
    return found.group(1)


def test_the_link_becomes_a_cookie_and_writes_nothing(client: Client, conference: Conference) -> None:
    with connection.execute_wrapper(only_reads):
        answer = client.get(reverse("guest_enter", args=[conference.guest_key]))
    assert answer.headers["Location"] == reverse("guest_ask")
    cookie = client.cookies["cchc_guest"]
    assert cookie["httponly"]
    assert conference.guest_key not in cookie.value
    with connection.execute_wrapper(only_reads):
        assert client.get(reverse("guest_ask")).status_code == 200


def only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")), sql
    return execute(sql, params, many, context)


def test_a_wrong_link_is_not_there(client: Client, force: Force) -> None:
    draft = open_now(force, "draft")
    for key in ("sai", "a" * 22, draft.guest_key):
        assert client.get(reverse("guest_enter", args=[key])).status_code == 404
    assert client.get("/g/%00/").status_code == 404
    assert client.get(reverse("guest_ask")).headers["Location"] == reverse("guest_conferences")


def test_a_new_link_makes_the_old_cookie_void(guest: Client, conference: Conference) -> None:
    assert guest.get(reverse("guest_ask")).status_code == 200
    Conference.objects.update(guest_key="moi" * 8)
    assert guest.get(reverse("guest_ask")).status_code == 302
    answer = guest.post(reverse("guest_ask"), typed_by_guest())
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()


@pytest.mark.parametrize(
    "value", ["", "x", "x:y:z", signing.dumps({"a": 1}), signing.dumps({"conference": "1"}, salt="dialogues.other")]
)
def test_a_forged_cookie_is_none(client: Client, conference: Conference, value: str) -> None:
    client.cookies["cchc_guest"] = value
    assert client.get(reverse("guest_ask")).status_code == 302


def test_a_named_guest(guest: Client, conference: Conference) -> None:
    fields = typed_by_guest(asker_contact="0912 345 678", locality="Phường Hòa Bình", audience="businesses")
    answer = guest.post(reverse("guest_ask"), fields)
    item = Item.objects.get()
    assert answer.status_code == 200
    assert intake.track(code_on(answer)) == item
    assert (item.asker_name, item.asker_contact, item.locality) == ("Lê Thị Hồng", "0912345678", "Phường Hòa Bình")
    assert (item.author, item.audience, item.channel) == (None, "businesses", "web_advance")


def test_a_guest_without_a_name_leaves_none(guest: Client, conference: Conference) -> None:
    fields = typed_by_guest(identity="anonymous", asker_contact="hong@example.vn", locality="Phường Hòa Bình")
    assert guest.post(reverse("guest_ask"), fields).status_code == 200
    item = Item.objects.get()
    assert (item.asker_name, item.asker_contact, item.locality, item.unit) == ("", "", "", None)


def test_a_guest_is_of_an_invited_group(client: Client, force: Force) -> None:
    conference = open_now(force, audiences=[Audience.OFFICERS, Audience.CITIZENS])
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    for audience in ("officers", "businesses", "x", ""):
        assert client.post(reverse("guest_ask"), typed_by_guest(audience=audience)).status_code == 400
    assert client.post(reverse("guest_ask"), typed_by_guest()).status_code == 200


def test_a_conference_for_officers_only_says_so(client: Client, force: Force) -> None:
    conference = open_now(force, audiences=[Audience.OFFICERS])
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    assert client.get(reverse("guest_ask")).status_code == 200
    assert client.post(reverse("guest_ask"), typed_by_guest()).status_code == 409
    assert not Item.objects.exists()


def test_the_window_of_guests(client: Client, force: Force) -> None:
    now = timezone.now()
    closed = open_now(force, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    client.get(reverse("guest_enter", args=[closed.guest_key]))
    page = client.get(reverse("guest_ask"))
    assert page.status_code == 200
    assert f"{timezone.localtime(closed.closes_at):%H:%M}" in page.content.decode()
    answer = client.post(reverse("guest_ask"), typed_by_guest())
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()


def test_one_browser_may_send_five_in_a_minute(guest: Client, conference: Conference, monkeypatch: Any) -> None:
    one_window(monkeypatch)
    codes = [guest.post(reverse("guest_ask"), typed_by_guest()).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    answer = guest.post(reverse("guest_ask"), typed_by_guest())
    assert TEXT in answer.content.decode()
    assert Item.objects.count() == 5
    # the neighbor in the hall is another browser behind the same address
    neighbor = Client()
    neighbor.get(reverse("guest_enter", args=[conference.guest_key]))
    assert neighbor.post(reverse("guest_ask"), typed_by_guest()).status_code == 200


def test_a_whole_hall_may_send_and_a_flood_may_not(conference: Conference, monkeypatch: Any) -> None:
    one_window(monkeypatch)
    monkeypatch.setattr("dialogues.views.guest.HALL_AN_HOUR", 3)
    codes = []
    for _ in range(4):
        client = Client()
        client.get(reverse("guest_enter", args=[conference.guest_key]))
        codes.append(client.post(reverse("guest_ask"), typed_by_guest()).status_code)
    assert codes == [200, 200, 200, 429]


def test_a_pasted_link_opens_the_conference(client: Client, conference: Conference) -> None:
    address = reverse("guest_conferences")
    assert client.get(address).status_code == 200
    pasted = f" https://doithoai.example/g/{conference.guest_key}/ "
    assert client.post(address, {"key": pasted}).headers["Location"] == reverse("guest_ask")
    for wrong in ("", "sai", "\x00", "a" * 22, "x" * 9999):
        assert client.post(address, {"key": wrong}).status_code == 400


def test_wrong_links_are_counted(client: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.guest.WRONG_KEYS_AN_HOUR", 3)
    address = reverse("guest_conferences")
    assert [client.post(address, {"key": "a" * 22}).status_code for _ in range(4)] == [400, 400, 400, 429]


# --- for somebody else ---
def for_others(conference: Conference) -> str:
    return reverse("ask_for_others", args=[conference.code])


def entered(**changes: Any) -> dict[str, Any]:
    day = f"{timezone.localdate():%Y-%m-%d}"
    return typed(
        **{"channel": "paper", "received_on": day, "audience": "citizens", "asker_name": "Lê Thị Hồng", **changes}
    )


def test_only_the_secretary_enters_for_others(client: Client, force: Force, conference: Conference) -> None:
    for person in (
        force.officer,
        force.unit_chief,
        force.leader,
        force.stranger,
        force.next_leader,
        force.administrator,
    ):
        client.force_login(person)
        assert client.get(for_others(conference)).status_code == 404, person
        assert client.post(for_others(conference), entered()).status_code == 404, person
    assert not Item.objects.exists()


def test_a_slip_of_a_citizen(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    assert client.get(for_others(conference)).status_code == 200
    answer = client.post(
        for_others(conference), entered(received_on=f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}")
    )
    item = Item.objects.get()
    assert intake.track(code_on(answer)) == item
    assert (item.asker_name, item.channel, item.audience, item.author) == ("Lê Thị Hồng", "paper", "citizens", None)
    first = Event.objects.of(item).order_by("seq").first()
    assert first is not None
    assert first.actor == force.secretary
    assert first.data["received_on"] == f"{timezone.localdate() - timedelta(days=1)}"
    assert "channel=paper" in answer.content.decode()  # the next one


def test_a_slip_of_an_officer_is_among_his_own(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    answer = client.post(
        for_others(conference), entered(audience="officers", author="nguyễn văn an", asker_name="", channel="live_oral")
    )
    item = Item.objects.get()
    assert answer.status_code == 200
    assert (item.author, item.unit, item.tracking_digest) == (force.officer, force.qlhc, None)
    assert 'id="code"' not in answer.content.decode()


def test_a_slip_without_a_name_says_who_entered_it_and_not_whose_it_is(
    client: Client, force: Force, conference: Conference
) -> None:
    client.force_login(force.secretary)
    client.post(
        for_others(conference), entered(identity="anonymous", author="an.nv", audience="officers", channel="box")
    )
    item = Item.objects.get()
    assert (item.author, item.asker_name, item.unit) == (None, "", None)
    assert {event.actor for event in Event.objects.of(item)} == {force.secretary}


def test_slips_may_come_after_the_window(client: Client, force: Force) -> None:
    now = timezone.now()
    conference = open_now(force, "concluded", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    client.force_login(force.secretary)
    assert client.post(for_others(conference), entered()).status_code == 200
    perform(Item.objects.get(), "withdraw", by=code_holder(Item.objects.get()), at=now)
    perform(Conference.objects.get(), "close", by=force.secretary, at=now)
    assert client.post(for_others(conference), entered()).status_code == 409


def test_officers_are_proposed_to_the_secretary(client: Client, force: Force, conference: Conference) -> None:
    address = reverse("ask_people", args=[conference.code])
    client.force_login(force.secretary)
    page = client.post(address, {"author": "van an"}).content.decode()
    assert "an.nv" in page
    assert "nam.dv" not in client.post(address, {"author": "nam"}).content.decode()  # next door
    client.force_login(force.officer)
    assert client.post(address, {"author": "van an"}).status_code == 404


# --- bad input ---
BAD: list[Any] = [None, "", "x", "\x00\u202e", "9" * 5000, "á" * 9000, "-1", "2026-13-45", ["a", "b"]]
OFFICER_FIELDS = ("identity", "kind", "text", "title", "topic", "field", "submit_key", "files", "do")
GUEST_FIELDS = (
    "identity",
    "kind",
    "text",
    "audience",
    "asker_name",
    "asker_contact",
    "locality",
    "field",
    "submit_key",
    "files",
)
OTHERS_FIELDS = (
    "identity", "kind", "text", "channel", "received_on", "audience", "author", "asker_name", "asker_contact", "unit",
    "locality", "title", "topic", "field", "submit_key", "files",
)  # fmt: skip
FINE = (200, 302, 400, 409)


def test_bad_input_of_an_officer(officer: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.intake.NAMED_AN_HOUR", 10_000)
    for name in OFFICER_FIELDS:
        for bad in BAD:
            answer = officer.post(form_of(conference), typed(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)
            if answer.status_code == 400 and name not in ("text", "do"):
                assert TEXT in answer.content.decode(), (name, bad)


def test_bad_input_of_a_guest(guest: Client, conference: Conference, monkeypatch: Any) -> None:
    monkeypatch.setattr("dialogues.views.guest.BROWSER_A_MINUTE", 10_000)
    monkeypatch.setattr("dialogues.views.guest.HALL_AN_HOUR", 10_000)
    for name in GUEST_FIELDS:
        for bad in BAD:
            answer = guest.post(reverse("guest_ask"), typed_by_guest(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)


def test_bad_input_of_the_secretary(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    for name in OTHERS_FIELDS:
        for bad in BAD:
            answer = client.post(for_others(conference), entered(**{name: bad}))
            assert answer.status_code in FINE, (name, bad)


def test_bad_input_of_an_edit(officer: Client, force: Force, conference: Conference) -> None:
    item = asked_now(force, conference)
    for name in ("text", "title", "topic", "field", "seen", "do"):
        for bad in BAD:
            fields = {"text": TEXT, "seen": Item.objects.get().moves, name: bad}
            answer = officer.post(
                reverse("ask_edit", args=[item.pk]), {k: v for k, v in fields.items() if v is not None}
            )
            assert answer.status_code in FINE, (name, bad)


def test_fields_that_are_not_in_the_form_change_nothing(officer: Client, force: Force, conference: Conference) -> None:
    extra = {
        "state": "closed", "author": force.leader.pk, "unit": force.ward.pk, "number": 99, "code": "CH-99",
        "channel": "box", "audience": "citizens", "asker_name": "X", "host": force.province.pk, "on_floor": "1",
        "submitted_at": "2000-01-01",
    }  # fmt: skip
    officer.post(form_of(conference), {**typed(), **extra})
    item = Item.objects.get()
    assert (item.state, item.author, item.unit, item.code, item.channel) == (
        "submitted",
        force.officer,
        force.qlhc,
        "CH-01",
        "web_advance",
    )
    assert (item.audience, item.asker_name, item.host, item.on_floor) == ("officers", "", force.town, False)


# --- the domain's own refusals ---
def test_the_domain_refuses_what_the_form_would_not_offer(force: Force, conference: Conference) -> None:
    at = timezone.now()
    with pytest.raises(NotAllowed):
        ask(Asking(TEXT, author=force.stranger), conference=conference, by=force.stranger, at=at)
    with pytest.raises(NotAllowed):
        ask(Asking(TEXT, channel=Channel.PAPER), conference=conference, by=force.officer, at=at)
    with pytest.raises(Refused):
        ask(Asking(TEXT, author=force.officer), conference=conference, by=force.officer, at=at + timedelta(days=300))
    only = open_now(force, audiences=[Audience.CITIZENS])
    with pytest.raises(Refused):
        ask(Asking(TEXT, author=force.officer), conference=only, by=force.officer, at=at)
    assert not Item.objects.exists()


def test_numbers_run_by_kind(force: Force, conference: Conference) -> None:
    at = timezone.now()
    kinds = [ItemKind.QUESTION, ItemKind.OPINION, ItemKind.QUESTION, ItemKind.PROPOSAL]
    codes = [
        ask(Asking(TEXT, kind=kind, author=force.officer), conference=conference, by=force.officer, at=at).item.code
        for kind in kinds
    ]
    assert codes == ["CH-01", "YK-01", "CH-02", "KN-01"]


def test_a_receipt_names_its_dates(officer: Client, force: Force) -> None:
    conference = open_now(force)
    page = officer.post(form_of(conference), typed(identity="anonymous")).content.decode()
    meets = timezone.localtime(conference.starts_at)
    assert f"{meets:%d/%m/%Y}" in page
    assert Item.objects.get().turn is not None
    assert f"{Item.objects.get().turn.due_on:%d/%m/%Y}" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_form(officer: Client, force: Force, rows: int, django_assert_max_num_queries: Any) -> None:
    conference = open_now(force)
    for _ in range(rows):
        item_at(force, "published", by=force.unit_chief)
    officer.get(form_of(conference))  # notes once in five minutes that he is there
    with django_assert_max_num_queries(12):
        officer.get(form_of(conference))


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_of_sending(officer: Client, force: Force, rows: int) -> None:
    conference = open_now(force)
    for _ in range(rows):
        officer.post(form_of(conference), typed())
    with CaptureQueriesContext(connection) as found:
        officer.post(form_of(conference), typed())
    told = [query["sql"] for query in found if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    counting = [sql for sql in told if '"cache"' in sql or "advisory" in sql]
    assert len(told) - len(counting) <= 21, told


def test_an_anonymous_item_keeps_no_link(force: Force, conference: Conference) -> None:
    asking = Asking(
        TEXT, identity=Identity.ANONYMOUS, author=force.officer, unit=force.qlhc, asker_name="An", locality="Đây"
    )
    item = ask(asking, conference=conference, by=force.officer, at=timezone.now()).item
    assert (item.author, item.unit, item.asker_name, item.locality) == (None, None, "", "")
    with pytest.raises(MovedOn):
        intake.edit(perform_accept(item, force), by=code_holder(item), at=timezone.now(), text="Muộn rồi")


def perform_accept(item: Item, force: Force) -> Item:
    return perform(item, "accept", by=force.secretary, at=timezone.now())
