"""The questions and opinions of a conference with their answers, across the sheet; an appendix, without a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person
from dialogues.documents.words import filed
from dialogues.enums import ItemState
from dialogues.models import Conference, Item
from dialogues.models.item import PUBLIC_STATES

LEFT_OUT = (ItemState.DRAFT, ItemState.WITHDRAWN)


@dataclass(frozen=True)
class ItemLine:
    code: str = typed(T("Code"))
    text: str = typed(T("Content"), rows=3)
    unit: str = typed(T("Lead unit"), default="")
    answer: str = typed(T("Answer"), rows=4, default="")
    result: str = typed(T("Result"), default="")
    due: date | None = typed(T("To be done by"), default=None)


@dataclass(frozen=True)
class ItemList:
    attached: str = typed(
        T("Attached to"), default="", help=T("Number and day of the paper to which this list belongs")
    )
    opening: str = typed(T("Opening"), rows=3, default="")
    items: list[ItemLine] = typed(T("Questions and answers"), default=list)


def begin(conference: Conference, by: Person, at: datetime) -> Beginning:
    rows = Item.objects.filter(conference=conference).exclude(state__in=LEFT_OUT).defer("search")
    listed = rows.select_related("lead_unit", "answer").order_by("kind", "number")
    content = ItemList(items=[_line(item) for item in listed])
    title = _("Questions, opinions and proposals at the %(conference)s") % {
        "conference": conference.title[:1].lower() + conference.title[1:]
    }
    return Beginning(content, title, [filed()])


def _line(item: Item) -> ItemLine:
    """An answer stands in it once it is published; before, only how far the item is."""
    answer = item.answer if item.answer and item.state in PUBLIC_STATES else None
    return ItemLine(
        item.code, item.text, item.lead_unit.short_name if item.lead_unit else "", answer.text if answer else "",
        str(answer.get_kind_display()) if answer else str(item.get_state_display()),
        answer.promised_on if answer else None,
    )  # fmt: skip
