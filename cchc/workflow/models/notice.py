"""Who was told what: of an event, or of a day that comes near or has passed. The row is what the bell shows.

It is also where sending begins: written in the transaction of its cause, and carried further (e-mail, …) by
cchc.followup until `dispatched_at` says so.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization.models import Person


class Capacity(models.TextChoices):
    """As what somebody is reminded; the order is the ladder's: nobody before those above him in this list."""

    OWNER = "owner", _("Whose turn it is")
    CHIEF = "chief", _("Chief of the unit")
    SECRETARY = "secretary", _("Secretary")
    LEADER = "leader", _("Leader")
    ABOVE = "above", _("The unit above")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def undispatched(self) -> Self:
        return self.filter(dispatched_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-id")


class Notice(models.Model):
    """Either of an *event*, or a reminder of an *obligation*: then *stage* is the working days after its due date.

    *capacity*: as what somebody is reminded; of an event, that it made it the person's turn, or "".
    A reminder exists once for each obligation, stage and person; a due date that was moved is reminded of anew.
    *vacant*: told because nobody holds the post whose turn it is. *reminded_by*: who pressed the button; the clock's
    reminders have nobody.
    """

    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="notices")
    event = models.ForeignKey("workflow.Event", models.PROTECT, null=True, related_name="notices")
    obligation = models.ForeignKey("workflow.Obligation", models.CASCADE, null=True, related_name="notices")
    stage = models.SmallIntegerField(null=True)
    due_on = models.DateField(null=True)
    capacity = models.CharField(max_length=10, choices=Capacity.choices, blank=True)
    vacant = models.BooleanField(default=False)
    reminded_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, db_index=False, related_name="+"
    )  # fmt: skip
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(dispatched_at__isnull=True), name="notice_undispatched"),
        )
        constraints = (
            models.UniqueConstraint(fields=["event", "person"], name="notice_once"),
            models.UniqueConstraint(fields=["obligation", "due_on", "stage", "person"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(event__isnull=False, obligation__isnull=True, stage__isnull=True, due_on__isnull=True)
                | Q(event__isnull=True, obligation__isnull=False, stage__isnull=False, due_on__isnull=False)
                & ~Q(capacity=""),
                name="notice_of_event_or_obligation",
            ),
            models.CheckConstraint(
                condition=Q(reminded_by__isnull=True) | Q(obligation__isnull=False), name="notice_reminds_of_a_duty"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.event_id or self.obligation_id}"
