"""The one door: the only code that assigns a state. Every move is checked, recorded, owed onward and told here."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization.access import role_holders
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar

from .actors import Actor, Party, capacity, may
from .flow import Fork, Move, Offer, Owed, Sentence, Transition, Unrecorded, Waits, flow_of
from .models import Capacity, Event, Extension, Notice, Obligation, Subject

S = TypeVar("S", bound=Subject)


class Refused(Exception):
    """A move that may not be made now; the message is a sentence for the person."""

    status = 409


class MovedOn(Refused):
    """Somebody else was quicker: *event* is what they did."""

    def __init__(self, sentence: Sentence, event: Event | None) -> None:
        super().__init__(sentence)
        self.event = event


class NotAllowed(Refused):
    """The person lacks the right for this move."""

    status = 403


def offers(subject: Subject, by: Actor) -> list[Offer]:
    """The buttons that *by* sees on *subject*, in table order; a guard's sentence disables its button."""
    return [
        Offer(row.action, row.label, row.icon, row.guard(subject), row.primary, row.danger, row.note_required)
        for row in flow_of(subject).transitions
        if subject.state in row.sources and may(by, row.who, subject)
    ]


@transaction.atomic
def perform(
    subject: S, action: str, *, by: Actor, at: datetime, note: str = "", seen: int | None = None, **data: Any
) -> S:
    """Make one move and return the subject as it now stands.

    *seen* is the ``moves`` counter of the page that was acted on. Raises MovedOn when the subject has changed since or
    stands in another state, NotAllowed without the right, Refused with the guard's sentence.
    """
    row = flow_of(subject).row(action)
    # No key is changed: whoever adds a row that refers to it need not wait.
    now = type(subject)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
    day = timezone.localdate(at)
    _check(now, row, by, seen, note, day)
    person = by if isinstance(by, Person) else None
    move = Move(person, at, note.strip(), capacity(by, row.who, now, day), data)
    row.effect(now, move)
    before = now.state
    if row.target is not None:
        now.state = row.target.decide(now) if isinstance(row.target, Fork) else row.target
        _pass_turn(now, at)
    now.moves += 1
    now.save()
    if row.target is not None:
        flow_of(now).turned(now)
    event = _write(now, action, move, before, now.state, by)
    tell(event, row.notify(now), turn=_whose_turn(now, at))
    return now


def hold(subjects: models.QuerySet[Any]) -> None:
    """Lock *subjects* until the transaction ends; whoever moves several of them in one move does so first.

    The first event takes the ledger's own lock: to wait for a row after that would wait for whoever holds the row and
    waits for the ledger.
    """
    list(subjects.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _check(subject: Subject, row: Transition, by: Actor, seen: int | None, note: str, day: date) -> None:
    if not may(by, row.who, subject, day):
        raise NotAllowed(_("This step is not among your rights here."))
    if subject.state not in row.sources or (seen is not None and seen != subject.moves):
        last = Event.objects.of(subject).newest_first().first()
        raise MovedOn(_("This has moved on in the meantime."), last)
    if reason := row.guard(subject):
        raise Refused(str(reason))
    if row.note_required and not note.strip():
        raise Refused(_("This step needs a reason."))


def _pass_turn(subject: Subject, at: datetime) -> None:
    """Settle what the left state owed and open what the entered one owes."""
    if subject.turn_id:
        # Its own only: the turn of a subject that waits is another's.
        own = Obligation.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        own.filter(pk=subject.turn_id, settled_at=None).update(settled_at=at)
    subject.turn = None
    owed = flow_of(subject).owes.get(subject.state)
    if isinstance(owed, Waits):
        other = owed.on(subject)
        subject.turn = other.turn if other else None
    elif owed is not None:
        subject.turn = _open(subject, owed, at)


def _open(subject: Subject, owed: Owed, at: datetime) -> Obligation:
    start = timezone.localtime(at).date()
    due = owed.due(subject, start) if owed.due else calendar().due(start, owed.within or 0)
    return Obligation.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        kind=owed.kind,
        role=owed.role or "",
        unit=owed.unit(subject) if owed.role else None,
        person=owed.person(subject),
        started_on=start,
        term=None if owed.due else owed.within,
        due_on=due,
        first_due_on=owed.first(subject) or due,
        opened_at=at,
    )


def _whose_turn(subject: Subject, at: datetime) -> list[Person]:
    if subject.turn is None:
        return []
    if subject.turn.person:
        return [subject.turn.person]
    return role_holders(subject.turn.role, subject.turn.unit, timezone.localtime(at).date())


def begin(subject: S, *, by: Actor, at: datetime, action: str = "create", **data: Any) -> S:
    """Save a new subject in the state it carries, open what that state owes and write its first event."""
    _pass_turn(subject, at)
    subject.moves = 1
    subject.save(force_insert=True)
    flow_of(subject).turned(subject)
    who = by if isinstance(by, Person) else None
    _write(subject, action, Move(who, at, data=data), "", subject.state, by)
    return subject


def extend(obligation: Obligation, to: date, *, reason: str, by: Person, at: datetime) -> None:
    """Move a due date; the first date stays. A date that is a day off counts as the next working day."""
    due = calendar().roll(to)
    if due == obligation.due_on:
        raise Refused(_("The new date is the same as the old one."))
    Extension.objects.create(
        obligation=obligation, due_before=obligation.due_on, due_after=due, reason=reason, approved_by=by, at=at
    )
    obligation.due_on = due
    obligation.save(update_fields=["due_on"])


def record(
    subject: models.Model,
    action: str,
    *,
    by: Actor | None,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write a line of history that is no move: a creation, an edit, an upload."""
    person = by if isinstance(by, Person) else None
    return _write(subject, action, Move(person, at, note, data=data or {}), "", "", by)


def tell(event: Event, people: Iterable[Person], *, turn: Iterable[Person] = ()) -> None:
    """Put a notice of *event* before *people*, once each and never before whoever did it.

    Those whose *turn* it is now are told as its owners.
    """
    owners = {person.pk for person in turn}
    told = owners.union(person.pk for person in people) - {event.actor_id}
    rows = [
        Notice(event=event, person_id=pk, told_at=event.at, capacity=Capacity.OWNER if pk in owners else "")
        for pk in sorted(told)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _write(subject: models.Model, action: str, move: Move, before: str, after: str, by: Actor | None) -> Event:
    content = {
        "actor": move.by.pk if move.by else None,
        "as": move.capacity or (by.name if isinstance(by, Party) else ""),
        "note": move.note,
        "data": move.data,
    }
    payload = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=_Recorded)
    salt = secrets.token_hex(16)
    event = Event(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        action=action,
        from_state=before,
        to_state=after,
        actor=move.by,
        at=move.at,
        payload=payload,
        salt=salt,
        digest=hashlib.sha256((salt + payload).encode()).hexdigest(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_event (subject_type, subject_id, action, from_state, to_state, actor_id, at, payload,"
            " salt, digest) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s) RETURNING seq, previous, hash",
            [
                *(event.subject_type, event.subject_id, action, before, after, event.actor_id, move.at),
                *(payload, salt, event.digest),
            ],
        )
        event.seq, event.previous, event.hash = cursor.fetchone()
    return event


class _Recorded(DjangoJSONEncoder):
    """Model instances are recorded by their id, dataclasses by their fields, what is Unrecorded not at all."""

    def default(self, value: Any) -> Any:
        if isinstance(value, Unrecorded):
            return None
        if is_dataclass(value):
            return vars(value)
        return str(value.pk) if isinstance(value, models.Model) else super().default(value)
