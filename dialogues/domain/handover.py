"""How conferences, items and escalations follow when the work of a unit that has ended passes to another.

What the unit hosted goes conference by conference: its items, the reports about them and its conclusion are not parted
from it. Of an item that it prepared for another host, and of a directive that another told it, only its own part goes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from cchc.organization.models import Unit
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import Refused, perform
from cchc.workflow.handing import Follower, Key, Passing, ids_of, keys_of
from dialogues.models import Conclusion, Conference, Directive, Escalation, Item, Plan
from dialogues.models.escalation import AT_SENDER, ENDED

ITEM, CONFERENCE, ESCALATION = "dialogues.item", "dialogues.conference", "dialogues.escalation"
CONCLUSION, DIRECTIVE = "dialogues.conclusion", "dialogues.directive"
TYPES = (ITEM, CONFERENCE, ESCALATION, CONCLUSION, DIRECTIVE)


def together(keys: Collection[Key], unit: Unit) -> set[Key]:
    """With each of *keys* that *unit* hosts its conference, all that is open in it, and the reports about that."""
    given = ids_of(keys, *TYPES)
    conferences: set[UUID] = set()
    escalations = given[ESCALATION]
    of_conclusions = Conclusion.objects.filter(pk__in=given[CONCLUSION], host=unit)
    found = given[CONFERENCE] | set(of_conclusions.values_list("conference", flat=True))
    found |= _conferences(Q(pk__in=given[ITEM]) | Q(escalation__in=escalations), unit)
    while found - conferences:  # one report may be about items of several conferences
        conferences |= found
        of_them = Escalation.objects.exclude(state__in=ENDED).filter(host=unit, items__conference__in=conferences)
        escalations = escalations | set(of_them.values_list("pk", flat=True))
        found = _conferences(Q(escalation__in=escalations), unit)
    hosted = Item.objects.filter(conference__in=conferences, host=unit).still_open()
    items = given[ITEM] | set(hosted.values_list("pk", flat=True))
    own = {"host": unit, "conference__in": conferences}
    conclusions = set(Conclusion.objects.filter(**own).values_list("pk", flat=True))
    told = Directive.objects.open().filter(host=unit, conclusion__in=conclusions)
    return {
        *keys, *keys_of(CONFERENCE, conferences), *keys_of(ITEM, items), *keys_of(ESCALATION, escalations),
        *keys_of(CONCLUSION, conclusions), *keys_of(DIRECTIVE, set(told.values_list("pk", flat=True))),
    }  # fmt: skip


def _conferences(items: Q, unit: Unit) -> set[UUID]:
    return set(Item.objects.filter(items, host=unit).values_list("conference", flat=True))


def beside(unit: Unit) -> dict[str, QuerySet[Any]]:
    """Open items and directives in which *unit* has a part, while it is another's turn."""
    part = Q(lead_unit=unit) | Q(pk__in=Item.coordinating.through.objects.filter(unit=unit).values("item"))
    others = Item.objects.still_open().filter(part).exclude(turn__unit=unit)
    helped = Directive.coordinating.through.objects.filter(unit=unit).values("directive")
    work = Q(host=unit) | Q(lead=unit) | Q(pk__in=helped)
    told = Directive.objects.open().filter(work).exclude(turn__unit=unit)
    return {ITEM: others, DIRECTIVE: told}


def rows(keys: Collection[Key], passing: Passing) -> Sequence[QuerySet[Any]]:
    """With the ended items of a conference and the ended directives of a conclusion, whose host changes too, the plans
    of tasks, and the unit that counts the reports.
    """
    given = ids_of(keys, *TYPES)
    told = Directive.objects.filter(
        Q(pk__in=given[DIRECTIVE]) | Q(conclusion__in=given[CONCLUSION], host=passing.from_unit)
    )
    return [
        Conference.objects.filter(pk__in=given[CONFERENCE]),
        Escalation.objects.filter(pk__in=given[ESCALATION]),
        Item.objects.filter(Q(pk__in=given[ITEM]) | Q(conference__in=given[CONFERENCE])),
        Plan.objects.filter(pk__in=told.values("plan")),
        Conclusion.objects.filter(pk__in=given[CONCLUSION]),
        told,
        Unit.objects.filter(pk=passing.command.pk),
    ]


