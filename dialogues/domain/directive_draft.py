"""Writing directives down, before they are issued: for a conclusion, or as the tasks of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import NotAllowed, Refused, begin, moved_on, perform, record
from dialogues import permissions
from dialogues.domain.conclusion import may_write, unissued
from dialogues.enums import DirectiveState, PlanState
from dialogues.models import Conclusion, Directive, Item, Plan

Basis = Conclusion | Plan
_RELATED = ("coordinating", "items", "findings")


@transaction.atomic
def write_directive(basis: Basis, *, by: Person, at: datetime, seen: int | None = None, **fields: Any) -> Directive:
    """Add a directive behind those there are. That of a plan in force is issued at once.

    Raises NotAllowed, MovedOn when *basis* has changed since *seen*, Refused when it takes none any more.
    """
    now = _writable(basis, by, seen)
    last = now.directives.aggregate(last=Max("number"))["last"] or 0
    related = {name: fields.pop(name) for name in _RELATED if name in fields}
    made = Directive(host=now.host, number=last + 1, **{_name(now): now}, **fields)
    begin(made, by=by, at=at)
    _relate(made, related, by)
    _touch(now, by, at, made)
    if isinstance(now, Plan) and now.state == PlanState.IN_FORCE:
        made = perform(made, "issue", by=SYSTEM, at=at)
    return made


@transaction.atomic
def edit_directive(
    directive: Directive, *, by: Person, at: datetime, seen: int | None = None, **fields: Any
) -> Directive:
    """Change one that has not been issued. Raises as write_directive; *seen* is the directive's own counter."""
    basis = _writable(directive.basis, by, None)
    now = _unissued(directive, seen)
    related = {name: fields.pop(name) for name in _RELATED if name in fields}
    before = {name: str(getattr(now, name)) for name, value in fields.items() if getattr(now, name) != value}
    for name in before:
        setattr(now, name, fields[name])
    now.moves += 1
    now.save()
    _relate(now, related, by)
    record(now, "edit", by=by, at=at, data={"before": before})
    _touch(basis, by, at, now)
    return now


@transaction.atomic
def remove_directive(directive: Directive, *, by: Person, at: datetime, seen: int | None = None) -> None:
    """Take one out again that has not been issued; those behind it move up."""
    basis = _writable(directive.basis, by, None)
    now = _unissued(directive, seen)
    record(now, "remove", by=by, at=at, note=now.title)
    number = now.number
    now.delete()
    for later in basis.directives.filter(number__gt=number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])
    _touch(basis, by, at, directive)


@transaction.atomic
def move_up(directive: Directive, *, by: Person, at: datetime) -> None:
    """Change places with the one before it."""
    basis = _writable(directive.basis, by, None)
    now = _unissued(directive, None)
    before = basis.directives.filter(number=now.number - 1).first()
    if before is None:
        return
    free = (basis.directives.aggregate(last=Max("number"))["last"] or 0) + 1
    for each, number in ((before, free), (now, now.number - 1), (before, now.number)):
        each.number = number
        each.save(update_fields=["number"])
    _touch(basis, by, at, now)


def may_add(basis: Basis, by: Person) -> bool:
    """Whether *by* may write directives for *basis* now."""
    if isinstance(basis, Conclusion):
        return may_write(basis, by)
    in_time = basis.state in (PlanState.DRAFT, PlanState.IN_FORCE)
    return in_time and access.can(by, permissions.MANAGE_PLANS, basis.host)


def _writable(basis: Basis, by: Person, seen: int | None) -> Basis:
    if isinstance(basis, Conclusion):
        return unissued(basis, by=by, seen=seen)
    now = Plan.objects.select_for_update(of=("self",)).get(pk=basis.pk)
    if not access.can(by, permissions.MANAGE_PLANS, now.host):
        raise NotAllowed(_("This step is not among your rights here."))
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    if not may_add(now, by):
        raise Refused(_("This plan takes no further tasks."))
    return now


def _unissued(directive: Directive, seen: int | None) -> Directive:
    now = Directive.objects.select_for_update(of=("self",)).get(pk=directive.pk)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    if now.state != DirectiveState.DRAFT:
        raise Refused(_("What was issued is not edited any more."))
    return now


def _relate(directive: Directive, related: dict[str, Iterable[Any]], by: Person) -> None:
    if "coordinating" in related:
        directive.coordinating.set([unit for unit in related["coordinating"] if unit.pk != directive.lead_id])
    if "items" in related:
        given: list[Item] = list(related["items"])
        seen = Item.objects.visible_to(by).filter(pk__in=[item.pk for item in given])
        directive.items.set(seen.filter(conference__conclusions=directive.conclusion_id))
    if "findings" in related:
        directive.findings.set(related["findings"])


def _touch(basis: Basis, by: Person, at: datetime, directive: Directive) -> None:
    """The paper that orders it has changed: a form that was opened before must not go through unseen."""
    basis.moves += 1
    basis.save(update_fields=["moves"])
    record(basis, "directive", by=by, at=at, note=str(directive)[:250])


def _name(basis: Basis) -> str:
    return "conclusion" if isinstance(basis, Conclusion) else "plan"
