"""The overview: every number opens exactly the rows it counts, for whoever looks, over the whole case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.documents.models import Document
from cchc.followup.domain import punctuality
from cchc.followup.domain.duty_count import count_duties
from cchc.followup.domain.overview import Figure, Scope, counted, overview
from cchc.followup.forms.overview import OverviewForm
from cchc.followup.models import DutyCount, DutyTotal
from cchc.organization.models import Person
from cchc.workflow.models import Obligation
from commitments.domain.report import progress_of
from commitments.overview import OVERDUE, REACHED, REACHED_LATE
from commitments.overview import STANDS as TASK_STANDS
from dialogues.enums import Outcome
from dialogues.models import Answer, Feedback, Item, Summary, Total
from dialogues.overview import summary
from dialogues.overview.kept import split
from dialogues.scenario.loader import end_of, load
from dialogues.tasks import count_conferences
from tests.dialogues.pages import signed_in

DAY = date(2020, 7, 1)
MOST_QUERIES = 12


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load(until=end_of(DAY))
        for count in (count_conferences, count_duties):
            assert count(end_of(DAY))
            assert not count(end_of(DAY))
        yield
        transaction.set_rollback(True)


def scope_of(username: str, since: date = date(2019, 1, 1), until: date = DAY, **asked: str) -> Scope:
    person = Person.objects.get(username=username)
    form = OverviewForm({"since": str(since), "until": str(until), **asked}, person=person, today=DAY)
    return form.scope()


def numbers(scope: Scope) -> list[Figure]:
    return [figure for section in overview(scope) for figure in section.figures]


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("username", ["hoach.dv", "van.ntt", "khue.dq", "nhan.qh", "nguyet.ctm"])
@pytest.mark.parametrize("since", [date(2019, 1, 1), date(2020, 1, 2)], ids=str)
def test_every_number_opens_its_rows(db: None, username: str, since: date) -> None:
    scope = scope_of(username, since)
    found = numbers(scope)
    assert any(figure.number for figure in found)
    assert {figure.key: figure.number for figure in found} == {
        figure.key: counted(scope, figure.key).rows.count() for figure in found
    }


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("username", ["hoach.dv", "khue.dq", "linh.ctd", "nguyet.ctm"])
def test_what_is_kept_is_what_a_recount_gives(db: None, username: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was counted, when all of it was touched since, and when nothing is kept at all."""
    monkeypatch.setattr(punctuality, "MANY", 1)
    scope = scope_of(username)
    kept = {figure.key: figure.number for figure in numbers(scope)}
    before = split(scope)
    Item.objects.update(moves=F("moves"))
    Obligation.objects.update(due_on=F("due_on"))
    scope = scope_of(username)
    after = split(scope)
    assert {figure.key: figure.number for figure in numbers(scope)} == kept
    Summary.objects.all().delete()
    Total.objects.all().delete()
    DutyCount.objects.all().delete()
    DutyTotal.objects.all().delete()
    assert {figure.key: figure.number for figure in numbers(scope_of(username))} == kept
    if scope.unit.is_command:
        assert before and before.kept["outcome"] and after and not after.kept


@pytest.mark.usefixtures("case")
def test_a_change_is_counted_at_once(db: None) -> None:
    """Of an item, of its answer and of what the asker said."""

    def number(key: str) -> int:
        return {figure.key: figure.number for figure in numbers(scope_of("hoach.dv"))}.get(key, 0)

    item = Item.objects.filter(state="closed", answer__kind="resolved", conference__code="HN-2020-01").first()
    assert item and item.answer
    for change, key in (
        (lambda: Feedback.objects.create(answer=item.answer, stars=1, on=DAY), "items.stars.1"),
        (lambda: Item.objects.filter(pk=item.pk).update(channel="box"), "items.channel.box"),
        (lambda: Answer.objects.filter(pk=item.answer_id).update(kind="explained"), "items.kind.explained"),
    ):
        before = number(key)
        assert not summary.stale().exists()
        change()
        assert summary.stale().get().pk == item.conference_id
        assert number(key) == before + 1 == counted(scope_of("hoach.dv"), key).rows.count()
        count_conferences(end_of(DAY))
        assert number(key) == before + 1


@pytest.mark.usefixtures("case")
def test_parts_add_up_to_their_whole(db: None) -> None:
    for section in overview(scope_of("hoach.dv")):
        for each in section.breakdowns:
            if each.whole and each.key not in ("unit", "late_at"):
                assert sum(figure.number for figure in each.figures) == each.whole.number, each.key


