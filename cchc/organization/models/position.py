"""A person's post: in which unit, in which role, from when to when, and with what authority to act for the head."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import ActingKind, Role


def acts_as_head(role: str, acting_kind: str) -> bool:
    """A deputy has the head's rights only with a written authority."""
    return role != Role.DEPUTY_LEADER or acting_kind != ActingKind.DIRECT


class PositionQuerySet(models.QuerySet["Position"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Position(models.Model):
    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="positions")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="positions", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    title = models.CharField(_("title"), max_length=150)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    acting_kind = models.CharField(
        _("acts for the head as"), max_length=3, choices=ActingKind.choices, default=ActingKind.DIRECT, blank=True
    )
    authority = models.CharField(_("authority document"), max_length=200, blank=True)
    # Of an inspector: the days whose matters he was sent to look at; empty for one who looks at all.
    matters_from = models.DateField(null=True, editable=False)
    matters_until = models.DateField(null=True, editable=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = [models.Index(fields=["unit", "role"], name="position_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="position_dates_in_order",
                violation_error_message=_("The last day may not lie before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(acting_kind="") | ~Q(authority=""),
                name="position_acting_needs_authority",
                violation_error_message=_("Acting for the head needs the number of the authority document."),
            ),
            models.CheckConstraint(
                condition=Q(matters_from__isnull=True, matters_until__isnull=True)
                | Q(role=Role.INSPECTOR, matters_from__isnull=False, matters_until__isnull=False)
                & Q(matters_until__gte=models.F("matters_from")),
                name="position_matters_in_order",
            ),
            # Two inspections of one command may begin on one day, each with matters of its own.
            models.UniqueConstraint(
                fields=["person", "unit", "role", "valid_from"],
                condition=Q(matters_from__isnull=True),
                name="position_once",
                violation_error_message=_("This person already holds this post from that day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def acts_as_head(self) -> bool:
        return acts_as_head(self.role, self.acting_kind)

    @property
    def is_limited(self) -> bool:
        """Whether it shows only the matters of certain days."""
        return self.matters_from is not None

    def matters(self, field: str) -> Q:
        """The rows whose moment in *field* lies within the days of a limited post; all of them for another."""
        if self.matters_from is None or self.matters_until is None:
            return Q()
        first, after = self.matters_from, self.matters_until + timedelta(days=1)
        begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (first, after))
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})

    def matters_between(self, first: str, last: str) -> Q:
        """The rows whose days in *first* to *last* touch those of a limited post."""
        if self.matters_from is None or self.matters_until is None:
            return Q()
        return Q(**{f"{first}__lte": self.matters_until, f"{last}__gte": self.matters_from})

    def matters_of_years(self, first: str, last: str = "") -> Q:
        """The rows whose years in *first* to *last* (the same unless given) touch the days of a limited post."""
        if self.matters_from is None or self.matters_until is None:
            return Q()
        return Q(**{f"{first}__lte": self.matters_until.year, f"{last or first}__gte": self.matters_from.year})
