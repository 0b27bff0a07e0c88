"""One escalation as its page needs it: with those joined to it, what was sent, and how long each unit has waited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar
from dialogues import permissions
from dialogues.domain.escalation_reader import EscalationReader, Sent, reader_of
from dialogues.enums import EscalationState
from dialogues.models import Escalation, Item
from dialogues.models.escalation import ENDED


def escalation_for_page(person: Person, pk: UUID) -> Escalation | None:
    """The escalation, if *person* may see it, with its units; above, also with those joined to it."""
    rows = Escalation.objects.visible_to(person).for_list()
    rows = rows.select_related("lead__division", "lead__host", "parent__host", "advised_by")
    escalation = rows.filter(pk=pk).first()
    if escalation and reader_of(escalation, person).reads_advice:
        joined = Escalation.objects.select_related("host").order_by("sent_at", "id")
        prefetch_related_objects([escalation], Prefetch("members", joined))
    return escalation


def members_of(escalation: Escalation, reader: EscalationReader) -> list[Escalation]:
    """Those joined to it, as far as the reader may know of them."""
    return list(escalation.members.all()) if reader.reads_advice else []


@dataclass(frozen=True)
class Member:
    """One unit's part in an issue: what it asks for, and since when it waits (working days)."""

    escalation: Escalation
    sent: Sent
    waiting: int | None  # None once it has its reply
    lead: bool


@dataclass(frozen=True)
class Issue:
    """What one decision settles: the reports of all units that ask the same."""

    members: list[Member]
    items: int

    @property
    def units(self) -> int:
        return len({member.escalation.host_id for member in self.members})

    @property
    def longest(self) -> int | None:
        return max((member.waiting for member in self.members if member.waiting is not None), default=None)


def issue_of(escalation: Escalation, reports: dict[Any, Sent], today: date, days: Calendar) -> Issue:
    """*escalation* and those joined to it, by the reports that were sent."""
    members = [
        Member(each, reports[each.pk], _waiting(each, today, days), each.pk == escalation.pk)
        for each in (escalation, *escalation.members.all())
        if each.pk in reports
    ]
    return Issue(members, sum(len(member.sent.items) for member in members))


def _waiting(escalation: Escalation, today: date, days: Calendar) -> int | None:
    if escalation.state in ENDED or escalation.sent_at is None:
        return None
    return max(0, days.between(timezone.localdate(escalation.sent_at), today))


def openable(escalation: Escalation, reader: EscalationReader, reports: Iterable[Sent]) -> set[str]:
    """The ids of those items of *reports* that the reader may open: of its own unit, or sent up to it."""
    named = {item["id"] for report in reports for item in report.items}
    if reader.sender or access.can(reader.person, permissions.READ_ESCALATED, escalation.host):
        return named
    found = Item.objects.visible_to(reader.person).filter(pk__in=named)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def waiting_elsewhere(escalation: Escalation) -> Any:
    """The items of the same host that wait in other reports in preparation, and may be taken into this one."""
    drafts = Escalation.objects.filter(host=escalation.host_id, state=EscalationState.DRAFT).exclude(pk=escalation.pk)
    return Item.objects.filter(state="escalated", escalation__in=drafts).select_related("escalation").defer("search")
