"""Satisfaction: what is asked, what was answered without a name, and figures that others have counted."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Position
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import Audience, SurveySource, SurveyState
from dialogues.models.delegation import shown_to_delegate


def new_survey_key() -> str:
    return secrets.token_urlsafe(16)


def _of_period(post: Position) -> Q:
    """By its days; by its year if it names none."""
    of_year = Q(first_on__isnull=True) & post.matters_of_years("year")
    return of_year | post.matters_between("first_on", "last_on")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, person: Visitor) -> Self:
        """Surveys with results of the units above and below; others only for those who run them."""
        narrow = shown_to_delegate("conference", within=_of_period)
        seen = access.within(person, permissions.SEE_SURVEYS, "host", narrow) & Q(state=SurveyState.CLOSED)
        return self.filter(seen | access.within(person, permissions.MANAGE_SURVEYS, "host"))

    def newest_first(self) -> Self:
        return self.select_related("host", "conference").order_by("-year", "-created_at", "id")


class Survey(Subject):
    """Of a conference, or of a unit in a period. *figures* are what was counted when it was closed."""

    State = SurveyState

    state = models.CharField(max_length=20, choices=SurveyState.choices, default=SurveyState.DRAFT)
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    conference = models.ForeignKey(
        "dialogues.Conference",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name=_("conference"),
    )
    title = models.CharField(_("subject of the survey"), max_length=250)
    source = models.CharField(
        _("where the answers come from"), max_length=10, choices=SurveySource.choices, default=SurveySource.LINK
    )
    year = models.PositiveSmallIntegerField(_("year"))
    first_on = models.DateField(_("from"), null=True, blank=True)
    last_on = models.DateField(_("until"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=250, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    created_at = models.DateTimeField(editable=False)

    sent = models.PositiveIntegerField(_("number sent out"), null=True, blank=True)
    # Counted elsewhere; of other surveys these stay empty.
    returned = models.PositiveIntegerField(_("number returned"), null=True, blank=True)
    satisfied = models.PositiveIntegerField(_("number satisfied"), null=True, blank=True)
    reported_percent = models.DecimalField(
        _("share satisfied, as reported (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    # The address in the link and QR code. Whoever has it may answer; it opens nothing else.
    key = models.CharField(max_length=40, unique=True, default=new_survey_key, editable=False)
    figures = models.JSONField(default=dict, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["host", "-year"], name="survey_of_host"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(first_on__isnull=True, last_on__isnull=True)
                | Q(first_on__isnull=False, last_on__isnull=False, last_on__gte=models.F("first_on")),
                name="survey_period_in_order",
                violation_error_message=_("The last day may not lie before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(source="reported")
                | Q(returned__isnull=True, satisfied__isnull=True, reported_percent__isnull=True),
                name="survey_counts_itself_unless_reported",
            ),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(returned__isnull=False, returned__gte=models.F("satisfied")),
                name="survey_satisfied_among_returned",
                violation_error_message=_("More cannot be satisfied than have answered."),
            ),
            models.CheckConstraint(
                condition=Q(reported_percent__isnull=True) | Q(returned__isnull=True) | Q(satisfied__isnull=True),
                name="survey_percent_is_computed_when_counts_are_known",
                violation_error_message=_("With both counts the share is computed: leave the reported share empty."),
            ),
            models.CheckConstraint(
                condition=Q(reported_percent__isnull=True) | Q(reported_percent__range=(0, 100)),
                name="survey_percent_of_hundred",
                violation_error_message=_("A share lies between 0 and 100."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def has_link(self) -> bool:
        return self.source == SurveySource.LINK


class Criterion(models.Model):
    """One question of a survey, answered from 1 to 5, beside the overall one that each survey asks."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=300)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["survey", "order"], name="survey_criterion_order_once"),)

    def __str__(self) -> str:
        return self.text


class Response(models.Model):
    """One filled-in sheet. It says neither who nor when: a day is all that is kept of the time."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses")
    group = models.CharField(_("I am"), max_length=20, choices=Audience.choices)
    overall = models.PositiveSmallIntegerField()
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    on = models.DateField()
    # A digest of the survey and of what a browser was given: one sheet from each, as far as one can honestly know.
    mark = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(overall__range=(1, 5)), name="response_one_to_five"),)

    def __str__(self) -> str:
        return f"{self.overall}/5"


class Score(models.Model):
    """What a sheet says to one criterion."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["response", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="score_one_to_five"),
        )

    def __str__(self) -> str:
        return f"{self.value}/5"
