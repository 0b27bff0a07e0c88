"""Who may do what where: the only module that answers such a question."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from .enums import Role
from .models import Person, Position, Unit
from .permissions import Permission, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def within(person: Visitor, permission: Permission, field: str) -> Q:
    """The rows whose unit in *field* lies within the reach of *permission*, as a filter."""
    filters: list[Q] = []
    for post, reach in granted(person, permission):
        command = post.unit.command or post.unit
        match reach:
            case Reach.UNIT:
                filters.append(Q(**{field: post.unit_id}))
            case Reach.HOST:
                filters.append(Q(**{field: command.pk}))
            case Reach.BELOW:
                filters.append(Q(**{f"{field}__in": Unit.objects.below(command).values("pk")}))
            case Reach.ABOVE:
                filters.append(Q(**{f"{field}__in": [int(pk) for pk in post.unit.path.split(".") if pk]}))
    return reduce(or_, filters, NOTHING) if filters else NOTHING


def units(person: Visitor, permission: Permission) -> QuerySet[Unit]:
    """The units over which *person* holds *permission*."""
    return Unit.objects.filter(within(person, permission, "pk"))


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


def role_holders(role: str, unit: Unit | None, day: date | None = None) -> list[Person]:
    """Whoever holds the post of *role* at *unit* on *day*; deputies with authority stand in for the leader."""
    if unit is None:
        return []
    roles = [Role.LEADER, Role.DEPUTY_LEADER] if role == Role.LEADER else [role]
    held = (
        Position.objects.valid_on(day or timezone.localdate())
        .filter(Q(unit=unit) | Q(unit__command=unit), role__in=roles, person__is_active=True)
        .select_related("person")
        .order_by("person__sort_key")
    )
    return list({post.person_id: post.person for post in held if post.acts_as_head}.values())
