"""A good practice (mô hình hay): what a unit does well, reviewed, published, and taken over elsewhere."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import PracticeState

SHOWN_TO_ALL = (PracticeState.PUBLISHED, PracticeState.RETIRED)
IN_USE = Q(adoptions__adopted_on__isnull=False, adoptions__ended_on__isnull=True)


class PracticeQuerySet(models.QuerySet["Practice"]):
    def visible_to(self, person: Visitor) -> Self:
        """Published ones everywhere, for they are there to be taken over; others for who writes and who reviews."""
        seen = access.within(person, permissions.PROPOSE_PRACTICE, "unit")
        seen |= access.within(person, permissions.REVIEW_PRACTICE, "host") & ~Q(state=PracticeState.DRAFT)
        if access.holds(person, permissions.SEE_PRACTICES):
            seen |= Q(state__in=SHOWN_TO_ALL)
        return self.filter(seen)

    def for_list(self) -> Self:
        rows = self.select_related("unit", "host", "topic", "field")
        return rows.annotate(adopted=Count("adoptions", filter=IN_USE))


class Practice(Subject):
    """*host* is the command whose secretary reviews it (dialogues.domain.practice.reviewing)."""

    State = PracticeState

    state = models.CharField(max_length=20, choices=PracticeState.choices, default=PracticeState.DRAFT)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", editable=False)
    name = models.CharField(_("name"), max_length=200)
    topic = models.ForeignKey("dialogues.Topic", models.PROTECT, related_name="+", verbose_name=_("CCHC content"))
    field = models.ForeignKey(
        "dialogues.Field", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("professional field")
    )
    started_on = models.DateField(_("in use since"))
    problem = models.TextField(_("what was wrong before"), max_length=4000)
    method = models.TextField(_("how it is done"), max_length=8000)
    conditions = models.TextField(_("what it takes"), max_length=2000, blank=True)
    cost_note = models.CharField(_("cost"), max_length=300, blank=True)
    created_at = models.DateTimeField(editable=False)
    recognized_on = models.DateField(_("recognized on"), null=True, editable=False)
    document = models.CharField(_("document of recognition"), max_length=200, blank=True, editable=False)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["state", "-recognized_on"], name="practice_published"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=("published", "retired")) | Q(recognized_on__isnull=False),
                name="practice_published_has_day",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """A number that the practice changed: before and after, in the same unit."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("what was measured"), max_length=200)
    measure_unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    before = models.DecimalField(_("before"), max_digits=12, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["practice", "order"], name="measure_order_once"),)

    def __str__(self) -> str:
        return self.name


class Adoption(models.Model):
    """Another unit takes the practice over: planned by a day, in use since one, and maybe given up."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="adoptions")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    due_on = models.DateField(_("planned by"), null=True, blank=True)
    adopted_on = models.DateField(_("in use since"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_note = models.CharField(_("why it ended"), max_length=500, blank=True)

    class Meta:
        ordering = ("adopted_on", "due_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["practice", "unit"], condition=Q(ended_on__isnull=True), name="adoption_open_once"
            ),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=False) | Q(due_on__isnull=False), name="adoption_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_note="") | Q(ended_on__isnull=False) & ~Q(end_note=""),
                name="adoption_ended_when_why_together",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(adopted_on__isnull=True)
                | Q(ended_on__gte=models.F("adopted_on")),
                name="adoption_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} ({self.adopted_on or self.due_on})"
