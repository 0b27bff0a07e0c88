"""What posts owed, counted beforehand: of each unit and month, and of all that stands below a unit."""

from __future__ import annotations

from django.db import models


class DutyCount(models.Model):
    """What the posts of a unit owed by days of a month ("2020-07"): {day: {property: {value: number}}}.

    True as long as no row of DutyTouched names them.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )  # fmt: skip
    month = models.CharField(max_length=7)
    # Of the unit, when it was counted: the totals of the units above hold it.
    path = models.CharField(max_length=200, db_collation="C")
    tallies = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "month"], name="duty_count_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"


class DutyTotal(models.Model):
    """The sum of the counts of what stands below *unit*, of a month or a day: {property: {value: number}}.

    Changed in one transaction with the counts, so that at any moment it is their sum.
    """

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=10)  # "2020-07" or "2020-07-01"
    tallies = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "period"], name="duty_total_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"


class DutyTouched(models.Model):
    """Something that a unit owes by a day of the month was changed, or where it stands: written by triggers.

    Never updated and without any key, so that nobody who works waits for another.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )  # fmt: skip
    month = models.CharField(max_length=7)

    def __str__(self) -> str:
        return f"{self.pk}: {self.unit_id} {self.month}"
