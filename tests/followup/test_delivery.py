"""Sending: claimed, looked at once more, sent once, tried again, given up; no superior before the owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site

from cchc.followup.channels import Letter, Rejected, TryLater, Unreachable
from cchc.followup.domain.delivery import claim, deliver, something_waits
from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.preference import prefer
from cchc.followup.domain.reminder import open_reminders
from cchc.followup.domain.resend import resend
from cchc.followup.models import Delivery, Pulse, Run
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import extend, record, tell
from cchc.workflow.models import Notice, Obligation
from tests.factories import Force
from tests.followup.obligations import morning, owed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)  # a Wednesday
AT = morning(DAY, 8)


class Post:
    """A channel that keeps what it is given, and does with it what a test wants."""

    ready = True
    letters: list[Letter] = []
    answer: Callable[[Letter], str] = staticmethod(lambda letter: "250 OK")

    def address(self, person: Person) -> str:
        return person.email

    @contextmanager
    def connect(self) -> Iterator[Post]:
        yield self

    def send(self, letter: Letter) -> str:
        said = type(self).answer(letter)
        self.letters.append(letter)
        return said


@pytest.fixture
def post(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Post]:
    settings.CHANNELS = {"email": f"{__name__}.Post"}
    monkeypatch.setattr(Post, "letters", [])
    monkeypatch.setattr("tests.followup.test_delivery.Post", Post, raising=False)
    return Post


@pytest.fixture(autouse=True)
def _channel(monkeypatch: pytest.MonkeyPatch, post: type[Post]) -> None:
    """The name by which a test module is imported is pytest's affair."""
    monkeypatch.setattr("cchc.followup.channels.import_string", lambda name: post)


@pytest.fixture
def people(force: Force) -> Force:
    for name, person in force.people.items():
        person.email = f"{name}@example.vn"
        person.save()
        prefer(person, {("email", "duties"): "at_once", ("email", "news"): "at_once"})
    return force


def send(at: datetime = AT, **more: Any) -> dict[str, int]:
    return dict(deliver(lambda: at, seconds=60, **more))


def remind(day: date = DAY, at: datetime = AT) -> None:
    open_reminders(day, at)
    dispatch(at)


def news(force: Force, *told: Person, at: datetime = AT) -> None:
    tell(record(force.town, "edit", by=force.administrator, at=at), told)
    dispatch(at)


def arrived(post: type[Post]) -> list[str]:
    return [letter.address.split("@")[0] for letter in post.letters]


# --- once
def test_what_waits_is_sent_once(people: Force, post: type[Post]) -> None:
    owed(people, DAY)
    remind()
    assert something_waits(AT)
    assert (send(), send()) == ({"sent": 1}, {})
    assert not something_waits(AT)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.address, delivery.answer, delivery.attempts, delivery.ended_at) == (
        "sent", "unit_chief@example.vn", "250 OK", 1, AT,
    )  # fmt: skip
    assert [letter.message_id for letter in post.letters] == [delivery.message_id]
    assert Pulse.objects.get(name="email").ok


def test_claimed_by_one_is_not_claimed_by_another(people: Force) -> None:
    for _each in range(5):
        owed(people, DAY)
        remind()
    first, second, third = (claim(AT, ["email"], most=2) for _each in range(3))
    assert [len(each) for each in (first, second, third)] == [2, 2, 1]
    assert len({each.pk for each in (*first, *second, *third)}) == 5


def test_what_a_dead_worker_had_claimed_is_sent_after_its_lease(people: Force, post: type[Post]) -> None:
    owed(people, DAY)
    remind()
    (dead,) = claim(AT, ["email"])
    assert send(AT + timedelta(seconds=site.DELIVERY_LEASE - 1)) == {}
    assert send(AT + timedelta(seconds=site.DELIVERY_LEASE + 1)) == {"sent": 1}
    assert post.letters[0].message_id == dead.message_id


def test_whoever_lost_his_claim_marks_nothing(people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch) -> None:
    owed(people, DAY)
    remind()
    later = AT + timedelta(seconds=site.DELIVERY_LEASE + 1)

    def overtaken(letter: Letter) -> str:
        monkeypatch.setattr(post, "answer", staticmethod(lambda letter: "250 the other"))
        assert send(later) == {"sent": 1}
        return "250 the slow one"

    monkeypatch.setattr(post, "answer", staticmethod(overtaken))
    send()
    assert Delivery.objects.get().answer == "250 the other"
    assert len({letter.message_id for letter in post.letters}) == 1


def test_nothing_is_sent_at_night(people: Force) -> None:
    owed(people, DAY)
    remind()
    night = morning(DAY, 18)
    assert not something_waits(night)
    assert send(night) == {}
    assert Delivery.objects.get().state == "queued"


