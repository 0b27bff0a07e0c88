"""What a delegation reads lies within its scope: plan, period and units, on the days of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cchc.followup.bell import SPOKEN
from cchc.followup.sentences import sentences
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.engine import record, tell
from cchc.workflow.models import Event, Notice
from dialogues.domain.conclusion import begin_conclusion
from dialogues.domain.conference import CONFERENCE_FLOW
from dialogues.domain.delegation import add_delegate, remove_delegate
from dialogues.domain.grading import register
from dialogues.models import Conference, Directive, Grading, Item, Plan, Survey
from dialogues.presentation_inspection import DONE, MOVES
from dialogues.views.conference_history import timeline
from tests.dialogues.directing import add, directive_at
from tests.dialogues.factories import conference_at, item_at, plan
from tests.dialogues.inspecting import WEEK, finding_of, head_of, inspection_at, now, scope_of, today
from tests.dialogues.pages import signed_in, text_of
from tests.dialogues.results import survey_at
from tests.factories import Force, person

pytestmark = pytest.mark.django_db

INSIDE = {"first_day": date(2019, 7, 1), "last_day": date(2020, 6, 30)}
BEFORE = {"first_day": date(2016, 7, 1), "last_day": date(2018, 12, 31)}
AFTER = {"first_day": date(2021, 1, 1), "last_day": date(2021, 12, 31)}
DAYS = {"on its days": (-7, 7, True), "before its start": (1, 7, False), "after its end": (-7, -1, False)}


def anew(reader: Person) -> Person:
    """As if he had just signed in."""
    return Person.objects.get(pk=reader.pk)


def naming(conference: Conference, *units: Unit) -> Conference:
    conference.invited.set(units)
    return conference


@pytest.fixture
def rows(force: Force) -> dict[str, Any]:
    """A plan of 16/12/2019 (and one that holds from 2019 to 2020), a survey of 2020, a grading of 2020."""
    long = plan(force, issued_on=date(2015, 3, 2), first_year=2019, last_year=2020)
    grading = register(by=force.secretary, at=now(), unit=force.town, year=2020, group="Công an các huyện", grade="Tốt")
    return {"plan": plan(force), "long": long, "survey": survey_at(force, "closed"), "grading": grading}


def seen_by(reader: Person) -> list[Any]:
    models = (Plan, Survey, Grading)
    return [set(model.objects.visible_to(anew(reader))) for model in models]  # type: ignore[attr-defined]


@pytest.mark.parametrize("days", DAYS)
def test_plans_surveys_and_gradings_of_the_period(force: Force, rows: dict[str, Any], days: str) -> None:
    first, last, reads = DAYS[days]
    reading = {"reads_from": today() + timedelta(days=first), "reads_until": today() + timedelta(days=last)}
    inspection = inspection_at(force, **INSIDE, **reading)
    everything = [{rows["plan"], rows["long"]}, {rows["survey"]}, {rows["grading"]}]
    head = head_of(inspection)
    assert seen_by(head) == (everything if reads else [set(), set(), set()])
    client, status = signed_in(anew(head)), 200 if reads else 404
    for name in ("plan", "survey"):
        assert client.get(reverse(f"{name}_show", args=[rows[name].pk])).status_code == status
    for period in (BEFORE, AFTER):
        scope_of(inspection, force, **period, **reading)
        assert seen_by(head) == [set(), set(), set()]
    for reader in (force.inspector, force.leader):
        assert seen_by(reader) == everything


def test_the_plan_that_is_inspected_whatever_its_day(force: Force, rows: dict[str, Any]) -> None:
    inspection = inspection_at(force, **BEFORE)
    Conference.objects.filter(pk=inspection.pk).update(plan=rows["plan"])
    assert seen_by(head_of(inspection)) == [{rows["plan"]}, set(), set()]


def test_a_survey_by_its_days_if_it_has_them(force: Force) -> None:
    inspection = inspection_at(force, **INSIDE)
    head = head_of(inspection)
    late = survey_at(force, "closed", first_on=date(2020, 7, 1), last_on=date(2020, 9, 30))
    astride = survey_at(force, "closed", first_on=date(2020, 6, 1), last_on=date(2020, 9, 30))
    assert seen_by(head)[1] == {astride}
    scope_of(inspection, force, **{**INSIDE, "last_day": date(2020, 7, 1)})
    assert seen_by(head)[1] == {astride, late}


def test_directives_and_items_of_the_named_units(force: Force) -> None:
    """Both are led by QLHC; what no unit leads is the command's own."""
    made, question = directive_at(force), item_at(force, "published")
    inspection = inspection_at(force, first_day=date(2019, 7, 1), last_day=date(2020, 6, 30))
    for units, seen in (((force.qlhc, force.th), True), ((force.ward,), False), ((), True)):
        naming(inspection, *units)
        head = head_of(inspection)
        assert set(Directive.objects.visible_to(head)) == ({made} if seen else set())
        assert set(Item.objects.visible_to(head)) == ({question} if seen else set())
        assert signed_in(head).get(reverse("directive_show", args=[made.pk])).status_code == (200 if seen else 404)


