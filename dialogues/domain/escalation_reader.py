"""Who sees what of an escalation: its sender, and the unit above with the division that it asks for advice.

The sender reads his report, what was sent and what came back; never the advice, nor with whom he was joined. Above,
only what was sent is read: never the report that is being written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, JSONField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.models import Event
from dialogues import permissions
from dialogues.enums import EscalationReason, ReplyKind
from dialogues.models import Dispatch, Escalation, Reply
from dialogues.models.escalation import REPLIED, EscalationQuerySet

NOUN = "dialogues.escalation"
# Steps that one side keeps to itself; the others are before both.
OF_SENDER = frozenset({"create", "edit", "attach", "take_in", "propose", "send_back", "empty", "record_reply"})
OF_RECEIVER = frozenset({"assign", "advise", "present", "ask_again", "join", "take_out", "come_back"})
# Steps that are made above and told below.
FROM_ABOVE = frozenset(
    {
        "receive", "rule", "delegate_back", "return_for_information", "forward_up", "refuse", "follow", "extend",
        "move_day", "ask_time",
    }
)  # fmt: skip


# What each side owes, as the other may know it; all else is owed inside of the unit above.
DUTIES_OF_SENDER = frozenset({"report", "send", "pursue"})
DUTIES_BEFORE_BOTH = frozenset({"receive", "supplement"})


@dataclass(frozen=True)
class EscalationReader:
    """*sender*: works for the unit that asks. *above*: for the one that is asked, or *advises* it."""

    person: Person
    sender: bool
    above: bool
    advises: bool = False

    @property
    def reads_advice(self) -> bool:
        return self.above or self.advises

    def may_know_duty(self, kind: str) -> bool:
        """Whether the reader is told of what is owed on it (the flow of dialogues.domain.escalation)."""
        if kind in DUTIES_OF_SENDER:
            return self.sender
        return self.reads_advice or kind in DUTIES_BEFORE_BOTH

    def may_know(self, action: str) -> bool:
        """Whether this step stands in the reader's history."""
        if action in OF_SENDER:
            return self.sender
        return self.reads_advice or action not in OF_RECEIVER


def reader_of(escalation: Escalation, person: Person) -> EscalationReader:
    """The standing of *person* on an escalation that he may see; its units are loaded."""
    sent = escalation.sent_at is not None
    asked = {escalation.division_id, escalation.lead.division_id if escalation.lead else None} - {None}
    return EscalationReader(
        person,
        sender=access.can(person, permissions.READ_ITEMS, escalation.host),
        above=sent and access.can(person, permissions.READ_RECEIVED, escalation.receiver),
        advises=sent
        and any(post.unit_id in asked for post, _reach in access.granted(person, permissions.READ_ADVISED)),
    )


@dataclass(frozen=True)
class Sent:
    """A report as it was sent: what the unit above reads."""

    dispatch: Dispatch

    @property
    def recalled(self) -> bool:
        return bool(self.dispatch.then == "recall")  # type: ignore[attr-defined]

    @cached_property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.dispatch.content)
        return found

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def reason(self) -> str:
        return str(EscalationReason(self.content["reason"]).label)

    @property
    def requested_on(self) -> date | None:
        day = self.content["requested_on"]
        return date.fromisoformat(day) if day else None

    @property
    def items(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.content["items"]
        return found


def sent_reports(escalations: Iterable[Escalation], *, recalled: bool = False) -> dict[Any, list[Sent]]:
    """What was sent of each of *escalations*, the last first, by its id.

    *recalled*: with what was taken back unread; the unit above has never seen it.
    """
    found: dict[Any, list[Sent]] = {}
    rows = _rounds(escalations) if recalled else _rounds(escalations).exclude(then="recall")
    for dispatch in rows.select_related("sent_by").order_by("-round"):
        found.setdefault(dispatch.escalation_id, []).append(Sent(dispatch))
    return found


def last_sent(escalations: Iterable[Escalation]) -> dict[Any, Sent]:
    """The last report that the unit above got of each of *escalations*, by its id."""
    rows = _rounds(escalations).exclude(then="recall").select_related("sent_by")
    rows = rows.order_by("escalation", "-round").distinct("escalation")
    return {row.escalation_id: Sent(row) for row in rows}


def titles(escalations: Sequence[Escalation], person: Person) -> dict[Any, str]:
    """The matter of each of *escalations* as *person* may know it: above, as it was sent."""
    own = set(access.places(person, permissions.READ_ITEMS).ids)
    last = last_sent([each for each in escalations if each.host_id not in own])
    return {each.pk: last[each.pk].title if each.pk in last else each.title for each in escalations}


def with_told(rows: EscalationQuerySet, person: Person) -> QuerySet[Any]:
    """With the same titles as `told`, asked together with the rows."""
    sent = _with_fate(Dispatch.objects.filter(escalation=OuterRef("pk"))).exclude(then="recall").order_by("-round")
    last = Subquery(sent.values(sent_title=KeyTextTransform("title", Cast("content", JSONField())))[:1])
    own = When(host__in=access.places(person, permissions.READ_ITEMS).ids, then="title")
    known = Coalesce(last, "title", output_field=TextField())
    return rows.annotate(told=Case(own, default=known, output_field=TextField()))


def _rounds(escalations: Iterable[Escalation]) -> QuerySet[Any]:
    return _with_fate(Dispatch.objects.filter(escalation__in=[each.pk for each in escalations]))


def _with_fate(rows: QuerySet[Dispatch]) -> QuerySet[Any]:
    """With what was done upon each sending first: read, or taken back."""
    after = Event.objects.filter(
        subject_type=NOUN,
        subject_id=Cast(OuterRef("escalation"), TextField()),
        action__in=("receive", "recall", "withdraw"),
        at__gte=OuterRef("sent_at"),
    )
    return rows.annotate(then=Coalesce(Subquery(after.order_by("seq").values("action")[:1]), Value("")))


def replies_to(escalation: Escalation) -> list[Reply]:
    """What was said to it, the last first: to itself, and the word on the whole issue that it was joined to."""
    said = Q(escalation=escalation)
    if escalation.lead_id and escalation.state in REPLIED:
        final = (ReplyKind.RULED, ReplyKind.DELEGATED_BACK, ReplyKind.REFUSED)
        said |= Q(escalation=escalation.lead_id, kind__in=final)
    return list(Reply.objects.filter(said).select_related("given_by").order_by("-given_at", "-id"))


def events_for(escalation: Escalation, reader: EscalationReader) -> list[Event]:
    """Its history as far as the reader may know it, newest first."""
    return [event for event in Event.objects.of(escalation).newest_first() if reader.may_know(event.action)]
