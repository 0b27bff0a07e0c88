"""What a unit reports on its tasks: on the reporting days of the campaign, and the result of each task on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject
from commitments import permissions
from commitments.enums import ReportState
from commitments.models.campaign import shown_to_delegate

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

S = ReportState


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: Visitor) -> Self:
        """Whoever sees the commitment."""
        narrow = shown_to_delegate("commitment__campaign__", "commitment__unit")
        seen = access.within(person, permissions.READ_COMMITMENTS, "commitment__host", narrow)
        taken = access.within(person, permissions.READ_OWN_COMMITMENT, "commitment__taken_over_by__unit")
        return self.filter(seen | access.within(person, permissions.READ_OWN_COMMITMENT, "commitment__unit") | taken)

    def accepted(self) -> Self:
        return self.filter(state=S.ACCEPTED)


class Report(Subject):
    """Due on a reporting day for all tasks, or on the day of *task* for its result."""

    State = ReportState

    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.DUE)
    commitment = models.ForeignKey("commitments.Commitment", models.PROTECT, related_name="reports")
    task = models.ForeignKey("commitments.Task", models.PROTECT, null=True, related_name="reports")
    due_on = models.DateField(_("due"))
    note = models.TextField(_("remarks"), max_length=2000, blank=True)
    submitted_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()
    entries: RelatedManager[Entry]

    class Meta:
        indexes = (models.Index(fields=["commitment", "due_on"], name="report_of_commitment"),)
        constraints = (
            models.UniqueConstraint(
                fields=["commitment", "due_on", "task"], nulls_distinct=False, name="report_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="report_who_and_when_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("submitted", "accepted", "returned")) | Q(submitted_at__isnull=False),
                name="report_submitted_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.due_on}"

    @property
    def host(self) -> Any:
        return self.commitment.host

    @property
    def unit(self) -> Any:
        return self.commitment.unit


class Entry(models.Model):
    """A number reached, and since when; the percent is that of the target."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="entries")
    task = models.ForeignKey("commitments.Task", models.PROTECT, related_name="entries")
    value = models.DecimalField(_("reached"), max_digits=12, decimal_places=2)
    done_on = models.DateField(_("finished on"), null=True, blank=True)
    text = models.CharField(_("what was done"), max_length=1000, blank=True)

    class Meta:
        ordering = ("task__place",)
        constraints = (
            models.UniqueConstraint(fields=["report", "task"], name="entry_once_a_task"),
            models.CheckConstraint(condition=Q(value__gte=0), name="entry_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.task_id}: {self.value}"