# --- tried again
def test_what_is_not_taken_is_tried_again_and_then_given_up(
    people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_now(letter: Letter) -> str:
        raise TryLater("451 greylisted")

    monkeypatch.setattr(post, "answer", staticmethod(not_now))
    owed(people, DAY)
    remind()
    at = AT
    for number, wait in enumerate(site.DELIVERY_BACKOFF, start=1):
        assert send(at) == {"queued": 1}
        delivery = Delivery.objects.get()
        assert (delivery.attempts, delivery.not_before, delivery.answer) == (
            number, at + timedelta(seconds=wait), "451 greylisted",
        )  # fmt: skip
        assert send(at + timedelta(seconds=wait - 1)) == {}
        at = delivery.not_before
    assert send(at) == {"failed": 1}
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("failed", len(site.DELIVERY_BACKOFF) + 1)


def test_what_is_refused_fails_with_the_servers_answer_and_may_be_sent_again(
    people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(letter: Letter) -> str:
        raise Rejected("550 5.1.1 no such user")

    monkeypatch.setattr(post, "answer", staticmethod(refused))
    owed(people, DAY)
    remind()
    assert send() == {"failed": 1}
    failed = Delivery.objects.get()
    assert (failed.answer, failed.ended_at) == ("550 5.1.1 no such user", AT)
    monkeypatch.setattr(post, "answer", staticmethod(lambda letter: "250 OK"))
    again = [resend(Delivery.objects.all(), by=people.administrator, at=AT) for _each in range(2)]
    assert again == [1, 0]
    assert send() == {"sent": 1}
    assert post.letters[0].message_id == failed.message_id


def test_a_server_that_is_away_uses_up_nobodys_tries(
    people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(letter: Letter) -> str:
        raise Unreachable("ConnectionRefusedError: refused")

    for _each in range(3):
        owed(people, DAY)
        remind()
    monkeypatch.setattr(post, "answer", staticmethod(away))
    at = AT
    for _each in range(len(site.DELIVERY_BACKOFF) + 3):
        send(at)
        at += timedelta(seconds=site.DELIVERY_PAUSE)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("queued", 0)}
    assert not Pulse.objects.get(name="email").ok
    monkeypatch.setattr(post, "answer", staticmethod(lambda letter: "250 OK"))
    assert send(at) == {"sent": 3}


def test_one_that_kills_its_worker_again_and_again_is_given_up(people: Force) -> None:
    owed(people, DAY)
    remind()
    at = AT
    for _each in range(len(site.DELIVERY_BACKOFF) + 2):
        claim(at, ["email"])
        at += timedelta(seconds=site.DELIVERY_LEASE + 1)
    assert send(at) == {"failed": 1}


def test_one_that_cannot_be_written_stops_no_other(
    people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _each in range(3):
        owed(people, DAY)
        remind()
    poisoned = Delivery.objects.earliest("made_at").message_id

    def breaks(letter: Letter) -> str:
        return str(1 / 0) if letter.message_id == poisoned else "250"

    monkeypatch.setattr(post, "answer", staticmethod(breaks))
    assert send() == {"queued": 1, "sent": 2}
    assert Delivery.objects.get(state="queued").answer == "ZeroDivisionError"
    assert "ZeroDivisionError" in caplog.text


# --- the last look
def gone_by_settling(duty: Obligation, force: Force) -> None:
    Obligation.objects.filter(pk=duty.pk).update(settled_at=AT)


def gone_by_moving(duty: Obligation, force: Force) -> None:
    extend(duty, calendar().due(DAY, 9), reason="Chờ phối hợp", by=force.leader, at=AT)


def gone_by_leaving(duty: Obligation, force: Force) -> None:
    Position.objects.filter(person=force.unit_chief).update(valid_to=DAY - timedelta(days=1))


def gone_by_closing_the_account(duty: Obligation, force: Force) -> None:
    Person.objects.filter(pk=force.unit_chief.pk).update(is_active=False)


def gone_by_losing_the_address(duty: Obligation, force: Force) -> None:
    Person.objects.filter(pk=force.unit_chief.pk).update(email="")


GONE = [gone_by_settling, gone_by_moving, gone_by_leaving, gone_by_closing_the_account, gone_by_losing_the_address]


@pytest.mark.parametrize("gone", GONE)
def test_what_is_no_longer_true_is_dropped_just_before_sending(
    people: Force, post: type[Post], gone: Callable[[Obligation, Force], None]
) -> None:
    duty = owed(people, DAY)
    remind()
    gone(duty, people)
    assert send() == {"dropped": 1}
    assert post.letters == []


def test_of_several_only_what_is_still_true_is_sent(people: Force, post: type[Post]) -> None:
    duties = [owed(people, DAY) for _each in range(3)]
    remind()
    gone_by_settling(duties[1], people)
    assert send() == {"sent": 1}
    assert [line.notice.obligation_id for line in post.letters[0].lines] == [duties[0].pk, duties[2].pk]
    assert Delivery.objects.get().notices.count() == 2


def test_news_read_in_the_app_meanwhile_is_not_mailed(people: Force, post: type[Post]) -> None:
    news(people, people.officer)
    Notice.objects.update(read_at=AT)
    assert send() == {"dropped": 1}


def test_what_one_may_no_longer_see_is_not_mailed(people: Force, post: type[Post]) -> None:
    news(people, people.stranger)  # of a town's record, which has no page
    assert send() == {"dropped": 1}


# --- never a superior first
def test_the_leader_waits_for_the_chief(people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch) -> None:
    due = calendar().before(DAY, 5)
    owed(people, due)
    remind()
    Delivery.objects.filter(person=people.unit_chief).update(made_at=AT + timedelta(minutes=1))  # the worst order
    Delivery.objects.filter(person=people.leader).update(made_at=AT - timedelta(minutes=1))

    def not_now(letter: Letter) -> str:
        raise TryLater("451") if letter.address.startswith("unit_chief") else AssertionError(letter.address)

    monkeypatch.setattr(post, "answer", staticmethod(not_now))
    assert send() == {"queued": 3}
    monkeypatch.setattr(post, "answer", staticmethod(lambda letter: "250"))
    send(AT + timedelta(seconds=site.DELIVERY_WAIT))
    assert arrived(post) == []  # the chief's mail waits a minute before its next try
    send(AT + timedelta(seconds=100))
    send(AT + timedelta(seconds=200))
    assert arrived(post)[0] == "unit_chief"
    assert sorted(arrived(post)[1:]) == ["deputy", "leader"]


def test_an_owner_whom_no_mail_reaches_holds_nobody_back(
    people: Force, post: type[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    Person.objects.filter(pk=people.unit_chief.pk).update(email="")
    owed(people, calendar().before(DAY, 5))
    remind()
    send()
    assert sorted(arrived(post)) == ["deputy", "leader"]
    post.letters.clear()

    def only_superiors(letter: Letter) -> str:
        if letter.address.startswith("unit_chief"):
            raise Rejected("550 no such user")
        return "250"

    Person.objects.filter(pk=people.unit_chief.pk).update(email="unit_chief@example.vn")
    monkeypatch.setattr(post, "answer", staticmethod(only_superiors))
    owed(people, calendar().before(DAY, 5))
    open_reminders(DAY, AT)
    dispatch(AT)
    send()
    assert sorted(arrived(post)) == ["deputy", "leader"]
    assert Delivery.objects.get(state="failed").person == people.unit_chief


def test_two_who_are_superior_to_each_other_do_not_wait_in_a_ring(people: Force, post: type[Post]) -> None:
    """The secretary owes one thing and oversees another, whose owner is the leader, who oversees the first."""
    for person in (people.secretary, people.leader, people.deputy):
        prefer(person, {("email", "duties"): "digest"})
    later = calendar().before(DAY, 5)
    owed(people, later, Role.SECRETARY)
    owed(people, calendar().before(DAY, 3), Role.LEADER)
    at = morning(DAY, 7)
    remind(at=at)
    digests = Delivery.objects.filter(digest_on=DAY)
    assert {each.notices.count() for each in digests} == {2}
    first = at + timedelta(seconds=site.DIGEST_DELAY)
    send(first)
    send(first + timedelta(seconds=site.DELIVERY_WAIT))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    told: dict[int, list[str]] = {}
    for letter in post.letters:
        for line in letter.lines:
            told.setdefault(line.notice.obligation_id or 0, []).append(line.notice.capacity)
    assert all(capacities == sorted(capacities, key=lambda each: each != "owner") for capacities in told.values())
    assert sum(len(each) for each in told.values()) == Notice.objects.count()


# --- digests
def test_digests_leave_when_the_morning_is_complete(people: Force, post: type[Post]) -> None:
    prefer(people.unit_chief, {("email", "duties"): "digest"})
    owed(people, DAY)
    remind(at=morning(DAY, 7))
    Run.objects.update(finished_at=None)
    assert send(morning(DAY, 7, 5)) == {}
    Run.objects.update(finished_at=AT)
    assert send(morning(DAY, 7, 1)) == {}
    assert send(morning(DAY, 7, 5)) == {"sent": 1}
    assert post.letters[0].digest_on == DAY


def test_a_morning_that_cannot_be_completed_keeps_the_news_for_an_hour_only(people: Force, post: type[Post]) -> None:
    prefer(people.unit_chief, {("email", "duties"): "digest"})
    owed(people, DAY)
    remind(at=morning(DAY, 7))
    Run.objects.update(finished_at=None)
    assert send(morning(DAY, 8, 5)) == {"sent": 1}
