"""The tables of the dialogue that may be long (settings.EXPORTS)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cchc.followup.domain.export import Sheet
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import counting
from dialogues import permissions, presentation
from dialogues.domain.item_list import EXPORTED, ItemList
from dialogues.forms.item_list import ItemListForm
from dialogues.models import Conference, Item


def items(person: Person, query: QueryDict, day: date) -> Sheet:
    """What the list of items shows with the same filters. Raises KeyError when it is not for *person*."""
    if not access.holds(person, permissions.EXPORT):
        raise KeyError(permissions.EXPORT.name)
    code = query.get("conference", "")
    conference = Conference.objects.visible_to(person).filter(code=code).first() if code else None
    if code and conference is None:
        raise KeyError(code)
    form = ItemListForm(query, person=person, today=day, conference=conference)
    listed = ItemList(person, form.wanted(), day)
    return Sheet(
        _("Questions and opinions"), f"cau-hoi-y-kien-{day:%Y%m%d}", columns(),
        lambda most: counting.bounded({"items": listed.rows().keys(min(most, EXPORTED))}, EXPORTED)["items"],
        lambda: rows(listed.export(), day),
    )  # fmt: skip


def columns() -> list[str]:
    return [
        _("Code"), _("Kind"), pgettext("item", "Title"), _("Content"), _("Conference"), _("CCHC content"), _("Field"),
        _("Asker"),
        _("Channel"), _("Received on"), _("State"), _("Lead unit"), _("Due"), _("First due"), _("Result"),
        _("Published on"), _("To be done by"),
    ]  # fmt: skip


def rows(items: Iterator[Item], today: date) -> Iterator[list[Any]]:
    for item in items:
        turn, answer = item.turn, item.answer if item.answer and item.answer.published_at else None
        yield [
            item.code, item.get_kind_display(), item.title, item.text, item.conference.title,
            item.topic and str(item.topic), item.field and str(item.field), item.get_audience_display(),
            item.get_channel_display(),
            item.submitted_at and timezone.localtime(item.submitted_at).date(), str(presentation.words(item)),
            item.lead_unit and item.lead_unit.name, turn and turn.due_on, turn and turn.first_due_on,
            answer.get_kind_display() if answer else "",
            answer and timezone.localtime(answer.published_at).date(), answer and answer.promised_on,
        ]  # fmt: skip
