"""The clock: answers whose askers keep silent are closed, each by itself, and once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from cchc.celery import app
from cchc.followup.tasks import run_clock
from cchc.workflow.models import Event, Obligation
from dialogues.models import Item
from dialogues.tasks import expire_published
from tests.dialogues.factories import ANSWERED, conference_at, item_at
from tests.factories import Force

pytestmark = pytest.mark.django_db


def test_silence_closes_the_day_after_the_term_and_not_before(force: Force) -> None:
    conference = conference_at(force, "in_session")
    item, promised = (item_at(force, state, conference=conference) for state in ("published", "promised"))
    due = item.turn.due_on
    on_the_day = ANSWERED.replace(year=due.year, month=due.month, day=due.day, hour=23)
    assert expire_published(on_the_day) == 0
    assert expire_published(on_the_day + timedelta(hours=2)) == 1
    assert expire_published(on_the_day + timedelta(hours=2)) == 0
    item.refresh_from_db()
    promised.refresh_from_db()
    assert (item.state, promised.state) == ("closed", "promised")
    event = Event.objects.of(item).newest_first()[0]
    assert (event.action, event.actor, event.acting_as) == ("expire", None, "clock")
    assert not Obligation.objects.open().filter(subject_id=str(item.pk)).exists()


def test_one_that_cannot_be_closed_stops_no_other(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    conference = conference_at(force, "in_session")
    first, second = (item_at(force, "published", conference=conference) for _each in range(2))
    stale = list(Item.objects.filter(pk__in=[first.pk, second.pk]).order_by("turn__due_on", "id"))
    Item.objects.filter(pk=stale[0].pk).update(moves=99)  # the asker was quicker
    monkeypatch.setattr("dialogues.tasks.expired", lambda at: stale)
    assert expire_published(timezone.now()) == 1
    states = {item.pk: item.state for item in Item.objects.filter(pk__in=[first.pk, second.pk])}
    assert states == {stale[0].pk: "published", stale[1].pk: "closed"}


def test_the_task_runs_every_move_even_when_one_fails(
    force: Force, settings: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    item = item_at(force, "published", conference=conference_at(force, "in_session"))
    monkeypatch.setattr("cchc.web.domain.draft.expire", lambda at: 1 / 0)
    settings.CLOCK_MOVES = ["cchc.web.domain.draft.expire", "dialogues.tasks.expire_published"]  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        run_clock()
    item.refresh_from_db()
    assert item.state == "closed"
    assert "The clock failed at cchc.web.domain.draft.expire" in caplog.text


def test_beat_knows_the_task() -> None:
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert run_clock.name in names
