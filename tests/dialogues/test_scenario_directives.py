"""The directives of Thái Hòa: what the file tells of each, and its figures on single days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cchc.documents.domain.attachment import attachments_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.chain import verify
from cchc.workflow.models import Event
from dialogues.domain.directive import UPDATE
from dialogues.domain.directive_list import DirectiveList, Pill, Stage, Wanted
from dialogues.enums import ConclusionState, DirectiveState
from dialogues.models import Conclusion, Directive, Plan
from dialogues.scenario import conclusion
from dialogues.scenario.loader import end_of, load
from dialogues.scenario.script import Cast
from dialogues.scenario.source import read
from tests.dialogues.test_scenario import code, local

pytestmark = pytest.mark.django_db

SOURCE = read()
TOLD, EXPECTED = SOURCE["conclusion"], SOURCE["expected"]["directives"]
S = DirectiveState


@pytest.fixture(scope="module")
def cast(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Played once for the module; its tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        until = end_of(date(2020, 12, 31))
        yield load(until=until, chapters=False, more=lambda cast: conclusion.steps(SOURCE, cast))
        transaction.set_rollback(True)


@pytest.fixture(params=TOLD["directives"], ids=lambda entry: entry["code"])
def told(request: pytest.FixtureRequest) -> dict[str, Any]:
    entry: dict[str, Any] = request.param
    return entry


def of_file() -> Any:
    return Directive.objects.filter(conclusion__conference__code=SOURCE["conference"]["code"])


def made_of(told: dict[str, Any]) -> Directive:
    return of_file().get(number=told["order"])


def test_the_notice(cast: Cast) -> None:
    made = Conclusion.objects.get()
    assert (made.state, made.document, made.assessment) == (
        ConclusionState.ISSUED, TOLD["document"], TOLD["opening_assessment"].strip()
    )  # fmt: skip
    assert made.issued_at is not None
    assert made.issued_by is not None
    assert (local(made.issued_at), made.issued_by.username) == (TOLD["issued_on"], TOLD["issued_by"])


def test_each_says_what_the_file_says(cast: Cast, told: dict[str, Any]) -> None:
    made = made_of(told)
    assert (made.code, made.title, made.text) == (told["code"], told["title"], told["text"].strip())
    assert (made.lead.code, made.product) == (told["lead_unit"], told["product"].strip())
    assert {unit.code for unit in made.coordinating.all()} == set(told["coordinating_units"])
    assert {code(item) for item in made.items.all()} == set(told["source_items"])
    assert (made.first_due_on, made.due_on, made.done_on) == (
        told["due_on"], told["current_due_on"], told["done_on"]
    )  # fmt: skip
    assert made.state == S.ACCEPTED


def test_each_report_stands_with_its_evidence(cast: Cast, told: dict[str, Any]) -> None:
    updates = list(made_of(told).updates.select_related("by"))
    found = [(local(each.at), each.by.username, each.percent, each.text) for each in updates]
    assert found == [(each["date"], each["by"], each["percent"], each["text"].strip()) for each in told["updates"]]
    files = attachments_of(UPDATE, [each.pk for each in updates])
    names = [[file.name for file in files[str(each.pk)]] for each in updates]
    assert names == [each["evidence"] for each in told["updates"]]


def test_each_is_accepted_on_its_day_by_its_leader(cast: Cast, told: dict[str, Any]) -> None:
    accepted = told["acceptance"]
    event = Event.objects.of(made_of(told)).get(action="accept")
    assert event.actor is not None
    assert (local(event.at), event.actor.username, event.note) == (accepted["date"], accepted["by"], accepted["note"])
    assert event.acting_as.startswith("KT.") == (accepted.get("signing_mode") == "kt")


def test_who_was_late_extended_returned(cast: Cast) -> None:
    rows = list(of_file())
    assert len(rows) == EXPECTED["total"]
    assert [each.code for each in rows if each.due_on != each.first_due_on] == EXPECTED["extended"]
    assert [each.code for each in rows if each.late_days(calendar())] == EXPECTED["late"]
    late = {entry["code"]: entry["late_working_days"] for entry in TOLD["directives"] if "late_working_days" in entry}
    assert {each.code: n for each in rows if (n := each.late_days(calendar()))} == late
    returned = [each.code for each in rows if Event.objects.of(each).filter(action="return").exists()]
    assert returned == EXPECTED["returned"]


def test_an_extension_has_its_days_its_reason_and_who_granted_it(cast: Cast) -> None:
    (entry,) = (each for each in TOLD["directives"] if "extensions" in each)
    (told,) = entry["extensions"]
    granted = Event.objects.of(made_of(entry)).get(action="grant_time")
    asked = Event.objects.of(made_of(entry)).get(action="ask_time")
    assert granted.actor is not None
    assert (local(asked.at), local(granted.at), granted.actor.username) == (
        told["requested_on"], told["approved_on"], told["approved_by"]
    )  # fmt: skip
    assert asked.note == told["reason"].strip()


def on(day: date) -> Counter[str]:
    """The counts of the file's snapshots at the end of *day*, told from the history; before its issue none is one."""
    found: Counter[str] = Counter()
    for each in of_file():
        events = Event.objects.of(each).exclude(to_state="").filter(at__lte=end_of(day)).order_by("seq")
        state = events.values_list("to_state", flat=True).last() or S.DRAFT
        granted = Event.objects.of(each).filter(action="grant_time", at__lte=end_of(day)).exists()
        due = each.due_on if granted else each.first_due_on
        assert due is not None
        if state == S.DRAFT:
            found["not_issued"] += 1
        elif state == S.ACCEPTED:
            found["done"] += 1
        else:
            found["overdue" if due < day else "in_progress"] += 1
    return found


@pytest.mark.parametrize("snapshot", SOURCE["expected"]["snapshots"], ids=lambda snapshot: str(snapshot["date"]))
def test_the_day_ends_as_the_file_says(cast: Cast, snapshot: dict[str, Any]) -> None:
    found = on(snapshot["date"])
    assert {name: found[name] for name in snapshot["directives"]} == snapshot["directives"]


def test_the_list_of_the_leader_counts_the_same(cast: Cast) -> None:
    counts = DirectiveList(
        cast.people["hoach.dv"], Wanted(conference=SOURCE["conference"]["code"]), date(2020, 12, 31)
    ).counts()  # fmt: skip
    assert (counts[Pill.ALL], counts[Pill.DONE_LATE]) == (EXPECTED["total"], len(EXPECTED["late"]))
    assert sum(counts[stage.value] for stage in Stage) == EXPECTED["total"]


def test_plans_and_the_steps_of_the_towns_own(cast: Cast) -> None:
    outside = Plan.objects.get(number="30c/NQ-CP")
    assert (outside.issuer, outside.issuer_name, outside.host) == (None, "Chính phủ", cast.units["CATNA"])
    own = Plan.objects.get(number="168/KH-CATX-TH")
    (told,) = (each for each in SOURCE["plan_documents"] if "steps" in each)
    found = own.directives.order_by("number")
    assert [(each.title, each.lead.code, each.due_on) for each in found] == [
        (each["text"].strip(), each["lead"], each["to"]) for each in told["steps"]
    ]
    assert {each.state for each in found} == {S.ACCEPTED}
    assert Plan.objects.filter(number="02/KH-CATX-TH", state="in_force").exists()


def test_the_ledger_verifies(cast: Cast) -> None:
    assert verify().ok
