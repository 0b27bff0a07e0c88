"""The case of Thái Hòa on its true dates: everything that its file expects is counted here from what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cchc.organization.models import Position, Succession, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.chain import verify
from cchc.workflow.flow import FLOWS, Owed
from cchc.workflow.models import Event, Obligation
from dialogues.enums import AnswerKind, Channel, Identity, ItemKind, ItemState, Outcome
from dialogues.models import Answer, Conference, Feedback, Item, Participant, Plan
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import read

# Without the mark no database is made when this module runs alone.
pytestmark = pytest.mark.django_db

SOURCE = read()
EXPECTED = SOURCE["expected"]["items"]
WRITTEN_DUE = SOURCE["conference"]["question_window"]["written_answer_due"]


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Played once for the module; its tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(until=end_of(SOURCE["meta"]["as_of"]), chapters=False)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stored(cast: Cast) -> list[Item]:
    return list(Item.objects.select_related("answer", "topic", "field", "lead_unit", "turn").order_by("kind", "number"))


def code(item: Item) -> str:
    return item.code.replace("-", "")


def by_code(stored: list[Item]) -> dict[str, Item]:
    return {code(item): item for item in stored}


def local(at: datetime) -> date:
    return timezone.localtime(at).date()


def first_word(item: Item) -> Answer | None:
    """The answer that stands; of what went up the holding reply: the file counts what is relayed with the report."""
    return item.answers.filter(kind=AnswerKind.ESCALATED).first() or item.answer


def codes(items: list[Item]) -> list[str]:
    return sorted(code(item) for item in items)


# --- the whole case ---------------------------------------------------------------------------------------------------
def test_numbers_of_opinions_and_questions(stored: list[Item]) -> None:
    kinds = Counter(item.kind for item in stored)

    assert kinds == {ItemKind.OPINION: EXPECTED["opinions"], ItemKind.QUESTION: EXPECTED["questions"]}
    assert len(stored) == EXPECTED["total"] == 35
    assert {code(item) for item in stored} == {entry["code"] for entry in SOURCE["items"]}


def test_each_item_says_what_the_file_says(stored: list[Item]) -> None:
    found = by_code(stored)
    for entry in SOURCE["items"]:
        item = found[entry["code"]]
        assert item.text == entry["text"]
        assert (item.topic.code, item.field.code) == (entry["topic"], entry["field"])  # type: ignore[union-attr]
        assert item.lead_unit.code == entry["lead_unit"]  # type: ignore[union-attr]
        assert sorted(unit.code for unit in item.coordinating.all()) == sorted(entry["coordinating_units"])
        assert (item.author and item.author.username) == entry["submitter"]
        assert (item.unit and item.unit.code) == entry["unit"]


def test_the_time_of_receipt_is_exact_except_for_the_anonymous(stored: list[Item]) -> None:
    found = by_code(stored)
    for entry in SOURCE["items"]:
        at = timezone.localtime(found[entry["code"]].submitted_at)
        if entry["anonymity"] == "anonymous":
            assert at == timezone.localtime(entry["received_at"]).replace(hour=0, minute=0)
        else:
            assert at == entry["received_at"]


def test_who_asked(stored: list[Item]) -> None:
    anonymous = [item for item in stored if item.identity == Identity.ANONYMOUS]
    named = [item for item in stored if item.author]
    guests = [item for item in stored if not item.author and item.identity == Identity.NAMED]

    assert len(anonymous) == EXPECTED["anonymous"]
    assert len(guests) == EXPECTED["guest"]
    assert len(named) == EXPECTED["named"]
    assert all(item.asker_name and item.tracking_digest for item in guests)


def test_by_topic_and_channel(stored: list[Item]) -> None:
    assert Counter(item.topic.code for item in stored) == EXPECTED["by_topic"]  # type: ignore[union-attr]
    assert Counter(item.channel for item in stored) == EXPECTED["by_channel"]
    assert set(EXPECTED["by_channel"]) < set(Channel)


def test_answers(stored: list[Item]) -> None:
    given = [answer for item in stored if (answer := first_word(item))]

    assert len(given) == EXPECTED["answered"]
    assert Counter(answer.kind for answer in given) == EXPECTED["by_answer_kind"]
    # The first answers: CH14 was answered in the hall and, contested, once more in writing.
    modes = Counter(Answer.objects.filter(number=1).values_list("mode", flat=True))
    assert modes == {"live": EXPECTED["answered_live"], "written": EXPECTED["answered_written"]}


def test_what_the_unit_prepared_and_the_leader_changed(stored: list[Item]) -> None:
    changed = {answer.item_id for answer in Answer.objects.all() if answer.leader_changed_it}

    assert len(changed) == EXPECTED["leader_changed_prepared_text"]
    for entry in SOURCE["items"]:
        told = entry.get("answer")
        if told and told["kind"] != AnswerKind.DECLINED:
            first = Answer.objects.get(item=by_code(stored)[entry["code"]], number=1)
            assert first.prepared_text == told["prepared_text"]
            assert first.text == (told["final_text"] or told["prepared_text"])
            assert first.answered_by.username == told["answered_by"]  # type: ignore[union-attr]
            assert local(first.answered_at) == told["answered_on"]  # type: ignore[arg-type]


def test_a_deputy_answers_for_the_head(stored: list[Item]) -> None:
    answer = by_code(stored)["CH07"].answer

    assert answer is not None
    assert answer.acting_kind == "kt"
    assert answer.capacity.startswith("KT.")


def test_promises(stored: list[Item]) -> None:
    promised = [item for item in stored if (word := first_word(item)) and word.kind == AnswerKind.IN_PROGRESS]
    extended = [item for item in promised if item.answer.promised_on != item.answer.first_promised_on]  # type: ignore[union-attr]
    late = [item for item in promised if item.answer.done_on > item.answer.promised_on]  # type: ignore[union-attr,operator]

    assert codes(promised) == sorted(EXPECTED["promised"])
    assert codes(extended) == sorted(EXPECTED["promised_extended"])
    assert codes(late) == sorted(EXPECTED["promised_done_late"])


def test_promised_dates_and_by_how_much_they_were_missed(stored: list[Item]) -> None:
    found = by_code(stored)
    for entry in SOURCE["items"]:
        told = entry.get("answer", {})
        if told.get("kind") != AnswerKind.IN_PROGRESS:
            continue
        item = found[entry["code"]]
        turn = Obligation.objects.get(subject_id=str(item.pk), kind="fulfil")
        assert item.answer.first_promised_on == told["promised_on"]  # type: ignore[union-attr]
        assert item.answer.promised_on == turn.due_on == told["current_due_on"]  # type: ignore[union-attr]
        assert (item.answer.done_on, turn.late_days) == (told["done_on"], told["done_late_working_days"])  # type: ignore[union-attr]
    assert Obligation.objects.get(subject_id=str(found["CH05"].pk), kind="fulfil").late_days == 13


def test_an_extension_keeps_the_first_date_and_says_why(stored: list[Item]) -> None:
    turn = Obligation.objects.get(subject_id=str(by_code(stored)["YK07"].pk), kind="fulfil")
    extension = turn.extensions.get()

    assert (turn.first_due_on, turn.due_on) == (date(2020, 3, 20), date(2020, 6, 5))
    assert (extension.due_before, extension.due_after) == (date(2020, 3, 20), date(2020, 6, 5))
    assert extension.reason == "Tạm dừng các lớp tập trung đông người để phòng chống dịch Covid-19"
    assert extension.approved_by.username == "hoach.dv"


def test_the_term_of_written_answers_and_who_missed_it(cast: Cast, stored: list[Item]) -> None:
    conference = cast.conferences["HN-2020-01"]
    due = calendar().due(local(conference.starts_at), conference.answer_term)
    late = {
        code(answer.item): calendar().between(due, local(answer.answered_at))  # type: ignore[arg-type]
        for answer in Answer.objects.filter(mode="written", number=1).select_related("item")
        if local(answer.answered_at) > due  # type: ignore[arg-type]
    }

    assert due == WRITTEN_DUE == date(2020, 1, 30)
    assert list(late) == EXPECTED["answered_written_late"]
    assert late == {"CH18": 3}
    assert by_code(stored)["CH18"].first_prepare_by == date(2020, 1, 30)


def test_merged_into_their_lead_items(stored: list[Item]) -> None:
    merged = {code(item): code(item.merged_into) for item in stored if item.merged_into}

    assert merged == {"YK02": "YK01", "CH09": "CH08"}
    assert len(merged) == EXPECTED["merged"]


def test_contested_once_and_answered_again(stored: list[Item]) -> None:
    contested = [item for item in stored if item.contested_at]
    rounds = list(contested[0].answers.all())

    assert codes(contested) == EXPECTED["reopened"]
    assert [(answer.mode, local(answer.published_at)) for answer in rounds] == [  # type: ignore[arg-type]
        ("live", date(2020, 1, 2)),
        ("written", date(2020, 1, 15)),
    ]
    assert contested[0].answer == rounds[-1]
    assert [word.stars for word in Feedback.objects.filter(answer__item=contested[0]).order_by("on")] == [2, 4]


def test_feedback(cast: Cast) -> None:
    latest = dict(Feedback.objects.order_by("on", "id").values_list("answer__item", "stars"))

    # What the asker of YK02 thought stands with the answer that reached him: that of YK01, into which YK02 was merged.
    assert len(latest) == EXPECTED["with_feedback"]
    assert round(sum(latest.values()) / len(latest), 2) == EXPECTED["feedback_latest_average"]
    assert Feedback.objects.get(answer__item=cast.items["YK01"]).stars == 4


def test_declined_with_their_proper_channel(stored: list[Item]) -> None:
    declined = {code(item): item.proper_channel for item in stored if item.state == ItemState.DECLINED}

    assert declined == {"CH17": "not_suitable", "CH21": "complaint"}
    assert by_code(stored)["CH21"].answer.document == "512/CATX-TH"  # type: ignore[union-attr]


# --- on single days ---------------------------------------------------------------------------------------------------
def days_of(action: str) -> dict[str, date]:
    """When that was done with each item."""
    done = Event.objects.filter(subject_type="dialogues.item", action=action).order_by("seq")
    return {event.subject_id: local(event.at) for event in done}


def on(day: date) -> dict[str, int]:
    """The counts of the file's snapshots at the end of *day*.

    The file calls closed what is answered with nothing more owed to anybody; our asker's confirmation comes on top.
    What went up waits there until what was ruled is done.
    """
    merged_on, done_on = days_of("merge"), days_of("accept_report")
    counts: Counter[str] = Counter()
    for item in Item.objects.filter(submitted_at__lte=end_of(day)).prefetch_related("answers"):
        counts["received"] += 1
        given = [a for a in item.answers.all() if a.published_at and local(a.published_at) <= day]
        answer = given[-1] if given else None
        contested = item.contested_at is not None and local(item.contested_at) <= day
        if merged_on.get(str(item.pk), date.max) <= day:
            counts["merged"] += 1
        elif answer is None:
            counts["open"] += 1
            counts["written_overdue"] += day > WRITTEN_DUE
        elif contested and answer.published_at < item.contested_at:  # type: ignore[operator]
            counts["reopened"] += 1
        elif answer.kind == AnswerKind.DECLINED:
            counts["declined"] += 1
        elif item.escalation_id and done_on.get(str(item.pk), date.max) > day:
            counts["waiting_superior"] += 1
        elif answer.done_on and answer.done_on > day:
            counts["in_progress"] += 1
            counts["in_progress_overdue"] += bool(answer.promised_on and answer.promised_on < day)
        else:
            counts["closed"] += 1
    return counts


@pytest.mark.parametrize("snapshot", SOURCE["expected"]["snapshots"], ids=lambda snapshot: str(snapshot["date"]))
def test_the_day_ends_as_the_file_says(cast: Cast, snapshot: dict[str, Any]) -> None:
    expected = snapshot["items"]
    found = on(snapshot["date"])

    assert {name: found[name] for name in expected} == expected


def test_every_item_counts_once(cast: Cast) -> None:
    counts = Item.objects.filter(conference=cast.conferences["HN-2020-01"]).counts()

    assert sum(counts.values()) == 35
    assert counts == {
        Outcome.ANSWERED_LIVE: 19,
        Outcome.ANSWERED_WRITTEN: 6 + 4,  # four rulings were relayed in writing
        Outcome.ESCALATED: 2,
        Outcome.MERGED: 2,
        Outcome.DECLINED: 2,
        Outcome.WITHDRAWN: 0,
        Outcome.OPEN: 0,
    }


# --- the ledger and whose turn it is ----------------------------------------------------------------------------------
def test_the_ledger_is_whole_and_in_the_order_of_time(cast: Cast) -> None:
    verdict = verify()
    assert verdict.ok
    assert verdict.events == Event.objects.count() > 300

    anonymous = {str(item.pk) for item in Item.objects.filter(identity=Identity.ANONYMOUS)}
    known = [event.at for event in Event.objects.order_by("seq") if event.subject_id not in anonymous]
    assert known == sorted(known)


def test_of_an_anonymous_asker_only_the_day_is_written(cast: Cast) -> None:
    anonymous = [str(item.pk) for item in Item.objects.filter(identity=Identity.ANONYMOUS)]
    acts = Event.objects.filter(subject_id__in=anonymous, action__in=("create", "submit", "contest", "confirm"))

    assert acts.count() == 3 + 3 + 1 + 1
    assert all(timezone.localtime(event.at).strftime("%H:%M") == "00:00" for event in acts)
    assert not acts.exclude(actor=None).exists()


def test_one_open_turn_for_what_waits_and_none_for_what_has_ended(stored: list[Item]) -> None:
    for item in stored:
        waiting = Obligation.objects.open().filter(subject_id=str(item.pk))
        owed = FLOWS["dialogues.item"].owes.get(item.state)
        assert waiting.count() == isinstance(owed, Owed), item
        assert (item.turn is not None) == (owed is not None)
    assert codes([item for item in stored if item.turn]) == ["CH12", "YK04"]


def test_silence_closes_after_ten_working_days(stored: list[Item]) -> None:
    closings = Event.objects.filter(subject_id=str(by_code(stored)["YK13"].pk), to_state=ItemState.CLOSED)

    # Published on 2 January; ten working days end on the 16th.
    assert [(event.action, event.acting_as, local(event.at)) for event in closings] == [
        ("expire", "clock", date(2020, 1, 17))
    ]


# --- around the items -------------------------------------------------------------------------------------------------
def test_plans_implement_each_other(cast: Cast) -> None:
    plan = Plan.objects.get(number="168/KH-CATX-TH")

    assert plan.implements == Plan.objects.get(number="317/KH-CAT-PV01")
    assert plan.state == "in_force"
    assert cast.conferences["HN-2020-01"].plan == plan


def test_the_conference(cast: Cast) -> None:
    conference = Conference.objects.get(code="HN-2020-01")

    assert conference.state == "concluded"
    assert (conference.chair.username, conference.topics.code) == ("hoach.dv", "30c")
    assert [entry.minutes for entry in conference.agenda.all()] == [10, 15, 115, 20, 20, 20]
    assert {entry.audience for entry in conference.audiences.all()} == {"officers", "citizens", "businesses"}
    assert conference.invited.count() == 21
    parts = Counter(Participant.objects.filter(conference=conference).values_list("part", flat=True))
    assert (parts["co_chair"], parts["secretary"]) == (1, 2)


def test_units_and_posts(cast: Cast) -> None:
    assert Unit.objects.count() == 38
    assert Position.objects.count() == 34 + 2
    assert not Position.objects.filter(unit__code="TH-CD").exists()  # the chair of the union is vacant
    merger = Succession.objects.get()
    assert (merger.unit.code, merger.successor.code, merger.on) == ("TH-NH", "TH-LS", date(2020, 2, 1))  # type: ignore[union-attr]
    assert merger.unit.valid_to == date(2020, 1, 31)
    assert Position.objects.get(person__username="sac.td").valid_to == date(2020, 1, 31)


def test_prose_moves_with_its_dates_and_laws_stay() -> None:
    moved = by_code_of(read(weeks=52))

    assert "chậm nhất ngày 01/3/2021" in moved["YK01"]["answer"]["final_text"]
    assert "Nghị định 100/2019/NĐ-CP" in moved["CH10"]["text"]
    assert "Nghị định 30/2020/NĐ-CP ngày 19/3/2020" in moved["CH19"]["answer"]["done_text"]
    assert "quý IV/2020" in moved["YK03"]["text"]
    assert "tháng 10/2020" in moved["CH15"]["text"]
    assert "năm 2020" in moved["CH14"]["reopened"]["second_answer"]["text"]
    assert moved["CH05"]["received_at"].date() == date(2020, 12, 31)
    assert read(weeks=52)["conference"]["code"] == "HN-2020-01"


def by_code_of(source: dict[str, Any]) -> dict[str, Any]:
    return {entry["code"]: entry for entry in source["items"]}
