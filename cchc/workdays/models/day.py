from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayQuerySet(models.QuerySet["Day"]):
    def standing(self) -> Self:
        return self.filter(withdrawn=False)

    def of_year(self, year: int) -> Self:
        return self.filter(date__year=year)


class Day(models.Model):
    """A date that departs from the week: a weekday that is off, or a Saturday or Sunday that is worked.

    A holiday that falls on a weekend may stand here too; it changes no count, only the name shown for that day.
    A withdrawn day counts as if it did not stand here; it is kept, for the next seeding would bring it back.
    """

    class Kind(models.TextChoices):
        OFF = "off", _("Day off")
        WORKING = "working", _("Working day")

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("source document"), max_length=300, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = DayQuerySet.as_manager()

    class Meta:
        ordering = ["date"]
        verbose_name = _("exceptional day")
        verbose_name_plural = _("exceptional days")
        constraints = [
            models.CheckConstraint(name="workdays_day_kind", condition=models.Q(kind__in=["off", "working"]))
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