def take_over(keys: Collection[Key], passing: Passing) -> None:
    """Let the subjects of *keys* be the other unit's where they were the unit's that has ended."""
    given = ids_of(keys, *TYPES)
    for conference in Conference.objects.filter(pk__in=given[CONFERENCE]).order_by("pk"):
        _take_conference(conference, passing)
    for item in Item.objects.filter(pk__in=given[ITEM]).order_by("pk"):
        _take_item(item, passing)
    for report in Escalation.objects.filter(pk__in=given[ESCALATION]).order_by("pk"):
        _take_escalation(report, passing)
    for conclusion in Conclusion.objects.filter(pk__in=given[CONCLUSION]).order_by("pk"):
        _take_conclusion(conclusion, passing)
    for directive in Directive.objects.filter(pk__in=given[DIRECTIVE]).order_by("pk"):
        _take_directive(directive, passing)


def _take_conference(conference: Conference, passing: Passing) -> None:
    if conference.host_id == passing.from_unit.pk:
        conference.host = passing.command
        conference.save(update_fields=["host"])
        Item.objects.filter(conference=conference).update(host=passing.command)
    passing.write(conference)


def _take_item(item: Item, passing: Passing) -> None:
    if item.lead_unit_id == passing.from_unit.pk:
        item.lead_unit = passing.to_unit
        item.save(update_fields=["lead_unit"])
    elif item.coordinating.filter(pk=passing.from_unit.pk).exists() and item.lead_unit_id != passing.to_unit.pk:
        # Beside the unit that has ended: what it helped with stays on record.
        item.coordinating.add(passing.to_unit)
    passing.write(item)


def _take_escalation(report: Escalation, passing: Passing) -> None:
    old, command = passing.from_unit.pk, passing.command
    passing.write(report)
    if report.host_id == old and report.receiver_id == command.pk:
        # Asker and asked are one now. What was sent goes on there; what was not is decided without being asked.
        if report.state in AT_SENDER:
            perform(report, "fall_back", by=SYSTEM, at=passing.at)
        return
    if report.receiver_id == old and report.host_id == command.pk:
        raise Refused(_("%(unit)s asked for this opinion itself: choose another unit.") % {"unit": command})
    if report.host_id == old:
        # The code stays that of the papers; the number only keeps those of one host and year apart.
        of_year = Escalation.objects.filter(host=command, year=report.year)
        report.number = (of_year.aggregate(last=Max("number"))["last"] or 0) + 1
        report.host = command
    if report.receiver_id == old:
        report.receiver = command
    if report.division_id == old:
        report.division = passing.to_unit
    report.save(update_fields=["host", "number", "receiver", "division"])


def _take_conclusion(conclusion: Conclusion, passing: Passing) -> None:
    """With its directives that ended and its drafts, which owe nothing."""
    if conclusion.host_id == passing.from_unit.pk:
        conclusion.host = passing.command
        conclusion.save(update_fields=["host"])
        conclusion.directives.filter(host=passing.from_unit).update(host=passing.command)
    passing.write(conclusion)


def _take_directive(directive: Directive, passing: Passing) -> None:
    old, new = passing.from_unit.pk, passing.to_unit
    if directive.host_id == old:
        directive.host = passing.command
        if directive.plan and directive.plan.host_id == old:
            Plan.objects.filter(pk=directive.plan.pk).update(host=passing.command)
    if directive.lead_id == old:
        directive.lead = new
        directive.coordinating.remove(new)
    elif directive.coordinating.filter(pk=old).exists() and directive.lead_id != new.pk:
        # Beside the unit that has ended: what it helped with stays on record.
        directive.coordinating.add(new)
    directive.save(update_fields=["host", "lead"])
    passing.write(directive)


FOLLOWER = Follower(together, rows, take_over, beside)
