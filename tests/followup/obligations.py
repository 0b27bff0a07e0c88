"""Obligations for tests of reminding, as a flow would open them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from cchc.organization.enums import Role
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.models import Notice, Obligation
from tests.factories import Force

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def morning(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HANOI)


def owed(force: Force, due: date, role: str = Role.UNIT_CHIEF, **fields: Any) -> Obligation:
    """The chief of QLHC owes an answer by *due*, unless told otherwise."""
    started = calendar().before(due, 15)
    fields = {
        "subject_type": "dialogues.item", "subject_id": str(uuid4()), "kind": "prepare", "role": role,
        "unit": force.qlhc if role in (Role.UNIT_CHIEF, Role.OFFICER) else force.town, "started_on": started,
        "due_on": due, "first_due_on": due, "opened_at": morning(started), **fields,
    }  # fmt: skip
    return Obligation.objects.create(**fields)


def told(force: Force, **lookup: Any) -> list[tuple[int, str, str]]:
    """Stage, person (by the name of `force`) and capacity of the reminders, in the order of telling."""
    names = {person.pk: name for name, person in force.people.items()}
    rows = Notice.objects.filter(obligation__isnull=False, **lookup).order_by("id")
    return [(notice.stage, names[notice.person_id], notice.capacity) for notice in rows]  # type: ignore[misc]
