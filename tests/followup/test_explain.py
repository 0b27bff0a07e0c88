"""Each due date explains itself, on a page for whoever owes it or may see what it is about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from cchc.followup.domain import day as days
from cchc.followup.domain.explain import basis_of, explain, owner_words
from cchc.organization.enums import Role
from cchc.workdays.domain.calendar import Calendar, calendar, fingerprint
from cchc.workdays.domain.day import seed
from cchc.workflow.engine import extend
from cchc.workflow.flow import duty
from cchc.workflow.models import Obligation
from dialogues.models import Item
from tests.dialogues.factories import ANSWERED, PROMISE, conference_at, escalation_at, item_at, move
from tests.factories import Force

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 3, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TET = Calendar.of(
    [
        *((date(2020, 1, day), False, "Tết Nguyên đán") for day in (23, 24, 25, 27, 28, 29)),
        (date(2020, 2, 1), True, "Làm bù"),
        (date(2020, 1, 6), False, "Nghỉ tại địa phương"),
    ]
)


def owe(force: Force, days: Calendar, term: int = 18) -> Obligation:
    due = days.due(date(2020, 1, 2), term)
    return Obligation.objects.create(
        subject_type="dialogues.item", subject_id=str(uuid4()), kind="answer", role=Role.LEADER, unit=force.town,
        started_on=date(2020, 1, 2), term=term, due_on=due, first_due_on=due, opened_at=ANSWERED,
    )  # fmt: skip


def test_days_off_in_a_row_are_one_stretch_with_its_reasons(force: Force) -> None:
    owed = owe(force, TET)
    told = explain(owed, TET)
    assert [(run.first, run.last, run.reason) for run in told.off] == [
        (date(2020, 1, 4), date(2020, 1, 6), "Nghỉ tại địa phương"),
        (date(2020, 1, 23), date(2020, 1, 29), "Tết Nguyên đán"),
    ]
    assert [run.days for run in told.off] == [3, 7]
    assert [(day.date, day.reason) for day in told.worked] == [(date(2020, 2, 1), "Làm bù")]
    assert (told.start, told.until, told.extensions, told.basis) == (date(2020, 1, 2), owed.due_on, [], "")


def test_every_day_of_the_count_is_accounted_for(force: Force) -> None:
    owed = owe(force, TET)
    told = explain(owed, TET)
    passed = (told.until - told.start).days
    assert owed.term is not None
    assert owed.term + told.weekends + sum(run.days for run in told.off) == passed


def test_an_extension_is_told_beside_the_first_date(force: Force) -> None:
    owed = owe(force, Calendar(), term=5)
    extend(owed, date(2020, 1, 20), reason="Chờ ý kiến cơ quan phối hợp", by=force.leader, at=AT)
    changes = days.enter(date=date(2020, 1, 20), kind="off", name="Nghỉ", source="5/UBND", today=AT.date())
    days.change(changes, by=force.administrator, at=AT, seen=fingerprint())
    owed.refresh_from_db()
    told = explain(owed, calendar())
    assert told.moved and told.times_extended == 1
    assert told.until == date(2020, 1, 9)  # the count ended here; a person then gave another date
    assert [(each.due_after, each.by_calendar) for each in told.extensions] == [
        (date(2020, 1, 20), False), (date(2020, 1, 21), True),
    ]  # fmt: skip


def test_a_date_by_a_rule_says_what_it_was_counted_from(force: Force) -> None:
    conference = conference_at(force, "in_session")
    assigned, promised = (item_at(force, state, conference=conference) for state in ("assigned", "promised"))
    given = item_at(force, "accepted", conference=conference)
    given = move(given, "assign", force, due=date(2020, 1, 31))
    submitted = item_at(force, "submitted", conference=conference)
    turns = [each.turn for each in (assigned, given, promised, submitted) if each.turn]
    basis = [basis_of(turn) for turn in turns]
    assert basis[0] is not None and basis[0].start == date(2020, 1, 2)
    assert len({str(each.words) for each in basis[:3] if each}) == 3
    assert basis[3] is None  # a plain term needs no more words


def test_what_and_who_in_words(force: Force) -> None:
    item = item_at(force, "assigned")
    published = item_at(force, "published", conference=conference_at(force, "in_session"))
    unknown = owe(force, Calendar())
    unknown.subject_type, unknown.kind = "nowhere.thing", "watch"
    assert item.turn and published.turn
    assert str(duty(unknown.subject_type, unknown.kind)) == "watch"
    assert str(duty(item.turn.subject_type, item.turn.kind)) not in ("", "prepare")
    assert force.qlhc.name in str(owner_words(item.turn, force.leader))
    own, other = (str(owner_words(published.turn, person)) for person in (force.officer, force.leader))
    assert own != other and force.officer.full_name not in own + other


# --- its page
@pytest.fixture
def item(force: Force) -> Item:
    seed([2020])
    return item_at(force, "assigned")


def page_of(client: Client, item: Item) -> str:
    assert item.turn is not None
    return f"/duties/{item.turn.pk}/"


def test_who_owes_it_or_sees_the_question_reads_it(client: Client, force: Force, item: Item) -> None:
    url = page_of(client, item)
    assert client.get(url).status_code == 302
    for person in (force.unit_chief, force.secretary, force.leader, force.officer, force.deputy):
        client.force_login(person)
        page = client.get(url)
        assert page.status_code == 200
        assert page.context["link"].url == f"/items/{item.pk}/"
        assert page.context["mine"] == (person == force.unit_chief)


def test_all_others_are_told_that_there_is_nothing(client: Client, force: Force, item: Item) -> None:
    for person in (force.stranger, force.next_leader, force.administrator):
        client.force_login(person)
        foreign, missing = client.get(page_of(client, item)), client.get("/duties/999999/")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content


def test_who_owes_it_reads_it_even_without_the_thing(client: Client, force: Force) -> None:
    owed = owe(force, calendar())
    client.force_login(force.leader)
    page = client.get(f"/duties/{owed.pk}/")
    assert page.status_code == 200 and page.context["link"] is None
    client.force_login(force.secretary)
    assert client.get(f"/duties/{owed.pk}/").status_code == 404


def test_who_owes_by_name_is_not_named_to_others(client: Client, force: Force) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    for person in (force.leader, force.secretary, force.unit_chief):
        client.force_login(person)
        page = client.get(page_of(client, item))
        assert page.status_code == 200
        assert force.officer.full_name not in page.content.decode()


def test_a_settled_one_says_when_and_whether_it_was_late(client: Client, force: Force, item: Item) -> None:
    url, owed = page_of(client, item), item.turn
    move(item, "prepare", force, at=datetime(2020, 2, 3, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
    client.force_login(force.leader)
    page = client.get(url)
    assert owed is not None
    assert page.context["due"].settled_on == date(2020, 2, 3)
    assert page.context["due"].late_days == calendar().between(owed.due_on, date(2020, 2, 3)) > 0


def test_the_page_of_the_question_leads_to_it(client: Client, force: Force, item: Item) -> None:
    client.force_login(force.leader)
    page = client.get(f"/items/{item.pk}/").content.decode()
    assert f'href="{page_of(client, item)}"' in page
    assert "Tết Nguyên Đán" in page or "Tết" in page


@pytest.mark.parametrize("times", [1, 3])
def test_more_extensions_cost_no_more_queries(
    client: Client, force: Force, times: int, django_assert_num_queries: Any
) -> None:
    item = item_at(force, "promised", conference=conference_at(force, "in_session"))
    assert item.turn is not None
    for n in range(times):
        extend(item.turn, PROMISE.replace(day=6 + n, month=5), reason="Chờ phối hợp", by=force.leader, at=AT)
    client.force_login(force.leader)
    client.get(page_of(client, item))
    with django_assert_num_queries(11):
        page = client.get(page_of(client, item))
    assert len(page.context["explained"].extensions) == times


def test_what_is_owed_inside_of_the_unit_above_is_not_told_below(client: Client, force: Force) -> None:
    """Nor what the sender still owes on his report to those who will get it."""

    def reads(state: str) -> dict[str, bool]:
        owed = escalation_at(force, state).turn
        assert owed is not None
        found = {}
        for name in ("secretary", "leader", "provincial_secretary", "provincial_leader", "stranger"):
            client.force_login(getattr(force, name))
            found[name] = client.get(f"/duties/{owed.pk}/").status_code == 200
        return found

    below, above = {"secretary", "leader"}, {"provincial_secretary", "provincial_leader"}
    wanted = {"draft": below, "sent": below | above, "received": above, "presented": above, "returned": below | above}
    for state, readers in wanted.items():
        assert {name for name, may in reads(state).items() if may} == readers, state


def test_the_page_of_a_question_does_not_tell_why_the_day_above_moved(client: Client, force: Force) -> None:
    escalation = escalation_at(force, "received")
    assert escalation.turn is not None
    extend(escalation.turn, date(2020, 3, 31), reason="Vì báo cáo khác gấp hơn", by=force.provincial_leader, at=AT)
    client.force_login(force.leader)
    page = client.get(f"/items/{escalation.items.get().pk}/")
    assert page.status_code == 200
    assert "Vì báo cáo khác gấp hơn" not in page.content.decode()
