"""The report that goes upward: begun with the leader's word to the asker, written by the secretary, then frozen."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.documents.models import Attachment
from cchc.organization import access
from cchc.organization.enums import UnitKind
from cchc.organization.models import Person, Unit
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import NotAllowed, Refused, begin, moved_on, perform, record
from cchc.workflow.flow import Move
from dialogues import permissions
from dialogues.enums import EscalationState, ItemState
from dialogues.models import Dispatch, Escalation, Item

S = EscalationState
EDITABLE = ("title", "reason", "bodies", "report_number", "text", "proposal", "requested_on")
# Nobody there has an account: what they say comes by paper, and is recorded by the sender.
WITHOUT_ACCOUNTS = (UnitKind.MINISTRY, UnitKind.MINISTRY_DEPARTMENT, UnitKind.PARTY_COMMITTEE, UnitKind.EXTERNAL_BODY)


def unit_above(host: Unit) -> Unit:
    """The command above *host*. Raises Refused at the top of the tree."""
    above = host.parent.command if host.parent else None
    if above is None:
        raise Refused(_("There is no unit above to refer this to."))
    return above


def begin_report(
    *, host: Unit, receiver: Unit, title: str, reason: str, by: Any, at: datetime, parent: Escalation | None = None,
    **fields: Any,
) -> Escalation:  # fmt: skip
    """A new report in preparation, with the next number of its host and year."""
    Unit.objects.select_for_update(no_key=True).get(pk=host.pk)
    year = timezone.localdate(at).year
    number = (Escalation.objects.filter(host=host, year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Escalation(
        host=host,
        receiver=receiver,
        year=year,
        number=number,
        code=f"XY-{number:02d}/{year}",
        title=title[:200],
        reason=reason,
        parent=parent,
        **fields,
    )
    return begin(made, by=by, at=at)


def refer(item: Item, move: Move) -> None:
    """Put *item* into the report `report` that is in preparation, or into a new one for the given `reason`."""
    report: Escalation | None = move.data.get("report")
    if report is None:
        item.escalation = begin_report(
            host=item.host, receiver=unit_above(item.host), title=item.title, reason=move.data["reason"],
            bodies=move.data.get("bodies", ""), by=move.by, at=move.at,
        )  # fmt: skip
        return
    report = Escalation.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.host_id != item.host_id or report.state != S.DRAFT:
        raise Refused(_("That report can take in nothing more: choose one that is still in preparation."))
    item.escalation = report


@transaction.atomic
def edit_report(
    escalation: Escalation, *, by: Person, at: datetime, seen: int | None = None, **fields: Any
) -> Escalation:
    """Change *fields* (EDITABLE) of a report that is with its unit.

    Raises NotAllowed without the right, MovedOn when it has gone on or was changed since *seen*.
    """
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"not a field of a report: {', '.join(sorted(unknown))}")
    now = Escalation.objects.select_for_update(of=("self",)).get(pk=escalation.pk)
    _may_write(now, by, seen)
    changed = [name for name, value in fields.items() if getattr(now, name) != value]
    if not changed:
        return now
    for name in changed:
        setattr(now, name, fields[name])
    now.moves += 1
    now.save()
    record(now, "edit", by=by, at=at, data={"fields": changed})
    return now


@transaction.atomic
def take_in(escalation: Escalation, item: Item, *, by: Person, at: datetime) -> Escalation:
    """Move *item* from another report in preparation into this one; a report left without items is withdrawn.

    Raises Refused when one of the two has been sent or they are of different hosts.
    """
    both = (
        Escalation.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([escalation.pk, item.escalation_id])
    )
    now, other = both[escalation.pk], both.get(item.escalation_id)
    _may_write(now, by, None)
    if other is None or other == now or other.host_id != now.host_id or {now.state, other.state} != {S.DRAFT}:
        raise Refused(_("Only what waits in another report in preparation can be taken in."))
    waiting = Item.objects.filter(pk=item.pk, escalation=other, state=ItemState.ESCALATED)
    if not waiting.update(escalation=now, turn=now.turn):
        raise moved_on(item)
    now.moves += 1
    now.save(update_fields=["moves"])
    record(now, "take_in", by=by, at=at, note=str(item), data={"item": item})
    if not other.items.exists() and other.parent is None:
        perform(other, "empty", by=SYSTEM, at=at)
    return now


def _may_write(escalation: Escalation, by: Person, seen: int | None) -> None:
    rights = (permissions.REPORT_UP, permissions.SEND_UP)
    if not any(access.can(by, right, escalation.host) for right in rights):
        raise NotAllowed(_("This step is not among your rights here."))
    if escalation.state not in (S.DRAFT, S.RETURNED) or (seen is not None and seen != escalation.moves):
        raise moved_on(escalation)


def freeze(escalation: Escalation, move: Move) -> None:
    """Keep the report as it is sent, with what it is about and the digests of its files."""
    assert move.by is not None
    content = json.dumps(contents(escalation), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    post = access.post_for(move.by, permissions.SEND_UP, escalation.host, timezone.localdate(move.at))
    Dispatch.objects.create(
        escalation=escalation,
        round=escalation.dispatches.count() + 1,
        report_number=escalation.report_number,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        sent_by=move.by,
        capacity=move.capacity[:150],
        acting_kind=post.acting_kind if post else "",
        sent_at=move.at,
    )


def contents(escalation: Escalation) -> dict[str, Any]:
    """The report as the unit above gets it. Askers are not named: the matter is, not who raised it."""
    items = matters(escalation).order_by("conference", "kind", "number")
    files = Attachment.objects.of("dialogues.escalation", [escalation.pk])
    return {
        "code": escalation.code,
        "from": escalation.host.name,
        "to": escalation.receiver.name,
        "title": escalation.title,
        "reason": escalation.reason,
        "bodies": escalation.bodies,
        "report_number": escalation.report_number,
        "text": escalation.text,
        "proposal": escalation.proposal,
        "requested_on": _day(escalation.requested_on),
        "items": [{"id": str(item.pk), "code": item.code, "title": item.title, "text": item.text} for item in items],
        "files": [{"id": str(file.pk), "name": file.name, "digest": file.digest} for file in files],
    }


def matters(escalation: Escalation) -> QuerySet[Item]:
    """The items it is about: its own, and what it forwards for another and for those joined to that one."""
    about = Q(escalation=escalation)
    while escalation.parent:
        escalation = escalation.parent
        about |= Q(escalation=escalation) | Q(escalation__lead=escalation, escalation__state=S.JOINED)
    return Item.objects.filter(about, state=ItemState.ESCALATED)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
