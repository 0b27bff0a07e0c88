"""A commitment before it is signed: its tasks, and the text that a signature will freeze."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import NotAllowed, begin, begin_many, moved_on, record
from cchc.workflow.flow import Sentence
from commitments import permissions
from commitments.enums import CommitmentState, Direction
from commitments.models import Campaign, Commitment, Signatory, Task

S = CommitmentState
FULL = Decimal(100)
MOST_TASKS = 30
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are read as another


@dataclass(frozen=True)
class Registered:
    """A task as it is typed; *weight* in points of 100, *due_on* the day of its result."""

    text: str
    measure: str
    measure_unit: str
    target: Decimal
    due_on: date
    weight: Decimal
    direction: str = Direction.AT_LEAST
    item: Any = None
    copied_from: Task | None = None
    directive: Any = None


def begin_drafts(campaign: Campaign, *, at: datetime) -> None:
    """One for each unit that must sign."""
    signatories = campaign.signatories.select_related("unit", "group").order_by("unit__sort_key")
    begin_many([_draft(campaign, each, 1) for each in signatories], by=SYSTEM, at=at)


def begin_commitment(
    campaign: Campaign, signatory: Signatory, *, at: datetime, before: Commitment | None = None
) -> Commitment:
    """A draft for the unit; *before* is the version that it follows, whose tasks it takes over."""
    last = 0
    if before:
        same = Commitment.objects.filter(campaign=campaign, unit=signatory.unit)
        last = same.aggregate(last=Max("version"))["last"]
    made = begin(_draft(campaign, signatory, last + 1), by=SYSTEM, at=at)
    if before:
        copy_tasks(made, before.tasks.select_related("commitment"))
    return made


def _draft(campaign: Campaign, signatory: Signatory, version: int) -> Commitment:
    return Commitment(
        campaign=campaign,
        host=campaign.host,
        unit=signatory.unit,
        group=signatory.group,
        code=f"{campaign.code}/{signatory.unit.code}"[:40],
        version=version,
        check_code="".join(secrets.choice(_LETTERS) for _n in range(16)),
    )


def copy_tasks(commitment: Commitment, tasks: Iterable[Task], *, years: int = 0, after: int = 0) -> None:
    """Take over *tasks* behind the place *after*, each naming the one it comes from; *years* moves their days."""
    Task.objects.bulk_create(
        Task(
            commitment=commitment, place=place, text=task.text, measure=task.measure, measure_unit=task.measure_unit,
            direction=task.direction, target=task.target, due_on=years_later(task.due_on, years), weight=task.weight,
            item_id=task.item_id, directive_id=task.directive_id, copied_from=task,
            from_unit_id=promised_first(task, commitment),
        )
        for place, task in enumerate(tasks, after + 1)
    )  # fmt: skip


def promised_first(source: Task | None, commitment: Commitment) -> int | None:
    """The other unit that had promised *source* first, for a task of *commitment* that is taken from it."""
    if source is None:
        return None
    other = source.commitment.unit_id if source.commitment.unit_id != commitment.unit_id else None
    return source.from_unit_id or other


def years_later(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    last = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if last and years else day.day)


@transaction.atomic
def save_tasks(
    commitment: Commitment, tasks: Sequence[Registered], *, by: Person, at: datetime, seen: int | None = None
) -> Commitment:
    """Replace the tasks of a draft, in this order; their weights may not sum to 100 yet.

    Raises NotAllowed without the right, MovedOn when it was signed or changed since *seen*, ValidationError when a
    task cannot be.
    """
    now = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if not may_register(now, by):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.state != S.DRAFT or (seen is not None and seen != now.moves):
        raise moved_on(now)
    if len(tasks) > MOST_TASKS:
        raise ValidationError(_("A commitment holds %(most)d tasks at most.") % {"most": MOST_TASKS})
    rows = [
        Task(commitment=now, place=place, from_unit_id=promised_first(task.copied_from, now), **vars(task))
        for place, task in enumerate(tasks, 1)
    ]
    for row in rows:
        row.full_clean(exclude=["commitment", "copied_from"])
    now.tasks.all().delete()
    Task.objects.bulk_create(rows)
    now.moves += 1
    now.save(update_fields=["moves"])
    record(now, "register", by=by, at=at, data={"tasks": len(rows), "weight": str(sum(row.weight for row in rows))})
    return now


def may_register(commitment: Commitment, by: Person) -> bool:
    """The unit itself, and the host's secretary for a unit that asks for help."""
    own = access.can(by, permissions.REGISTER, commitment.unit)
    return own or access.can(by, permissions.REGISTER_FOR, commitment.host)


def objection(commitment: Commitment) -> Sentence:
    """Why the tasks cannot be signed as they stand, or ""."""
    tasks = list(commitment.tasks.all())
    if not tasks:
        return _("Register at least one task first.")
    total = sum((task.weight for task in tasks), Decimal())
    if total != FULL:
        return _("The weights must sum to 100; they sum to %(sum)s.") % {"sum": f"{total.normalize():f}"}
    return ""


def contents(commitment: Commitment) -> dict[str, Any]:
    """The text that is signed: everything the paper says, and under which terms."""
    campaign = commitment.campaign
    return {
        "code": commitment.code,
        "version": commitment.version,
        "unit": commitment.unit.name,
        "host": commitment.host.name,
        "campaign": campaign.title,
        "year": campaign.year,
        "clause": campaign.clause,
        "terms": campaign.digest,
        "tasks": [
            {
                "text": task.text, "measure": task.measure, "measure_unit": task.measure_unit,
                "direction": task.direction, "target": _plain(task.target), "due_on": task.due_on.isoformat(),
                "weight": _plain(task.weight),
            }
            for task in commitment.tasks.all()
        ],
    }  # fmt: skip


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def canonical(commitment: Commitment) -> str:
    """The text as the bytes over which the digest is taken."""
    return json.dumps(contents(commitment), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
