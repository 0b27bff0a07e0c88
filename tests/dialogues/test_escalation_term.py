"""By when an opinion is due: wished, agreed, the earliest of those joined, moved with a reason; the first day stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import seed
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, perform
from cchc.workflow.models import Event, Notice
from dialogues.models import Escalation
from tests.dialogues.factories import HANOI, REFERRED, WISHED, escalation_at, step, write
from tests.dialogues.joining import FIRST, SECOND, THIRD, fresh, joined, received_from, three_towns
from tests.factories import Force

pytestmark = pytest.mark.django_db

LATER = date(2020, 3, 6)


@pytest.fixture
def towns(force: Force) -> list[Force]:
    return three_towns(force)


@pytest.fixture
def three(towns: list[Force]) -> list[Escalation]:
    return received_from(towns)


def test_without_a_wish_an_opinion_is_due_in_fifteen_days(force: Force) -> None:
    made = escalation_at(force, "received", requested_on=None)
    assert made.answer_by == made.first_answer_by == calendar().due(REFERRED.date(), 15)
    assert made.turn is not None
    assert made.turn.due_on == made.answer_by


def test_a_wish_on_a_day_off_means_the_next_working_day(force: Force) -> None:
    seed([2020])
    assert escalation_at(force, "sent", requested_on=date(2020, 1, 25)).answer_by == date(2020, 1, 30)  # Tết


def test_a_wish_that_has_passed_is_not_sent(force: Force) -> None:
    made = write(escalation_at(force, "draft"), force, requested_on=date(2020, 1, 6))
    with pytest.raises(Refused):
        step(made, "send", force)


def test_the_earliest_day_of_an_issue_holds_until_that_report_is_taken_out(
    force: Force, three: list[Escalation]
) -> None:
    lead, (second, _third) = joined(three, force)
    assert lead.turn is not None
    assert (lead.turn.due_on, lead.turn.first_due_on, lead.answer_by) == (SECOND, FIRST, FIRST)
    assert lead.turn.extensions.get().reason
    for action in ("assign", "advise"):
        lead = step(lead, action, force)
    assert lead.turn is not None
    assert (lead.turn.due_on, lead.turn.first_due_on) == (SECOND, FIRST)

    step(second, "take_out", force)
    assert fresh(lead).turn.due_on == FIRST  # type: ignore[union-attr]


def test_joined_to_one_that_is_due_earlier_nothing_moves(force: Force, three: list[Escalation]) -> None:
    step(three[2], "join", force, lead=three[0])
    turn = fresh(three[0]).turn
    assert turn is not None
    assert (turn.due_on, turn.extensions.count()) == (FIRST, 0)
    step(fresh(three[2]), "take_out", force)
    turn.refresh_from_db()
    assert (turn.due_on, turn.extensions.count()) == (FIRST, 0)


def test_the_superior_takes_more_time_with_a_reason_and_the_first_day_stays(force: Force) -> None:
    made = step(escalation_at(force, "presented"), "extend", force, to=LATER)
    assert (made.answer_by, made.first_answer_by) == (LATER, WISHED)
    assert made.turn is not None
    assert (made.turn.due_on, made.turn.first_due_on) == (LATER, WISHED)
    extension = made.turn.extensions.get()
    assert (extension.reason, extension.approved_by) == ("Chờ ý kiến Phòng Hậu cần.", force.provincial_leader)
    made = step(made, "ask_again", force)
    made = step(made, "advise", force)
    assert made.turn is not None
    assert made.turn.due_on == LATER


def test_while_advice_is_prepared_the_day_moves_for_the_opinion_alone(force: Force) -> None:
    made = escalation_at(force, "assigned")
    due = made.turn.due_on  # type: ignore[union-attr]
    made = step(made, "extend", force, to=LATER)
    assert made.turn.due_on == due  # type: ignore[union-attr]
    assert step(made, "advise", force).turn.due_on == LATER  # type: ignore[union-attr]


@pytest.mark.parametrize("to", [WISHED, date(2020, 2, 3), date(2020, 1, 6)])
def test_an_extension_leads_to_a_later_day(force: Force, to: date) -> None:
    for action in ("extend", "ask_time"):
        with pytest.raises(Refused), transaction.atomic():
            step(escalation_at(force, "received"), action, force, to=to)


def test_an_overdue_opinion_is_not_extended_into_the_past(force: Force) -> None:
    made = escalation_at(force, "received")
    with pytest.raises(Refused):
        step(made, "extend", force, at=REFERRED + timedelta(days=60), to=date(2020, 2, 20))


def test_more_time_is_asked_for_and_granted_by_the_sender(force: Force) -> None:
    made = step(escalation_at(force, "received"), "ask_time", force, to=LATER)
    assert (made.asked_until, made.asked_reason) == (LATER, "Cần khảo sát thực tế.")
    assert made.turn.due_on == WISHED  # type: ignore[union-attr]
    with pytest.raises(Refused), transaction.atomic():
        step(made, "ask_time", force, to=LATER)
    made = step(made, "grant_time", force)
    assert (made.asked_until, made.asked_reason, made.answer_by, made.first_answer_by) == (None, "", LATER, WISHED)
    extension = made.turn.extensions.get()  # type: ignore[union-attr]
    assert (extension.reason, extension.approved_by) == ("Cần khảo sát thực tế.", force.leader)


def test_more_time_is_denied_with_a_reason(force: Force) -> None:
    made = step(escalation_at(force, "presented"), "ask_time", force, to=LATER)
    with pytest.raises(Refused), transaction.atomic():
        perform(made, "deny_time", by=force.leader, at=REFERRED)
    made = step(made, "deny_time", force)
    assert (made.asked_until, made.answer_by) == (None, WISHED)
    with pytest.raises(Refused), transaction.atomic():
        step(made, "grant_time", force)


def test_a_reply_takes_the_question_for_more_time_away(force: Force) -> None:
    made = step(step(escalation_at(force, "received"), "ask_time", force), "return_for_information", force)
    assert (made.asked_until, made.asked_reason) == (None, "")


def test_what_the_superior_takes_holds_for_all_that_are_joined(towns: list[Force], three: list[Escalation]) -> None:
    force = towns[0]
    lead, members = joined(three, force)
    lead = step(lead, "extend", force, to=date(2020, 2, 18))
    assert [fresh(each).answer_by for each in three] == [date(2020, 2, 18), date(2020, 2, 18), THIRD]
    assert [fresh(each).first_answer_by for each in three] == [FIRST, SECOND, THIRD]
    assert lead.turn.due_on == date(2020, 2, 18)  # type: ignore[union-attr]
    event = Event.objects.of(members[0]).newest_first()[0]
    assert (event.action, event.note) == ("move_day", "Chờ ý kiến Phòng Hậu cần.")
    told = set(Notice.objects.filter(event=event).values_list("person", flat=True))
    assert told == {towns[1].leader.pk, towns[1].secretary.pk, force.provincial_secretary.pk}


def test_what_one_sender_grants_holds_for_his_report_alone(force: Force, three: list[Escalation]) -> None:
    lead, _members = joined(three, force)
    lead = step(step(lead, "ask_time", force, to=LATER), "grant_time", force)
    assert (lead.answer_by, lead.turn.due_on) == (LATER, SECOND)  # type: ignore[union-attr]


def test_an_agreed_day_outlives_a_supplement(force: Force) -> None:
    made = step(escalation_at(force, "received"), "extend", force, to=LATER)
    made = step(write(step(made, "return_for_information", force), force), "send", force)
    assert (made.answer_by, made.first_answer_by) == (LATER, WISHED)


def test_a_supplement_begins_a_new_term_when_nothing_is_wished(force: Force) -> None:
    made = escalation_at(force, "returned")
    again = datetime(2020, 2, 13, 9, tzinfo=HANOI)
    made = step(write(made, force, requested_on=None, at=again), "send", force, at=again)
    assert made.answer_by == calendar().due(again.date(), 15)
    assert made.first_answer_by == WISHED


def test_moves_of_the_system_belong_to_nobody(force: Force) -> None:
    made = escalation_at(force, "joined")
    assert perform(made, "move_day", by=SYSTEM, at=REFERRED, to=LATER).answer_by == LATER
