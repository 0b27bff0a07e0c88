"""What a change of the calendar does to open due dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cchc.followup.domain import day as days
from cchc.followup.domain import recount
from cchc.organization.enums import Role
from cchc.workdays.domain.calendar import calendar, fingerprint, supposing
from cchc.workdays.models import Day
from cchc.workflow.chain import verify
from cchc.workflow.engine import NotAllowed, extend
from cchc.workflow.models import Event, Extension, Obligation
from dialogues.models import Item
from tests.dialogues.factories import ANSWERED, conference_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db
TODAY = date(2020, 1, 2)
AT = datetime(2020, 1, 3, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def owe(force: Force, started_on: date = TODAY, term: int | None = 5, **fields: Any) -> Obligation:
    due = calendar().due(started_on, term or 0)
    fields = {"subject_type": "dialogues.item", "kind": f"k{Obligation.objects.count()}", **fields}
    return Obligation.objects.create(
        **{
            "subject_id": "00000000-0000-0000-0000-000000000001",
            "role": Role.LEADER,
            "unit": force.town,
            "started_on": started_on,
            "term": term,
            "due_on": due,
            "first_due_on": due,
            "opened_at": ANSWERED,
            **fields,
        }
    )


def day_off(day: date, name: str = "Nghỉ tại địa phương", source: str = "Công văn số 5/UBND") -> days.Changes:
    return days.enter(date=day, kind=Day.Kind.OFF, name=name, source=source, today=TODAY)


def apply(force: Force, changes: days.Changes) -> int:
    return days.change(changes, by=force.administrator, at=AT, seen=fingerprint())


def test_a_term_over_a_new_day_off_ends_a_day_later_and_says_why(force: Force) -> None:
    owed = owe(force)
    assert apply(force, day_off(date(2020, 1, 6))) == 1
    owed.refresh_from_db()
    assert (owed.first_due_on, owed.due_on) == (date(2020, 1, 9), date(2020, 1, 10))
    line = owed.extensions.get()
    assert (line.due_before, line.due_after, line.approved_by) == (
        date(2020, 1, 9),
        date(2020, 1, 10),
        force.administrator,
    )
    assert line.by_calendar
    assert "06/01/2020" in line.reason and "Công văn số 5/UBND" in line.reason and "Nghỉ tại địa phương" in line.reason
    event = Event.objects.of(Day.objects.get()).get()
    assert (event.action, event.actor, event.data["moved"]) == ("enter", force.administrator, 1)
    assert verify().ok


def test_what_does_not_reach_the_day_is_not_touched(force: Force) -> None:
    ended, begun_after = owe(force, term=1), owe(force, date(2020, 1, 7), term=1)
    settled = owe(force, settled_at=ANSWERED)
    assert apply(force, day_off(date(2020, 1, 6))) == 0
    for each in (ended, begun_after, settled):
        before = each.due_on
        each.refresh_from_db()
        assert each.due_on == before
    assert not Extension.objects.exists()


def test_a_term_that_ends_on_the_day_itself_or_begins_on_it(force: Force) -> None:
    ends, begins, at_once = (
        owe(force, term=2),
        owe(force, date(2020, 1, 6), term=2),
        owe(force, date(2020, 1, 6), term=0),
    )
    apply(force, day_off(date(2020, 1, 6)))
    for each in (ends, begins, at_once):
        each.refresh_from_db()
    assert ends.due_on == date(2020, 1, 7)
    assert begins.due_on == date(2020, 1, 8)  # its first day does not count anyway
    assert at_once.due_on == date(2020, 1, 7)


def test_withdrawing_gives_the_first_date_back(force: Force) -> None:
    owed = owe(force)
    apply(force, day_off(date(2020, 1, 6)))
    day = Day.objects.get()
    assert apply(force, days.withdraw(day, source="Công văn số 6/UBND")) == 1
    owed.refresh_from_db()
    assert owed.due_on == owed.first_due_on
    assert [line.by_calendar for line in owed.extensions.all()] == [True, True]
    day.refresh_from_db()
    assert day.withdrawn
    assert [event.action for event in Event.objects.of(day).order_by("seq")] == ["enter", "withdraw"]


def test_a_worked_saturday_brings_dates_forward(force: Force) -> None:
    owed = owe(force)
    swapped = days.swap(off=date(2020, 1, 13), working=date(2020, 1, 4), source="Công văn số 7/UBND", today=TODAY)
    assert apply(force, swapped) == 1
    owed.refresh_from_db()
    assert owed.due_on == date(2020, 1, 8)
    assert {(day.date, day.kind) for day in Day.objects.all()} == {
        (date(2020, 1, 4), "working"), (date(2020, 1, 13), "off"),
    }  # fmt: skip


def test_a_date_that_a_person_gave_only_rolls_off_a_day_off(force: Force) -> None:
    owed = owe(force)
    extend(owed, date(2020, 1, 14), reason="Chờ ý kiến cơ quan phối hợp", by=force.leader, at=AT)
    assert apply(force, day_off(date(2020, 1, 7))) == 0  # more days off within the term change nothing
    assert apply(force, day_off(date(2020, 1, 14))) == 1
    owed.refresh_from_db()
    assert (owed.first_due_on, owed.due_on) == (date(2020, 1, 9), date(2020, 1, 15))
    apply(force, days.withdraw(Day.objects.get(date=date(2020, 1, 14)), source="Công văn số 6/UBND"))
    owed.refresh_from_db()
    assert owed.due_on == date(2020, 1, 14)
    assert [line.by_calendar for line in owed.extensions.order_by("pk")] == [False, True, True]


def test_a_rule_of_the_flow_is_asked_anew(force: Force) -> None:
    """The written answer is due 15 working days after the conference, which may have met before the turn began."""
    item = item_at(force, "assigned")
    item = move(item, "prepare", force, at=ANSWERED + timedelta(days=8))
    assert item.turn is not None and item.turn.started_on == date(2020, 1, 10)
    before = item.turn.due_on
    assert apply(force, day_off(date(2020, 1, 6))) == 1  # after the conference, before the turn
    item.turn.refresh_from_db()
    assert item.turn.due_on == calendar().due(TODAY, item.conference.answer_term) > before


def test_a_promised_day_rolls_and_stays_as_it_was_typed(force: Force) -> None:
    item = item_at(force, "promised", conference=conference_at(force, "in_session"))
    assert item.turn is not None and item.answer is not None
    promised = item.answer.promised_on
    assert promised is not None and item.turn.due_on == promised
    assert apply(force, day_off(promised)) == 1
    item.turn.refresh_from_db()
    assert item.turn.due_on == calendar().roll(promised) > promised
    item.answer.refresh_from_db()
    assert item.answer.promised_on == promised


def test_what_else_a_rule_depends_on_is_no_matter_of_the_calendar(force: Force) -> None:
    item = item_at(force, "prepared")
    item.conference.answer_term = 30
    item.conference.save()
    assert item.turn is not None
    assert apply(force, day_off(date(2020, 1, 6))) == 0
    assert apply(force, day_off(item.turn.due_on)) == 1
    before = item.turn.due_on
    item.turn.refresh_from_db()
    assert item.turn.due_on == calendar().roll(before)


def test_without_a_rule_or_a_subject_a_date_is_left_alone(force: Force) -> None:
    due = date(2020, 1, 6)
    gone = owe(force, term=None, due_on=due)
    unknown = owe(force, term=None, due_on=due, subject_type="nowhere.thing")
    plain = owe(force, term=None, due_on=due, subject_type="workdays.day", subject_id="1")
    assert apply(force, day_off(due)) == 0
    assert {each.due_on for each in Obligation.objects.filter(pk__in=[gone.pk, unknown.pk, plain.pk])} == {due}


def test_the_preview_is_what_happens(force: Force) -> None:
    conference = conference_at(force, "in_session")
    for state in ("submitted", "accepted", "assigned", "prepared", "published", "promised"):
        item_at(force, state, conference=conference)
    extended = owe(force, date(2019, 12, 30), term=3)
    extend(extended, date(2020, 1, 6), reason="Bổ sung tài liệu", by=force.leader, at=AT)
    changes = day_off(date(2020, 1, 6))
    shown = days.preview(changes)
    before = dict(Obligation.objects.values_list("pk", "due_on"))
    assert len(shown.moved) > 3
    assert [each.before for each in shown.moved] == sorted(each.before for each in shown.moved)
    assert days.change(changes, by=force.administrator, at=AT, seen=shown.mark) == len(shown.moved)
    after = dict(Obligation.objects.values_list("pk", "due_on"))
    assert {(pk, before[pk], after[pk]) for pk in before if before[pk] != after[pk]} == set(shown.moved)
    assert days.preview(days.withdraw(Day.objects.get(), source="x")).moved


def test_a_second_click_changes_nothing(force: Force) -> None:
    owed = owe(force)
    changes, mark = day_off(date(2020, 1, 6)), fingerprint()
    assert days.change(changes, by=force.administrator, at=AT, seen=mark) == 1
    with pytest.raises(days.CalendarChanged):
        days.change(changes, by=force.administrator, at=AT, seen=mark)
    assert (owed.extensions.count(), Day.objects.count(), Event.objects.of(Day.objects.get()).count()) == (1, 1, 1)


def test_what_is_settled_or_moved_meanwhile_stays(force: Force) -> None:
    settled, moved = owe(force), owe(force)
    wanted = days.preview(day_off(date(2020, 1, 6))).moved
    Obligation.objects.filter(pk=settled.pk).update(settled_at=ANSWERED)
    Obligation.objects.filter(pk=moved.pk).update(due_on=date(2020, 1, 20))
    assert recount.move(wanted, reason="x", by=force.administrator, at=AT) == 0
    assert not Extension.objects.exists()


def test_one_that_was_opened_by_the_old_calendar_while_it_changed_is_caught(force: Force) -> None:
    """Its transaction had read the old days and commits after the change."""
    old = calendar()
    apply(force, day_off(date(2020, 1, 6)))
    with supposing(old):
        late = owe(force, opened_at=AT)
    span = recount.Span(date(2020, 1, 6), date(2020, 1, 6))
    found = list(recount.moves(old, calendar(), span, opened_since=AT - days.MEANWHILE))
    assert [(each.pk, each.after) for each in found] == [(late.pk, date(2020, 1, 10))]


def test_only_who_keeps_the_calendar_changes_it(force: Force) -> None:
    for who in (force.secretary, force.leader, force.officer, force.inspector):
        with pytest.raises(NotAllowed):
            days.change(day_off(date(2020, 1, 6)), by=who, at=AT, seen=fingerprint())
    assert not Day.objects.exists()
    assert days.change(day_off(date(2020, 1, 6)), by=force.provincial_secretary, at=AT, seen=fingerprint()) == 0


def test_a_long_reason_is_cut(force: Force) -> None:
    owed = owe(force)
    apply(force, day_off(date(2020, 1, 6), name="n" * 200, source="s" * 300))
    assert len(owed.extensions.get().reason) == 500


def test_the_cost_is_by_the_batch_and_not_by_the_row(
    force: Force, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    conference = conference_at(force, "in_session")
    first = item_at(force, "prepared", conference=conference)
    span, old = recount.Span(date(2020, 1, 6), date(2020, 1, 6)), calendar()
    new = old.changed({date(2020, 1, 6): (False, "x")})

    def counted() -> int:
        with connection.execute_wrapper(count):
            queries.clear()
            assert list(recount.moves(old, new, span))
            return len(queries)

    queries: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    one = counted()
    for _each in range(2):
        item_at(force, "prepared", conference=conference)
    assert counted() == one
    assert Item.objects.filter(state="prepared").count() == 3 and first.turn is not None


FIRST = date(2020, 1, 1)
DATES = st.dates(FIRST, date(2020, 3, 31))


@given(
    st.dictionaries(DATES, st.booleans(), max_size=25),
    st.dictionaries(DATES, st.none() | st.booleans(), min_size=1, max_size=8),
    DATES,
    st.integers(0, 40),
)
def test_rows_outside_of_the_span_would_not_have_moved(
    entries: dict[date, bool], changes: dict[date, bool | None], start: date, term: int
) -> None:
    """The filter of the ledger leaves out nothing that a full recount would move."""
    old = calendar().of((day, worked, "x") for day, worked in entries.items())
    new = old.changed({day: None if worked is None else (worked, "y") for day, worked in changes.items()})
    due = old.due(start, term)
    read = due >= min(changes) and start <= max(changes)
    assert read or new.due(start, term) == due
