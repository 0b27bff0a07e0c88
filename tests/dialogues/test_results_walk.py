"""Surveys and good practices moved at random by whoever may: what is owed follows, and the ledger holds."""

from __future__ import annotations

from random import Random

import pytest

from cchc.organization.models import Person
from cchc.workflow.chain import verify
from cchc.workflow.engine import offers, perform
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation, Subject
from tests.dialogues.results import AT, fill_in, practice_at, survey_at
from tests.dialogues.test_item_offers import ROLES
from tests.factories import Force

STEPS = 25


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("noun", ["survey", "practice"])
def test_a_walk(force: Force, noun: str, seed: int) -> None:
    choose = Random(seed)
    subject: Subject = survey_at(force, "draft") if noun == "survey" else practice_at(force, "draft")
    seen = set()
    for number in range(1, STEPS + 1):
        found = _allowed(subject, force)
        assert found, f"nobody can move what is {subject.state}"
        by, action = choose.choice(found)
        subject = perform(subject, action, by=by, at=AT, note="Lý do")
        if noun == "survey" and subject.state == "open":
            fill_in(subject, {"citizens": [choose.randint(1, 5)] * choose.randint(0, 12)})  # type: ignore[arg-type]
        seen.add(subject.state)
        assert Event.objects.of(subject).count() == number + 1
        _owes(subject)
    assert len(seen) > 1
    assert verify().ok


def _allowed(subject: Subject, force: Force) -> list[tuple[Person, str]]:
    people = [getattr(force, role) for role in ROLES]
    return [(by, offer.action) for by in people for offer in offers(subject, by) if not offer.reason]


def _owes(subject: Subject) -> None:
    """One open duty, that of the state; none where the state owes nothing."""
    opened = list(Obligation.objects.open().filter(subject_id=str(subject.pk)))
    owed = flow_of(subject).owes.get(subject.state)
    assert [each.kind for each in opened] == ([owed.kind] if owed else [])  # type: ignore[union-attr]
    assert subject.turn == (opened[0] if opened else None)
