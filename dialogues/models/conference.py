"""A dialogue conference: who holds it, who is invited, when questions may come and when it meets."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Person
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import Audience, ConferenceKind, ConferenceState, Part
from dialogues.models.delegation import shown_to_delegate


def new_guest_key() -> str:
    return secrets.token_urlsafe(16)


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def visible_to(self, person: Visitor) -> Self:
        """Conferences of the units above and below, and where one is invited; in preparation only for who prepares."""
        posts = [post for post in access.posts(person) if not post.is_limited]
        listed = Participant.objects.filter(person=person.pk if isinstance(person, Person) else None)
        invited = Conference.invited.through.objects.filter(unit__in=[post.unit_id for post in posts])
        seen = access.within(person, permissions.SEE_CONFERENCE, "host", shown_to_delegate("pk", "starts_at"))
        seen |= Q(pk__in=listed.values("conference")) | Q(pk__in=invited.values("conference"))
        seen &= ~Q(state=ConferenceState.DRAFT)
        prepare = access.within(person, permissions.PREPARE_CONFERENCE, "host")
        direct = access.within(person, permissions.DIRECT_CONFERENCE, "host")
        return self.filter(seen | prepare | direct)

    def open_for_questions(self, at: datetime) -> Self:
        running = self.filter(kind=ConferenceKind.DIALOGUE, opens_at__lte=at, closes_at__gt=at)
        return running.filter(state__in=[ConferenceState.COLLECTING, ConferenceState.IN_SESSION])

    def newest_first(self) -> Self:
        return self.select_related("host", "chair", "turn").order_by("-starts_at", "code")


class Conference(Subject):
    State = ConferenceState

    state = models.CharField(max_length=20, choices=ConferenceState.choices, default=ConferenceState.DRAFT)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("For example HN-2020-01"))
    kind = models.CharField(_("kind"), max_length=20, choices=ConferenceKind.choices, default=ConferenceKind.DIALOGUE)
    title = models.CharField(_("title"), max_length=300)
    plan = models.ForeignKey(
        "dialogues.Plan", models.PROTECT, null=True, blank=True, related_name="conferences", verbose_name=_("plan")
    )
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("host unit"))
    chair = models.ForeignKey("organization.Person", models.PROTECT, related_name="+", verbose_name=_("chair"))
    venue = models.CharField(_("venue"), max_length=250)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    opens_at = models.DateTimeField(_("questions from"))
    closes_at = models.DateTimeField(_("questions until"))
    # Working days from the conference within which written answers are due.
    answer_term = models.PositiveSmallIntegerField(_("term for written answers (working days)"), default=15)
    topics = models.ForeignKey("dialogues.TopicSet", models.PROTECT, related_name="+", verbose_name=_("CCHC contents"))
    invited = models.ManyToManyField("organization.Unit", related_name="+", blank=True, verbose_name=_("invited units"))
    reported_items = models.CharField(
        _("number in the paper report"),
        max_length=80,
        blank=True,
        help_text=_("As written there, for example 'over 20'"),
    )
    # The secret in the guests' link and QR code; a new one makes the old link void.
    guest_key = models.CharField(max_length=40, unique=True, default=new_guest_key, editable=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["host", "-starts_at"], name="conference_of_host"),
            models.Index(fields=["-starts_at", "code"], name="conference_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="conference_ends_after_start",
                violation_error_message=_("The conference must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")),
                name="conference_window_in_order",
                violation_error_message=_("Questions must close after they open."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__lte=models.F("ends_at")),
                name="conference_window_before_end",
                violation_error_message=_("Questions must close before the conference ends."),
            ),
            models.CheckConstraint(condition=Q(answer_term__range=(1, 60)), name="conference_answer_term"),
        )

    def __str__(self) -> str:
        return self.title

    def takes_questions(self, at: datetime) -> bool:
        """Whether a question may be handed in at this moment."""
        running = self.state in (ConferenceState.COLLECTING, ConferenceState.IN_SESSION)
        return running and not self.is_inspection and self.opens_at <= at < self.closes_at

    @property
    def is_inspection(self) -> bool:
        return self.kind == ConferenceKind.INSPECTION


class AudienceInvited(models.Model):
    """One of the audiences that a conference invites to ask."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="audiences")
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["conference", "audience"], name="audience_once"),)

    def __str__(self) -> str:
        return self.get_audience_display()


class AgendaEntry(models.Model):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("order"))
    at = models.TimeField(_("time"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    text = models.CharField(_("content"), max_length=300)
    person = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["conference", "order"], name="agenda_order_once"),)

    def __str__(self) -> str:
        return self.text


class Participant(models.Model):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="participants")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=20, choices=Part.choices, default=Part.DELEGATE)

    class Meta:
        ordering = ("person__sort_key",)
        constraints = (models.UniqueConstraint(fields=["conference", "person"], name="participant_once"),)

    def __str__(self) -> str:
        return f"{self.person} ({self.get_part_display()})"
