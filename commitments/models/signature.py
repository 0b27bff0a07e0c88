"""A signature under a commitment: who, as what, when, and under exactly which text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import ActingKind, Rank
from commitments.enums import Root, Seat

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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


class SignedCopy(models.Model):
    """A kept paper that was signed outside of this system with a personal digital signature, and came back.

    *paper* begins with the very bytes that were frozen, and nothing but signatures was added to them. Never changed,
    never removed (a trigger of the database sees to it).
    """

    commitment = models.ForeignKey("commitments.Commitment", models.PROTECT, related_name="copies")
    paper = models.ForeignKey("documents.Paper", models.PROTECT, related_name="+")
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    signatures: RelatedManager[DigitalSignature]

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.paper_id}"


class DigitalSignature(models.Model):
    """What a signature added to a copy told when it came: only those are kept whose every check succeeded.

    *name*, *organization* and *issuer* are the certificate's words, *fingerprint* its SHA-256; *signed_at* is by the
    signer's clock. *seat*: whose name the certificate bears; "" for another's, an organization's say.
    """

    copy = models.ForeignKey(SignedCopy, models.PROTECT, related_name="signatures")
    seat = models.CharField(max_length=10, choices=Seat.choices, blank=True)
    name = models.CharField(max_length=200)
    organization = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    root = models.CharField(max_length=20, choices=Root.choices)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("copy", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def short_code(self) -> str:
        """The first 16 letters of the fingerprint, as readers of certificates show them."""
        return " ".join(self.fingerprint[at : at + 4] for at in range(0, 16, 4))
