"""From what is told in the app to what leaves it: by whom, how and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cchc.followup.domain import dispatch as module
from cchc.followup.domain import window
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.preference import prefer
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.workflow.engine import record, tell
from cchc.workflow.models import Event, Notice
from tests.factories import Force
from tests.followup.obligations import morning, owed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)  # a Wednesday


@pytest.fixture
def people(force: Force) -> Force:
    for name, person in force.people.items():
        person.email = f"{name}@example.vn"
        person.save()
    return force


def event(force: Force, *told: Person, at: datetime, turn: tuple[Person, ...] = ()) -> Event:
    made = record(force.town, "edit", by=force.administrator, at=at)
    tell(made, told, turn=turn)
    return made


def queued() -> list[tuple[str, str, int, date | None]]:
    rows = Delivery.objects.select_related("person").order_by("made_at", "manner", "person__email")
    return [(row.person.email.split("@")[0], row.manner, row.notices.count(), row.digest_on) for row in rows]


# --- the window
HOURS = [
    (datetime(2026, 3, 18, 6, 59), datetime(2026, 3, 18, 7, 0)),
    (datetime(2026, 3, 18, 7, 0), datetime(2026, 3, 18, 7, 0)),
    (datetime(2026, 3, 18, 17, 59), datetime(2026, 3, 18, 17, 59)),
    (datetime(2026, 3, 18, 18, 0), datetime(2026, 3, 19, 7, 0)),
    (datetime(2026, 3, 20, 20, 0), datetime(2026, 3, 23, 7, 0)),  # Friday evening
    (datetime(2026, 3, 22, 12, 0), datetime(2026, 3, 23, 7, 0)),
]


@pytest.mark.parametrize(("at", "begin"), HOURS)
def test_nothing_leaves_at_night_or_on_days_off(db: None, at: datetime, begin: datetime) -> None:
    at, begin = (each.replace(tzinfo=morning(DAY).tzinfo) for each in (at, begin))
    assert window.sending_from(at) == begin
    assert window.is_open(at) == (at == begin)


def test_a_trial_may_send_at_any_hour(db: None, settings: Any) -> None:
    settings.SENDING_HOURS, settings.SENDING_EVERY_DAY = "00-24", True
    sunday = morning(date(2026, 3, 22), hour=3)
    assert window.is_open(sunday)
    assert window.sending_from(sunday) == sunday


# --- how
def test_news_waits_for_one_digest_in_the_morning(people: Force) -> None:
    event(people, people.officer, people.stranger, at=morning(DAY, 9))
    event(people, people.officer, people.secretary, at=morning(DAY, 10))
    dispatch(morning(DAY, 10))
    event(people, people.officer, at=morning(DAY, 15))
    dispatch(morning(DAY, 15))
    tomorrow = DAY + timedelta(days=1)
    assert queued() == [
        ("officer", "digest", 3, tomorrow),
        ("secretary", "digest", 1, tomorrow),
        ("stranger", "digest", 1, tomorrow),
    ]
    assert {each.not_before for each in Delivery.objects.all()} == {morning(tomorrow, 7, 2)}
    assert not Notice.objects.undispatched().exists()


def test_what_becomes_my_turn_is_mailed_at_once_unless_i_want_it_in_the_morning(people: Force) -> None:
    prefer(people.secretary, {("email", "turns"): "digest"})
    event(people, people.officer, at=morning(DAY, 9), turn=(people.leader, people.secretary))
    dispatch(morning(DAY, 9))
    tomorrow = DAY + timedelta(days=1)
    assert sorted(queued()) == [
        ("leader", "at_once", 1, None), ("officer", "digest", 1, tomorrow), ("secretary", "digest", 1, tomorrow),
    ]  # fmt: skip


def test_who_wants_it_at_once_gets_it_at_once(people: Force) -> None:
    prefer(people.officer, {("email", "news"): "at_once"})
    prefer(people.secretary, {("email", "news"): "off"})
    event(people, people.officer, people.secretary, at=morning(DAY, 9))
    dispatch(morning(DAY, 9))
    assert queued() == [("officer", "at_once", 1, None)]
    event(people, at=morning(DAY, 9), turn=(people.secretary,))
    dispatch(morning(DAY, 20))
    assert queued()[1:] == [("secretary", "at_once", 1, None)]
    assert Delivery.objects.get(person=people.secretary).not_before == morning(DAY + timedelta(days=1))


def test_a_mornings_reminders_are_one_mail_each(people: Force) -> None:
    event(people, people.unit_chief, at=morning(DAY - timedelta(days=1), 16))
    dispatch(morning(DAY - timedelta(days=1), 16))
    for _each in range(3):
        owed(people, DAY)
    open_reminders(DAY, morning(DAY))
    dispatch(morning(DAY))
    assert queued() == [("unit_chief", "digest", 4, DAY)]


def test_a_reminder_never_waits_for_tomorrow(people: Force) -> None:
    owed(people, DAY)
    open_reminders(DAY, morning(DAY, 11))  # the machine was off in the morning
    dispatch(morning(DAY, 11))
    assert queued() == [("unit_chief", "at_once", 1, None)]


def test_what_comes_when_the_digest_has_left_goes_by_itself_or_waits(people: Force) -> None:
    event(people, people.unit_chief, at=morning(DAY - timedelta(days=1), 16))
    dispatch(morning(DAY - timedelta(days=1), 16))
    Delivery.objects.update(state="sent", ended_at=morning(DAY, 7, 3))
    owed(people, DAY)
    open_reminders(DAY, morning(DAY, 7, 4))
    event(people, people.unit_chief, at=morning(DAY, 7, 4))
    dispatch(morning(DAY, 7, 4))
    assert queued()[1:] == [("unit_chief", "at_once", 1, None), ("unit_chief", "digest", 1, DAY + timedelta(days=1))]


def test_nothing_is_queued_for_whom_no_mail_reaches(people: Force) -> None:
    Person.objects.filter(pk=people.officer.pk).update(email="")
    Person.objects.filter(pk=people.stranger.pk).update(is_active=False)
    event(people, people.officer, people.stranger, at=morning(DAY, 9))
    dispatch(morning(DAY, 9))
    assert (queued(), Notice.objects.undispatched().count()) == ([], 0)


def test_what_was_read_in_the_app_or_is_long_past_is_no_mail(people: Force) -> None:
    event(people, people.officer, at=morning(DAY, 9))
    Notice.objects.update(read_at=morning(DAY, 9))
    event(people, people.stranger, at=morning(DAY - timedelta(days=8)))
    dispatch(morning(DAY, 9))
    assert (queued(), Notice.objects.undispatched().count()) == ([], 0)


def test_without_a_mail_server_nothing_is_queued(people: Force, settings: Any) -> None:
    settings.SENDS_EMAIL = False
    event(people, people.officer, at=morning(DAY, 9))
    dispatch(morning(DAY, 9))
    assert (queued(), Notice.objects.undispatched().count()) == ([], 0)


# --- once
def test_dispatching_twice_queues_once(people: Force) -> None:
    event(people, people.officer, at=morning(DAY, 9))
    assert (dispatch(morning(DAY, 9)), dispatch(morning(DAY, 9))) == (1, 0)
    assert len(queued()) == 1


def test_one_digest_for_a_person_and_a_morning(people: Force) -> None:
    event(people, people.officer, at=morning(DAY, 9))
    dispatch(morning(DAY, 9))
    digest = Delivery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            person=digest.person, channel="email", manner="digest", digest_on=digest.digest_on, made_at=digest.made_at,
            not_before=digest.not_before, message_id="<another@example.vn>",
        )  # fmt: skip


def test_a_death_in_the_middle_leaves_all_or_nothing(people: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    event(people, people.officer, people.secretary, people.leader, at=morning(DAY, 9))
    monkeypatch.setattr(module, "BATCH", 1)
    put = module._put_into_digests
    calls = []

    def dies(*args: Any) -> None:
        calls.append(args)
        put(*args)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "_put_into_digests", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        module._dispatch_some(morning(DAY, 9))
        with transaction.atomic():
            module._dispatch_some(morning(DAY, 9))
    monkeypatch.setattr(module, "_put_into_digests", put)
    dispatch(morning(DAY, 9))
    assert [row[0] for row in queued()] == ["leader", "officer", "secretary"]


def test_many_notices_cost_few_queries(people: Force, django_assert_max_num_queries: Any) -> None:
    for number in range(40):
        event(people, people.officer, people.secretary, at=morning(DAY, 9, number))
    with django_assert_max_num_queries(24):
        assert dispatch(morning(DAY, 10)) == 80
    assert connection.in_atomic_block
