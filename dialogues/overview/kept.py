"""What is kept (dialogues.overview.summary) of the numbers that somebody asks for, and what has to be counted.

What is kept of the units below is taken from the totals of the unit that is looked at. Of a conference that was touched
since, its part is taken out of them again, and its items are counted as they stand: kept and live numbers together are
what a count of everything gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import JSONObject, Left, Length

from cchc.followup.domain.overview import Scope, stands_below
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.web.cube import Tally, add
from dialogues import permissions
from dialogues.models import Conference, Item, Total
from dialogues.overview.summary import CLASSES, NULL, PUBLIC, REFERRED, SEES, Counts, bounds, stale

YEAR_PAIR = "year_pair"  # the property that is asked for over all times
YEAR = len("2020")


@dataclass(frozen=True)
class Split:
    """*kept*: tallies of the period; *ever*: contents and years of all times; the *rest*, and the rest of all times.

    None for a rest without anything in it.
    """

    kept: dict[str, Tally]
    ever: frozenset[str]
    rest: Q | None
    rest_ever: Q | None


def split(scope: Scope) -> Split | None:
    """What is kept of *scope* for its person, and what has to be counted; None where nothing kept can be used."""
    if "kept" not in scope.known:
        eyes = _Eyes.of(scope.person)
        scope.known["kept"] = _Reading(scope, eyes).split() if eyes and scope.unit.is_command else None
    found: Split | None = scope.known["kept"]
    return found


@dataclass(frozen=True)
class _Eyes:
    """What a person sees of a conference's items, by its host (dialogues.models.item.grounds)."""

    inside: frozenset[int]
    public: frozenset[int]
    public_below: tuple[Unit, ...]
    referred_below: tuple[Unit, ...]

    @classmethod
    def of(cls, person: Person) -> _Eyes | None:
        """None for who looks at matters of certain days alone, or sees what was referred but not what is public."""
        published = access.places(person, permissions.READ_PUBLISHED)
        referred = access.places(person, permissions.READ_ESCALATED)
        if published.limited or referred.limited or set(referred.branches) - set(published.branches):
            return None
        inside = access.places(person, permissions.READ_ITEMS).ids
        return cls(frozenset(inside), frozenset(published.ids), published.branches, referred.branches)

    def see(self, host: int, path: str) -> frozenset[str]:
        if host in self.inside:
            return frozenset(CLASSES)
        seen = set()
        if host in self.public or any(path.startswith(top.path) for top in self.public_below):
            seen.add(PUBLIC)
        if any(path.startswith(top.path) for top in self.referred_below):
            seen.add(REFERRED)
        return frozenset(seen)

    def below(self, unit: Unit) -> frozenset[str] | None:
        """What is seen of every host below *unit*, but for those named; None if it differs from branch to branch."""
        if any(stands_below(top.path, unit) for top in (*self.public_below, *self.referred_below)):
            return None
        return self.see(0, unit.path)


