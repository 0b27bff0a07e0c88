"""Items counted beforehand, conference by conference, for the overview of a province or the country."""

from __future__ import annotations

from django.db import models


class Summary(models.Model):
    """The tallies of a conference's received items: {who sees them: {property: {value: number}}}.

    True as long as no row of Touched names the conference.
    """

    conference = models.OneToOneField(
        "dialogues.Conference", models.CASCADE, primary_key=True, related_name="summary"
    )  # fmt: skip
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    tallies = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.conference_id} {self.counted_at}"


class Touched(models.Model):
    """Something of this conference's items, answers or ratings was changed: written by triggers of the database.

    Never updated and without any key, so that nobody who writes items waits for another.
    """

    conference = models.ForeignKey(
        "dialogues.Conference", models.DO_NOTHING, db_constraint=False, related_name="touched"
    )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}: {self.conference_id}"
