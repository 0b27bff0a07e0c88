"""Units that have ended: what they still owe waits for a decision, and passes to another unit in one step.

Whoever works for a command above (CONFIRM_HANDOVER) says which unit takes over and by which decision. The duties, and
the things that they are about (cchc.workflow.handing), then belong to that unit; both names stay visible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.followup.bell import Link
from cchc.organization import access
from cchc.organization.enums import OWN_UNIT_ROLES, SuccessionKind
from cchc.organization.models import Person, Succession, Unit
from cchc.organization.permissions import CONFIRM_HANDOVER
from cchc.organization.roster import Roster, Seat
from cchc.workflow.engine import NotAllowed, Refused, hold, record, tell
from cchc.workflow.handing import Key, Passing, followers
from cchc.workflow.models import Handover, Obligation

MOST_UNITS = 200  # of one queue's page


# --- what waits -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Waiting:
    """A unit that has ended and still owes *count* duties; *suggested* are the units that took over from it."""

    unit: Unit
    count: int
    late: int
    earliest: date
    suggested: list[Unit]


def ended_units(person: Person, today: date) -> QuerySet[Unit]:
    """The units below *person* that ended before *today*."""
    return Unit.objects.filter(access.within(person, CONFIRM_HANDOVER, "pk"), valid_to__lt=today)


def queue(person: Person, today: date) -> QuerySet[Obligation]:
    """Open duties of ended units that *person* may hand over."""
    return Obligation.objects.open().filter(unit__in=ended_units(person, today).values("pk"))


def waiting(person: Person, today: date) -> list[Waiting]:
    """The queue by unit, the earliest due date first."""
    late = Count("pk", filter=Q(due_on__lt=today))
    counted = (
        queue(person, today)
        .order_by()
        .values_list("unit")
        .annotate(n=Count("pk"), late=late, first=Min("due_on"))
        .order_by("first", "unit")[:MOST_UNITS]
    )
    rows = list(counted)
    units = Unit.objects.select_related("parent__command").in_bulk([unit for unit, *_rest in rows])
    suggested = successors(units.values(), today)
    return [Waiting(units[unit], count, over, first, suggested.get(unit, [])) for unit, count, over, first in rows]


def successors(units: Iterable[Unit], today: date) -> Mapping[int, list[Unit]]:
    """By unit, the units existing on *today* that took over from it: whole units before single functions, and of
    one that has itself ended those that followed it.
    """
    steps: dict[int, list[Unit]] = defaultdict(list)
    rows = Succession.objects.filter(successor__isnull=False, on__lte=today).select_related("successor__command")
    order = sorted(rows, key=lambda each: (each.kind == SuccessionKind.FUNCTION_TRANSFER, each.on, each.pk))
    for row in order:
        assert row.successor is not None
        steps[row.unit_id].append(row.successor)
    return {unit.pk: _living(unit.pk, steps, today, frozenset({unit.pk})) for unit in units}


def _living(unit: int, steps: Mapping[int, list[Unit]], today: date, seen: frozenset[int]) -> list[Unit]:
    found: dict[int, Unit] = {}
    for successor in steps.get(unit, ()):
        if successor.is_valid_on(today):
            found[successor.pk] = successor
        elif successor.pk not in seen:
            found |= {each.pk: each for each in _living(successor.pk, steps, today, seen | {successor.pk})}
    return list(found.values())


def takers(person: Person, suggested: Iterable[Unit], today: date) -> QuerySet[Unit]:
    """Who may take over: whatever exists today below the one who confirms, and the recorded successors."""
    reach = access.within(person, CONFIRM_HANDOVER, "pk") | Q(pk__in=[each.pk for each in suggested])
    return Unit.objects.valid_on(today).filter(reach).select_related("command")


# --- what would pass --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Plan:
    """What passes when *chosen* duties do: those, and all that cannot be parted from them.

    *duties* are open duties of the unit; *keys* the subjects, with those on which nothing is owed by it now. *ends* are
    those of them that do not pass but end with the unit, *ending* the duties on these.
    """

    keys: set[Key]
    duties: list[Obligation]
    ends: set[Key]
    ending: list[Obligation]

    @property
    def others(self) -> int:
        """How many pass on which nothing is owed now."""
        return len(self.keys - self.ends - {(each.subject_type, each.subject_id) for each in self.duties})


def owed_by(unit: Unit) -> QuerySet[Obligation]:
    """Its open duties, the first due first."""
    return Obligation.objects.open().filter(unit=unit).order_by("due_on", "pk")


def plan(
    unit: Unit,
    chosen: Collection[int] | None,
    also: Collection[Key] = (),
    owed: Collection[Obligation] | None = None,
) -> Plan:
    """*chosen*: ids of duties, None for all of them; *owed*: all that the unit owes, where it is known already."""
    owed = list(owed_by(unit)) if owed is None else owed
    keys = {(each.subject_type, each.subject_id) for each in owed if chosen is None or each.pk in chosen} | {*also}
    for follower in followers():
        keys |= follower.together(keys, unit)
    ends = {key for follower in followers() for key in follower.ends(keys, unit)}
    duties = [each for each in owed if (each.subject_type, each.subject_id) in keys]
    passing = [each for each in duties if (each.subject_type, each.subject_id) not in ends]
    return Plan(keys, passing, ends, [each for each in duties if (each.subject_type, each.subject_id) in ends])


def beside(unit: Unit) -> set[Key]:
    """Open things in which *unit* has a part while it is another's turn: of all domains in one question."""
    found = [
        rows.order_by().annotate(of_type=Value(name)).values_list("of_type", "pk")
        for follower in followers()
        for name, rows in follower.beside(unit).items()
    ]
    return {(name, str(pk)) for name, pk in found[0].union(*found[1:], all=True)}


