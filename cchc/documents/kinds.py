"""The kinds of papers, each declared by the domain whose matter it is (settings.PAPERS)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from cchc.organization.access import Visitor
from cchc.organization.models import Person, Unit
from cchc.workflow.flow import Move, Sentence

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True)
class Beginning:
    """A paper as it is begun: what it says, its abstract, to whom it goes."""

    content: Any
    title: str
    recipients: list[str]


@dataclass(frozen=True)
class Matter:
    """What papers are about, as its reader may know it."""

    host: Unit
    title: str
    url: str
    subject: Any


@dataclass(frozen=True)
class Subjects:
    """One type of subject: *find* gives the one that a person may see; *visible* filters the papers by theirs."""

    type: str  # "dialogues.conference"
    find: Callable[[Person, UUID], Matter | None]


def _no_objection(subject: Any) -> Sentence:
    return ""


def _no_page(subject: Any, day: date) -> str:
    return ""


def _nothing_follows(document: Any, move: Move) -> None:
    return None


@dataclass(frozen=True)
class PaperKind:
    """*symbol*: "TB" of a number "03/TB-CATX"; "CV" for letters, which have none; "" for what is not numbered.

    *begin* makes the first draft from the subject. *objection*: why it cannot be made now, or "". *visible*: which
    issued ones a person may read, as a filter of documents. *signed_by_two*: whom its content names. *dated*: has a
    line of place and day. *follows*: what its subject keeps of one that is issued, number and day given; in the same
    transaction, before anything is recorded, so that it may lock the subject. *page*: of a subject and a day, the
    address where it is begun when more has to be chosen first; "" when not.
    """

    key: str
    label: Sentence
    symbol: str
    content: type
    template: str
    subjects: Subjects
    begin: Callable[[Any, Person, datetime], Beginning]
    visible: Callable[[Visitor], Q]
    objection: Callable[[Any], Sentence] = _no_objection
    signed_by_two: bool = False
    dated: bool = True
    follows: Callable[[Any, Move], None] = _nothing_follows
    page: Callable[[Any, date], str] = _no_page

    @property
    def numbered(self) -> bool:
        return bool(self.symbol)


def kinds() -> dict[str, PaperKind]:
    """Every kind by its key."""
    listed: Iterable[Iterable[PaperKind]] = (import_string(name) for name in settings.PAPERS)
    return {kind.key: kind for group in listed for kind in group}


def kinds_of(subject_type: str) -> list[PaperKind]:
    """The kinds of papers about subjects of this type, in the order of their declaration."""
    return [kind for kind in kinds().values() if kind.subjects.type == subject_type]


def readable(person: Visitor) -> Q:
    """The issued papers that *person* may read by the rules of their subjects."""
    rules: dict[Callable[[Visitor], Q], list[str]] = {}
    for kind in kinds().values():
        rules.setdefault(kind.visible, []).append(kind.key)
    found = Q(pk__in=())
    for rule, keys in rules.items():
        found |= Q(kind__in=keys) & rule(person)
    return found
