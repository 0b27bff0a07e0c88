"""A signature under a commitment: who, as what, when, and under exactly which text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import ActingKind, Rank
from commitments.enums import Seat


class Signature(models.Model):
    """Everything as it was at that moment; never changed, never removed (a trigger of the database sees to it).

    *digest* is that of the text that was shown to the signer. *address*: from where, for the security log alone.
    """

    commitment = models.ForeignKey("commitments.Commitment", models.PROTECT, related_name="signatures")
    seat = models.CharField(max_length=10, choices=Seat.choices)
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices)
    title = models.CharField(_("title"), max_length=150)
    unit_name = models.CharField(_("unit"), max_length=200)
    acting_kind = models.CharField(max_length=3, choices=ActingKind.choices, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = (models.UniqueConstraint(fields=["commitment", "seat"], name="signature_once_a_seat"),)

    def __str__(self) -> str:
        return f"{self.seat}: {self.name}"

    @property
    def ranked_name(self) -> str:
        return f"{self.get_rank_display()} {self.name}" if self.rank else self.name
