"""Who may be behind a move besides a person with a right: the asker, the holder of a tracking code, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import Permission

if TYPE_CHECKING:
    from .models import Subject


@dataclass(frozen=True)
class Party:
    """A party to a move that is no account: named in the history by *name*."""

    name: str


CLOCK = Party("clock")
SYSTEM = Party("system")  # another flow of ours relays its result


@dataclass(frozen=True)
class CodeHolder(Party):
    """Somebody who showed the tracking code of exactly this subject."""

    name: str = "asker"
    subject_id: Any = None


@dataclass(frozen=True)
class Asker:
    """The right of whoever asked: the author by account, or the holder of the tracking code.

    *instead* is the right of those who may do it for an asker without a computer, on subjects entered for others.
    """

    name: str = "asker"
    instead: Permission | None = None


ASKER = Asker()
Actor = Person | Party
Who = Permission | Asker | Party


def may(by: Actor | None, who: Who, subject: Subject, day: date | None = None) -> bool:
    """Whether *by* has the standing that *who* names on *subject* on *day* (today unless given)."""
    if isinstance(who, Permission):
        return isinstance(by, Person) and access.can(by, who, subject.unit_for(who.on), day)
    if isinstance(who, Asker):
        if isinstance(by, CodeHolder):
            return bool(by.subject_id == subject.pk)
        own = isinstance(by, Person) and getattr(subject, "author_id", None) == by.pk
        entered = bool(getattr(subject, "entered_for_others", False))
        return own or (entered and who.instead is not None and may(by, who.instead, subject, day))
    return by == who


def capacity(by: Actor, who: Who, subject: Subject, day: date | None = None) -> str:
    """In which capacity *by* acts here on *day*, as the history writes it: a post's title, or the party's name."""
    if isinstance(by, Party):
        return by.name
    if isinstance(who, Asker) and who.instead and getattr(subject, "author_id", None) != by.pk:
        who = who.instead
    if isinstance(who, Permission):
        post = access.post_for(by, who, subject.unit_for(who.on), day)
        if post is not None:
            return f"{post.get_acting_kind_display().split(' ')[0]} {post.title}" if post.acting_kind else post.title
    return who.name if isinstance(who, Asker) else ""
