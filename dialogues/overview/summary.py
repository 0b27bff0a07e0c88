"""Tallies kept for conferences, so that a province's numbers need not be counted anew for everybody who looks.

A conference is counted by the worker after it was touched; until then its items are counted as they stand. Kept and
live numbers together are what a count of everything gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from cchc.followup.domain.overview import Scope
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.web.cube import Cube, Tally, tallies
from dialogues import permissions
from dialogues.models import Conference, Item, Summary, Touched
from dialogues.models.item import PUBLIC_STATES, ItemQuerySet

# Whose eyes: everybody's who may see the conference; those above it, once it was referred to them; its host's.
PUBLIC, REFERRED, INSIDE = "public", "referred", "inside"
_PUBLIC, _REFERRED = Q(state__in=PUBLIC_STATES), Q(escalated_at__isnull=False)
CLASSES = {PUBLIC: _PUBLIC, REFERRED: ~_PUBLIC & _REFERRED, INSIDE: ~_PUBLIC & ~_REFERRED}
LOCK = 0x5355_4D4D  # of the database's advisory locks, with the conference's own number
Kept = dict[str, Tally]
NULL = "~"  # JSON has no other name for it among its keys


# --- counting ---------------------------------------------------------------------------------------------------------
def stale() -> QuerySet[Conference]:
    """Those never counted, or touched since."""
    touched = Touched.objects.filter(conference=OuterRef("pk"))
    return Conference.objects.filter(Q(summary=None) | Exists(touched)).order_by("pk")


@transaction.atomic
def count(pk: UUID, described: Callable[[ItemQuerySet], ItemQuerySet], by: tuple[str, ...], at: datetime) -> bool:
    """Count a conference anew. What is touched while it is counted stays touched; two workers never count the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(pk)])
        if not cursor.fetchone()[0]:
            return False
    seen = list(Touched.objects.filter(conference=pk).values_list("pk", flat=True))
    received = Item.objects.filter(conference=pk).received()
    cubes = {name: Cube(described(received.filter(rows)), by) for name, rows in CLASSES.items()}
    found = {
        name: {
            column: {NULL if value is None else value: n for value, n in tally.items()}
            for column, tally in parts.items()
            if tally
        }
        for name, parts in tallies(cubes).items()
    }
    span = received.aggregate(first_at=Min("submitted_at"), last_at=Max("submitted_at"))
    Summary.objects.update_or_create(
        conference_id=pk, defaults={**span, "tallies": {k: v for k, v in found.items() if v}, "counted_at": at}
    )
    Touched.objects.filter(pk__in=seen).delete()
    return True


# --- reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Split:
    """*kept*: tallies of the period; *ever*: contents and years of all times; the *rest*, and the rest of all times."""

    kept: Kept
    ever: frozenset[str]
    rest: Q
    rest_ever: Q


def split(scope: Scope) -> Split | None:
    """What is kept of *scope* for its person, and what has to be counted; None where nothing kept can be used."""
    if "summary" not in scope.known:
        scope.known["summary"] = _split(scope)
    found: Split | None = scope.known["summary"]
    return found


def _split(scope: Scope) -> Split | None:
    eyes = _Eyes.of(scope.person)
    if eyes is None or not scope.unit.is_command:
        return None
    since = timezone.make_aware(datetime.combine(scope.since, time.min))
    until = timezone.make_aware(datetime.combine(scope.until, time.max))
    kept: Kept = {}
    ever: set[str] = set()
    whole: list[tuple[Any, frozenset[str]]] = []
    live, live_ever = [], []
    for pk, host, path, first, last, found, touched in _conferences(scope):
        if found is None or touched:
            live.append(pk)
            live_ever.append(pk)
            continue
        seen = eyes.see(host, path)
        whole.append((pk, seen))
        parts = [found[name] for name in seen if name in found]
        ever.update(*(part.get("year_pair", ()) for part in parts))
        if first is None or last < since or first > until:
            continue
        if first >= since and last <= until:
            _add(kept, parts)
        else:
            live.append(pk)
    own = _own(scope, whole)
    return Split(
        kept, frozenset(ever),
        Q(conference__in=live) | Q(pk__in=own), Q(conference__in=live_ever) | Q(pk__in=own),
    )  # fmt: skip


def _add(total: Kept, parts: Iterable[dict[str, dict[str, int]]]) -> None:
    for part in parts:
        for name, tally in part.items():
            into = total.setdefault(name, {})
            for value, number in tally.items():
                key = None if value == NULL else value
                into[key] = into.get(key, 0) + number


def _conferences(scope: Scope) -> Iterable[tuple[Any, ...]]:
    touched = Exists(Touched.objects.filter(conference=OuterRef("pk")))
    rows = Conference.objects.filter(host__in=list(scope.below)).order_by().annotate(is_touched=touched)
    return rows.values_list(
        "pk", "host", "host__path", "summary__first_at", "summary__last_at", "summary__tallies", F("is_touched")
    )


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


def _own(scope: Scope, whole: list[tuple[Any, frozenset[str]]]) -> list[UUID]:
    """What the person sees beyond that: items of his own, or that his post is to work on."""
    partly = {pk: seen for pk, seen in whole if len(seen) < len(CLASSES)}
    if not partly:
        return []
    person = scope.person
    mine = Q(author=person)
    if routed := [post.unit_id for post, _reach in access.granted(person, permissions.READ_ROUTED)]:
        through = Item.coordinating.through.objects.filter(unit__in=routed)
        mine |= Q(lead_unit__in=routed) | Q(pk__in=through.values("item"))
    rows = Item.objects.received().filter(mine).values_list("pk", "conference", "state", "escalated_at")
    return [
        pk for pk, conference, state, at in rows if conference in partly and _class(state, at) not in partly[conference]
    ]


def _class(state: str, escalated_at: datetime | None) -> str:
    return PUBLIC if state in PUBLIC_STATES else REFERRED if escalated_at else INSIDE
