"""The reports of Thái Hòa to the province: what the file tells of each, and its figures on single days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cchc.workdays.domain.calendar import calendar
from cchc.workflow.chain import verify
from cchc.workflow.models import Event, Obligation
from dialogues.domain.escalation_list import Inbox, InboxPill, SentList, SentPill
from dialogues.enums import AnswerKind, EscalationState, ItemState
from dialogues.models import Escalation, Reply
from dialogues.models.escalation import ENDED, REPLIED
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import read
from tests.dialogues.test_scenario import code, days_of, local

pytestmark = pytest.mark.django_db

SOURCE = read()
EXPECTED = SOURCE["expected"]["escalations"]
S = EscalationState


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Played once for the module; its tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        played = load(until=end_of(SOURCE["meta"]["as_of"]), chapters=False)
        played.escalations = {name: Escalation.objects.get(pk=each.pk) for name, each in played.escalations.items()}
        yield played
        transaction.set_rollback(True)


@pytest.fixture(params=SOURCE["escalations"], ids=lambda entry: entry["code"])
def told(request: pytest.FixtureRequest) -> dict[str, Any]:
    entry: dict[str, Any] = request.param
    return entry


def test_records_and_items(cast: Cast) -> None:
    records = Escalation.objects.filter(host=cast.units["CATX"])
    assert records.count() == EXPECTED["records"]
    assert sum(each.items.count() for each in records) == EXPECTED["items"]
    two = cast.escalations[EXPECTED["ruling_serving_two_items"]]
    assert [Reply.objects.filter(escalation=two).count(), two.items.count()] == [1, 2]


def test_each_report_says_what_the_file_says(cast: Cast, told: dict[str, Any]) -> None:
    made = cast.escalations[told["code"]]
    sent = made.dispatches.first()
    assert sent is not None
    assert sorted(code(item) for item in made.items.all()) == sorted(told["items"])
    assert (made.reason, made.receiver.code) == (told["reason"], told["to_unit"])
    assert (sent.report_number, local(sent.sent_at)) == (told["report_symbol"], told["reported_on"])
    assert (sent.sent_by.username, sent.acting_kind) == (told["signed_by"], "")
    assert told["report_text"] in sent.content
    assert made.first_answer_by == told["requested_response_on"]


def test_each_reply_says_what_the_file_says(cast: Cast, told: dict[str, Any]) -> None:
    replies = cast.escalations[told["code"]].replies.all()
    found = [
        (reply.kind, local(reply.given_at), reply.document, reply.given_by.username, reply.text) for reply in replies
    ]
    assert found == [
        (each["kind"], each["responded_on"], each["document"], each["responder"], each["text"])
        for each in told["responses"]
    ]


def test_receipt_is_acknowledged_on_the_next_working_day(cast: Cast, told: dict[str, Any]) -> None:
    made = cast.escalations[told["code"]]
    received = Event.objects.of(made).filter(action="receive").order_by("seq")
    assert [(event.actor.username, local(event.at)) for event in received] == [  # type: ignore[union-attr]
        ("linh.ctd", calendar().due(local(sent.sent_at), 1)) for sent in made.dispatches.all()
    ]


def test_a_returned_report_is_supplemented_by_the_deputy_for_the_head(cast: Cast) -> None:
    made, told = cast.escalations["XY03"], SOURCE["escalations"][2]["responses"][0]["supplement"]
    second = made.dispatches.get(round=2)
    assert (second.report_number, local(second.sent_at)) == (told["report_symbol"], told["submitted_on"])
    assert (second.sent_by.username, second.acting_kind) == (told["signed_by"], told["signing_mode"])
    asked = Obligation.objects.get(subject_id=str(made.pk), kind="supplement")
    assert (asked.due_on, asked.settled_on, asked.late_days) == (date(2020, 2, 14), told["submitted_on"], 0)


def test_referred_to_the_ministry_it_waits_on_the_provinces_own_report(cast: Cast) -> None:
    made = cast.escalations["XY04"]
    child = made.children.get()
    assert (made.state, child.state, child.receiver.code) == (S.FORWARDED, S.OUTSIDE, "BCA-C08")
    assert made.turn == child.turn == made.items.get().turn
    assert child.turn is not None
    assert (child.turn.kind, child.turn.unit) == ("pursue", cast.units["CATNA"])


def test_what_nobody_replies_to_is_overdue_at_its_division(cast: Cast) -> None:
    made = cast.escalations[EXPECTED["open_overdue"]]
    assert (made.state, made.division) == (S.ASSIGNED, cast.units["NA-PC06"])
    assert made.turn is not None
    assert (made.turn.kind, made.turn.unit, made.turn.due_on) == ("advise", cast.units["NA-PC06"], date(2020, 3, 26))
    assert made.items.get().turn == made.turn


def test_rulings_are_relayed_as_promises_and_kept(cast: Cast, told: dict[str, Any]) -> None:
    for closure in told["item_closures"]:
        item = cast.items[closure["item"]]
        item.refresh_from_db()
        assert item.state == ItemState.CLOSED
        assert item.answer is not None
        assert (item.answer.kind, item.answer.answered_by.username) == (AnswerKind.IN_PROGRESS, told["signed_by"])  # type: ignore[union-attr]
        assert (item.answer.done_on, item.answer.done_text) == (closure["date"], closure["text"])
        assert item.answer.done_document == closure["document"]
        assert item.answer.done_on <= item.answer.promised_on  # type: ignore[operator]
        relayed = Obligation.objects.filter(subject_id=str(item.pk), kind="answer").latest("opened_at")
        assert relayed.late_days == 0
        assert days_of("accept_report")[str(item.pk)] == closure["date"]


# --- on single days ---------------------------------------------------------------------------------------------------
def on(day: date, cast: Cast) -> Counter[str]:
    """The counts of the file's snapshots at the end of *day*: each report that was sent stands in one of them."""
    done_on = days_of("accept_report")
    counts: Counter[str] = Counter()
    for made in Escalation.objects.filter(host=cast.units["CATX"]):
        moves = Event.objects.of(made).exclude(to_state="").filter(at__lte=end_of(day)).order_by("seq")
        state = [event.to_state for event in moves][-1:]
        if not made.dispatches.filter(sent_at__lte=end_of(day)).exists():
            continue
        counts["reported"] += 1
        if state == [S.RETURNED]:
            counts["returned_for_information"] += 1
        elif state == [S.FORWARDED]:
            counts["waiting_higher_level"] += 1
        elif state[0] in REPLIED:
            done = all(done_on.get(str(item.pk), date.max) <= day for item in made.items.all())
            counts["closed" if done else "ruled_not_done"] += 1
        else:
            assert made.answer_by is not None
            counts["open_overdue" if made.answer_by < day else "open"] += 1
    return counts


