"""What an inspection has beside a conference: the delegation, its scope, the documents asked for, the findings."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import ConclusionState, FindingKind, RequestState


class Scope(models.Model):
    """What a delegation may look at: the period of the matters, and the days on which its inspectors may read.

    The plan whose carrying out is inspected is the conference's, the units are those that are invited.
    """

    conference = models.OneToOneField("dialogues.Conference", models.PROTECT, related_name="scope")
    decision = models.CharField(_("decision on the delegation"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    first_day = models.DateField(_("matters from"))
    last_day = models.DateField(_("matters until"))
    reads_from = models.DateField(_("inspectors may read from"))
    reads_until = models.DateField(_("inspectors may read until"))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day"), reads_until__gte=F("reads_from")),
                name="scope_days_in_order",
                violation_error_message=_("The last day must not come before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.subject


class Delegate(models.Model):
    """One of the delegation: somebody with an account, or from outside by name."""

    conference = models.ForeignKey("dialogues.Conference", models.CASCADE, related_name="delegates")
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("full name"), max_length=120)
    title = models.CharField(_("post"), max_length=200, blank=True)
    head = models.BooleanField(_("head of the delegation"), default=False)
    # By which an account reads what lies within the scope, on the days of it.
    post = models.ForeignKey(
        "organization.Position", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("-head", "id")
        constraints = (
            models.UniqueConstraint(fields=["conference"], condition=Q(head=True), name="delegation_has_one_head"),
            models.UniqueConstraint(fields=["conference", "person"], name="delegate_once"),
            models.CheckConstraint(condition=~Q(name=""), name="delegate_is_named"),
        )

    def __str__(self) -> str:
        return self.name


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, person: Visitor) -> Self:
        """Those at work on the inspection, and the unit that is asked."""
        seen = access.within(person, permissions.READ_INSPECTION, "host")
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
        seen = access.within(person, permissions.READ_INSPECTION, "conference__host")
        told = access.within(person, permissions.SEE_CONFERENCE, "conference__host")
        return self.filter(seen | told & Q(conference__conclusions__state=ConclusionState.ISSUED)).distinct()


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
        return f"PH{self.number:02d}"
