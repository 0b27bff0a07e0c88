"""The one door: the only code that assigns a state. Every move is checked, recorded, owed onward and told here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization.models import Person
from cchc.organization.roster import Roster
from cchc.workdays.domain.calendar import calendar, supposing

from .actors import Actor, Party, capacity, may
from .flow import FLOWS, Fork, Move, Offer, Owed, Sentence, Transition, Waits, flow_of
from .ledger import write
from .models import Capacity, Event, Extension, Notice, Obligation, Subject

S = TypeVar("S", bound=Subject)
BATCH = 2000


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


def refusal_of(subject: Subject, action: str, by: Person) -> Refused | None:
    """Why *by* cannot make this move now, as `perform` would say it; None when it is offered."""
    offer = next((each for each in offers(subject, by) if each.action == action), None)
    if offer is not None:
        return Refused(str(offer.reason)) if offer.reason else None
    if not may(by, flow_of(subject).row(action).who, subject):
        return NotAllowed(_("This step is not among your rights here."))
    return moved_on(subject)


def moved_on(subject: models.Model) -> MovedOn:
    """The refusal that somebody else was quicker, with what they did."""
    return MovedOn(_("This has moved on in the meantime."), Event.objects.of(subject).newest_first().first())


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
    row.together([now], move)
    before = _enter([now], row, at)
    now.save()
    _follow([now], row, move, before, by)
    return now


@transaction.atomic
def perform_many(subjects: models.QuerySet[S], action: str, *, by: Party, at: datetime, note: str = "") -> list[S]:
    """Make the same move of the system or the clock on all of *subjects*, in few statements; returns who made it.

    Whatever stands in another state, or is refused by the guard, stays as it is. What effect, guard and due date look
    at beyond the subject is prefetched by *subjects*. Not for moves whose effect sets fields of the subject.
    """
    row = FLOWS[subjects.model._meta.label_lower].row(action)
    if by != row.who or row.sets_the_subject:
        raise ValueError(f"{action} is no move for many")
    held = subjects.filter(state__in=row.sources).order_by("pk").select_for_update(of=("self",), no_key=True)
    if not (found := [each for each in held if not row.guard(each)]):
        return []
    move = Move(None, at, note.strip(), by.name)
    row.together(found, move)
    with supposing(calendar()):
        before = _enter(found, row, at)
    _save_states(found)
    _follow(found, row, move, before, by)
    return found


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
        raise moved_on(subject)
    if reason := row.guard(subject):
        raise Refused(str(reason))
    if row.note_required and not note.strip():
        raise Refused(_("This step needs a reason."))


def _enter(subjects: Sequence[Subject], row: Transition, at: datetime) -> list[str]:
    """Let them enter the state that *row* leads to, with what is owed there; returns the states they come from."""
    before = [each.state for each in subjects]
    for each in subjects:
        each.moves += 1
        if row.target is not None:
            each.state = row.target.decide(each) if isinstance(row.target, Fork) else row.target
    if row.target is not None:
        _pass_turns(subjects, at)
    return before


def _follow(subjects: Sequence[Subject], row: Transition, move: Move, before: Sequence[str], by: Actor) -> None:
    """What follows when they are saved: those that wait on them, the ledger, the notices."""
    if row.target is not None:
        for each in subjects:
            flow_of(each).turned(each)
    states = [(old, each.state) for old, each in zip(before, subjects, strict=True)]
    told: list[Notice] = []
    events = write(subjects, row.action, move, states, by)
    for each, event, owners in zip(subjects, events, _whose_turns(subjects, move.at), strict=True):
        told += _notices(event, [person.pk for person in row.notify(each)], owners)
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _pass_turns(subjects: Sequence[Subject], at: datetime) -> None:
    """Settle what the left state of each owed and open what the entered one owes."""
    if left := [each for each in subjects if each.turn_id]:
        # Its own only: the turn of a subject that waits is another's.
        own = Obligation.objects.filter(
            subject_type=left[0]._meta.label_lower, subject_id__in=[str(s.pk) for s in left]
        )
        own.filter(pk__in=[each.turn_id for each in left], settled_at=None).update(settled_at=at)
    opened: list[tuple[Subject, Obligation]] = []
    for each in subjects:
        each.turn = None
        owed = flow_of(each).owes.get(each.state)
        if isinstance(owed, Waits):
            other = owed.on(each)
            each.turn = other.turn if other else None
        elif owed is not None:
            opened.append((each, _owing(each, owed, at)))
    Obligation.objects.bulk_create([obligation for _subject, obligation in opened], batch_size=BATCH)
    for each, obligation in opened:
        each.turn = obligation


def _owing(subject: Subject, owed: Owed, at: datetime) -> Obligation:
    start = timezone.localtime(at).date()
    due = owed.due(subject, start) if owed.due else calendar().due(start, owed.within or 0)
    return Obligation(
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


def _save_states(subjects: Sequence[Subject]) -> None:
    """What `bulk_update` of the three fields does, which takes ten times as long."""
    table = connection.ops.quote_name(subjects[0]._meta.db_table)
    rows = [(each.pk, each.state, each.turn.pk if each.turn else None, each.moves) for each in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET state = made.state, turn_id = made.turn, moves = made.moves"  # noqa: S608 - ours
            " FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::int[]) AS made (id, state, turn, moves)"
            " WHERE kept.id = made.id",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _whose_turns(subjects: Sequence[Subject], at: datetime) -> list[Collection[int]]:
    """Of each: the people whose turn it is now."""
    turns = [each.turn for each in subjects]
    units = {turn.unit_id for turn in turns if turn and turn.unit_id and not turn.person_id}
    roster = Roster.load(timezone.localdate(at), units, climbing=False) if units else None

    def owners(turn: Obligation | None) -> Collection[int]:
        if turn is None or turn.person_id:
            return (turn.person_id,) if turn and turn.person_id else ()
        return roster.owners(turn.role, turn.unit_id) if roster else ()

    return [owners(turn) for turn in turns]


def begin(subject: S, *, by: Actor, at: datetime, action: str = "create", **data: Any) -> S:
    """Save a new subject in the state it carries, open what that state owes and write its first event."""
    return begin_many([subject], by=by, at=at, action=action, **data)[0]


def begin_many(subjects: Sequence[S], *, by: Actor, at: datetime, action: str = "create", **data: Any) -> Sequence[S]:
    """As `begin`, many of one kind in few statements: all of them or none, within the caller's transaction."""
    if not subjects:
        return subjects
    with supposing(calendar()):
        _pass_turns(subjects, at)
    for each in subjects:
        each.moves = 1
    type(subjects[0])._base_manager.bulk_create(subjects, batch_size=BATCH)
    for each in subjects:
        flow_of(each).turned(each)
    who = by if isinstance(by, Person) else None
    write(subjects, action, Move(who, at, data=data), [("", each.state) for each in subjects], by)
    return subjects


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
    return write([subject], action, Move(person, at, note, data=data or {}), [("", "")], by)[0]


def tell(event: Event, people: Iterable[Person], *, turn: Iterable[Person] = ()) -> None:
    """Put a notice of *event* before *people*, once each and never before whoever did it.

    Those whose *turn* it is now are told as its owners.
    """
    told = _notices(event, [person.pk for person in people], {person.pk for person in turn})
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _notices(event: Event, people: Iterable[int], owners: Collection[int]) -> list[Notice]:
    told = {*owners, *people} - {event.actor_id}
    return [
        Notice(event=event, person_id=pk, told_at=event.at, capacity=Capacity.OWNER if pk in owners else "")
        for pk in sorted(told)
    ]
