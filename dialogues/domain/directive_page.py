"""What the page of a directive tells: how far it is by whose word, and what is unusual about its deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import files_beside, files_in
from cchc.documents.models import Attachment
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.flow import Sentence
from dialogues.domain.directive import UPDATE
from dialogues.models import Conclusion, Conference, Directive, Update


@dataclass(frozen=True)
class Told:
    """A report and its evidence."""

    update: Update
    files: list[Attachment] = field(default_factory=list)


def directive_for_page(person: Person, pk: UUID) -> Directive | None:
    """With everything that its page names, if *person* may see it.

    `followed`: whether he follows it; `told_at`: whether he sees the conference of its conclusion; `helpers`: the units
    that help, with *name* and *short_name*.
    """
    rows = Directive.objects.visible_to(person).select_related(
        "host__parent", "host__command", "lead__command", "turn__unit", "topic", "plan__issuer",
        "conclusion__conference", "conclusion__issued_by", "conclusion__host",
    )  # fmt: skip
    followed = Directive.objects.followed_by(person).filter(pk=OuterRef("pk"))
    conference = Conference.objects.visible_to(person).filter(pk=OuterRef("conclusion__conference"))
    units = Directive.coordinating.through.objects.filter(directive=OuterRef("pk")).order_by("unit__sort_key", "unit")
    names = JSONObject(name="unit__name", short_name="unit__short_name")
    return (
        rows.annotate(
            followed=Exists(followed), told_at=Exists(conference), helpers=ArraySubquery(units.values(names=names))
        )
        .filter(pk=pk)
        .first()
    )


def may_follow(directive: Directive) -> bool:
    """Whether the reader may read the reports and evidence of a directive of directive_for_page."""
    return bool(directive.followed)  # type: ignore[attr-defined]


def reports_of(directive: Directive) -> list[Told]:
    """Its reports with their evidence, newest first."""
    updates: Any = directive.updates.select_related("by").annotate(files=files_beside(UPDATE))
    return [Told(each, files_in(each.files)) for each in updates.order_by("-at", "-id")]


def warnings(directive: Directive, today: date, days: Calendar) -> list[Sentence]:
    """What is unusual about the deadline of one that is being written, and nevertheless allowed."""
    found: list[Sentence] = []
    if directive.due_on < today:
        found.append(_("The deadline has passed already."))
    elif directive.due_on.year > _year(directive, today):
        found.append(_("The deadline lies after the year of what orders it."))
    if not days.is_working(directive.due_on):
        found.append(_("The deadline is a day off; it will count as the next working day."))
    return found


def _year(directive: Directive, today: date) -> int:
    """The last year within which the work is expected."""
    basis = directive.basis
    if isinstance(basis, Conclusion):
        return timezone.localtime(basis.conference.starts_at).year
    return basis.last_year or max(basis.issued_on.year, today.year)
