"""The bell: what a person was told, as sentences with a way to the thing itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from cchc.organization.models import Person
from cchc.workflow.flow import FLOWS
from cchc.workflow.history import who
from cchc.workflow.models import Event, Notice

MOST = 100  # the bell says "99+" above


@dataclass(frozen=True)
class Link:
    """A subject as a notice names it."""

    title: str
    url: str


@dataclass(frozen=True)
class Told:
    """One line of the bell. *link* is None when the person may no longer see the thing."""

    notice: Notice
    actor: str
    verb: str
    link: Link | None

    @property
    def note(self) -> str:
        return self.notice.event.note if self.link else ""


def unread(person: Person) -> int:
    """How many notices wait to be read, counted up to a hundred."""
    return Notice.objects.visible_to(person).unread().order_by()[:MOST].count()


def notices_of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.visible_to(person).select_related("event__actor", "obligation").newest_first()


def sentences(notices: Iterable[Notice], person: Person) -> list[Told]:
    """The lines of *notices* in their order; their subjects are looked up kind by kind."""
    listed = list(notices)
    wanted: dict[str, set[str]] = defaultdict(set)
    for notice in listed:
        wanted[notice.event.subject_type].add(notice.event.subject_id)
    links = {kind: links_of(kind, person, ids) for kind, ids in wanted.items()}
    return [_told(notice, links[notice.event.subject_type]) for notice in listed]


def links_of(kind: str, person: Person, ids: Iterable[str]) -> Mapping[str, Link]:
    """The subjects of one kind that *person* may see, by id (settings.SUBJECT_LINKS)."""
    source = settings.SUBJECT_LINKS.get(kind)
    if source is None:
        return {}
    look_up: Callable[[Person, Iterable[str]], Mapping[str, Link]] = import_string(source)
    return look_up(person, ids)


def _told(notice: Notice, links: Mapping[str, Link]) -> Told:
    event: Event = notice.event
    flow = FLOWS.get(event.subject_type)
    verb = str(flow.done(event.action)) if flow else event.action
    return Told(notice, who(event), verb, links.get(event.subject_id))


def read(notice: Notice, at: datetime) -> None:
    """Mark it read; the first time counts."""
    Notice.objects.filter(pk=notice.pk).unread().update(read_at=at)


def read_all(person: Person, at: datetime) -> int:
    return Notice.objects.visible_to(person).unread().update(read_at=at)
