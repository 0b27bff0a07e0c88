"""The ledger of what happened: append-only and hash-chained by a trigger of the database (in its migration)."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from .subject import Subject


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, subject: Subject | models.Model) -> Self:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def newest_first(self) -> Self:
        return self.select_related("actor").order_by("-seq")


class Event(models.Model):
    """One line of history. *seq*, *previous* and *hash* are written by the database, never by the application.

    The chain covers a salted digest of *payload*, so that a leaked secret can be purged from the payload and the chain
    still verifies (security.md §2, ledger rule 4).
    """

    seq = models.BigIntegerField(primary_key=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    actor = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # Canonical JSON: actor id, in which capacity, note and data. The digest is taken over exactly these bytes.
    payload = models.TextField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["subject_type", "subject_id", "-seq"], name="event_of_subject"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.subject_type} {self.action}"

    @cached_property
    def content(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.payload)
        return loaded

    @property
    def note(self) -> str:
        return str(self.content.get("note", ""))

    @property
    def acting_as(self) -> str:
        """In which capacity the actor acted: a title, or who it was when no account did."""
        return str(self.content.get("as", ""))

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content.get("data", {})
        return found