def seats_after(duties: Iterable[Obligation], to_unit: Unit) -> dict[Seat, int]:
    """Whose turn the duties become, and how many each."""
    found: dict[Seat, int] = defaultdict(int)
    for each in duties:
        found[each.role, _place(each.role, to_unit)] += 1
    return dict(found)


def _place(role: str, to_unit: Unit) -> int:
    """A chief owes for his own unit, all others for the command that it serves."""
    return to_unit.pk if role in OWN_UNIT_ROLES else to_unit.command_id or to_unit.pk


# --- confirming -------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(
    from_unit: Unit,
    to_unit: Unit,
    decision: str,
    *,
    chosen: Collection[int] | None = None,
    also: Collection[Key] = (),
    by: Person,
    at: datetime,
) -> Handover:
    """Pass to *to_unit* what *from_unit*, which has ended, still owes: all of it, or the *chosen* duties.

    What was settled meanwhile is left out; what somebody else handed over meanwhile refuses the whole. *also* names
    things in which the unit had a part without owing anything now. Raises NotAllowed and Refused.
    """
    today = timezone.localdate(at)
    if not access.can(by, CONFIRM_HANDOVER, from_unit, today):
        raise NotAllowed(_("This step is not among your rights here."))
    if not decision.strip():
        raise Refused(_("Name the decision by which it is handed over."))
    _alone(from_unit)
    from_unit = Unit.objects.get(pk=from_unit.pk)
    if from_unit.valid_to is None or from_unit.valid_to >= today:
        raise Refused(_("%(unit)s still exists and keeps its work.") % {"unit": from_unit})
    if not to_unit.is_valid_on(today):
        raise Refused(_("%(unit)s does not exist on that day.") % {"unit": to_unit})
    _refuse_taken(from_unit, chosen)
    keys = plan(from_unit, chosen, also).keys
    if not keys:
        raise Refused(_nothing_left(from_unit))
    passing = Passing(from_unit, to_unit, decision.strip(), by, at)
    _hold(keys, passing)
    handover = Handover.objects.create(from_unit=from_unit, to_unit=to_unit, decision=passing.decision, by=by, at=at)
    for follower in followers():
        follower.take_over(keys, passing)
    # Read anew: with the subjects held nobody moves them any more.
    duties = [each for each in owed_by(from_unit) if (each.subject_type, each.subject_id) in keys]
    for each in duties:
        each.unit_id, each.handover = _place(each.role, to_unit), handover
    Obligation.objects.bulk_update(duties, ["unit", "handover"], batch_size=500)
    _tell(handover, duties, keys, today)
    return handover


def _alone(unit: Unit) -> None:
    """One hand-over of *unit* at a time: whoever comes second finds what the first has done.

    By a name and not by its row, which moves lock after their subject, to count the unit's reports.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cchc.followup.handover'), %s)", [unit.pk])


def _hold(keys: Collection[Key], passing: Passing) -> None:
    """Lock all that will change before the ledger is written for the first of it (see `hold`); papers before what they
    are about, as those who issue them do.
    """
    for follower in reversed(followers()):
        for rows in follower.rows(keys, passing):
            hold(rows)


def _refuse_taken(from_unit: Unit, chosen: Collection[int] | None) -> None:
    if chosen is None:
        return
    taken = Obligation.objects.filter(pk__in=chosen, handover__from_unit=from_unit).exclude(unit=from_unit)
    first = taken.select_related("handover__by", "handover__to_unit").first()
    if first is not None and first.handover is not None:
        raise Refused(_sentence(first.handover))


def _nothing_left(from_unit: Unit) -> str:
    last = Handover.objects.filter(from_unit=from_unit).select_related("by", "to_unit").order_by("-pk").first()
    return _sentence(last) if last else _("%(unit)s owes nothing any more.") % {"unit": from_unit}


def _sentence(handover: Handover) -> str:
    return _("%(person)s has handed this over to %(unit)s in the meantime.") % {
        "person": handover.by.full_name,
        "unit": handover.to_unit,
    }


def _tell(handover: Handover, duties: Collection[Obligation], keys: Collection[Key], today: date) -> None:
    """Whoever owes it from now on is told once of the whole; where nobody does, the next above."""
    to_unit = handover.to_unit
    data = {"from_unit": handover.from_unit_id, "to_unit": to_unit.pk, "duties": len(duties), "subjects": len(keys)}
    event = record(handover, "confirm", by=handover.by, at=handover.at, note=handover.decision, data=data)
    roster = Roster.load(today, {to_unit.pk, to_unit.command_id or to_unit.pk})
    told = {
        pk
        for role, unit in seats_after(duties, to_unit)
        for pk in (*(roster.holders(role, unit) or roster.stand_ins(role, unit)), *roster.away(role, unit))
    }
    tell(event, Person.objects.filter(pk__in=told))


# --- what was confirmed -----------------------------------------------------------------------------------------------
def visible_handovers(person: Person) -> QuerySet[Handover]:
    """Those of the units that *person* may hand over or to which he belongs."""
    own = {unit for post in access.posts(person) for unit in (post.unit_id, post.unit.command_id)} - {None}
    reach = access.within(person, CONFIRM_HANDOVER, "from_unit") | access.within(person, CONFIRM_HANDOVER, "to_unit")
    return Handover.objects.filter(reach | Q(to_unit__in=own)).select_related("from_unit", "to_unit", "by")


def links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = visible_handovers(person).filter(pk__in=[int(pk) for pk in ids])
    return {
        str(each.pk): Link(
            _("%(before)s, taken over by %(now)s")
            % {"before": each.from_unit.short_name, "now": each.to_unit.short_name},
            reverse("handover_show", args=[each.pk]),
        )
        for each in found
    }
