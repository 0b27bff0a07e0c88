"""How conclusions and directives look: states, deadlines, progress, and what their dates were counted from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.followup.domain.explain import Basis
from cchc.web import markup
from cchc.web.panels import Due
from dialogues.domain.conclusion import NOTICE_CALENDAR_DAYS
from dialogues.enums import ConclusionState, DirectiveState
from dialogues.presentation import Shown

if TYPE_CHECKING:
    from cchc.workdays.domain.calendar import Calendar
    from cchc.workflow.models import Obligation
    from dialogues.models import Conclusion, Directive

C, D = ConclusionState, DirectiveState

CONCLUSION_STATES: dict[str, Shown] = {
    C.DRAFT: Shown(C.DRAFT.label, "is-prep", "s2", 1),
    C.PRESENTED: Shown(C.PRESENTED.label, "is-wait", "s3", 2),
    C.ISSUED: Shown(C.ISSUED.label, "is-done", "s4", 3),
    C.CANCELLED: Shown(C.CANCELLED.label, "", "sx", 3),
}
DIRECTIVE_STATES: dict[str, Shown] = {
    D.DRAFT: Shown(D.DRAFT.label, "", "s0", 1),
    D.ISSUED: Shown(D.ISSUED.label, "is-prep", "s1", 2),
    D.IN_PROGRESS: Shown(D.IN_PROGRESS.label, "is-prep", "s2", 3),
    D.REPORTED: Shown(D.REPORTED.label, "is-wait", "s3", 4),
    D.RETURNED: Shown(D.RETURNED.label, "is-wait", "sq", 3),
    D.ACCEPTED: Shown(D.ACCEPTED.label, "is-done", "s4", 5),
    D.CLOSED: Shown(D.CLOSED.label, "", "sx", 5),
}


def conclusion_badge(conclusion: Conclusion) -> SafeString:
    shown = CONCLUSION_STATES[conclusion.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def badge(directive: Directive) -> SafeString:
    shown = DIRECTIVE_STATES[directive.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def deadline(directive: Directive, today: date, days: Calendar) -> SafeString:
    """The day of the result: how far away, or how late it was done. Nothing is late once it was ended."""
    if directive.done_on:
        return markup.due(Due(settled_on=directive.done_on, late_days=directive.late_days(days)))
    if directive.state == D.CLOSED:
        return markup.NOTHING
    return markup.due(Due(directive.due_on, days.between(today, directive.due_on)))


def meter(percent: int, label: str = "") -> SafeString:
    """A bar of 100 with its number beside."""
    return format_html(
        '<span class="prog"><progress class="meter" max="100" value="{}" aria-label="{}"></progress>'
        '<span class="num sm">{}%</span></span>',
        percent,
        label or _("Done"),
        percent,
    )


def directive_basis(directive: Directive, turn: Obligation) -> Basis | None:
    """What a due date that is no plain term was counted from (the rules are those of dialogues.domain.directive)."""
    if turn.kind == "take_up":
        return Basis(T("2 working days to take it up, and never after the deadline"), turn.started_on)
    return Basis(_day_set(directive), turn.started_on) if turn.term is None else None


def _day_set(directive: Directive) -> str:
    by = _("the conclusion") if directive.conclusion_id else str(directive.plan)
    if directive.first_due_on and directive.first_due_on != directive.due_on:
        first = {"by": by, "day": markup.day(directive.first_due_on)}
        return _("The deadline that %(by)s set was %(day)s; it has been extended") % first
    return _("The deadline that %(by)s set") % {"by": by}


def conclusion_basis(conclusion: Conclusion, turn: Obligation) -> Basis:
    """A notice of conclusions is due ten days after the conference, all days counted."""
    words = T("%(n)d days after the conference, days off counted") % {"n": NOTICE_CALENDAR_DAYS}
    return Basis(words, turn.started_on)
