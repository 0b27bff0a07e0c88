"""Work in the background that fails: shown on the page of operation, and told once to whoever keeps the site running.

A domain declares each such part (settings.BACKGROUND_PARTS) and lets `work_off` do its work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.followup.bell import Link
from cchc.followup.domain.stuck import WAITED
from cchc.followup.models import Pulse
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import OPERATE
from cchc.web import counting
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import record, tell
from cchc.workflow.flow import Sentence, flow
from cchc.workflow.models import Event

log = logging.getLogger(__name__)
FAIL, RECOVER = "fail", "recover"
PULSE_FLOW = flow(
    Pulse._meta.label_lower,
    [],
    owes={},
    verbs={
        FAIL: gettext_lazy("found a fault that waits for you; the page of operation says which"),
        RECOVER: gettext_lazy("works again without fault"),
    },
)


@dataclass(frozen=True)
class Part:
    """A part of the work in the background. *waiting*: the rows that wait for it since before a moment."""

    name: str
    title: Sentence
    advice: Sentence
    waiting: Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Trouble:
    """A part that failed last (*sentence* says why), or for which *waiting* rows wait longer than they should."""

    part: Part
    sentence: str
    since: datetime | None
    waiting: int


def parts() -> list[Part]:
    return [import_string(name) for name in settings.BACKGROUND_PARTS]


def waiting(at: datetime) -> dict[str, QuerySet[Any]]:
    """What waits for each part longer than it should."""
    return {f"part {part.name}": part.waiting(at - WAITED) for part in parts()}


def troubles(pulses: Mapping[str, Pulse], at: datetime, counts: Mapping[str, int] | None = None) -> list[Trouble]:
    """The parts that need somebody now. *counts*: how many rows of `waiting` there are, where it is known."""
    counts = counting.bounded(waiting(at)) if counts is None else counts
    found = []
    for part in parts():
        pulse, n = pulses.get(part.name), counts[f"part {part.name}"]
        failed = pulse is not None and not pulse.ok
        if failed or n:
            sentence, since = (pulse.detail, pulse.at) if pulse and failed else ("", None)
            found.append(Trouble(part, sentence, since, n))
    return found


def work_off(
    part: Part,
    keys: Iterable[Any],
    act: Callable[[Any], bool],
    at: datetime,
    stops: tuple[type[Exception], ...] = (),
) -> int:
    """Do *act* for each of *keys*; returns for how many it did something. What fails is kept and told (`failed`).

    What goes wrong with one stops no other, unless it concerns all: *stops*, whose words are for the administrator, and
    a disk or a database that takes nothing.
    """
    done, problem = 0, ""
    for key in keys:
        try:
            done += act(key)
        except stops as error:
            problem = str(error)
            break
        except (OSError, DatabaseError) as error:
            log.warning("%s: %s", part.name, error)
            problem = _("It could not be written: %(error)s.") % {"error": _kind(error)}
            break
        except Exception as error:  # of this one alone
            log.exception("%s failed for %s", part.name, key)
            problem = problem or _("One of them fails: %(error)s.") % {"error": _kind(error)}
    if problem:
        failed(part, problem, at)
    elif done:
        recovered(part, at)
    return done


def _kind(error: Exception) -> str:
    """The kind of error alone: its words may hold addresses and contents."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error.__cause__ or error).__name__


@transaction.atomic
def failed(part: Part, sentence: str, at: datetime) -> None:
    """Keep that *part* failed at its last try; found a second time in a row it is told, until it recovers once only.

    What passes by itself disturbs nobody.
    """
    pulse, new = Pulse.objects.select_for_update().get_or_create(name=part.name, defaults={"at": at, "ok": False})
    again = not new and not pulse.ok
    pulse.at, pulse.ok, pulse.detail = at, False, sentence[:500]
    pulse.save()
    if again and not _is_told(pulse):
        operators = access.holders(OPERATE, timezone.localdate(at))
        tell(record(pulse, FAIL, by=SYSTEM, at=at), operators, turn=operators)


@transaction.atomic
def recovered(part: Part, at: datetime) -> None:
    """Keep that *part* did its work; whoever was told of its failing is told of this too."""
    pulse, _new = Pulse.objects.select_for_update().update_or_create(
        name=part.name, defaults={"at": at, "ok": True, "detail": ""}
    )
    if _is_told(pulse):
        tell(record(pulse, RECOVER, by=SYSTEM, at=at), access.holders(OPERATE, timezone.localdate(at)))


def _is_told(pulse: Pulse) -> bool:
    last = Event.objects.filter(subject_type=pulse._meta.label_lower, subject_id=pulse.pk).newest_first().first()
    return last is not None and last.action == FAIL


def links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    """The parts as notices name them, for whoever may see the page of operation (settings.SUBJECT_LINKS)."""
    if not access.holds(person, OPERATE):
        return {}
    titles: Sequence[Part] = [part for part in parts() if part.name in set(ids)]
    return {part.name: Link(str(part.title), reverse("health_show")) for part in titles}
