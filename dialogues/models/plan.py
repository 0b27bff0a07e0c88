"""Resolutions, plans, decisions and letters, each implementing another: why a conference is held."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Position
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import PlanKind, PlanState
from dialogues.models.delegation import Delegate


def _of_inspection(post: Position) -> Q:
    """The plan that is inspected, and what was issued or holds in the period."""
    inspected = Q(pk__in=Delegate.objects.filter(post=post).values("conference__plan"))
    return inspected | post.matters("issued_on") | post.matters_of_years("first_year", "last_year")


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Visitor) -> Self:
        """Plans in force of the units above and below; drafts only for those who write them."""
        seen = access.within(person, permissions.SEE_PLANS, "host", _of_inspection) & ~Q(state=PlanState.DRAFT)
        return self.filter(seen | access.within(person, permissions.MANAGE_PLANS, "host"))

    def newest_first(self) -> Self:
        return self.select_related("issuer", "implements").order_by("-issued_on", "number")


class Plan(Subject):
    State = PlanState

    state = models.CharField(max_length=20, choices=PlanState.choices, default=PlanState.DRAFT)
    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices)
    number = models.CharField(_("number and symbol"), max_length=60, help_text=_("For example 317/KH-CAT-PV01"))
    issued_on = models.DateField(_("date of issue"))
    # Who keeps it here: a resolution of the Party committee is registered by the unit that carries it out.
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("kept by"))
    issuer = models.ForeignKey(
        "organization.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issuer")
    )
    issuer_name = models.CharField(_("issuer outside of the force"), max_length=200, blank=True)
    # Years of the calendar, both included.
    first_year = models.PositiveSmallIntegerField(_("from the year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("to the year"), null=True, blank=True)
    abstract = models.CharField(_("abstract"), max_length=500)
    implements = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="implemented_by", verbose_name=_("implements")
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["-issued_on", "number"], name="plan_newest"),)
        constraints = (
            models.CheckConstraint(condition=~Q(implements=models.F("id")), name="plan_not_its_own_basis"),
            models.UniqueConstraint(
                fields=["host", "issuer", "issuer_name", "number", "issued_on"],
                nulls_distinct=False,
                name="plan_once",
                violation_error_message=_("This number is already registered for that issuer and day."),
            ),
            models.CheckConstraint(
                condition=Q(issuer__isnull=False, issuer_name="") | Q(issuer__isnull=True) & ~Q(issuer_name=""),
                name="plan_of_one_issuer",
                violation_error_message=_("Choose the issuing unit or write who issued it, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True, last_year__isnull=True)
                | Q(first_year__isnull=False, last_year__isnull=False)
                & Q(first_year__gte=1975, last_year__lte=2099, last_year__gte=models.F("first_year")),
                name="plan_period_in_order",
                violation_error_message=_("The period needs its first and its last year, in order."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def issued_by(self) -> str:
        return self.issuer.name if self.issuer else self.issuer_name

    @property
    def precedes_its_basis(self) -> bool:
        """A plan dated before what it implements: it happens (449/KH-CAT-PV11), so it is warned of, never refused."""
        basis: date | None = self.implements.issued_on if self.implements else None
        return basis is not None and self.issued_on < basis
