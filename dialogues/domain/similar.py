"""Earlier items like the one being typed, best first: asked before, with the answer at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet

from cchc.organization.models import Person
from cchc.web.search import any_of, scope
from cchc.web.text import words
from dialogues.enums import Audience
from dialogues.models import Conference, Item

T = TypeVar("T")
CANDIDATES = 50
# Only the newest matches are ranked: a province whose every item says "hồ sơ" must not be read through.
NEWEST = 2000
ALIKE = 0.14  # share of common word pairs; of the scenario's questions not one pair in a hundred reaches it
MIN_LETTERS = 15


def answered_like(text: str, conference: Conference, person: Person | None, *, limit: int = 3) -> list[Item]:
    """What the conference's host, or a unit above it, has answered before, as far as the reader may see it.

    Guests are offered what guests have asked: what officers ask of their own house is not for them.
    """
    if not _enough(text):
        return []
    if person is None:
        guests = (Audience.CITIZENS, Audience.BUSINESSES)
        among = Item.objects.public().filter(host=conference.host_id, audience__in=guests)
        return similar_to(text, among, hosts=[conference.host_id], limit=limit)
    hosts = [int(pk) for pk in conference.host.path.split(".") if pk]
    among = Item.objects.visible_to(person).public().filter(host__in=hosts)
    return similar_to(text, among, hosts=hosts, limit=limit)


def similar_to(text: str, among: QuerySet[Item], *, hosts: Sequence[int], limit: int = 3) -> list[Item]:
    """At most *limit* items of *among*, all of *hosts*, that say much the same; none for fewer than 15 letters."""
    wanted = _wanted(text, hosts) if _enough(text) else None
    if wanted is None:
        return []
    newest = among.filter(search=wanted).order_by("-submitted_at", "id").values("pk")[:NEWEST]
    ranked = Item.objects.filter(pk__in=newest).annotate(rank=SearchRank(F("search"), wanted)).order_by("-rank", "id")
    near = ranked.select_related("answer", "conference").defer("search")[:CANDIDATES]
    typed = _pairs(text)
    scored = [(_likeness(typed, _pairs(f"{item.title}\n{item.text}")), item) for item in near]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [item for _score, item in best[:limit]]


def alike_first(text: str, among: Iterable[T], words_of: Callable[[T], str]) -> list[T]:
    """All of *among*, those first whose words are most like *text*; the others keep their order."""
    typed = _pairs(text)
    return sorted(among, key=lambda each: -_likeness(typed, _pairs(words_of(each))))


def _enough(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= MIN_LETTERS


def _wanted(text: str, hosts: Sequence[int]) -> Any:
    queries = [found for pk in hosts if (found := any_of(text, scope("host", pk)))]
    return reduce(or_, queries) if queries else None


def _pairs(text: str) -> set[tuple[str, str]]:
    """Neighboring syllables: most Vietnamese words are two of them, so single ones are alike by chance."""
    syllables = words(text)
    return set(zip(syllables, syllables[1:], strict=False))


def _likeness(typed: set[tuple[str, str]], earlier: set[tuple[str, str]]) -> float:
    """0 to 1: how much of the shorter text stands in the other one; a single common pair is chance."""
    common = len(typed & earlier)
    return common / min(len(typed), len(earlier)) if common > 1 else 0.0
