"""What all tabs of a conference's page share: the conference itself, its head and its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cchc.organization import access
from cchc.web import counting, markup
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models.obligation import seats
from dialogues import permissions
from dialogues.domain import conference as conferences
from dialogues.models import Conference, Directive, Item
from dialogues.presentation_inspection import STEP_LABELS as INSPECTION_LABELS

STEP_LABELS = (
    gettext_lazy("Plan"),
    gettext_lazy("Collecting questions"),
    gettext_lazy("Preparation"),
    gettext_lazy("In session"),
    gettext_lazy("Answers and conclusion"),
    pgettext_lazy("step", "Closed"),
)


def load(request: HttpRequest, code: str, among: QuerySet[Conference] | None = None) -> Conference:
    """The conference (of *among*) if the person may see it; otherwise there is none."""
    rows = Conference.objects.visible_to(request.user) if among is None else among
    return get_object_or_404(
        rows.select_related("host__command", "chair", "plan__implements", "turn__unit", "topics"), code=code
    )


def steps_of(conference: Conference) -> tuple[Any, ...]:
    """What the six steps are called."""
    return INSPECTION_LABELS if conference.is_inspection else STEP_LABELS


def frame(
    request: HttpRequest, conference: Conference, active: str, at: datetime, days: Calendar | None = None
) -> dict[str, Any]:
    """What every tab shows: head and tabs. *days* is the calendar, where the tab has it already."""
    step, labels = conferences.step_of(conference, at), steps_of(conference)
    today = timezone.localtime(at).date()
    obligation = conference.turn
    mine = bool(obligation and (obligation.role, obligation.unit_id) in seats(request.user))
    items = Item.objects.visible_to(request.user).filter(conference=conference).received()
    return {
        "conference": conference,
        "step": step,
        "step_label": labels[min(step, 6) - 1] if step else conference.get_state_display(),
        "due": markup.due(Due(obligation.due_on, (days or calendar()).between(today, obligation.due_on)))
        if obligation
        else "",
        "turn": markup.turn(obligation.unit.short_name, mine, title=obligation.unit.name)
        if obligation and obligation.unit
        else "",
        "tabs": _tabs(conference, active, items, Directive.objects.visible_to(request.user)),
        "may_prepare": access.can(request.user, permissions.PREPARE_CONFERENCE, conference.host),
        "may_edit": access.can(request.user, permissions.PREPARE_CONFERENCE, conference.host)
        and bool(conferences.EDITABLE[conference.state]),
        "at": at,
    }


def _tabs(conference: Conference, active: str, items: Any, directives: Any) -> list[dict[str, Any]]:
    told = directives.filter(conclusion__conference=conference).exclude(conclusion__state="cancelled")
    counts = counting.bounded({"items": items, "people": conference.participants.all(), "directives": told})
    tabs = [
        ("show", _("Overview"), None),
        ("inspection", pgettext("tab", "Inspection"), None)
        if conference.is_inspection
        else ("items", _("Questions, opinions"), counting.shown(counts["items"])),
        ("agenda", _("Agenda"), None),
        ("people", _("Participants"), counting.shown(counts["people"])),
        ("conclusion", _("Conclusion"), counting.shown(counts["directives"]) if counts["directives"] else None),
        ("history", pgettext("tab", "History"), None),
    ]
    return [
        {
            "label": label,
            "count": count,
            "active": name == active,
            "url": reverse(f"conference_{name}", args=[conference.code]),
        }
        for name, label, count in tabs
    ]


@dataclass(frozen=True)
class Difference:
    """A field that two people changed at once: as it now stands, and as typed here."""

    label: str
    stands: str
    typed: str


def differences(form: BaseForm, conference: Conference) -> list[Difference]:
    """Where what was typed differs from what stands."""
    found = []
    for name in form.fields:
        if name not in ("title", "venue", "code", "starts_at", "ends_at", "opens_at", "closes_at", "plan", "chair"):
            continue
        stands, typed = getattr(conference, name), form.cleaned_data.get(name)
        if stands != typed:
            found.append(Difference(str(form.fields[name].label), _words(stands), _words(typed)))
    return found


def _words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    return "–" if value in (None, "") else str(value)