def test_of_two_delegations_that_begin_on_one_day(force: Force, rows: dict[str, Any]) -> None:
    """Two posts of the same day, each with matters of its own; whoever leaves one delegation stays of the other."""
    first, second = inspection_at(force, **BEFORE), inspection_at(force, **BEFORE)
    somebody = person()
    for inspection in (first, second):
        add_delegate(inspection, by=force.secretary, at=now(), person=somebody, title="Thành viên")
    held = Position.objects.filter(person=somebody, unit=force.town, role=Role.INSPECTOR)
    assert [post.valid_from for post in held.all()] == [today() - WEEK] * 2
    assert set(Conference.objects.visible_to(anew(somebody))) == {first, second}
    assert seen_by(somebody)[0] == set()
    scope_of(second, force, **INSIDE)
    assert sorted(post.matters_from for post in held.all() if post.matters_from) == [
        BEFORE["first_day"], INSIDE["first_day"],
    ]  # fmt: skip
    assert seen_by(somebody)[0] == {rows["plan"], rows["long"]}
    remove_delegate(second.delegates.get(person=somebody), by=force.secretary, at=now() + timedelta(days=1))
    tomorrow = today() + timedelta(days=2)
    assert [post.matters_from for post in held.all() if post.is_valid_on(tomorrow)] == [BEFORE["first_day"]]


@pytest.mark.parametrize("number", [1, 3])
def test_a_draft_names_the_findings_of_its_directives(
    force: Force, number: int, django_assert_num_queries: Any
) -> None:
    inspection = inspection_at(force)
    findings = [finding_of(inspection, force) for _each in range(number + 1)]
    conclusion = begin_conclusion(inspection, by=force.secretary, at=now(), assessment="Thực hiện tốt.")
    for _each in range(number):
        add(conclusion, force, findings=findings[1:])
    address, client = reverse("conference_conclusion", args=[inspection.code]), signed_in(force.secretary)
    for finding in findings:
        assert text_of(client.get(address)).count(finding.code) == (0 if finding == findings[0] else number)
    with django_assert_num_queries(12):
        client.get(address)


def test_the_history_of_an_inspection_in_its_own_words(force: Force) -> None:
    inspection = inspection_at(force)
    told = timeline(inspection, inside=True)
    assert told[0].next and str(MOVES[inspection.turn.kind]) in str(told[0].text)
    words = [str(line.text) for line in told]
    assert {str(DONE[name]) for name in ("create", "open", "start")} <= set(words)
    dialogue = timeline(conference_at(force, "collecting"), inside=True)
    assert not {str(line.text) for line in dialogue} & {str(words) for words in DONE.values()}


def test_a_closed_inspection_offers_no_form(force: Force) -> None:
    """Whoever still is at work on it gets the reason in place of a form that would be refused when it is sent."""
    inspection = inspection_at(force, ("open", "start", "conclude", "close"))
    finding_forms = [reverse(name, args=[inspection.code]) for name in ("request_add", "finding_add")]
    forms = [*finding_forms, *(reverse(name, args=[inspection.code]) for name in ("inspection_scope", "delegate_add"))]
    client = signed_in(force.secretary)
    page = text_of(client.get(reverse("conference_inspection", args=[inspection.code])))
    assert [address for address in forms if f'href="{address}"' in page] == []
    assert [client.get(address).status_code for address in forms] == [409] * 4
    assert [signed_in(head_of(inspection)).get(address).status_code for address in finding_forms] == [409] * 2


def test_notices_of_an_inspection_speak_of_an_inspection(force: Force) -> None:
    said: dict[bool, list[str]] = {}
    for is_inspection in (True, False):
        made = inspection_at(force, ("open",)) if is_inspection else conference_at(force, "collecting")
        record(made, "start", by=force.secretary, at=now())
        event = Event.objects.of(made).newest_first()[0]
        tell(event, [force.leader])
        lines = sentences(Notice.objects.filter(event=event, person=force.leader).select_related(*SPOKEN), force.leader)
        said[is_inspection] = [line.verb for line in lines]
    assert said == {True: [str(DONE["start"])], False: [str(CONFERENCE_FLOW.done("start"))]}
