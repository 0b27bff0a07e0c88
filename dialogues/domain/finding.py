"""What a delegation found, and whether what was weak has been remedied by its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.models import Person
from cchc.workflow.engine import Refused, record
from dialogues import permissions
from dialogues.domain.delegation import is_at_work, over, running
from dialogues.enums import ConclusionState, ConferenceKind
from dialogues.models import Conclusion, Conference, Delegate, Directive, Finding
from dialogues.models.directive import ENDED

FINDING = "dialogues.finding"


@transaction.atomic
def record_finding(
    conference: Conference, *, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any
) -> Finding:
    """Write down what was found, with its evidence. Refused once the conclusion has been issued."""
    now = _unconcluded(conference, by, at)
    number = (now.findings.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Finding.objects.create(conference=now, number=number, recorded_by=by, recorded_at=at, **fields)
    _evidence(made, files, by, at)
    record(now, "finding", by=by, at=at, note=str(made))
    return made


@transaction.atomic
def change_finding(
    finding: Finding, *, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any
) -> Finding:
    """Correct a finding; what was there before stands in the history of the inspection."""
    conference = _unconcluded(finding.conference, by, at)
    now = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    before = {name: str(getattr(now, name) or "") for name, value in fields.items() if getattr(now, name) != value}
    for name in before:
        setattr(now, name, fields[name])
    now.save()
    _evidence(now, files, by, at)
    if before or files:
        record(conference, "finding", by=by, at=at, note=str(now), data={"before": before})
    return now


@transaction.atomic
def remove_finding(finding: Finding, *, by: Person, at: datetime) -> None:
    """Take a finding out that no directive is built on; the numbers of the others stay."""
    conference = _unconcluded(finding.conference, by, at)
    if finding.directives.exists():
        raise Refused(_("A directive is built on this finding; take it out there first."))
    record(conference, "finding", by=by, at=at, note=f"− {finding}", data={"text": finding.text})
    finding.delete()


def _evidence(finding: Finding, files: Sequence[Checked], by: Person, at: datetime) -> None:
    for checked in files:
        attach(subject_type=FINDING, subject_id=finding.pk, checked=checked, by=by, at=at)


CONCLUDED = _("The conclusion has been issued; findings are not changed any more.")


def _unconcluded(conference: Conference, by: Person, at: datetime) -> Conference:
    now = running(conference, by, permissions.RECORD_FINDINGS, at)
    if now.conclusions.filter(state=ConclusionState.ISSUED).exists():
        raise Refused(CONCLUDED)
    return now


# --- what became of it ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Remedy:
    """Whether a finding is remedied: when all directives built on it have ended; *on* is the day of the last result."""

    by: date
    done: bool
    on: date | None

    def is_late(self, today: date) -> bool:
        return (self.on or self.by) > self.by if self.done else today > self.by


def remedy_of(finding: Finding, directives: Sequence[Directive]) -> Remedy | None:
    """None for a finding that nobody has to remedy by a day."""
    if finding.remedy_by is None:
        return None
    done = bool(directives) and all(each.state in ENDED for each in directives)
    days = [each.done_on for each in directives if each.done_on]
    return Remedy(finding.remedy_by, done, max(days) if done and days else None)


def for_page(person: Person) -> QuerySet[Conference]:
    """The inspections that *person* sees with what their page shows: scope, delegation, names of the units."""
    units = Conference.invited.through.objects.filter(conference=OuterRef("pk")).order_by("unit__sort_key")
    issued = Conclusion.objects.filter(conference=OuterRef("pk"), state=ConclusionState.ISSUED)
    rows = Conference.objects.visible_to(person).filter(kind=ConferenceKind.INSPECTION).select_related("scope")
    return rows.prefetch_related(Prefetch("delegates", Delegate.objects.select_related("person"))).annotate(
        units=ArraySubquery(units.values("unit__short_name")), concluded=Exists(issued)
    )


def may_record(conference: Conference, person: Person) -> bool:
    """Whether *person* may write findings down now; *conference* comes of `for_page`."""
    if not conference.is_inspection or over(conference) or conference.concluded:  # type: ignore[attr-defined]
        return False
    return is_at_work(conference, person, permissions.RECORD_FINDINGS)
