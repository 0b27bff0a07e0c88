"""Who holds which post on a day, loaded once for many questions: the rule of whose turn it is stands here alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Q

from .enums import OWN_UNIT_ROLES, STANDS_FOR, Role
from .models import Absence, Position, Unit
from .models.position import acts_as_head

Seat = tuple[str, int]  # a role at a unit

# Who is told for the unit above, the first of these that somebody holds there.
ABOVE = (Role.PROVINCIAL_SECRETARY, Role.PROVINCIAL_LEADER, Role.SECRETARY, Role.LEADER)


def seats_of(post: Position) -> Iterator[Seat]:
    """The roles and units for which *post* stands: its own, and that of the head for whom it acts.

    An officer and a chief stand for their own unit, all others for the command that they serve; a deputy needs his
    authority. The unit of *post* is loaded.
    """
    yield from _seats(post.role, post.unit_id, post.unit.command_id, post.acting_kind)


def _seats(role: str, unit: int, command: int | None, acting_kind: str) -> Iterator[Seat]:
    place = unit if role in OWN_UNIT_ROLES else command or unit
    yield role, place
    if role in STANDS_FOR and acts_as_head(role, acting_kind):
        yield STANDS_FOR[Role(role)].value, place


@dataclass(frozen=True)
class Roster:
    """The holders of posts on *day*: ids of people in the order of their names.

    Whoever is absent holds none: a post with nobody else counts as vacant, and `away` still knows whose it is.
    """

    day: date
    seats: Mapping[Seat, tuple[int, ...]]
    absent: Mapping[Seat, tuple[int, ...]]
    # The command of each unit, and the unit over that command.
    commands: Mapping[int, int]
    parents: Mapping[int, int | None]

    @classmethod
    def load(cls, day: date, units: Collection[int] | None = None, *, climbing: bool = True) -> Self:
        """Everybody's posts, or those of *units* (ids) and of what stands above them.

        Without *climbing* of *units* alone: then `stand_ins` and `above` find nobody.
        """
        tree, near = Unit.objects.all(), Unit.objects.valid_on(day)
        held = Position.objects.valid_on(day).filter(person__is_active=True)
        if units is not None:
            family = set(units)
            if climbing:
                paths = tree.filter(pk__in=units).values_list("path", flat=True)
                family = {int(pk) for path in paths for pk in path.split(".") if pk}
            tree = tree.filter(pk__in=family) if climbing else tree.none()
            near = near.filter(Q(pk__in=family) | Q(command__in=family))
            held = held.filter(Q(unit__in=units) | ~Q(role__in=OWN_UNIT_ROLES))
        away = Exists(Absence.objects.on(day).filter(post__person=OuterRef("person")))
        found: dict[Seat, dict[int, None]] = defaultdict(dict)
        absent: dict[Seat, dict[int, None]] = defaultdict(dict)
        rows = held.filter(unit__in=near.values("pk")).annotate(away=away).order_by("person__sort_key", "person_id")
        columns = rows.values_list("person_id", "away", "role", "unit_id", "unit__command_id", "acting_kind")
        for person, is_away, role, unit, command, acting_kind in columns.iterator(chunk_size=2000):
            for seat in _seats(role, unit, command, acting_kind):
                (absent if is_away else found)[seat][person] = None
        units_read = list(tree.values_list("pk", "command_id", "parent_id"))
        return cls(
            day,
            {seat: tuple(people) for seat, people in found.items()},
            {seat: tuple(people) for seat, people in absent.items()},
            {pk: command or pk for pk, command, _parent in units_read},
            {pk: parent for pk, _command, parent in units_read},
        )

    def holders(self, role: str, unit: int | None) -> tuple[int, ...]:
        """Whoever holds the post of *role* at *unit*, or one that stands for it, and is not absent."""
        return self.seats.get((role, unit), ()) if unit is not None else ()

    def away(self, role: str, unit: int | None) -> tuple[int, ...]:
        """The absent holders of a post for which nobody stands in: they are told beside the unit above."""
        return () if unit is None or self.holders(role, unit) else self.absent.get((role, unit), ())

    def owners(self, role: str, unit: int | None) -> tuple[int, ...]:
        """Whose turn it is when *role* at *unit* owes something: the absent only when nobody else is there."""
        return self.holders(role, unit) or self.away(role, unit)

    def command(self, unit: int | None) -> int | None:
        """The command that *unit* serves; itself when it is one."""
        return self.commands.get(unit) if unit is not None else None

    def stand_ins(self, role: str, unit: int | None) -> tuple[int, ...]:
        """Who is told when nobody holds the post of *role* at *unit*: the next above who is there, up to the top.

        For a chief the secretary and the leader of the command, for a secretary the leader, then the command above.
        """
        here = self.command(unit)
        if role in OWN_UNIT_ROLES:
            chiefs = self.holders(Role.UNIT_CHIEF, unit) if role != Role.UNIT_CHIEF else ()
            found = chiefs or (*self.holders(Role.SECRETARY, here), *self.holders(Role.LEADER, here))
        elif role in (Role.SECRETARY, Role.PROVINCIAL_SECRETARY):
            found = self.holders(Role.LEADER, here)
        else:
            found = ()
        return tuple(dict.fromkeys(found)) or self.above(unit)

    def above(self, unit: int | None) -> tuple[int, ...]:
        """Who is told at the command above that of *unit*, or at the next one where somebody is."""
        here = self.command(unit)
        while here is not None:
            here = self.command(self.parents.get(here))
            for role in ABOVE:
                if found := self.holders(role, here):
                    return found
        return ()
