"""Who may do what where: the only module that answers such a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from .enums import Role, UnitKind
from .models import Person, Position, Unit
from .permissions import MANAGE_PEOPLE, MANAGE_UNITS, Permission, Reach
from .roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

Visitor = Person | AnonymousUser | None
NOTHING = Q(pk__in=())


def posts(person: Visitor, day: date | None = None) -> list[Position]:
    """The posts *person* holds on *day* (today unless given), units loaded; read once per request."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    held: list[Position] | None = getattr(person, "_posts", None)
    if held is None:
        held = list(person.positions.select_related("unit__command").order_by("valid_from", "id"))
        person._posts = held  # type: ignore[attr-defined]
    when = day or timezone.localdate()
    return [post for post in held if post.is_valid_on(when) and post.unit.is_valid_on(when)]


def load_posts(people: Iterable[Person]) -> None:
    """Read at once what `posts` would read for each of *people* when first asked."""
    listed = list(people)
    held: dict[int, list[Position]] = {person.pk: [] for person in listed}
    rows = Position.objects.filter(person__in=held).select_related("unit__command").order_by("valid_from", "id")
    for post in rows:
        held[post.person_id].append(post)
    for person in listed:
        person._posts = held[person.pk]  # type: ignore[attr-defined]


def granted(person: Visitor, permission: Permission, day: date | None = None) -> list[tuple[Position, Reach]]:
    """The posts by which *person* holds *permission*, with how far each reaches."""
    return [
        (post, permission.grants[Role(post.role)])
        for post in posts(person, day)
        if post.role in permission.grants and (permission.reading or post.acts_as_head)
    ]


def _covers(post: Position, reach: Reach, unit: Unit) -> bool:
    command = post.unit.command or post.unit
    return {
        Reach.UNIT: unit.pk == post.unit_id,
        Reach.HOST: unit.pk == command.pk,
        Reach.BELOW: unit.is_within(command),
        Reach.ABOVE: post.unit.is_within(unit),
    }[reach]


def can(person: Visitor, permission: Permission, unit: Unit | None, day: date | None = None) -> bool:
    """Whether *person* holds *permission* over *unit*."""
    return unit is not None and any(_covers(post, reach, unit) for post, reach in granted(person, permission, day))


def holds(person: Visitor, permission: Permission) -> bool:
    """Whether *person* holds *permission* anywhere (for menus)."""
    return bool(granted(person, permission))


def post_for(person: Visitor, permission: Permission, unit: Unit | None, day: date | None = None) -> Position | None:
    """The post by which *person* acts here: what the history writes beside the name."""
    if unit is None:
        return None
    return next((post for post, reach in granted(person, permission, day) if _covers(post, reach, unit)), None)


def posts_for(person: Visitor, permission: Permission, unit: Unit, day: date | None = None) -> list[Position]:
    """Every post by which *person* may do it here."""
    return [post for post, reach in granted(person, permission, day) if _covers(post, reach, unit)]


@dataclass(frozen=True)
class Places:
    """Where a right reaches: single units by id, and whole branches of the tree.

    *limited*: posts that reach their command's branch, but show of it only matters of certain days.
    """

    ids: tuple[int, ...]
    branches: tuple[Unit, ...]
    limited: tuple[Position, ...] = ()


def places(person: Visitor, permission: Permission) -> Places:
    """Where *person* holds *permission*."""
    ids: set[int] = set()
    branches: dict[int, Unit] = {}
    limited: list[Position] = []
    for post, reach in granted(person, permission):
        command = post.unit.command or post.unit
        match reach:
            case Reach.UNIT:
                ids.add(post.unit_id)
            case Reach.HOST:
                ids.add(command.pk)
            case Reach.BELOW if post.is_limited:
                limited.append(post)
            case Reach.BELOW:
                branches[command.pk] = command
            case Reach.ABOVE:
                ids.update(int(pk) for pk in post.unit.path.split(".") if pk)
    return Places(tuple(sorted(ids)), tuple(branches.values()), tuple(limited))


