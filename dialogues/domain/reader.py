"""How much of an item a reader is told: the unit's work, the asker's name, or only what is before everybody."""

from __future__ import annotations

from dataclasses import dataclass

from cchc.organization import access
from cchc.organization.models import Person
from dialogues import permissions
from dialogues.models import Item


@dataclass(frozen=True)
class Reader:
    """*inside*: sees drafts, notes and the full history. *asker*: it is his own."""

    person: Person
    inside: bool
    asker: bool

    @property
    def knows_asker(self) -> bool:
        """Whether a named asker's name may be shown (security.md §4); of an anonymous one there is none."""
        return self.inside or self.asker


def reader_of(item: Item, person: Person) -> Reader:
    """The standing of *person* on an item that he may see."""
    return Reader(person, is_inside(item, person), item.author_id == person.pk)


def is_inside(item: Item, person: Person) -> bool:
    """Whether *person* works on *item*, or directs or inspects those who do."""
    if access.can(person, permissions.READ_ITEMS, item.host):
        return True
    if item.escalated_at and access.can(person, permissions.READ_ESCALATED, item.host):
        return True
    routed = {post.unit_id for post, _reach in access.granted(person, permissions.READ_ROUTED)}
    if not routed:
        return False
    return item.lead_unit_id in routed or item.coordinating.filter(pk__in=routed).exists()
