"""Whom a move reaches: counted before it is made, for the sentence that asks whether to make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from dialogues.models import Item, Support


@dataclass(frozen=True)
class Told:
    """*by_account* get a notice; *by_code* look it up with their tracking code; *supporters* have the same concern."""

    by_account: int
    by_code: int
    supporters: int

    @property
    def askers(self) -> int:
        return self.by_account + self.by_code


def told(items: Iterable[Item]) -> Told:
    """Everybody who asked one of *items* or what is merged into them, and everybody with the same concern."""
    keys = [item.pk for item in items]
    family = Item.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by()
    found = family.aggregate(
        accounts=Count("author", distinct=True), codes=Count("pk", filter=Q(tracking_digest__isnull=False))
    )
    supports = Support.objects.filter(item__in=family.values("pk")).aggregate(n=Count("person", distinct=True))
    return Told(found["accounts"], found["codes"], supports["n"])
