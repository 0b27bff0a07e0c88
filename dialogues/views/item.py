"""Lists of items: the page, the part of a conference's page, and the download of what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cchc.followup.views.export import table
from cchc.organization import access
from cchc.web import counting
from cchc.web.paging import Page, page_of
from cchc.workdays.domain.calendar import Calendar, calendar
from dialogues import permissions
from dialogues.domain.item_list import PUBLIC_PILLS, ItemList, Pill, Sort, Wanted
from dialogues.enums import Outcome
from dialogues.forms.item_list import ItemListForm
from dialogues.models import Conference, Item
from dialogues.views.item_rows import ItemRow, item_rows, table_body

PART = "items"  # the element that filters and pages replace
SIZE = 25


@dataclass(frozen=True)
class Seg:
    label: str
    url: str
    count: str | None  # None where nobody counted
    active: bool
    late: bool = False


@dataclass(frozen=True)
class ItemTable:
    """A list of items with its filters, for templates/dialogues/_item_table.html."""

    form: ItemListForm
    wanted: Wanted
    segs: list[Seg]
    rows: list[ItemRow]
    page: Page[Item]
    counts: dict[str, int]
    query: dict[str, str]
    may_export: bool
    may_star: bool
    filters_open: bool  # a phone shows them only when they are asked for or in use

    @property
    def body(self) -> SafeString:
        return table_body(self.rows, star=self.may_star)

    @property
    def selects(self) -> SafeString:
        return self.form.selects()

    @property
    def total(self) -> str:
        return counting.shown(self.counts.get(self.wanted.pill, 0))

    @property
    def is_empty(self) -> bool:
        """Nothing was ever sent, whatever the state that is looked at."""
        return not self.counts.get(Pill.ALL, 0)

    @property
    def title(self) -> str:
        return str(self.wanted.pill.label)

    @property
    def sorted_by(self) -> str:
        return str(self.wanted.order.label)

    @property
    def by_due(self) -> bool:
        return self.wanted.order == Sort.DUE

    @property
    def other_sorts(self) -> list[tuple[str, str]]:
        """Label and query of the other ways to sort."""
        sorts = [s for s in Sort if s != self.wanted.order and (s != Sort.CODE or self.wanted.conference)]
        return [(str(sort.label), self.with_(sort=sort.value)) for sort in sorts]

    @property
    def export_query(self) -> str:
        extra = {"conference": self.wanted.conference.code} if self.wanted.conference else {}
        return "?" + urlencode({**self.query, **extra})

    @property
    def outcome(self) -> str:
        return str(Outcome(self.wanted.outcome).label) if self.wanted.outcome else ""

    @property
    def without_filters(self) -> str:
        return self.with_(q="", topic="", turn="", source="", outcome="")

    @property
    def with_filters(self) -> str:
        return self.with_(filters="1")

    @property
    def publishable(self) -> bool:
        return any(row.publishable for row in self.rows)

    def with_(self, **changes: str) -> str:
        return "?" + urlencode({name: value for name, value in {**self.query, **changes}.items() if value})


def item_table(request: HttpRequest, days: Calendar, conference: Conference | None = None) -> ItemTable:
    """The list that *request* asks for, of everything the reader sees or of one *conference*.

    A page that embeds it includes "dialogues/_item_table.html" with table=…, and answers `is_part(request)` with that
    template alone.
    """
    today = timezone.localdate()
    form = ItemListForm(request.GET, person=request.user, today=today, conference=conference)
    wanted = form.wanted()
    listed = ItemList(request.user, wanted, today)
    rows: Any = listed.rows()
    page: Page[Item] = page_of(request, rows, listed.order, nullable=listed.has_undated, size=SIZE)
    counts = listed.counts()
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return ItemTable(
        form=form,
        wanted=wanted,
        segs=_segs(wanted, counts, query),
        rows=item_rows(page.rows, request.user, today, days, of_many=wanted.conference is None),
        page=page,
        counts=counts,
        query=query,
        may_export=access.holds(request.user, permissions.EXPORT),
        may_star=access.holds(request.user, permissions.SUPPORT),
        filters_open=wanted.is_narrowed or "filters" in request.GET,
    )


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the list alone."""
    return request.headers.get("HX-Target") == PART


def _segs(wanted: Wanted, counts: dict[str, int], query: dict[str, str]) -> list[Seg]:
    shown = [*PUBLIC_PILLS] if wanted.pill in PUBLIC_PILLS else [wanted.pill, *PUBLIC_PILLS]
    kept = {name: value for name, value in query.items() if name not in ("pill", "sort")}
    return [
        Seg(
            label=str(pill.label),
            url="?" + urlencode({**kept, "pill": pill.value}),
            count=counting.shown(counts[pill]) if pill in counts else None,
            active=pill == wanted.pill,
            late=pill == Pill.LATE and bool(counts.get(pill)),
        )
        for pill in shown
    ]


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    table = item_table(request, calendar())
    template = "dialogues/_item_table.html" if is_part(request) else "dialogues/item_list.html"
    return render(request, template, {"table": table})


@require_safe
def item_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows with the same filters, as a file."""
    return table(request, "items", kind)
