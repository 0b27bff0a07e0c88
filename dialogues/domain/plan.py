"""Plans: registered, put in force, completed or cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cchc.documents.domain.attachment import Checked, attach_to
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import NotAllowed, Refused, begin, moved_on, record
from cchc.workflow.flow import Move, Sentence, Transition, flow
from cchc.workflow.once import once
from dialogues import permissions
from dialogues.domain.directive import end_all, issue_all
from dialogues.enums import PlanState
from dialogues.models import Plan

S = PlanState
DEEPEST = 12  # levels of a tree that are followed

# 317/KH-CAT-PV01, 04-NQ/TU, 30c/NQ-CP: a number, then signs of kind and issuer. Numbers are free text; this only warns.
_USUAL_NUMBER = re.compile(
    r"\d+[a-zđ]{0,2}(?:/\d{4})?(?:/[A-ZĐ]{1,5}-|-[A-ZĐ]{1,5}/)[A-ZĐ\d]+(?:[-./][A-ZĐ\d()]+)*", re.IGNORECASE
)


def _issue(plan: Plan, move: Move) -> None:
    """Its tasks become those of the units."""
    issue_all(plan.directives, at=move.at)


def _end_tasks(plan: Plan, move: Move) -> None:
    end_all(plan.directives, at=move.at, note=move.note)


def _none_open(plan: Plan) -> Sentence:
    left = plan.directives.open().count()
    words = ngettext("%(n)s task is still open.", "%(n)s tasks are still open.", left)
    return words % {"n": left} if left else ""


# fmt: off
PLAN_FLOW = flow("dialogues.plan", [
    Transition("issue", (S.DRAFT,), S.IN_FORCE, permissions.MANAGE_PLANS, _("Put in force"), _("put it in force"),
               "check", effect=_issue),
    Transition("complete", (S.IN_FORCE,), S.COMPLETED, permissions.MANAGE_PLANS, _("Complete"), _("completed it"),
               "flag", guard=_none_open),
    Transition("cancel", (S.DRAFT, S.IN_FORCE), S.CANCELLED, permissions.MANAGE_PLANS, _("Cancel"), _("cancelled it"),
               "sx", effect=_end_tasks, note_required=True, danger=True, primary=False),
    Transition("resume", (S.COMPLETED, S.CANCELLED), S.IN_FORCE, permissions.MANAGE_PLANS, _("Put in force again"),
               _("put it in force again"), "back", note_required=True, primary=False),
], owes={}, verbs={"create": _("registered it"), "edit": _("edited it"), "attach": _("added a file"),
                    "directive": _("changed what is to be done")})
# fmt: on


def number_is_usual(number: str) -> bool:
    """Whether *number* reads as numbers of papers do (Nghị định 30/2020/NĐ-CP, Phụ lục I); others are allowed."""
    return bool(_USUAL_NUMBER.fullmatch(number.strip()))


def warnings(plan: Plan) -> list[Sentence]:
    """What is unusual and nevertheless allowed, as sentences."""
    found: list[Sentence] = []
    if plan.precedes_its_basis:
        found.append(_("The plan is dated before what it implements."))
    if not number_is_usual(plan.number):
        found.append(_("The number does not look like 317/KH-CAT-PV01 or 04-NQ/TU; check it against the paper."))
    return found


_BELOW = (
    "WITH RECURSIVE tree (id, level) AS ("
    " SELECT id, 1 FROM dialogues_plan WHERE id = ANY(%s::uuid[])"
    " UNION SELECT p.id, level + 1 FROM dialogues_plan p JOIN tree ON p.implements_id = tree.id"
    " WHERE level < %s"
    ") SELECT DISTINCT id FROM tree"
)


def below(roots: Iterable[Any]) -> list[Any]:
    """The ids of *roots* (ids too) and of everything that implements them, over at most DEEPEST levels."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [list(roots), DEEPEST])
        return [pk for (pk,) in cursor.fetchall()]


def within_trees(roots: Iterable[Any]) -> QuerySet[Plan]:
    """The plans of `below`."""
    return Plan.objects.filter(pk__in=RawSQL(_BELOW, [list(roots), DEEPEST]))  # noqa: S611 - no word of it is typed


_TREE_OF = (
    "WITH RECURSIVE bases (id, implements_id, level) AS ("
    " SELECT id, implements_id, 1 FROM dialogues_plan WHERE id = %s"
    " UNION SELECT p.id, p.implements_id, level + 1 FROM dialogues_plan p"
    " JOIN bases ON p.id = bases.implements_id WHERE level < %s"
    "), tree (id, level) AS ("
    " (SELECT id, 1 FROM bases ORDER BY level DESC LIMIT 1)"
    " UNION SELECT p.id, level + 1 FROM dialogues_plan p JOIN tree ON p.implements_id = tree.id"
    " WHERE level < %s"
    ") SELECT DISTINCT id FROM tree"
)


def tree_around(plan: Plan) -> QuerySet[Plan]:
    """The last basis of *plan* and everything that implements that, *plan* among it."""
    return Plan.objects.filter(pk__in=RawSQL(_TREE_OF, [plan.pk, DEEPEST, DEEPEST]))  # noqa: S611 - no word of it is typed


def _may_manage(by: Person, host: Unit) -> None:
    if not access.can(by, permissions.MANAGE_PLANS, host):
        raise NotAllowed(_("This step is not among your rights here."))


def _refuse_circle(plan: Plan) -> None:
    if plan.implements_id and plan.implements_id in below([plan.pk]):
        raise Refused(_("A plan cannot implement what is itself built upon it."))


@transaction.atomic
def register(*, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any) -> Plan:
    """Register a plan as a draft, kept by its issuer unless another `host` is given.

    Raises NotAllowed when *by* does not manage the plans of who keeps it.
    """
    plan = Plan(**{"host": fields.get("issuer"), **fields})
    _may_manage(by, plan.host)
    with _once():
        begin(plan, by=by, at=at)
    attach_to(plan, files, by, at)
    return plan


@transaction.atomic
def change(
    plan: Plan, *, by: Person, at: datetime, seen: int | None = None, files: Sequence[Checked] = (), **fields: Any
) -> Plan:
    """Correct what is registered; every correction stands in the history with what was there before.

    Raises MovedOn when it has changed since *seen*.
    """
    now = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    _may_manage(by, now.host)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    before = {name: str(getattr(now, name) or "") for name, value in fields.items() if getattr(now, name) != value}
    for name, value in fields.items():
        setattr(now, name, value)
    _may_manage(by, now.host)
    _refuse_circle(now)
    if before:
        now.moves += 1
        with _once():
            now.save()
        record(now, "edit", by=by, at=at, data={"before": before})
    attach_to(now, files, by, at)
    return now


def _once() -> AbstractContextManager[None]:
    return once("plan_once", _("This number is already registered for that issuer and day."))
