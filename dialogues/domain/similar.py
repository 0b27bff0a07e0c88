"""Earlier items like the one being typed, best first: asked before, with the answer at hand."""

from __future__ import annotations

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet
from rapidfuzz import fuzz

from cchc.web.search import any_of
from cchc.web.text import fold
from dialogues.models import Item

CANDIDATES = 50
ALIKE = 45.0  # of 100; below it a hit is chance
MIN_LETTERS = 15


def similar_to(text: str, among: QuerySet[Item], *, limit: int = 3) -> list[Item]:
    """At most *limit* items of *among* that say much the same as *text*; none for fewer than 15 letters."""
    wanted = any_of(text)
    if wanted is None or len(text.strip()) < MIN_LETTERS:
        return []
    near = among.filter(search=wanted).annotate(rank=SearchRank(F("search"), wanted)).order_by("-rank")[:CANDIDATES]
    folded = fold(text)
    scored = [(fuzz.token_set_ratio(folded, fold(f"{item.title} {item.text}")), item) for item in near]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [item for _score, item in best[:limit]]
