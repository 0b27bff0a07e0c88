"""Who is away from his post, from when to when, and who acts for that time."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def on(self, day: date) -> Self:
        return self.standing().filter(valid_from__lte=day, valid_to__gte=day)

    def overlapping(self, first: date, last: date) -> Self:
        return self.standing().filter(valid_from__lte=last, valid_to__gte=first)


class Absence(models.Model):
    """The holder of *post* is away; *stand_in* is the acting post that somebody else holds meanwhile.

    *reason*: leave, training, a journey; never a state of health.
    """

    post = models.ForeignKey("organization.Position", models.PROTECT, related_name="absences")
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120)
    stand_in = models.OneToOneField(
        "organization.Position", models.SET_NULL, null=True, blank=True, related_name="stands_in"
    )
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [
            models.Index(fields=["valid_from", "valid_to"], condition=Q(cancelled_at=None), name="absence_standing")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="absence_dates_in_order",
                violation_error_message=_("The last day may not lie before the first day."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="absence_has_reason"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(stand_in=None), name="absence_cancelled_without_stand_in"
            ),
            models.CheckConstraint(condition=~Q(stand_in=F("post")), name="absence_not_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.valid_from:%Y-%m-%d} – {self.valid_to:%Y-%m-%d}"
