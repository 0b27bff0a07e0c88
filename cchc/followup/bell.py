"""The bell: what a person was told (cchc.followup.sentences says it), with a way to the thing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from cchc.organization.models import Person
from cchc.workflow.flow import Sentence
from cchc.workflow.models import Notice

MOST = 100  # the bell says "99+" above
# What cchc.followup.sentences reads of a notice.
SPOKEN = ("event__actor", "obligation__unit", "reminded_by")


@dataclass(frozen=True)
class Link:
    """A subject as a notice names it. *verbs*: of its own, before those of its flow."""

    title: str
    url: str
    verbs: Mapping[str, Sentence] = field(default_factory=dict)


def unread(person: Person) -> int:
    """How many notices wait to be read, counted up to a hundred."""
    return Notice.objects.visible_to(person).unread().order_by()[:MOST].count()


def notices_of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.visible_to(person).select_related(*SPOKEN).newest_first()


def links_of(kind: str, person: Person, ids: Iterable[str]) -> Mapping[str, Link]:
    """The subjects of one kind that *person* may see, by id (settings.SUBJECT_LINKS)."""
    source = settings.SUBJECT_LINKS.get(kind)
    if source is None:
        return {}
    look_up: Callable[[Person, Iterable[str]], Mapping[str, Link]] = import_string(source)
    return look_up(person, ids)


def read(notice: Notice, at: datetime) -> None:
    """Mark it read; the first time counts."""
    Notice.objects.filter(pk=notice.pk).unread().update(read_at=at)


def read_all(person: Person, at: datetime) -> int:
    return Notice.objects.visible_to(person).unread().update(read_at=at)