def within(person: Visitor, permission: Permission, field: str, narrow: Callable[[Position], Q] | None = None) -> Q:
    """The rows whose unit in *field* lies within the reach of *permission*, as a filter.

    *narrow* says which of them a post shows that is limited to matters of certain days; without it, it shows all.
    """
    reached = places(person, permission)
    filters = [_below(field, unit) for unit in reached.branches]
    for post in reached.limited:
        rows = _below(field, post.unit.command or post.unit)
        filters.append(rows & narrow(post) if narrow else rows)
    if reached.ids:
        filters.append(Q(**{f"{field}__in": reached.ids}))
    return reduce(or_, filters) if filters else NOTHING


def _below(field: str, unit: Unit) -> Q:
    return Q(**{f"{field}__in": Unit.objects.below(unit).values("pk")})


def units(person: Visitor, permission: Permission) -> QuerySet[Unit]:
    """The units over which *person* holds *permission*."""
    return Unit.objects.filter(within(person, permission, "pk"))


def managed_units(person: Visitor) -> QuerySet[Unit]:
    """The units an administrator looks after: those below him, and the bodies outside the force (nobody's own)."""
    if not holds(person, MANAGE_UNITS):
        return Unit.objects.none()
    outside = Unit.objects.filter(kind=UnitKind.EXTERNAL_BODY, parent=None).values("pk")
    return Unit.objects.filter(within(person, MANAGE_UNITS, "pk") | Q(pk__in=outside) | Q(parent__in=outside))


def managed_people(person: Visitor) -> QuerySet[Person]:
    """The people an administrator looks after: whoever holds or held a post below him, and who holds none anywhere."""
    if not holds(person, MANAGE_PEOPLE):
        return Person.objects.none()
    theirs = Position.objects.filter(within(person, MANAGE_PEOPLE, "unit"), person=OuterRef("pk"))
    nobodys = ~Exists(Position.objects.filter(person=OuterRef("pk")))
    return Person.objects.filter(Exists(theirs) | nobodys)


def people(permission: Permission, unit: Unit | None, day: date | None = None) -> list[Person]:
    """Everybody who holds *permission* over *unit* on *day* (today unless given)."""
    if unit is None:
        return []
    when = day or timezone.localdate()
    candidates: Iterable[Position] = (
        Position.objects.valid_on(when)
        .filter(role__in=permission.grants, person__is_active=True)
        .filter(Q(unit__path__startswith=unit.path) | Q(unit__command__in=unit.path.strip(".").split(".")))
        .select_related("person", "unit__command")
        .order_by("person__sort_key")
    )
    found = {
        post.person_id: post.person
        for post in candidates
        if post.unit.is_valid_on(when)
        and (permission.reading or post.acts_as_head)
        and _covers(post, permission.grants[Role(post.role)], unit)
    }
    return list(found.values())


def holders(permission: Permission, day: date) -> list[Person]:
    """Everybody who holds *permission* anywhere on *day*."""
    held = Position.objects.valid_on(day).filter(role__in=permission.grants, person__is_active=True)
    found = {
        post.person_id: post.person
        for post in held.select_related("person", "unit").order_by("person__sort_key", "id")
        if post.unit.is_valid_on(day) and (permission.reading or post.acts_as_head)
    }
    return list(found.values())


def role_holders(role: str, unit: Unit | None, day: date | None = None) -> list[Person]:
    """Whoever holds the post of *role* at *unit* on *day*, or one that stands for it (cchc.organization.roster).

    The absent are left out when somebody else is there.
    """
    return holders_at(role, [unit.pk], day) if unit is not None else []


def holders_at(role: str, units: Collection[int], day: date | None = None) -> list[Person]:
    """What `role_holders` says of each of *units* (ids), together."""
    roster = Roster.load(day or timezone.localdate(), units, climbing=False)
    found = {pk for unit in units for pk in roster.owners(role, unit)}
    return list(Person.objects.filter(pk__in=found).order_by("sort_key", "id"))
