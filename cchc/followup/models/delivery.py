"""The outbox: what leaves the app for one person by one channel; claimed, sent, tried again, given up."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.followup.enums import Channel, DeliveryState, Manner


class Delivery(models.Model):
    """*digest_on* is the morning whose digest it is. *message_id* is fixed with the row: a copy can be told apart."""

    State = DeliveryState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    manner = models.CharField(_("manner"), max_length=10, choices=Manner.choices)
    notices = models.ManyToManyField("workflow.Notice", related_name="deliveries")
    digest_on = models.DateField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    address = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    answer = models.CharField(_("answer of the server"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["not_before", "made_at"],
                condition=Q(state__in=("queued", "claimed")),
                name="delivery_waiting",
            ),
            models.Index(fields=["state", "-made_at"], name="delivery_in_state"),
        )
        constraints = (
            models.UniqueConstraint(fields=["person", "channel", "digest_on"], name="digest_once"),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_until__isnull=False, claim__isnull=False) | ~Q(state="claimed"),
                name="delivery_claimed_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "failed", "dropped"), ended_at__isnull=False)
                | Q(state__in=("queued", "claimed"), ended_at__isnull=True),
                name="delivery_ended_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.message_id}"
