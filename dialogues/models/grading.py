"""How a body outside graded a unit for a year: its grade, and its rank among its peers."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from dialogues import permissions


class GradingQuerySet(models.QuerySet["Grading"]):
    def visible_to(self, person: Visitor) -> Self:
        """Gradings of the units above and below."""
        seen = access.within(person, permissions.SEE_GRADINGS, "unit", lambda post: post.matters_of_years("year"))
        return self.filter(seen | access.within(person, permissions.REGISTER_GRADING, "unit"))


class Grading(models.Model):
    """A grade without a rank is possible, and a rank without the size of the group is not."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    group = models.CharField(
        _("graded among"), max_length=200, help_text=_("The peers, for example: Central agencies in the province")
    )
    grade = models.CharField(_("grade"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    group_size = models.PositiveSmallIntegerField(_("of how many"), null=True, blank=True)
    wording = models.CharField(
        _("as the paper words it"), max_length=150, blank=True, help_text=_("Wordings differ from year to year")
    )
    document = models.CharField(_("source"), max_length=250, blank=True)

    objects = GradingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "year", "group"],
                name="grading_once",
                violation_error_message=_("This unit's grading for that year and group is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True, group_size__isnull=True)
                | Q(rank__isnull=False, rank__gte=1, group_size__isnull=False, group_size__gte=models.F("rank")),
                name="grading_rank_within_group",
                violation_error_message=_("Give rank and size of the group together; the rank lies within the group."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2100)),
                name="grading_year",
                violation_error_message=_("Check the year."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.year}: {self.grade}"

    @property
    def place(self) -> str:
        """ "1/5", or "" where only a grade is known."""
        return f"{self.rank}/{self.group_size}" if self.rank else ""
