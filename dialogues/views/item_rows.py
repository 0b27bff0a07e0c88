"""Rows of a list of items, ready for the template: 25 of them must stay cheap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import markup
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.models.obligation import seats
from dialogues import permissions, presentation
from dialogues.enums import ItemState
from dialogues.models import Item

# Stands in an address for the items of a list: looking it up once for 25 rows is enough.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class ItemRow:
    item: Item
    url: str
    sub: str
    badge: SafeString
    turn: SafeString
    due: SafeString
    starred: bool
    publishable: bool


def item_rows(
    items: Sequence[Item], person: Person, today: date, days: Calendar, *, of_many: bool = False
) -> list[ItemRow]:
    """One row for each of *items*, which came by `for_list`; *of_many*: each names its conference, for codes repeat."""
    mine = seats(person)
    inside = set(access.places(person, permissions.READ_ITEMS).ids)
    publish = set(access.places(person, permissions.PUBLISH).ids)
    address = reverse("item_show", args=[NOBODY])
    found = []
    for item in items:
        turn = item.turn
        is_mine = turn is not None and (turn.person_id == person.pk or (turn.role, turn.unit_id) in mine)
        asked_at = getattr(item, "asked_at", "") if of_many else ""
        parts = (item.code, asked_at, item.topic, item.field, presentation.ASKERS[item.audience], _merged(item))
        found.append(
            ItemRow(
                item=item,
                url=address.replace(str(NOBODY), str(item.pk)),
                sub=" · ".join(str(part) for part in parts if part),
                badge=presentation.badge(item, inside=item.host_id in inside or is_mine),
                turn=presentation.turn(turn, is_mine, item.host_id),
                due=due_chip(item, today, days),
                starred=getattr(item, "starred", False),
                publishable=item.state == ItemState.ANSWERED and item.host_id in publish,
            )
        )
    return found


def due_chip(item: Item, today: date, days: Calendar) -> SafeString:
    """When the item's turn is due; of one that ended, when it was answered."""
    if item.turn:
        return markup.due(Due(item.turn.due_on, days.between(today, item.turn.due_on)))
    return markup.NOTHING


def _merged(item: Item) -> str:
    n = getattr(item, "merged_count", 0)
    return ngettext("%(n)d merged into it", "%(n)d merged into it", n) % {"n": n} if n else ""


def table_body(rows: Iterable[ItemRow], *, star: bool) -> SafeString:
    """The rows of the table as markup: a template's loop costs several times as much."""
    return format_html_join("", "{}", ((_table_row(row, star),) for row in rows))


def _table_row(row: ItemRow, star: bool) -> SafeString:
    item = row.item
    return format_html(
        '<tr><td class="wide o1">{}<a class="fw5 text-reset text-decoration-none" href="{}">{}</a><br>'
        '<span class="xs sec">{}</span></td><td>{}</td><td>{}</td><td class="o2">{}</td>{}</tr>\n',
        _box(row) if row.publishable else markup.NOTHING,
        row.url,
        item.title,
        row.sub,
        row.badge,
        row.turn,
        row.due,
        _star(row) if star else markup.NOTHING,
    )


def _box(row: ItemRow) -> SafeString:
    return format_html(
        '<input class="form-check-input me-2" type="checkbox" name="item" value="{}" form="publish-many"'
        ' aria-label="{}">',
        row.item.pk,
        _("Select %(code)s") % {"code": row.item.code},
    )


def _star(row: ItemRow) -> SafeString:
    return format_html(
        '<td class="hide"><button class="iconbtn star" form="star" formaction="{}support/" aria-pressed="{}"'
        ' aria-label="{}">{}</button></td>',
        row.url,
        "true" if row.starred else "false",
        _("My concern too: %(code)s") % {"code": row.item.code},
        markup.icon("star"),
    )