@pytest.mark.usefixtures("case")
def test_the_numbers_of_the_case(db: None) -> None:
    found = {figure.key: figure.number for figure in numbers(scope_of("hoach.dv"))}
    assert found["items.all"] == 35
    assert found["items.promised"] == found["items.kind.in_progress"] == 15  # 11, and 4 relayed from above
    assert found["escalations.all"] == 5
    assert found["escalations.stands.overdue"] == 2  # XY05, and XY04 with the level above
    assert found["directives.stands.overdue"] == 1  # KL04


@pytest.mark.usefixtures("case")
def test_tasks_stand_as_their_own_page_says(db: None) -> None:
    """The database counts by the same rule as commitments.domain.report does on the page of a commitment."""
    scope = scope_of("van.ntt")
    stands = {key: counted(scope, f"tasks.stands.{key}").rows for key, _label in TASK_STANDS}
    found = {task.pk: key for key, rows in stands.items() for task in rows}
    assert found
    for commitment in {task.commitment for rows in stands.values() for task in rows}:
        for each in progress_of(commitment, DAY):
            if each.task.pk in found:
                reached = found[each.task.pk] in (REACHED, REACHED_LATE)
                assert reached == (each.share == 1)
                assert each.is_late == (found[each.task.pk] in (REACHED_LATE, OVERDUE))


@pytest.mark.usefixtures("case")
def test_the_page_costs_few_questions(db: None, django_assert_max_num_queries: Any) -> None:
    client = signed_in(Person.objects.get(username="hoach.dv"))
    client.get(reverse("overview_show"))
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get(reverse("overview_show"), {"since": "2019-01-01", "until": str(DAY)})
    assert response.status_code == 200


@pytest.mark.usefixtures("case")
def test_rows_of_a_number_and_files(db: None) -> None:
    client = signed_in(Person.objects.get(username="hoach.dv"))
    period = {"since": "2019-01-01", "until": str(DAY)}
    page = client.get(reverse("overview_rows", args=["items.promise.kept_late"]), period)
    assert page.status_code == 200
    assert page.context["total"] == len(page.context["panel"].rows) == 1  # CH11
    for address in (
        reverse("overview_export"), reverse("overview_rows_export", args=["items.all"]),
    ):  # fmt: skip
        file = client.get(address, period)
        assert file["Content-Type"].endswith("sheet")
        assert file.getvalue().startswith(b"PK")  # type: ignore[attr-defined]


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("key", ["", "items", "items.x", "items.topic.x", "items.pair.a-b", "x.all", "duties.what.x"])
def test_no_such_number(db: None, key: str) -> None:
    client = signed_in(Person.objects.get(username="hoach.dv"))
    assert client.get(f"/overview/rows/{key}/").status_code == 404


@pytest.mark.usefixtures("case")
def test_not_for_everybody(db: None) -> None:
    assert signed_in(Person.objects.get(username="khoi.nt")).get(reverse("overview_show")).status_code == 403
    assert Client().get(reverse("overview_show")).status_code == 302


@pytest.mark.usefixtures("case")
def test_the_report_has_the_numbers_of_the_page(db: None) -> None:
    client = signed_in(Person.objects.get(username="van.ntt"))
    address = f"{reverse('overview_paper')}?since=2019-01-01&until={DAY}"
    response = client.post(address)
    document = Document.objects.get(kind="period_report", content__since="2019-01-01")
    assert response["Location"] == reverse("document_show", args=[document.pk])
    paper = document.typed
    form = OverviewForm({"since": "2019-01-01", "until": str(DAY)}, person=Person.objects.get(username="van.ntt"),
                        today=timezone.localdate())  # fmt: skip
    found = {figure.key: figure.number for figure in numbers(form.scope())}
    assert [each.number for each in paper.outcomes] == [found[f"items.outcome.{each.value}"] for each in Outcome]
    assert paper.received == found["items.all"] == sum(each.number for each in paper.outcomes)
    assert (paper.answered, paper.on_time) == (found["items.given"], found["items.timely.in_time"])
    assert (paper.promised, paper.kept) == (found["items.owed"], found["items.promise.kept"])
    assert sum(each.number for each in paper.topics) == sum(
        number for key, number in found.items() if key.startswith("items.topic.") and not key.endswith(".none")
    )