@pytest.mark.parametrize("snapshot", SOURCE["expected"]["snapshots"], ids=lambda snapshot: str(snapshot["date"]))
def test_the_day_ends_as_the_file_says(cast: Cast, snapshot: dict[str, Any]) -> None:
    found = on(snapshot["date"], cast)
    assert {name: found[name] for name in snapshot["escalations"]} == snapshot["escalations"]


def test_the_lists_count_the_same_at_the_end(cast: Cast) -> None:
    """What the pages show: the town's list, and the province's inbox."""
    as_of = SOURCE["meta"]["as_of"]
    last = SOURCE["expected"]["snapshots"][-1]["escalations"]
    sent = SentList(cast.people["van.ntt"]).counts()
    assert sent[SentPill.ALL] == last["reported"]
    assert sent[SentPill.REPLIED] == last["closed"] + last["ruled_not_done"]
    assert sent[SentPill.ABOVE] == last["open"] + last["open_overdue"] + last["waiting_higher_level"]
    late = Inbox(cast.people["linh.ctd"], InboxPill.LATE, as_of).rows().exclude(state=S.FORWARDED)
    assert [each.pk for each in late] == [cast.escalations[EXPECTED["open_overdue"]].pk]


def test_nothing_is_owed_on_what_has_ended(cast: Cast) -> None:
    ended = Escalation.objects.filter(state__in=ENDED).values_list("pk", flat=True)
    assert not Obligation.objects.open().filter(subject_id__in=[str(pk) for pk in ended]).exists()
    assert verify().ok
