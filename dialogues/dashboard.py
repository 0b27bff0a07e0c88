"""What the dialogue puts into the frame: "my work", the places of the side bar, search results, subjects by id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.followup.bell import Link
from cchc.followup.domain.explain import Basis
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry
from cchc.web.panels import Piece
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import awaiting
from dialogues import directives, home, permissions, presentation, presentation_inspection
from dialogues.domain import escalation_list
from dialogues.domain import escalation_reader as escalations
from dialogues.domain.item_list import Pill
from dialogues.domain.reader import reader_of
from dialogues.models import Answer, Conference, Escalation, Item, Plan

FOUND = 8


def home_panels(person: Person, at: datetime, most: int) -> list[Piece]:
    """My work: what awaits me first, then what the role has to keep in sight."""
    return home.pieces(person, at, most)


def navigation(person: Person) -> list[NavEntry]:
    entries = [NavEntry("", "", "", key="home", count=len(awaiting(person)))]
    receives = escalation_list.receives(person)
    if receives:
        label, count = _("Units ask for an opinion"), escalation_list.my_turns(person, escalation_list.OWED_ABOVE)
        inbox = reverse("escalation_inbox")
        entries.append(NavEntry(label, inbox, "inbox", count=count or None, phone=_("Units ask")))
    if access.holds(person, permissions.SEE_CONFERENCE):
        entries += [
            NavEntry(_("Dialogue conferences"), reverse("conference_list"), "cal", phone=_("Conferences")),
            NavEntry(_("Questions and opinions"), reverse("item_list"), "chat", phone=_("Questions"), gives_way=True),
        ]
    if escalation_list.sends(person):
        label, count = _("Referred upward"), escalation_list.my_turns(person, escalation_list.OWED_BELOW)
        pill = "?pill=mine" if count else ""
        entries.append(NavEntry(label, reverse("escalation_list") + pill, "up", count=count or None))
    entries += directives.navigation(person)
    if access.holds(person, permissions.ASK):
        entries.append(NavEntry(_("Ask, state an opinion"), reverse("ask"), "plus", phone=_("Ask"), gives_way=receives))
        sent = f"{reverse('item_list')}?pill={Pill.SENT.value}"
        entries.append(NavEntry(_("Sent by me"), sent, "send"))
    if access.holds(person, permissions.SEE_PLANS):
        entries.append(NavEntry(_("Plans"), reverse("plan_list"), "doc"))
    return entries


# --- subjects by their id: for files and notices ---
def visible_item(person: Any, pk: str) -> Item | None:
    """The item whose question's files *person* may open: a file's name may tell whose it is."""
    item = _one(Item.objects.visible_to(person).select_related("host__command", "lead_unit"), pk)
    return item if item and (item.is_anonymous or reader_of(item, person).knows_asker) else None


def visible_answer(person: Any, pk: str) -> Answer | None:
    """The answer whose files *person* may open: those at work on it, and everybody once it is published."""
    answer = Answer.objects.filter(pk=pk).first() if pk.isdecimal() else None
    item = (
        _one(Item.objects.visible_to(person).select_related("host__command"), str(answer.item_id)) if answer else None
    )
    if answer is None or item is None:
        return None
    return answer if answer.published_at or reader_of(item, person).inside else None


def visible_conference(person: Any, pk: str) -> Conference | None:
    return _one(Conference.objects.visible_to(person), pk)


def visible_plan(person: Any, pk: str) -> Plan | None:
    return _one(Plan.objects.visible_to(person), pk)


def visible_escalation(person: Any, pk: str) -> Escalation | None:
    return _one(Escalation.objects.visible_to(person), pk)


def _one(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def item_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Item.objects.visible_to(person).filter(pk__in=list(ids)).only("code", "title")
    return {str(item.pk): Link(str(item), reverse("item_show", args=[item.pk])) for item in found}


def conference_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Conference.objects.visible_to(person).filter(pk__in=list(ids)).only("code", "title", "kind")
    return {
        str(each.pk): Link(
            each.title, reverse("conference_show", args=[each.code]),
            presentation_inspection.DONE if each.is_inspection else {},
        )
        for each in found
    }  # fmt: skip


def plan_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Plan.objects.visible_to(person).filter(pk__in=list(ids)).only("kind", "number")
    return {str(plan.pk): Link(str(plan), reverse("plan_show", args=[plan.pk])) for plan in found}


def escalation_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = list(Escalation.objects.visible_to(person).filter(pk__in=list(ids)).only("code", "title", "host"))
    titles = escalations.titles(found, person)
    return {
        str(each.pk): Link(f"{each.code} {titles[each.pk]}", reverse("escalation_show", args=[each.pk]))
        for each in found
    }


def escalation_due_basis(obligation: Obligation) -> Basis | None:
    """What the due date of a step of an escalation was counted from."""
    escalation = _one(Escalation.objects.all(), obligation.subject_id)
    return presentation.escalation_basis(escalation, obligation) if escalation else None


def may_know_duty(person: Person, obligation: Obligation) -> bool:
    """What happens inside of the unit above is not told to the sender, nor the sender's work on his report above."""
    rows = Escalation.objects.visible_to(person).select_related("host__command", "receiver__command", "lead")
    escalation = _one(rows, obligation.subject_id)
    return escalation is not None and escalations.reader_of(escalation, person).may_know_duty(obligation.kind)


def item_due_basis(obligation: Obligation) -> Basis | None:
    """What the due date of an item's turn was counted from."""
    item = _one(Item.objects.select_related("conference"), obligation.subject_id)
    return presentation.due_basis(item, obligation, calendar()) if item else None
