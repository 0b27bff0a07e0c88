"""The mail itself: two forms, links, one language, a fixed Message-ID, a way out, and nothing secret."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cchc.followup import mailbox
from cchc.followup.domain.delivery import deliver
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.preference import prefer, preferences_of
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.domain.unsubscribe import token_for
from cchc.followup.models import Delivery
from cchc.organization.models import Person, Position
from cchc.workflow.models import Notice
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at
from tests.factories import Force
from tests.followup.obligations import morning, owed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)
AT = morning(DAY, 9)


@pytest.fixture
def people(force: Force) -> Force:
    for name, person in force.people.items():
        person.email = f"{name}@example.vn"
        person.language = "en"
        person.save()
        prefer(person, {("email", "duties"): "at_once", ("email", "news"): "at_once"})
    return force


def post() -> list[Any]:
    dispatch(AT)
    deliver(lambda: AT, seconds=60)
    return list(mail.outbox)


def to(person: Person) -> Any:
    return next(each for each in mail.outbox if each.to == [person.email])


@pytest.fixture
def answered(people: Force) -> Item:
    item = item_at(people, "published", conference=conference_at(people, "in_session"))
    Notice.objects.update(told_at=AT)
    return item


def test_a_mail_says_who_did_what_with_a_way_there(people: Force, answered: Item) -> None:
    post()
    message = to(people.officer)
    html, kind = message.alternatives[0]
    address = f"https://cchc.example.vn/items/{answered.pk}/"
    assert kind == "text/html"
    for body in (message.body, html):
        assert address in body
        assert answered.title in body
        assert f"{people.secretary.full_name} published the answer" in body
        assert "https://cchc.example.vn/notices/" in body


def test_its_headers(people: Force, answered: Item) -> None:
    post()
    message = to(people.officer)
    delivery = Delivery.objects.get(person=people.officer)
    sent = message.message()
    assert sent["Message-ID"] == delivery.message_id
    assert delivery.message_id.endswith("@cchc.example.vn>")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Unsubscribe"].strip("<>").startswith("https://cchc.example.vn/notices/leave/")
    assert sent["Auto-Submitted"] == "auto-generated"
    assert (sent["To"], delivery.address) == ("officer@example.vn", "officer@example.vn")


def test_a_reminder_names_the_day_and_how_late_it_is(people: Force) -> None:
    item = item_at(people, "assigned", conference=conference_at(people, "in_session"))
    Notice.objects.all().delete()
    duty = item.turn
    duty.due_on = date(2026, 3, 17)
    duty.save()
    open_reminders(DAY, AT)
    post()
    message = to(people.unit_chief)
    assert message.subject.startswith(str(item)[:40])
    assert "overdue for 1 working day, it was due on 17/03/2026" in message.body
    assert item.title in message.body


def test_whoever_stands_in_for_a_vacant_post_is_told_why(people: Force) -> None:
    Position.objects.filter(person=people.unit_chief).delete()
    owed(people, DAY)
    open_reminders(DAY, AT)
    post()
    body = to(people.secretary).body
    assert "Nobody is in the post of unit chief there" in body
    assert people.qlhc.short_name in body


def test_a_mail_is_in_its_readers_language(people: Force) -> None:
    Person.objects.filter(pk=people.unit_chief.pk).update(language="vi")
    owed(people, DAY)
    open_reminders(DAY, AT)
    post()
    assert '<html lang="vi">' in to(people.unit_chief).alternatives[0][0]


def test_a_digest_has_own_duties_first_and_counts(people: Force, answered: Item) -> None:
    prefer(people.unit_chief, {("email", "duties"): "digest", ("email", "news"): "digest"})
    Notice.objects.all().delete()
    owed(people, DAY)
    owed(people, DAY)
    early = morning(DAY, 7)
    open_reminders(DAY, early)
    dispatch(early)
    deliver(lambda: morning(DAY, 7, 30), seconds=60)
    message = to(people.unit_chief)
    assert message.subject == "Digest of 18/03/2026: 2 notices"
    assert "Your own duties" in message.body


def test_no_line_of_a_subject_can_be_forged(people: Force) -> None:
    item = item_at(people, "published", conference=conference_at(people, "in_session"))
    Item.objects.filter(pk=item.pk).update(title="Hỏi\r\nBcc: moi.nguoi@example.vn")
    Notice.objects.update(told_at=AT)
    post()
    assert "\n" not in to(people.officer).subject
    assert "\r" not in to(people.officer).subject


def test_what_one_may_not_see_has_no_title_in_a_mail(people: Force, answered: Item) -> None:
    notice = Notice.objects.filter(event__isnull=False).latest("id")
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.update(person=people.stranger)
    post()
    assert mail.outbox == []


def test_a_reminder_of_what_one_may_not_see_names_the_duty_alone(people: Force) -> None:
    item = item_at(people, "assigned", conference=conference_at(people, "in_session"))
    Notice.objects.all().delete()
    item.turn.due_on = DAY
    item.turn.unit = people.next_team  # whose chief may not read this town's questions
    item.turn.save()
    Position.objects.filter(person=people.stranger).update(role="unit_chief")
    open_reminders(DAY, AT)
    post()
    message = to(people.stranger)
    assert item.title not in message.body + message.alternatives[0][0] + message.subject
    assert str(item.pk) not in message.body + message.alternatives[0][0]


# --- one press
def test_one_press_stops_news_and_never_duties(people: Force, client: Client) -> None:
    where = reverse("unsubscribe", args=[token_for(people.officer)])
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(where).status_code == 200
    assert preferences_of(people.officer)["email", "news"] == "at_once"
    assert strict.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    found = preferences_of(Person.objects.get(pk=people.officer.pk))
    assert (found["email", "news"], found["email", "duties"]) == ("off", "at_once")
    page = strict.get(where).content.decode()
    assert people.officer.full_name not in page


def test_a_made_up_address_stops_nothing(people: Force, client: Client) -> None:
    token = token_for(people.officer)
    for wrong in (token[:-2] + "xx", "1", token.replace(token.split(":")[0], "Mg", 1)):
        assert client.post(reverse("unsubscribe", args=[wrong])).status_code == 404
    assert preferences_of(people.officer)["email", "news"] == "at_once"


# --- the demo's post office
def test_the_mailbox_keeps_whole_mails_as_private_files(people: Force, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND = "cchc.followup.mailbox.EmailBackend"
    owed(people, DAY)
    open_reminders(DAY, AT)
    post()
    (kept,) = mailbox.files()
    assert kept.stat().st_mode & 0o777 == 0o600
    read = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["To"] == "unit_chief@example.vn"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


def test_the_mailbox_forgets_the_oldest(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND = "cchc.followup.mailbox.EmailBackend"
    monkeypatch.setattr(mailbox, "MOST", 3)
    for number in range(5):
        mail.EmailMessage(f"Thư {number}", "Nội dung", "a@example.vn", ["b@example.vn"]).send()
    subjects = [mail_file.read_bytes() for mail_file in mailbox.files()]
    assert len(subjects) == 3
