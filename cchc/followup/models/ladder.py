"""The ladder of reminders as data: for a kind of obligation, who is told how many days before and after its day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.workflow.models import Capacity

EARLIEST, LATEST = -20, 60


class Ladder(models.Model):
    """*kind* is "subject type:kind of obligation"; "" is the ladder of every kind that has none of its own.

    A ladder without stages reminds nobody.
    """

    kind = models.CharField(max_length=120, unique=True, blank=True)
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kind or "*"


class Stage(models.Model):
    """*offset*: working days after the due date, negative before it; *to*: Capacity values."""

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="stages")
    offset = models.SmallIntegerField(
        _("working days after the due date"), validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    )
    to = ArrayField(models.CharField(max_length=10, choices=Capacity.choices), verbose_name=_("to whom"))

    class Meta:
        ordering = ("offset",)
        constraints = (
            models.UniqueConstraint(fields=["ladder", "offset"], name="stage_once"),
            models.CheckConstraint(condition=Q(offset__range=(EARLIEST, LATEST)), name="stage_within_reach"),
            models.CheckConstraint(condition=Q(to__len__gt=0), name="stage_tells_somebody"),
        )

    def __str__(self) -> str:
        return f"{self.offset:+d}: {', '.join(self.to)}"
