"""Lists of items: what is asked for, which rows that is, and how many there are of each sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.web import counting
from cchc.web.branches import Branches
from cchc.web.search import matching, scope
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import seats
from dialogues import permissions
from dialogues.enums import Audience, Channel, ItemState, Outcome
from dialogues.models import Conference, Field, Item, Support, Topic
from dialogues.models.item import ANSWERED_STATES, OPEN_STATES, PUBLIC_STATES, ItemQuerySet, each_once, grounds

S = ItemState
# A reader of so many items gets his pills counted one by one, each only so far as a page tells.
COUNTED_AT_ONCE = 3000


class Pill(TextChoices):
    OPEN = "open", _("Still open")
    MINE = "mine", _("My turn")
    LATE = "late", _("Overdue")
    UP = "up", _("Referred upward")
    ANSWERED = "answered", pgettext_lazy("pill", "Answered")
    MERGED = "merged", pgettext_lazy("pill", "Merged")
    DECLINED = "declined", pgettext_lazy("pill", "Not accepted")
    ALL = "all", pgettext_lazy("pill", "All")
    # Of the reader himself; without a pill in everybody's lists.
    SENT = "sent", _("Sent by me")
    SUPPORTED = "supported", _("My concern too")
    PROMISED = "promised", _("Promises pending")
    # Of the library.
    PUBLISHED = "published", pgettext_lazy("pill", "Published")


PUBLIC_PILLS = (Pill.OPEN, Pill.MINE, Pill.LATE, Pill.UP, Pill.ANSWERED, Pill.MERGED, Pill.DECLINED, Pill.ALL)
# The states of which a pill shows some or all; the others show every state that was handed in.
STATES: dict[Pill, tuple[ItemState, ...]] = {
    Pill.OPEN: OPEN_STATES,
    Pill.MINE: OPEN_STATES,
    Pill.LATE: OPEN_STATES,
    Pill.UP: (S.ESCALATED, S.RULED),
    Pill.ANSWERED: ANSWERED_STATES,
    Pill.MERGED: (S.MERGED,),
    Pill.DECLINED: (S.DECLINED,),
    Pill.PROMISED: (S.PROMISED, S.REPORTED),
    Pill.PUBLISHED: PUBLIC_STATES,
}
# Lists in which everything is somebody's turn are sorted by due, late first.
BY_DUE = (Pill.OPEN, Pill.MINE, Pill.LATE, Pill.UP, Pill.PROMISED)


class Sort(TextChoices):
    DUE = "due", _("by due date")
    NEWEST = "newest", _("newest first")
    CODE = "code", _("by code")


ORDERS = {
    Sort.DUE: ("turn__due_on", "id"),
    Sort.NEWEST: ("-submitted_at", "id"),
    Sort.CODE: ("kind", "number", "id"),
}
TURNS = {
    "secretary": Q(turn__role=Role.SECRETARY),
    "leader": Q(turn__role=Role.LEADER),
    "above": Q(state=S.ESCALATED) & ~Q(turn__role__in=(Role.SECRETARY, Role.LEADER)),
    "asker": Q(turn__kind="confirm"),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is asked to show."""

    pill: Pill = Pill.OPEN
    text: str = ""
    topic: Topic | None = None
    field: Field | None = None
    turn: str = ""  # a key of TURNS, or nothing
    unit: Unit | None = None  # whose turn it is
    source: str = ""  # an audience or a channel
    outcome: str = ""
    conference: Conference | None = None
    year: int | None = None  # in which it was handed in
    sort: str = ""

    @property
    def order(self) -> Sort:
        chosen = Sort(self.sort) if self.sort else Sort.DUE if self.pill in BY_DUE else Sort.NEWEST
        return Sort.NEWEST if chosen == Sort.CODE and self.conference is None else chosen

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the pill restricts the list."""
        return any((self.text, self.topic, self.field, self.turn, self.unit, self.source, self.outcome))


class ItemList:
    """The items of *wanted* that *person* may see, on the day *today*."""

    def __init__(self, person: Person, wanted: Wanted, today: date) -> None:
        self.person, self.wanted, self.today = person, wanted, today

    @property
    def order(self) -> tuple[str, ...]:
        return ORDERS[self.wanted.order]

    @property
    def has_undated(self) -> bool:
        """Whether the first field of the order may be empty: drafts have no time, ended items no due date."""
        by_due = self.wanted.order == Sort.DUE and self.wanted.pill not in BY_DUE
        return by_due or (self.wanted.order == Sort.NEWEST and self.wanted.pill == Pill.SENT)

    def rows(self) -> Branches[Item]:
        # The newest of several hosts are the newest of each: only so does an index give them in order.
        return self._of(self.wanted.pill, host_by_host=self.wanted.order == Sort.NEWEST)

    def counts(self) -> dict[str, int]:
        """How many rows each pill would show, exactly or "more than a thousand" (cchc.web.counting).

        Whoever sees a province or the country is told of the pill before him alone: there most are "more than".
        """
        if self.wanted.conference is None and any(ground.wide for ground in grounds(self.person)):
            return self._counted([self.wanted.pill])
        mine, found = seats(self.person), Counter[str]()
        turn = ("turn__due_on", "turn__role", "turn__unit", "turn__person")
        for state, due, role, unit, person, n in self._of(Pill.ALL).tally(COUNTED_AT_ONCE, "state", *turn):
            is_mine = (role, unit) in mine or person == self.person.pk
            for pill in _pills_of(state, due is not None and due < self.today, is_mine):
                found[pill] += n
        if found[Pill.ALL] >= COUNTED_AT_ONCE:
            return self._counted(PUBLIC_PILLS)
        return {pill: found[pill] for pill in PUBLIC_PILLS}

    def _counted(self, pills: Iterable[Pill]) -> dict[str, int]:
        return counting.bounded({pill: self._of(pill).keys(counting.LIMIT + 1) for pill in pills})

    def export(self, most: int) -> Iterator[Item]:
        """The rows of the list in its order, at most so many."""
        rows = Branches(Item.objects.for_export(), self.rows().arms)
        return rows.order_by(*self.order).chunks(most)

    def _of(self, pill: Pill, *, host_by_host: bool = False) -> Branches[Item]:
        arms = self._arms(pill, host_by_host=host_by_host or bool(self.wanted.text))
        return Branches(self._shown(), [self._narrowed(arm, pill) for arm in arms])

    def _shown(self) -> ItemQuerySet:
        """What a row shows, and whether the reader has starred it (`starred`) if he can."""
        rows = Item.objects.for_list()
        if not access.holds(self.person, permissions.SUPPORT):
            return rows
        return rows.annotate(starred=Exists(Support.objects.filter(item=OuterRef("pk"), person=self.person)))

    def _arms(self, pill: Pill, *, host_by_host: bool) -> list[ItemQuerySet]:
        if pill == Pill.SENT:
            return [self._searched(Item.objects.filter(author=self.person))]
        states = STATES.get(pill, ())
        # These are few to begin with: the rule is asked as a whole.
        few: Q | None = None
        scopes: tuple[str, ...] = ()
        if self.wanted.conference:
            few, scopes = Q(conference=self.wanted.conference), (scope("conference", self.wanted.conference.pk),)
        elif pill == Pill.MINE:
            few = Q(turn__in=Obligation.objects.open().owed_by(self.person))
        elif pill == Pill.SUPPORTED:
            few = Q(supports__person=self.person)
        if few is not None:
            return [self._searched(_in_states(states).filter(few).visible_to(self.person), *scopes)]
        arms = []
        for ground in each_once(grounds(self.person)):
            shown = _common(ground.states, states)
            if shown is None:
                continue
            rows = _in_states(shown).filter(ground.rows)
            if host_by_host and ground.hosts:
                arms += [self._searched(rows.filter(host=pk), scope("host", pk)) for pk in ground.hosts]
            else:
                arms.append(self._searched(rows.filter(host__in=ground.hosts) if ground.hosts else rows))
        return arms

    def _searched(self, rows: ItemQuerySet, *scopes: str) -> ItemQuerySet:
        """Words, host and topic in one look into the index; without words the ordinary indexes serve better."""
        if not self.wanted.text:
            return rows
        if self.wanted.topic:
            scopes += (scope("topic", self.wanted.topic.pk),)
        return matching(rows, self.wanted.text, *scopes)

    def _narrowed(self, rows: ItemQuerySet, pill: Pill) -> ItemQuerySet:
        wanted = self.wanted
        rows = self._in_pill(rows, pill)
        if wanted.topic:
            rows = rows.filter(topic=wanted.topic)
        if wanted.field:
            rows = rows.filter(field=wanted.field)
        if wanted.year:
            rows = rows.filter(submitted_at__year=wanted.year)
        if wanted.turn:
            rows = rows.filter(TURNS[wanted.turn])
        if wanted.unit:
            rows = rows.filter(turn__unit=wanted.unit, turn__role=Role.UNIT_CHIEF)
        if wanted.source in Audience.values:
            rows = rows.filter(audience=wanted.source)
        elif wanted.source in Channel.values:
            rows = rows.filter(channel=wanted.source)
        if wanted.outcome in Outcome.values:
            rows = rows.with_outcome().filter(outcome=wanted.outcome)  # type: ignore[misc]
        return rows

    def _in_pill(self, rows: ItemQuerySet, pill: Pill) -> ItemQuerySet:
        """What a pill says beside the state. That a turn is open is said for the indexes that hold open ones alone."""
        match pill:
            case Pill.OPEN:
                return rows.filter(turn__due_on__isnull=False, turn__settled_at=None)
            case Pill.MINE:
                return rows.filter(self._is_mine())
            case Pill.LATE:
                return rows.filter(self._is_late(), turn__settled_at=None)
        return rows

    def _is_late(self) -> Q:
        return Q(turn__due_on__lt=self.today)

    def _is_mine(self) -> Q:
        by_post = (Q(turn__role=role, turn__unit=unit) for role, unit in seats(self.person))
        return reduce(or_, by_post, Q(turn__person=self.person))


def _in_states(states: tuple[ItemState, ...]) -> ItemQuerySet:
    """Items handed in, in one of *states* if there are any."""
    return Item.objects.filter(state__in=states) if states else Item.objects.received()


def _common(one: tuple[ItemState, ...], other: tuple[ItemState, ...]) -> tuple[ItemState, ...] | None:
    """States in both, where an empty tuple stands for all; None when there are none."""
    if not (one and other):
        return one or other
    return tuple(state for state in one if state in other) or None


def _pills_of(state: str, late: bool, mine: bool) -> Iterator[str]:
    """The pills under which an item stands: what the database is asked for each."""
    for pill in PUBLIC_PILLS:
        if state in STATES.get(pill, (state,)) and (late or pill != Pill.LATE) and (mine or pill != Pill.MINE):
            yield pill
