"""What surveys, gradings and good practices put into the frame: places, "my work", search results, subjects by id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.followup.bell import Link
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry
from cchc.web.panels import Button, Due, Panel, Piece, Row
from cchc.web.sought import Sought
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models.obligation import awaited_kinds, awaiting
from dialogues import permissions, presentation
from dialogues.domain.practice import searched
from dialogues.models import Grading, Practice, Survey

SURVEY, PRACTICE = "dialogues.survey", "dialogues.practice"
RESULTS = _("Results")
BUTTONS = {
    "close_survey": pgettext_lazy("button", "Close"),
    "review_practice": pgettext_lazy("button", "Review"),
    "complete_practice": pgettext_lazy("button", "Complete"),
}


def navigation(person: Person) -> list[NavEntry]:
    entries = []
    if access.holds(person, permissions.READ_PUBLISHED):
        entries.append(NavEntry(_("Library of answers"), reverse("library"), "help", group=RESULTS))
    if access.holds(person, permissions.SEE_PRACTICES):
        count = len(awaited_kinds(person, PRACTICE)) or None
        entries.append(NavEntry(_("Good practices"), reverse("practice_list"), "star", count=count, group=RESULTS))
    if access.holds(person, permissions.SEE_SURVEYS):
        count = len(awaited_kinds(person, SURVEY)) or None
        entries.append(NavEntry(_("Satisfaction surveys"), reverse("survey_list"), "chart", count=count, group=RESULTS))
    if access.holds(person, permissions.SEE_GRADINGS):
        entries.append(NavEntry(_("Yearly gradings"), reverse("grading_list"), "trophy", group=RESULTS))
    return entries


def home_panels(person: Person, at: datetime, most: int) -> list[Piece]:
    """What awaits me of surveys and practices: it joins what awaits me of the rest (cchc.web.panels.home_of)."""
    owed = awaiting(person, most)
    turns = [turn for turn, kind in owed.items() if kind in (SURVEY, PRACTICE)]
    if not turns:
        return []
    today, days = timezone.localdate(at), calendar()
    found: list[Row] = []
    if any(owed[turn] == SURVEY for turn in turns):
        surveys = Survey.objects.filter(turn__in=turns).select_related("turn", "host")
        found += [_row(each, "survey_show", presentation.SURVEY_STATES[each.state], today, days) for each in surveys]
    if any(owed[turn] == PRACTICE for turn in turns):
        practices = Practice.objects.filter(turn__in=turns).select_related("turn", "unit")
        found += [
            _row(each, "practice_show", presentation.PRACTICE_STATES[each.state], today, days) for each in practices
        ]
    return [Panel("waiting", _("Awaits me"), found, primary=True)]


def _row(subject: Survey | Practice, page: str, shown: presentation.Shown, today: date, days: Calendar) -> Row:
    address, turn = reverse(page, args=[subject.pk]), subject.turn
    due = Due(turn.due_on, days.between(today, turn.due_on)) if turn else None
    label = BUTTONS.get(turn.kind if turn else "", _("Open"))
    return Row(
        str(subject), address, glyph=shown.glyph, tone=shown.tone, state=shown.label, meta=(shown.label,), due=due,
        button=Button(label, address),
    )  # fmt: skip


# --- subjects by their id: for files and notices ---
def visible_survey(person: Any, pk: str) -> Survey | None:
    return _one(Survey.objects.visible_to(person), pk)


def visible_practice(person: Any, pk: str) -> Practice | None:
    return _one(Practice.objects.visible_to(person), pk)


def visible_grading(person: Any, pk: str) -> Grading | None:
    return Grading.objects.visible_to(person).filter(pk=pk).first() if pk.isdecimal() else None


def _one(rows: Any, pk: str) -> Any:
    try:
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def survey_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Survey.objects.visible_to(person).filter(pk__in=list(ids)).only("title")
    return {str(each.pk): Link(each.title, reverse("survey_show", args=[each.pk])) for each in found}


def practice_links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Practice.objects.visible_to(person).filter(pk__in=list(ids)).only("name")
    return {str(each.pk): Link(each.name, reverse("practice_show", args=[each.pk])) for each in found}


# --- search ---
def sought(person: Person, text: str) -> list[Sought]:
    """Good practices that have all words of *text*."""
    found = searched(Practice.objects.visible_to(person), text).order_by("-created_at", "id")
    more = f"{reverse('practice_list')}?{urlencode({'q': text})}"
    return [Sought("found-practices", _("Good practices"), found, ("name", "unit__short_name"), _found_row, more)]


def _found_row(practice: Practice) -> Row:
    address = reverse("practice_show", args=[practice.pk])
    return Row(practice.name, address, glyph="star", meta=(practice.unit.short_name,))
