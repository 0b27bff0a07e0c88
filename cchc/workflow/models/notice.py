"""Who was told of an event: what the bell shows."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from cchc.organization.models import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    event = models.ForeignKey("workflow.Event", models.PROTECT, related_name="notices")
    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="notices")
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["person", "-event"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
        )
        constraints = (models.UniqueConstraint(fields=["event", "person"], name="notice_once"),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.event_id}"
