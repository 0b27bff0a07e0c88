"""Items counted beforehand, for the overview: of each conference, and of all that is hosted below a unit."""

from __future__ import annotations

from django.db import models


class Summary(models.Model):
    """The tallies of a conference's received items: {who sees them: {month: {property: {value: number}}}}.

    True as long as no row of Touched names the conference.
    """

    # Protected: what a total holds of a conference can be taken out of it as long as its summary is there.
    conference = models.OneToOneField(
        "dialogues.Conference", models.PROTECT, primary_key=True, related_name="summary"
    )  # fmt: skip
    # Of its host, when it was counted: the totals of the units above hold it.
    path = models.CharField(max_length=200, db_collation="C")
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    tallies = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.conference_id} {self.counted_at}"


class Total(models.Model):
    """The sum of the summaries of what is hosted below *unit*, not by itself: {property: {value: number}}.

    Changed in one transaction with the summaries, so that at any moment it is their sum.
    """

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", db_index=False)
    sees = models.CharField(max_length=10)
    period = models.CharField(max_length=7)  # "2020" or "2020-07"
    # Within the period; nothing lies outside of them, though what did lie there may have gone.
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    tallies = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "sees", "period"], name="total_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.sees} {self.period}"


class Touched(models.Model):
    """Something of this conference's items, answers or ratings was changed, or where its host stands.

    Written by triggers of the database, never updated and without any key, so that nobody who writes items waits for
    another.
    """

    conference = models.ForeignKey(
        "dialogues.Conference", models.DO_NOTHING, db_constraint=False, related_name="touched"
    )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}: {self.conference_id}"
