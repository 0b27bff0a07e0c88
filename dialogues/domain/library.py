"""The library: what was asked and answered before, and whether what the answer promised was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cchc.organization.models import Person
from cchc.web.branches import Branches
from dialogues.domain.item_list import ItemList, Pill, Sort, Wanted
from dialogues.enums import AnswerKind, ItemState
from dialogues.models import Field, Item, Practice, Topic
from dialogues.models.practice import SHOWN_TO_ALL, PracticeQuerySet


class Promise(TextChoices):
    KEPT = "kept", pgettext_lazy("promise", "Promise kept")
    LATE = "late", pgettext_lazy("promise", "Promise late")
    OPEN = "open", pgettext_lazy("promise", "Promise not yet due")


def promise_of(item: Item, today: date) -> Promise | None:
    """What became of the last answer's promise; None where nothing was promised.

    Kept is what was done by the promised day and confirmed by the leader; what is done or still waits after that day is
    late. A day moved with approval counts as moved; the first one stays on the item's page.
    """
    answer = item.answer
    if answer is None or answer.kind != AnswerKind.IN_PROGRESS or answer.promised_on is None:
        return None
    if (answer.done_on or today) > answer.promised_on:
        return Promise.LATE
    return Promise.KEPT if answer.done_on and item.state == ItemState.CLOSED else Promise.OPEN


@dataclass(frozen=True)
class Sought:
    text: str = ""
    topic: Topic | None = None
    field: Field | None = None
    year: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text.strip() or self.topic or self.field or self.year)


def found(person: Person, sought: Sought, today: date) -> Branches[Item]:
    """Published items that *person* may read; an item's year is that in which it was handed in."""
    wanted = Wanted(
        pill=Pill.PUBLISHED,
        text=sought.text,
        topic=sought.topic,
        field=sought.field,
        year=sought.year,
        sort=Sort.NEWEST,
    )
    return Branches(Item.objects.for_library(), ItemList(person, wanted, today).rows().arms)


def practices(person: Person, sought: Sought) -> PracticeQuerySet:
    """Published good practices of the same content and field; of a year those recognized in it."""
    rows = Practice.objects.visible_to(person).filter(state__in=SHOWN_TO_ALL)
    if sought.topic:
        rows = rows.filter(topic__code=sought.topic.code)
    if sought.field:
        rows = rows.filter(field=sought.field)
    if sought.year:
        rows = rows.filter(recognized_on__year=sought.year)
    return rows
