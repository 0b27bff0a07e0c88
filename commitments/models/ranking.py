"""A published ranking: frozen with all that it was computed from, so that anybody may compute it again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ranking(models.Model):
    """*content* is the canonical JSON of the input, *digest* its SHA-256. Never changed once published.

    *document* and *document_on* are number and day of the notice that makes it known, *paper* its bytes.
    """

    campaign = models.OneToOneField("commitments.Campaign", models.PROTECT, related_name="ranking")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    document = models.CharField(_("document number"), max_length=60, blank=True)
    document_on = models.DateField(_("day of the document"), null=True)
    paper = models.ForeignKey("documents.Paper", models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.digest[:12]}"


class Place(models.Model):
    """Where a unit came: among its group and among all; without places and with the reason when it is not ranked."""

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="places")
    commitment = models.ForeignKey("commitments.Commitment", models.PROTECT, related_name="places")
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=1, null=True)
    deducted = models.DecimalField(_("deducted"), max_digits=5, decimal_places=1, default=0)
    level_by_score = models.CharField(max_length=80, blank=True)
    level = models.CharField(_("level"), max_length=80, blank=True)
    overall = models.PositiveIntegerField(_("place among all"), null=True)
    in_group = models.PositiveIntegerField(_("place in its group"), null=True)
    of_group = models.PositiveIntegerField(null=True)
    unranked = models.CharField(_("why it is not ranked"), max_length=20, blank=True)

    class Meta:
        ordering = ("overall", "commitment")
        constraints = (
            models.UniqueConstraint(fields=["ranking", "commitment"], name="place_once"),
            models.CheckConstraint(
                condition=models.Q(unranked="", overall__isnull=False, in_group__isnull=False, score__isnull=False)
                | ~models.Q(unranked="") & models.Q(overall__isnull=True, in_group__isnull=True),
                name="place_or_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.overall}: {self.commitment_id}"
