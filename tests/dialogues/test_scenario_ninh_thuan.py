"""The inspection of Ninh Thuận: what the file tells of its findings and directives, as of its day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from cchc.documents.domain.attachment import attachments_of
from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.chain import verify
from dialogues.domain.finding import FINDING, remedy_of
from dialogues.enums import ConferenceState, DirectiveState, RequestState
from dialogues.models import Conclusion, Conference, Directive, Finding, Request
from dialogues.scenario import ninh_thuan
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import read
from tests.dialogues.test_scenario import local

pytestmark = pytest.mark.django_db

SOURCE = read()
CASE = SOURCE["ninh_thuan_2019"]
TOLD, AS_OF = CASE["inspection_visit"], CASE["as_of"]
STATES = {
    "done_on_time": DirectiveState.ACCEPTED, "done_late": DirectiveState.ACCEPTED,
    "in_progress": DirectiveState.IN_PROGRESS,
}  # fmt: skip


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Played once for the module; its tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        until = end_of(AS_OF)
        stage = SOURCE["stage"]["ninh_thuan"]
        alone = {**SOURCE, "stage": {**SOURCE["stage"], "ninh_thuan": {**stage, "also_adopted": []}}}
        yield load(until=until, chapters=False, more=lambda cast: ninh_thuan.steps(alone, cast, None))
        transaction.set_rollback(True)


def visit() -> Conference:
    return Conference.objects.get(code=TOLD["code"])


def test_the_visit(cast: Cast) -> None:
    made = visit()
    assert (made.is_inspection, made.host.code, made.chair.username) == (True, "CATNT", "tiep.ph")
    assert (local(made.starts_at), made.plan, made.state) == (
        TOLD["date"], cast.plans[TOLD["resolution"]], ConferenceState.CONCLUDED
    )  # fmt: skip
    assert made.scope.subject == TOLD["subject"]
    assert [unit.code for unit in made.invited.all()] == [TOLD["inspected_unit"]]
    people = [(each.person and each.person.username, each.head) for each in made.delegates.all()]
    assert people == [(TOLD["head"], True), *((name, False) for name in TOLD["members"])]
    assert {each.state for each in Request.objects.filter(conference=made)} == {RequestState.HANDED_IN}


@pytest.mark.parametrize("told", TOLD["findings"], ids=lambda told: told["code"])
def test_each_finding(cast: Cast, told: dict[str, Any]) -> None:
    made = Finding.objects.get(conference=visit(), number=int(told["code"][2:]))
    assert (made.code, made.kind, made.topic and made.topic.code, made.text) == (
        told["code"], told["kind"], told["topic"], told["text"]
    )  # fmt: skip
    assert [file.name for file in attachments_of(FINDING, [made.pk])[str(made.pk)]] == told["evidence"]


@pytest.mark.parametrize("told", TOLD["directives"], ids=lambda told: told["code"])
def test_each_directive(cast: Cast, told: dict[str, Any]) -> None:
    made = Directive.objects.get(conclusion__conference=visit(), number=told["order"])
    assert f"NT-{made.code}" == told["code"]
    assert (made.title, made.product, made.lead.code) == (told["text"], told["product"], told["lead_unit"])
    assert {unit.code for unit in made.coordinating.all()} == set(told["coordinating_units"])
    assert {each.code for each in made.findings.all()} == set(told["source_findings"])
    assert (made.due_on, made.done_on, made.state) == (told["due_on"], told["done_on"], STATES[told["status"]])
    updates = [(local(each.at), each.by.username, each.percent, each.text) for each in made.updates.all()]
    assert updates == [(each["date"], each["by"], each["percent"], each["text"]) for each in told["updates"]]
    assert made.late_days(calendar()) == (6 if told["code"] == "NT-KL02" else 0)


def test_what_was_not_remedied_in_time(cast: Cast) -> None:
    found = {each.code: remedy_of(each, list(each.directives.all())) for each in Finding.objects.all()}
    assert {code for code, remedy in found.items() if remedy} == {"PH04", "PH05", "PH06"}
    assert {code for code, remedy in found.items() if remedy and remedy.is_late(AS_OF)} == {"PH05"}


def test_the_conclusion_is_signed_by_the_leader(cast: Cast) -> None:
    made = Conclusion.objects.get(conference=visit())
    assert made.issued_by == cast.people["tiep.ph"]
    assert made.document == SOURCE["stage"]["ninh_thuan"]["inspection"]["document"]


def test_the_delegation_has_no_post_but_by_the_visit(cast: Cast) -> None:
    stage = SOURCE["stage"]["ninh_thuan"]["inspection"]
    for username in (TOLD["head"], *TOLD["members"]):
        (post,) = Person.objects.get(username=username).positions.all()
        assert (post.role, post.unit.code, post.valid_from, post.valid_to) == (
            Role.INSPECTOR, "CATNT", stage["reads_from"], stage["reads_until"]
        )  # fmt: skip
        assert (post.matters_from, post.matters_until) == (stage["first_day"], stage["last_day"])
        assert access.posts(Person.objects.get(username=username), AS_OF) == [post]


def test_the_ledger_verifies(cast: Cast) -> None:
    assert verify().ok