@dataclass
class _Reading:
    """Of one scope. *alike*: what is seen of everything below its unit, and taken from the totals."""

    scope: Scope
    eyes: _Eyes
    kept: dict[str, Any] = field(default_factory=dict)
    ever: dict[str, Any] = field(default_factory=dict)
    live: list[UUID] = field(default_factory=list)
    live_ever: list[UUID] = field(default_factory=list)
    # Who sees them and the years and months that were taken whole from totals.
    taken: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.since, self.until = self.scope.bounds
        alike = self.eyes.below(self.scope.unit) if self.scope.whole else None
        self.alike = alike or frozenset()
        # Of whose conferences more is seen, or which are in no total: read one by one.
        named = (self.eyes.inside | self.eyes.public) & self.scope.below.keys()
        self.hosts = {*self.scope.below} if alike is None else {self.scope.unit.pk, *named}

    def split(self) -> Split:
        own: list[UUID] = []
        below = Q()
        conferences = []
        for pk, *row, mark in self._rows():
            if pk is None:
                below |= self._total(*row[1:], inside=mark)
            elif mark is None:
                own += self._own(pk, *row[:3])
            else:
                conferences.append((pk, *row, mark))
        for each in conferences:
            self._conference(*each)
        kept = {
            name: {None if value == NULL else value: number for value, number in tally.items()}
            for name, tally in self.kept.items()
            if tally
        }
        # What the unit itself hosts is in none of its totals.
        months = below & ~Q(host=self.scope.unit) if below else Q()
        rest, rest_ever = (
            (Q(conference__in=live) if live else Q()) | (Q(pk__in=own) if own else Q())
            for live in (self.live, self.live_ever)
        )
        return Split(kept, frozenset(self.ever.get(YEAR_PAIR, ())), rest | months or None, rest_ever or None)

    def _rows(self) -> Iterable[tuple[Any, ...]]:
        """Conferences (stale or not), totals without a key (inside or not), own items; all as of one moment."""
        unit, wanted = self.scope.unit, Q(host__in=self.hosts)
        is_stale = Q(pk__in=stale().values("pk"))
        if self.alike:
            # One that was counted here may have gone elsewhere with its host.
            wanted |= is_stale & (Q(host__in=self.scope.units) | Q(summary__path__contains=f"{unit.pk}."))
        conferences = Conference.objects.filter(wanted).order_by()
        found = conferences.annotate(is_stale=Case(When(is_stale, then=True), default=False)).values_list(
            "pk", "host", "host__path", "summary__path", "summary__first_at", "summary__last_at", "summary__tallies",
            "is_stale",
        )  # fmt: skip
        others = (self._totals(), self._own_items()) if self.alike else (self._own_items(),)
        return found.union(*others, all=True)

    def _totals(self) -> QuerySet[Total, tuple[Any, ...]]:
        """Of the years; of the months of those that lie only partly in the period; of all years contents for *ever*."""
        totals = Total.objects.filter(unit=self.scope.unit, sees__in=self.alike).order_by()
        inside = Q(first_at__gte=self.since, last_at__lte=self.until)
        year = totals.filter(inside, sees=OuterRef("sees"), period=Left(OuterRef("period"), YEAR))
        touching = Q(first_at__lte=self.until, last_at__gte=self.since)
        contents = JSONObject(**{YEAR_PAIR: F(f"tallies__{YEAR_PAIR}")})
        rows = totals.annotate(
            none=Value(None, UUIDField()), length=Length("period"), inside=Case(When(inside, then=True), default=False),
            part=Case(When(inside, then=F("tallies")), When(length=YEAR, then=contents), output_field=JSONField()),
        )  # fmt: skip
        rows = rows.filter(Q(length=YEAR) | touching & ~Exists(year))
        return rows.values_list("none", "unit", "sees", "period", "first_at", "last_at", "part", "inside")

    def _total(
        self, sees: str, period: str, _first: datetime, _last: datetime, part: dict[str, Any] | None, *, inside: bool
    ) -> Q:  # fmt: skip
        """Keeps what lies inside of the period; returns what of it is to be counted."""
        if len(period) == YEAR:
            add(self.ever, {YEAR_PAIR: (part or {}).get(YEAR_PAIR) or {}})
        if inside:
            add(self.kept, part or {})
            self.taken.add((sees, period))
        elif len(period) > YEAR:
            return CLASSES[sees] & Q(submitted_at__range=bounds(period))
        return Q()

    def _conference(
        self, pk: UUID, host: int, path: str, path_then: str | None, first: datetime | None, last: datetime | None,
        tallies: Counts | None, is_stale: bool,
    ) -> None:  # fmt: skip
        """Its totals hold what all see alike, as it was when it was counted."""
        held = self.alike if path_then and stands_below(path_then, self.scope.unit) else frozenset()
        empty = first is None or last is None or last < self.since or first > self.until
        inside = first is not None and last is not None and first >= self.since and last <= self.until
        counted = is_stale or not (empty or inside)
        self.live_ever += [pk] * is_stale
        self.live += [pk] * counted
        for sees, months in (tallies or {}).items():
            more = not is_stale and sees in self.eyes.see(host, path) - held
            for month, part in months.items():
                if is_stale and sees in held:
                    add(self.ever, {YEAR_PAIR: part.get(YEAR_PAIR, {})}, -1)
                elif more:
                    add(self.ever, {YEAR_PAIR: part.get(YEAR_PAIR, {})})
                if more and inside:
                    add(self.kept, part)
                elif sees in held and counted and self.taken & {(sees, month), (sees, month[:YEAR])}:
                    add(self.kept, part, -1)

    def _own_items(self) -> QuerySet[Item, tuple[Any, ...]]:
        """What the person sees beyond that: items of his own, or that his post is to work on."""
        person = self.scope.person
        mine = Q(author=person)
        if routed := [post.unit_id for post, _reach in access.granted(person, permissions.READ_ROUTED)]:
            through = Item.coordinating.through.objects.filter(unit__in=routed)
            mine |= Q(lead_unit__in=routed) | Q(pk__in=through.values("item"))
        moment, part, stale = DateTimeField(), JSONField(), BooleanField()
        rows = Item.objects.received().filter(mine).annotate(
            sees=SEES, first=Value(None, moment), last=Value(None, moment), part=Value(None, part),
            is_stale=Value(None, stale),
        )  # fmt: skip
        return rows.values_list("pk", "host", "host__path", "sees", "first", "last", "part", "is_stale")

    def _own(self, pk: UUID, host: int, path: str, sees: str) -> list[UUID]:
        return [] if sees in self.eyes.see(host, path) else [pk]
