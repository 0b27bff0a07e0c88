"""What a delegation asks for and finds: the documents that units hand in, and the findings with their evidence."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import ConclusionState, FindingKind, RequestState
from dialogues.models.conference import Conference
from dialogues.models.delegation import shown_to_delegate


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, person: Visitor) -> Self:
        """Those at work on the inspection, and the unit that is asked."""
        seen = access.within(person, permissions.READ_INSPECTION, "host", shown_to_delegate("conference"))
        return self.filter(seen | access.within(person, permissions.HAND_IN, "unit"))


class Request(Subject):
    """A document that the delegation asked for; its files are what was handed in."""

    State = RequestState

    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.ASKED)
    conference = models.ForeignKey("dialogues.Conference", models.PROTECT, related_name="requests")
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", editable=False)
    text = models.CharField(_("document"), max_length=300)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("asked of"))
    due_on = models.DateField(_("wanted by"))
    handed_in_on = models.DateField(null=True, editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="handed_in", handed_in_on__isnull=False)
                | ~Q(state="handed_in") & Q(handed_in_on__isnull=True),
                name="request_handed_in_when",
            ),
        )

    def __str__(self) -> str:
        return self.text


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: Visitor) -> Self:
        """Those at work on the inspection; once it is concluded, everybody who sees the conference."""
        seen = access.within(person, permissions.READ_INSPECTION, "conference__host", shown_to_delegate("conference"))
        told = Conference.objects.visible_to(person).filter(conclusions__state=ConclusionState.ISSUED)
        return self.filter(seen | Q(conference__in=told.values("pk")))


class Finding(models.Model):
    """What the delegation found; its files are the evidence."""

    conference = models.ForeignKey("dialogues.Conference", models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind.choices)
    topic = models.ForeignKey(
        "dialogues.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("CCHC content")
    )
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    text = models.TextField(_("finding"), max_length=4000)
    remedy_by = models.DateField(_("to be remedied by"), null=True, blank=True)
    recorded_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["conference", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text[:60]}"

    @property
    def code(self) -> str:
        return finding_code(self.number)


def finding_code(number: int) -> str:
    """How a finding is called within its inspection."""
    return f"PH{number:02d}"
