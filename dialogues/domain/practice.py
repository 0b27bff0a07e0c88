"""Good practices (mô hình hay): proposed by a unit, reviewed, published, and taken over by other units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach_to
from cchc.organization import access
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.web.search import FoldedVector, matching
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, begin, moved_on, record
from cchc.workflow.flow import Move, Owed, Transition, flow
from cchc.workflow.once import once
from dialogues import permissions
from dialogues.enums import PracticeState
from dialogues.models import Adoption, Measure, Practice
from dialogues.models.practice import PracticeQuerySet

S = PracticeState
WRITABLE = (S.DRAFT, S.RETURNED)
MOST_MEASURES = 6
REVIEW_WITHIN, COMPLETE_WITHIN = 10, 10  # working days


@dataclass(frozen=True)
class Measured:
    """A number before and after, as it is typed."""

    name: str
    before: Decimal
    after: Decimal
    measure_unit: str = ""


def _proposed(practice: Practice, move: Move) -> None:
    practice.host = reviewing(practice.unit, timezone.localdate(move.at))


def _recognized(practice: Practice, move: Move) -> None:
    practice.recognized_on = move.data.get("recognized_on") or timezone.localdate(move.at)
    practice.document = move.data.get("document", "")


def _chiefs(practice: Practice) -> list[Person]:
    return role_holders(Role.UNIT_CHIEF, practice.unit)


# fmt: off
PRACTICE_FLOW = flow("dialogues.practice", [
    Transition("propose", (S.DRAFT, S.RETURNED), S.PROPOSED, permissions.PROPOSE_PRACTICE, _("Propose"),
               _("proposed it"), "send", effect=_proposed),
    Transition("withdraw", (S.PROPOSED,), S.DRAFT, permissions.PROPOSE_PRACTICE, _("Take back"), _("took it back"),
               "back", primary=False),
    Transition("publish", (S.PROPOSED,), S.PUBLISHED, permissions.REVIEW_PRACTICE, _("Recognize and publish"),
               _("recognized and published it"), "check", effect=_recognized, notify=_chiefs),
    Transition("send_back", (S.PROPOSED,), S.RETURNED, permissions.REVIEW_PRACTICE, _("Send back to be completed"),
               _("sent it back"), "back", note_required=True, primary=False),
    Transition("reject", (S.PROPOSED,), S.REJECTED, permissions.REVIEW_PRACTICE, _("Not recognize"),
               _("did not recognize it"), "sx", note_required=True, danger=True, primary=False, notify=_chiefs),
    Transition("reconsider", (S.REJECTED,), S.PROPOSED, permissions.REVIEW_PRACTICE, _("Review again"),
               _("took it up again"), "history", note_required=True, primary=False),
    Transition("retire", (S.PUBLISHED,), S.RETIRED, permissions.REVIEW_PRACTICE, _("No longer recommend"),
               _("no longer recommends it"), "sx", note_required=True, danger=True, primary=False, notify=_chiefs),
    Transition("resume", (S.RETIRED,), S.PUBLISHED, permissions.REVIEW_PRACTICE, _("Recommend again"),
               _("recommends it again"), "back", note_required=True, primary=False),
], title=_("Good practices"), owes={
    S.PROPOSED: Owed("review_practice", _("Review a good practice"), role=Role.SECRETARY, within=REVIEW_WITHIN),
    S.RETURNED: Owed("complete_practice", _("Complete a good practice"), role=Role.UNIT_CHIEF,
                     unit=lambda practice: practice.unit, within=COMPLETE_WITHIN),
}, verbs={
    "create": _("began to write it"), "edit": _("edited it"), "attach": _("added a file"),
    "adopt": _("stated that it is in use"), "plan_adoption": _("planned to take it over"),
    "end_adoption": _("stated that it is no longer in use"),
})
# fmt: on


def reviewing(unit: Unit, day: date) -> Unit:
    """The command that reviews what *unit* proposes: the nearest above it, itself included, that has a secretary.

    Where there is none, the nearest command.
    """
    commands = [each for each in _upward(unit) if each.is_command]
    for command in commands:
        if role_holders(Role.SECRETARY, command, day):
            return command
    return commands[0] if commands else unit


def _upward(unit: Unit) -> list[Unit]:
    above = Unit.objects.in_bulk([int(pk) for pk in unit.path.split(".") if pk])
    return [above[int(pk)] for pk in reversed(unit.path.split(".")) if pk]


@transaction.atomic
def write(
    *, by: Person, at: datetime, unit: Unit, measures: Iterable[Measured] = (), files: Sequence[Checked] = (),
    **fields: Any,
) -> Practice:  # fmt: skip
    """Begin the description of a practice of *unit*, as a draft."""
    practice = Practice(unit=unit, host=reviewing(unit, timezone.localdate(at)), created_at=at, **fields)
    _check(practice, by)
    begin(practice, by=by, at=at)
    _set_measures(practice, measures)
    attach_to(practice, files, by, at)
    return practice


@transaction.atomic
def change(
    practice: Practice, *, by: Person, at: datetime, seen: int | None = None, measures: Iterable[Measured] = (),
    files: Sequence[Checked] = (), **fields: Any,
) -> Practice:  # fmt: skip
    """Correct the description, as long as it is not under review. Raises MovedOn when it has changed since *seen*."""
    now = _locked(practice)
    _check(now, by)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    if now.state not in WRITABLE:
        raise Refused(_("What is under review or was published can no longer be changed."))
    before = {name: str(getattr(now, name) or "") for name, value in fields.items() if getattr(now, name) != value}
    for name, value in fields.items():
        setattr(now, name, value)
    _check(now, by)
    _set_measures(now, measures)
    now.moves += 1
    now.save()
    record(now, "edit", by=by, at=at, data={"before": before})
    attach_to(now, files, by, at)
    return now


def searched(rows: PracticeQuerySet, text: str) -> PracticeQuerySet:
    """Those whose name, words or unit have all words of *text*, accents and case ignored."""
    vector = FoldedVector("name", "problem", "method", "unit__name")
    return matching(rows.alias(words=vector), text, field="words")


# --- Taken over elsewhere ---------------------------------------------------------------------------------------------
@transaction.atomic
def adopt(
    practice: Practice, unit: Unit, *, by: Person, at: datetime, adopted_on: date | None = None,
    due_on: date | None = None, note: str = "",
) -> Adoption:  # fmt: skip
    """State that *unit* uses the practice since *adopted_on*, or plans to by *due_on*.

    What was planned is stated again when it is done. Raises Refused for the practice's own unit, for one that is not
    published, for a day to come, and when the unit has stated it already.
    """
    now = _locked(practice)
    if not access.can(by, permissions.ADOPT_PRACTICE, unit):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.state != S.PUBLISHED:
        raise Refused(_("Only what is published can be taken over."))
    if unit.pk == now.unit_id:
        raise Refused(_("The practice is this unit's own."))
    if adopted_on and adopted_on > timezone.localdate(at):
        raise Refused(_("A day to come is a plan: enter it as the day by which it is planned."))
    held = Adoption.objects.filter(practice=now, unit=unit, ended_on=None).first()
    if held and held.adopted_on:
        raise Refused(_("This unit has stated that already."))
    adoption = held or Adoption(practice=now, unit=unit)
    adoption.adopted_on, adoption.due_on = adopted_on, due_on or adoption.due_on
    adoption.note = note or adoption.note
    with once("adoption_open_once", _("This unit has stated that already.")):
        adoption.save()
    action = "adopt" if adopted_on else "plan_adoption"
    record(now, action, by=by, at=at, note=note, data={"unit": unit.pk, "on": adopted_on or due_on})
    return adoption


@transaction.atomic
def end_adoption(adoption: Adoption, *, by: Person, at: datetime, on: date, note: str) -> Adoption:
    """State that the unit no longer uses the practice, or gave the plan up."""
    now = (
        Adoption.objects.select_for_update(of=("self",)).select_related("unit__command", "practice").get(pk=adoption.pk)
    )
    if not access.can(by, permissions.ADOPT_PRACTICE, now.unit):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.ended_on:
        raise MovedOn(_("This has moved on in the meantime."), None)
    if on > timezone.localdate(at) or (now.adopted_on and on < now.adopted_on):
        raise Refused(_("The day lies between the beginning of use and today."))
    now.ended_on, now.end_note = on, note
    now.save()
    record(now.practice, "end_adoption", by=by, at=at, note=note, data={"unit": now.unit_id, "on": on})
    return now


def _locked(practice: Practice) -> Practice:
    rows = Practice.objects.select_for_update(of=("self",)).select_related("unit__command", "host__command")
    return rows.get(pk=practice.pk)


def _check(practice: Practice, by: Person) -> None:
    if not access.can(by, permissions.PROPOSE_PRACTICE, practice.unit):
        raise NotAllowed(_("This step is not among your rights here."))


def _set_measures(practice: Practice, measures: Iterable[Measured]) -> None:
    practice.measures.all().delete()
    Measure.objects.bulk_create(
        Measure(practice=practice, order=order, **vars(each)) for order, each in enumerate(measures, 1)
    )
