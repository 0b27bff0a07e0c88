"""Plans: registered, put in force, completed or cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.engine import NotAllowed, begin, record
from cchc.workflow.flow import Transition, flow
from dialogues import permissions
from dialogues.enums import PlanState
from dialogues.models import Plan

S = PlanState
T = gettext_lazy

# fmt: off
PLAN_FLOW = flow("dialogues.plan", [
    Transition("issue", (S.DRAFT,), S.IN_FORCE, permissions.MANAGE_PLANS, T("Put in force"), T("put it in force"), "check"),
    Transition("complete", (S.IN_FORCE,), S.COMPLETED, permissions.MANAGE_PLANS, T("Complete"), T("completed it"), "flag"),
    Transition("cancel", (S.DRAFT, S.IN_FORCE), S.CANCELLED, permissions.MANAGE_PLANS, T("Cancel"), T("cancelled it"), "sx",
               note_required=True, danger=True, primary=False),
    Transition("resume", (S.COMPLETED, S.CANCELLED), S.IN_FORCE, permissions.MANAGE_PLANS, T("Put in force again"),
               T("put it in force again"), "undo", note_required=True, primary=False),
], owes={}, verbs={"create": T("registered it"), "edit": T("edited it"), "attach": T("added a file")})
# fmt: on


@transaction.atomic
def register(*, by: Person, at: datetime, **fields: Any) -> Plan:
    """Register a plan as a draft. Raises NotAllowed when *by* does not manage the issuer's plans."""
    plan = Plan(**fields)
    if not access.can(by, permissions.MANAGE_PLANS, plan.issuer):
        raise NotAllowed(_("This step is not among your rights here."))
    return begin(plan, by=by, at=at)


@transaction.atomic
def change(plan: Plan, *, by: Person, at: datetime, **fields: Any) -> Plan:
    """Correct what is registered; every correction stands in the history with what was there before."""
    now = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not access.can(by, permissions.MANAGE_PLANS, now.issuer):
        raise NotAllowed(_("This step is not among your rights here."))
    before = {name: str(getattr(now, name)) for name, value in fields.items() if getattr(now, name) != value}
    for name, value in fields.items():
        setattr(now, name, value)
    now.moves += 1
    now.save()
    if before:
        record(now, "edit", by=by, at=at, data={"before": before})
    return now
