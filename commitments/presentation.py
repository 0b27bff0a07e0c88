"""How campaigns, commitments and their tasks look and read: one table for every place that shows one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.enums import Role
from cchc.web import markup
from cchc.web.panels import Due
from commitments.enums import CampaignState, CommitmentState, Direction

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from cchc.workdays.domain.calendar import Calendar
    from cchc.workflow.models import Obligation
    from commitments.models import Campaign, Commitment, Task

C, S = CampaignState, CommitmentState


@dataclass(frozen=True)
class Shown:
    """A state as people see it."""

    label: StrOrPromise
    tone: str
    glyph: str


CAMPAIGN_STATES: dict[str, Shown] = {
    C.DRAFT: Shown(C.DRAFT.label, "", "s0"),
    C.OPEN: Shown(C.OPEN.label, "is-prep", "s2"),
    C.EVALUATING: Shown(C.EVALUATING.label, "is-wait", "s3"),
    C.PUBLISHED: Shown(C.PUBLISHED.label, "is-done", "s4"),
    C.CANCELLED: Shown(C.CANCELLED.label, "", "sx"),
}
COMMITMENT_STATES: dict[str, Shown] = {
    S.DRAFT: Shown(S.DRAFT.label, "", "s0"),
    S.SIGNED: Shown(gettext_lazy("Awaits confirmation"), "is-wait", "s3"),
    S.RETURNED: Shown(S.RETURNED.label, "is-wait", "sq"),
    S.IN_FORCE: Shown(S.IN_FORCE.label, "is-done", "s4"),
    S.SELF_DUE: Shown(S.SELF_DUE.label, "is-prep", "s1"),
    S.SELF_SCORED: Shown(S.SELF_SCORED.label, "is-prep", "s2"),
    S.CHECKED: Shown(S.CHECKED.label, "is-prep", "s2"),
    S.SCORED: Shown(S.SCORED.label, "is-wait", "s3"),
    S.OBJECTED: Shown(S.OBJECTED.label, "is-wait", "sq"),
    S.FINAL: Shown(S.FINAL.label, "is-done", "s4"),
    S.SUPERSEDED: Shown(S.SUPERSEDED.label, "", "smerge"),
    S.TERMINATED: Shown(S.TERMINATED.label, "", "sx"),
    S.LAPSED: Shown(S.LAPSED.label, "", "sx"),
}
ROLES: dict[str, StrOrPromise] = {Role.SECRETARY: gettext_lazy("Secretary"), Role.LEADER: gettext_lazy("Leader")}
TARGETS: dict[str, StrOrPromise] = {
    Direction.AT_LEAST: gettext_lazy("at least %(target)s"),
    Direction.AT_MOST: gettext_lazy("at most %(target)s"),
}


def badge(subject: Campaign | Commitment) -> SafeString:
    shown = (CAMPAIGN_STATES if subject.State is C else COMMITMENT_STATES)[subject.state]
    return markup.state_badge(shown.label, shown.tone, shown.glyph)


def turn(obligation: Obligation | None, mine: bool = False) -> SafeString:
    """Whose turn it is: the host's own people by their role, a unit by its name. Wants `unit` loaded."""
    if obligation is None or obligation.unit is None:
        return markup.NOTHING
    if mine or obligation.role in ROLES:
        return markup.turn(ROLES.get(obligation.role, ""), mine, of="user", title=obligation.unit.name)
    return markup.turn(obligation.unit.short_name, title=obligation.unit.name)


def due(obligation: Obligation | None, today: date, days: Calendar) -> SafeString:
    if obligation is None:
        return markup.NOTHING
    return markup.due(Due(obligation.due_on, days.between(today, obligation.due_on)))


def number(value: Decimal) -> str:
    """12400.50 as 12.400,5, or as the reader's language writes it."""
    plain = Decimal(f"{value.normalize():f}")
    return number_format(plain, use_l10n=True, force_grouping=True)


def amount(value: Decimal, unit: str) -> str:
    """ "95%", "12.400 hồ sơ"."""
    return f"{number(value)}%" if unit == "%" else f"{number(value)} {unit}".strip()


def target(task: Task) -> str:
    """ "from 95%", "at most 7 days"."""
    return str(TARGETS[task.direction]) % {"target": amount(task.target, task.measure_unit)}


def origin(task: Task) -> str:
    """Where a task comes from. Wants `item`, `directive`, `copied_from` and `from_unit` loaded."""
    if task.from_unit:
        return _("Taken over from %(unit)s") % {"unit": task.from_unit.name}
    if task.item:
        return _("From %(item)s") % {"item": task.item.code or task.item.title}
    if task.directive:
        return _("From %(item)s") % {"item": f"{task.directive.code} {task.directive.title}"}
    if task.copied_from:
        before = task.copied_from.commitment
        if before.campaign_id == task.commitment.campaign_id:
            return _("As in version %(n)s") % {"n": before.version}
        return _("As in %(commitment)s") % {"commitment": before}
    return _("Registered by the unit")


def short_code(digest: str) -> str:
    """The first 16 letters of a digest, by four, as papers print it."""
    return " ".join(digest[at : at + 4] for at in range(0, min(16, len(digest)), 4))
