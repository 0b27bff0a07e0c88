"""What conclusions and directives put into the frame: "my work", the side bar, search, notices, files, due dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as T
from django.utils.translation import pgettext_lazy

from cchc.followup.bell import Link
from cchc.followup.domain.explain import Basis
from cchc.followup.domain.told import Insider
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry
from cchc.web.panels import Button, Due, Row
from cchc.web.sought import Sought
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.models import Obligation
from dialogues import presentation_directive as shown
from dialogues.domain import directive_list as listing
from dialogues.domain.directive_list import CONCLUSION, NOUN, Pill
from dialogues.enums import DirectiveState
from dialogues.models import Conclusion, Directive, Update

# The button of a row that awaits me, by what is owed.
STEPS = {
    "take_up": pgettext_lazy("button", "Take up"),
    "carry_out": pgettext_lazy("button", "Report"),
    "accept": pgettext_lazy("button", "Check"),
    "conclude": pgettext_lazy("button", "Write"),
    "issue": pgettext_lazy("button", "Issue"),
}


def navigation(person: Person) -> list[NavEntry]:
    if not listing.sees(person):
        return []
    count = listing.my_turns(person)
    pill = f"?pill={Pill.MINE.value}" if count else ""
    return [
        NavEntry(
            T("Assigned work"), reverse("directive_list") + pill, "flag", count=count or None,
            phone=pgettext_lazy("navigation", "Assigned"),
            gives_way=True,
        )
    ]  # fmt: skip


def awaited(soonest: dict[int, str], today: date, days: Calendar) -> dict[int | None, Row]:
    """Rows of "awaits me", by their turn; *soonest* are obligations with the kind of their subjects."""
    rows: dict[int | None, Row] = {}
    if turns := [turn for turn, kind in soonest.items() if kind == NOUN]:
        rows |= {each.turn_id: row(each, today, days, step=True) for each in _for_rows().filter(turn__in=turns)}
    if turns := [turn for turn, kind in soonest.items() if kind == CONCLUSION]:
        own = Conclusion.objects.filter(turn__in=turns).select_related("conference", "turn")
        rows |= {each.turn_id: _conclusion_row(each, today, days) for each in own}
    return rows


def _for_rows() -> QuerySet[Directive]:
    return Directive.objects.select_related("lead", "turn")


def row(directive: Directive, today: date, days: Calendar, *, step: bool = False) -> Row:
    looks, turn, address = shown.DIRECTIVE_STATES[directive.state], directive.turn, _address(directive)
    return Row(
        directive.title,
        address,
        glyph=looks.glyph,
        tone=looks.tone,
        state=looks.label,
        code=directive.code,
        meta=(directive.lead.short_name, looks.label),
        due=Due(turn.due_on, days.between(today, turn.due_on)) if turn else None,
        button=Button(STEPS[turn.kind], address) if step and turn and turn.kind in STEPS else None,
    )


def _address(directive: Directive) -> str:
    return reverse("directive_show", args=[directive.pk])


def _conclusion_row(conclusion: Conclusion, today: date, days: Calendar) -> Row:
    looks, turn = shown.CONCLUSION_STATES[conclusion.state], conclusion.turn
    address = reverse("conference_conclusion", args=[conclusion.conference.code])
    return Row(
        str(conclusion),
        address,
        glyph=looks.glyph,
        tone=looks.tone,
        state=looks.label,
        code=conclusion.conference.code,
        meta=(looks.label,),
        due=Due(turn.due_on, days.between(today, turn.due_on)) if turn else None,
        button=Button(STEPS[turn.kind], address) if turn and turn.kind in STEPS else None,
    )


def sought(person: Person, text: str, today: date, days: Calendar) -> list[Sought]:
    """Directives that have all words of *text*."""
    if not listing.sees(person):
        return []
    among = Directive.objects.visible_to(person).exclude(state=DirectiveState.DRAFT)
    return [
        Sought(
            "found-directives",
            T("Assigned work"),
            listing.found_among(among, text).order_by("-due_on", "id"),
            ("title", "state", "number", "conclusion", "lead__short_name", "turn__due_on"),
            lambda each: row(each, today, days),
            f"{reverse('directive_list')}?{urlencode({'q': text})}",
        )
    ]


# --- subjects by their id: for files, notices and due dates ---
def visible_conclusion(person: Any, pk: str) -> Conclusion | None:
    return _one(Conclusion.objects.visible_to(person), pk)


def visible_directive(person: Any, pk: str) -> Directive | None:
    return _one(Directive.objects.visible_to(person), pk)


def visible_update(person: Any, pk: str) -> Update | None:
    """The report whose evidence *person* may open: whoever issued the directive and the units at work on it."""
    rows = Update.objects.filter(directive__in=Directive.objects.followed_by(person).values("pk"))
    return rows.filter(pk=pk).first() if pk.isdecimal() else None


def _one(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def conclusion_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    rows = Conclusion.objects.visible_to(person).filter(pk__in=list(ids)).select_related("conference")
    return {
        str(each.pk): Link(str(each), reverse("conference_conclusion", args=[each.conference.code]))
        for each in rows.only("conference__title", "conference__code")
    }


def directive_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    rows = Directive.objects.visible_to(person).filter(pk__in=list(ids))
    return {str(each.pk): Link(str(each), _address(each)) for each in rows.only("number", "title", "conclusion")}


def directive_insider(person: Person, pk: str) -> Insider | None:
    """The units at work on it and whoever issued it."""
    return Insider() if _one(Directive.objects.followed_by(person), pk) else None


def directive_due_basis(obligation: Obligation) -> Basis | None:
    directive = _one(Directive.objects.select_related("plan"), obligation.subject_id)
    return shown.directive_basis(directive, obligation) if directive else None


def conclusion_due_basis(obligation: Obligation) -> Basis | None:
    conclusion = _one(Conclusion.objects.all(), obligation.subject_id)
    return shown.conclusion_basis(conclusion, obligation) if conclusion else None
