"""The one ledger of promises: this unit and role owes this move on this thing by this day (design.md §5)."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cchc.organization.access import Visitor, posts
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.organization.roster import seats_of
from cchc.workdays.domain.calendar import calendar

# The number at "My work" goes no further.
MOST_AWAITING = 99


def seats(person: Visitor) -> frozenset[tuple[str, int]]:
    """The roles and units for which *person* owes today, those for whom the post stands included."""
    return frozenset(seat for post in posts(person) for seat in seats_of(post))


def awaiting(person: Person, most: int = MOST_AWAITING) -> dict[int, str]:
    """What *person* owes, soonest first and *most* at most (never more than MOST_AWAITING): the kind of subject by
    obligation."""
    return {pk: subject_type for pk, subject_type, _kind in _awaited(person)[:most]}


def awaited_kinds(person: Person, subject_type: str) -> list[str]:
    """The kinds of what *person* owes on subjects of this type, one for each obligation that `awaiting` has."""
    return [kind for _pk, each, kind in _awaited(person) if each == subject_type]


def _awaited(person: Person) -> list[tuple[int, str, str]]:
    """Read once per request."""
    found: list[tuple[int, str, str]] | None = getattr(person, "_awaiting", None)
    if found is None:
        owed = Obligation.objects.open().owed_by(person).order_by("due_on", "id")
        found = list(owed.values_list("pk", "subject_type", "kind")[:MOST_AWAITING])
        person._awaiting = found  # type: ignore[attr-defined]
    return found


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def open(self) -> Self:
        return self.filter(settled_at__isnull=True)

    def late_on(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)

    def owed_by(self, person: Visitor) -> Self:
        """What *person* owes: by name, or by a post held today."""
        if not isinstance(person, Person):
            return self.none()
        return self.filter(reduce(or_, (Q(role=role, unit=unit) for role, unit in seats(person)), Q(person=person)))

    def by_due(self) -> Self:
        return self.select_related("unit").order_by("due_on", "id")


class Obligation(models.Model):
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="obligations")
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="obligations")
    started_on = models.DateField()
    term = models.PositiveSmallIntegerField(null=True)  # working days; null when the date itself was given
    due_on = models.DateField()
    first_due_on = models.DateField()
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # By which it came from the unit that owed it first.
    handover = models.ForeignKey("workflow.Handover", models.PROTECT, null=True, related_name="obligations")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["unit", "role", "due_on"], condition=Q(settled_at__isnull=True), name="obligation_open_of_unit"
            ),
            models.Index(
                fields=["person", "due_on"],
                condition=Q(settled_at__isnull=True, person__isnull=False),
                name="obligation_open_of_person",
            ),
            models.Index(fields=["due_on", "id"], condition=Q(settled_at__isnull=True), name="obligation_open_by_due"),
            models.Index(fields=["subject_type", "subject_id"], name="obligation_of_subject"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(settled_at__isnull=True),
                name="obligation_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.due_on}"

    def is_owed_by(self, person: Person) -> bool:
        """Whether it is the turn of *person*: what `owed_by` asks the database."""
        return self.person_id == person.pk or (self.role, self.unit_id) in seats(person)

    @property
    def days_left(self) -> int:
        """Working days from today to the due date; negative when late."""
        return calendar().between(timezone.localdate(), self.due_on)

    @property
    def settled_on(self) -> date | None:
        return timezone.localtime(self.settled_at).date() if self.settled_at else None

    @property
    def late_days(self) -> int:
        """Working days by which it was settled, or by now is, too late; 0 when on time."""
        return max(0, calendar().between(self.due_on, self.settled_on or timezone.localdate()))


class Extension(models.Model):
    """A due date moved, with the reason and who approved it; the first date stays on the obligation.

    *by_calendar*: nobody was given more time, the working days themselves changed (cchc.followup.domain.recount).
    """

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    due_before = models.DateField()
    due_after = models.DateField()
    reason = models.CharField(max_length=500)
    approved_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_calendar = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.CheckConstraint(condition=~Q(due_after=models.F("due_before")), name="extension_moves_the_date"),
        )

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due_after}"
