"""The tables of the dialogue that may be long (settings.EXPORTS)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cchc.followup.domain import export
from cchc.followup.domain.export import Sheet
from cchc.followup.models.export import MOST_ROWS
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import counting
from cchc.workdays.domain.calendar import calendar
from dialogues import permissions, presentation
from dialogues.domain import directive_list, escalation_list
from dialogues.domain.directive_list import DirectiveList
from dialogues.domain.escalation_list import SentList
from dialogues.domain.item_list import ItemList
from dialogues.forms.directive import DirectiveFilter
from dialogues.forms.escalation import SentFilter
from dialogues.forms.item_list import ItemListForm
from dialogues.models import Conference, Directive, Escalation, Item

BATCH = 500


def items(person: Person, query: QueryDict, day: date) -> Sheet:
    """What the list of items shows with the same filters. Raises KeyError when it is not for *person*."""
    _may_export(person)
    code = query.get("conference", "")
    conference = Conference.objects.visible_to(person).filter(code=code).first() if code else None
    if code and conference is None:
        raise KeyError(code)
    form = ItemListForm(query, person=person, today=day, conference=conference)
    listed = ItemList(person, form.wanted(), day)
    columns = [
        _("Code"), _("Kind"), pgettext("item", "Title"), _("Content"), _("Conference"), _("CCHC content"), _("Field"),
        _("Asker"),
        _("Channel"), _("Received on"), _("State"), _("Lead unit"), _("Due"), _("First due"), _("Result"),
        _("Published on"), _("To be done by"),
    ]  # fmt: skip
    return Sheet(
        _("Questions and opinions"), f"cau-hoi-y-kien-{day:%Y%m%d}", columns,
        lambda most: min(most, counting.bounded({"items": listed.rows().keys(most)}, most)["items"]),
        lambda: _items(listed.export(MOST_ROWS)),
    )  # fmt: skip


def _items(items: Iterator[Item]) -> Iterator[list[Any]]:
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


def escalations(person: Person, query: QueryDict, day: date) -> Sheet:
    """What "sent up" shows with the same filters. Raises KeyError when it is not for *person*."""
    if not escalation_list.sends(person):
        raise KeyError(permissions.READ_ITEMS.name)
    _may_export(person)
    listed = SentList(person, *SentFilter(query).wanted())
    columns = [
        _("Code"), _("Matter"), _("Sent to"), _("Report number"), _("Why it went up"), _("Bodies concerned"),
        _("Items"), _("Sent on"), _("Opinion wished by"), _("Due"), _("First due"), _("State"), _("Turn of"),
    ]  # fmt: skip
    return Sheet(
        _("Referred upward"), f"xin-y-kien-cap-tren-{day:%Y%m%d}", columns, export.counting(listed.rows()),
        lambda: _escalations(listed.export()),
    )  # fmt: skip


def _escalations(found: QuerySet[Escalation]) -> Iterator[list[Any]]:
    for each in found.iterator(chunk_size=BATCH):
        row: Any = each  # with its notes
        yield [
            each.code, each.title, each.receiver.name, each.report_number, each.get_reason_display(), each.bodies,
            row.item_count, each.sent_at and timezone.localdate(each.sent_at), each.requested_on, row.due_on,
            each.first_answer_by, str(presentation.of_escalation(each.state, sender=True).label),
            str(presentation.whose(each.turn, each.host_id)) if each.turn else "",
        ]  # fmt: skip


def directives(person: Person, query: QueryDict, day: date) -> Sheet:
    """What the list of assigned work shows with the same filters. Raises KeyError when it is not for *person*."""
    if not directive_list.sees(person):
        raise KeyError(permissions.SEE_DIRECTIVES.name)
    _may_export(person)
    listed = DirectiveList(person, DirectiveFilter(query).wanted(), day)
    columns = [
        _("Code"), _("What is to be done"), _("Ordered by"), _("Lead unit"), _("Coordinating units"),
        _("Expected product"), _("First deadline"), _("Deadline"), _("Percent done"), _("State"), _("Done on"),
        _("Working days late"),
    ]  # fmt: skip
    return Sheet(
        _("Assigned work"), f"viec-duoc-giao-{day:%Y%m%d}", columns, export.counting(listed.of(listed.wanted.pill)),
        lambda: _directives(listed.export()),
    )  # fmt: skip


def _directives(found: QuerySet[Directive]) -> Iterator[list[Any]]:
    days = calendar()
    for each in found.prefetch_related("coordinating").iterator(chunk_size=BATCH):
        helpers = ", ".join(unit.short_name for unit in each.coordinating.all())
        basis = each.conclusion.conference.title if each.conclusion else str(each.plan)
        yield [
            each.code, each.title, basis, each.lead.name, helpers, each.product, each.first_due_on, each.due_on,
            each.percent, each.get_state_display(), each.done_on, each.late_days(days),
        ]  # fmt: skip


def _may_export(person: Person) -> None:
    if not access.holds(person, permissions.EXPORT):
        raise KeyError(permissions.EXPORT.name)
