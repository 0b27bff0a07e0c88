"""Units of the force: a dated tree, what each was called before, and who took over from whom."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import COMMAND_KINDS, SuccessionKind, UnitKind
from cchc.web.search import FoldedVector, matching

SEARCHED = FoldedVector("code", "name", "short_name", "symbol")


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def below(self, unit: Unit) -> Self:
        """*unit* itself and everything under it."""
        return self.filter(path__startswith=unit.path)

    def search(self, text: str) -> Self:
        """Units whose names, code or symbol have all words of *text*, accents ignored; all of them for a blank text."""
        return matching(self.alias(search=SEARCHED), text)

    def in_order(self) -> Self:
        return self.order_by("sort_key", "code")


class Unit(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    symbol = models.CharField(_("document symbol"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("unit above")
    )
    # Ids from the root down to this unit ("1.14.15."), kept by domain.unit; "below" is then one prefix comparison.
    path = models.CharField(max_length=200, editable=False, default="", db_index=True, db_collation="C")
    # The unit whose head this unit answers to: itself, or the nearest unit above of a commanding kind.
    command = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    is_focal_point = models.BooleanField(_("focal point for administrative reform"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    sort_key = models.CharField(max_length=800, editable=False, default="", db_collation="C")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes = [
            models.Index(fields=["sort_key", "code"], name="unit_in_order"),
            GinIndex(SEARCHED, name="unit_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message=_("The last day may not lie before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_command(self) -> bool:
        return self.kind in COMMAND_KINDS

    def is_within(self, other: Unit) -> bool:
        """Whether this unit is *other* or stands somewhere below it."""
        return bool(other.path) and self.path.startswith(other.path)

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def name_on(self, day: date) -> str:
        """The name papers of that day print."""
        past = self.versions.filter(until__gte=day).order_by("until").first()
        return past.name if past else self.name


class UnitVersion(models.Model):
    """What a unit was called, and whom it stood under, up to and including a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="versions")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    until = models.DateField()

    class Meta:
        verbose_name = _("earlier name")
        verbose_name_plural = _("earlier names")
        constraints = [models.UniqueConstraint(fields=["unit", "until"], name="unit_version_once_a_day")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.until})"


class Succession(models.Model):
    """Work passes from one unit to another by a decision; without *successor* the unit simply ends."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name=_("unit"))
    successor = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SuccessionKind.choices)
    decision = models.CharField(_("decision"), max_length=250)
    on = models.DateField(_("date"))
    scope = models.CharField(_("scope"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["unit", "successor", "on"], nulls_distinct=False, name="succession_once"),
            models.CheckConstraint(condition=~Q(unit=models.F("successor")), name="succession_to_another_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor or '–'} ({self.on})"
