"""Keyset paging: a page starts after the last row of the one before, so page 1,000 costs as much as page 1."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page; `next` and `previous` are cursors for `after=` and `before=`, "" where there is nothing
    more.
    """

    rows: list[M]
    next: str = ""
    previous: str = ""

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: QuerySet[M], order: Sequence[str], **options: Any) -> Page[M]:
    """`paginate` with the cursors of the request's address."""
    return paginate(rows, order, after=request.GET.get("after", ""), before=request.GET.get("before", ""), **options)


def paginate(
    rows: QuerySet[M],
    order: Sequence[str],
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
    nullable: bool = False,
) -> Page[M]:
    """One page of `rows` in `order`.

    `order`: field names as for order_by ("-" = descending), the last one unique. `nullable`: the first field may be
    empty; such rows come last. A cursor that is damaged, or of another order, gives the first page.
    """
    keys = _Keys(tuple(order), nullable)
    if (start := keys.read(before)) is not None:
        found = keys.backward(rows, start, size + 1)
        if len(found) >= size:
            page = found[:size][::-1]
            return Page(page, keys.write(page[-1]), keys.write(page[0]) if len(found) > size else "")
    start = keys.read(after) if not before else None
    found = keys.forward(rows, start, size + 1)
    page = found[:size]
    return Page(
        page,
        keys.write(page[-1]) if len(found) > size else "",
        keys.write(page[0]) if page and start is not None else "",
    )


class _Keys:
    """The order of a list, as conditions and cursors."""

    def __init__(self, order: tuple[str, ...], nullable: bool) -> None:
        self.fields = [(name.lstrip("-"), name.startswith("-")) for name in order]
        self.nullable = nullable
        self.signer = signing.Signer(salt="paging:" + ",".join(order))

    def write(self, row: Model) -> str:
        return self.signer.sign_object([_pack(_value(row, name)) for name, _ in self.fields])

    def read(self, cursor: str) -> list[Any] | None:
        try:
            values = [_unpack(value) for value in self.signer.unsign_object(cursor)] if cursor else None
        # A signed cursor was made by us, but maybe by an older release.
        except (signing.BadSignature, ValueError, TypeError, KeyError):
            return None
        return values if values is not None and len(values) == len(self.fields) else None

    def forward(self, rows: QuerySet[M], start: list[Any] | None, limit: int) -> list[M]:
        if start is None:
            return list(rows.order_by(*self._ordering(reverse=False))[:limit])
        return self._walk(rows, start, limit, reverse=False)

    def backward(self, rows: QuerySet[M], start: list[Any], limit: int) -> list[M]:
        return self._walk(rows, start, limit, reverse=True)

    def _walk(self, rows: QuerySet[M], start: list[Any], limit: int, *, reverse: bool) -> list[M]:
        # With empty values the list has two parts, each read through the index by itself: filled, then empty.
        first, _ = self.fields[0]
        if not self.nullable:
            return self._read(rows, self._beyond(start, reverse), limit, reverse)
        empty = Q(**{f"{first}__isnull": True})
        if start[0] is None:
            here = empty & self._beyond(start, reverse, skip=1)
            found = self._read(rows, here, limit, reverse)
            other = ~empty if reverse else None
        else:
            found = self._read(rows, ~empty & self._beyond(start, reverse), limit, reverse)
            other = None if reverse else empty
        if other is not None and len(found) < limit:
            found += self._read(rows, other, limit - len(found), reverse)
        return found

    def _read(self, rows: QuerySet[M], condition: Q, limit: int, reverse: bool) -> list[M]:
        return list(rows.filter(condition).order_by(*self._ordering(reverse))[:limit])

    def _ordering(self, reverse: bool) -> list[Any]:
        ordering: list[Any] = []
        for index, (name, descending) in enumerate(self.fields):
            # PostgreSQL puts empty values last when ascending; descending has to be told, and its reverse too.
            told = (
                {"nulls_first" if reverse else "nulls_last": True} if self.nullable and descending and not index else {}
            )
            ordering.append(F(name).desc(**told) if descending is not reverse else F(name).asc(**told))
        return ordering

    def _beyond(self, start: list[Any], reverse: bool, skip: int = 0) -> Q:
        """(a, b, c) beyond (A, B, C): a >= A, and a > A or (a = A and (b > B or …)); the first part bounds the
        index.
        """
        condition = Q()
        for (name, descending), value in reversed(list(zip(self.fields, start, strict=True))[skip:]):
            more = "lt" if descending is not reverse else "gt"
            strictly = Q(**{f"{name}__{more}": value})
            condition = Q(**{f"{name}__{more}e": value}) & (strictly | condition) if condition else strictly
        return condition


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = None if row is None else getattr(row, part)
    return row


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, bytes):
        return {"b": base64.b64encode(value).decode()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return {"s": str(value)}


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, text = next(iter(value.items()))
    readers: dict[str, Any] = {
        "t": datetime.fromisoformat,
        "d": date.fromisoformat,
        "n": Decimal,
        "b": base64.b64decode,
        "s": str,
    }
    return readers[kind](text)
