"""The scores of a commitment: one row for each time somebody gave one, none ever changed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import Stage


class ScoreQuerySet(models.QuerySet["Score"]):
    def newest(self) -> Self:
        """The newest of each criterion: what counts."""
        return self.order_by("commitment_id", "criterion_id", "-id").distinct("commitment_id", "criterion_id")


class Score(models.Model):
    """Points of 100 for one criterion, by whom and when. *before* is what stood there; *basis* what it was made of."""

    commitment = models.ForeignKey("commitments.Commitment", models.PROTECT, related_name="scores")
    criterion = models.ForeignKey("commitments.Criterion", models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    before = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    note = models.CharField(_("remark"), max_length=1000, blank=True)
    basis = models.JSONField(default=list)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["commitment", "criterion", "-id"], name="score_latest"),)
        constraints = (
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="score_within_100"),
            models.CheckConstraint(condition=Q(stage="automatic") | Q(by__isnull=False), name="score_has_giver"),
        )

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.stage}: {self.points}"


class FinalSheet(models.Model):
    """The evaluation sheet of a commitment whose score is final, as it was printed then. Never changed."""

    commitment = models.OneToOneField("commitments.Commitment", models.PROTECT, related_name="final_sheet")
    paper = models.ForeignKey("documents.Paper", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.paper_id}"
