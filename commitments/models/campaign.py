"""A year's commitments of a host's units: who must sign by when, and by what they will be scored and ranked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject
from commitments import permissions
from commitments.enums import CampaignState, Scoring
from dialogues.models.delegation import Narrow, of_named_units

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def shown_to_delegate(campaign: str, unit: str = "") -> Narrow:
    """What a delegate's post shows: what belongs to a year of its period, and to the units that its inspection names.

    *campaign* is the way to the campaign, "" from itself; *unit* the field of the unit that the row is of.
    """
    return lambda post: post.matters_of_years(f"{campaign}year") & of_named_units(post, unit)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, person: Visitor) -> Self:
        """The host's staff and those above see it; a unit that must sign, once it is open."""
        seen = access.within(person, permissions.READ_COMMITMENTS, "host", shown_to_delegate(""))
        must_sign = Signatory.objects.filter(access.within(person, permissions.READ_OWN_COMMITMENT, "unit"))
        opened = Q(pk__in=must_sign.values("campaign")) & ~Q(state=CampaignState.DRAFT)
        return self.filter(seen | opened)

    def newest_first(self) -> Self:
        return self.select_related("host", "turn").order_by("-year", "code")


class Campaign(Subject):
    """Frozen when it opens: *content* is the canonical JSON of what the units sign under, *digest* its SHA-256."""

    State = CampaignState

    state = models.CharField(max_length=20, choices=CampaignState.choices, default=CampaignState.DRAFT)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("For example CK-2020"))
    year = models.PositiveSmallIntegerField(_("year of the commitment"))
    title = models.CharField(_("title"), max_length=300)
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("host unit"))
    conference = models.ForeignKey(
        "dialogues.Conference", models.PROTECT, null=True, blank=True, related_name="campaigns",
        verbose_name=_("conference"),
    )  # fmt: skip
    place = models.CharField(_("place of signing"), max_length=80)
    clause = models.TextField(
        _("clause on the effect"), max_length=2000, help_text=_("For what the result counts, as the paper says it.")
    )
    opens_on = models.DateField(_("registration opens on"))
    sign_by = models.DateField(_("to be signed by"))
    report_days = ArrayField(models.DateField(), verbose_name=_("reporting dates"), default=list, blank=True)
    self_by = models.DateField(_("self-assessment by"))
    check_by = models.DateField(_("check by the secretary by"))
    score_by = models.DateField(_("scores of the leader by"))
    object_by = models.DateField(_("objections until"))
    late_factor = models.DecimalField(
        _("factor for a late result"), max_digits=3, decimal_places=2, default=Decimal("0.75")
    )
    excellent_percent = models.PositiveSmallIntegerField(_("best level at most, in percent of the units"), default=20)
    late_deduction = models.DecimalField(
        _("deducted for each step of the dialogue that was late, points"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(0),
    )
    least_tasks = models.PositiveSmallIntegerField(_("units with fewer tasks are not ranked"), default=1)
    content = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()
    groups: RelatedManager[Group]
    levels: RelatedManager[Level]
    criteria: RelatedManager[Criterion]
    signatories: RelatedManager[Signatory]

    class Meta:
        indexes = (models.Index(fields=["host", "-year"], name="campaign_of_host"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("sign_by"), sign_by__lte=F("self_by"), self_by__lte=F("check_by"))
                & Q(check_by__lte=F("score_by"), score_by__lte=F("object_by")),
                name="campaign_dates_in_order",
                violation_error_message=_("The dates must follow each other in this order."),
            ),
            models.CheckConstraint(condition=Q(late_factor__range=(0, 1)), name="campaign_late_factor_0_to_1"),
            models.CheckConstraint(condition=Q(excellent_percent__lte=100), name="campaign_percent_to_100"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "cancelled")) | ~Q(content="") & ~Q(digest=""),
                name="campaign_open_is_frozen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Group(models.Model):
    """Comparable units: ranked among themselves."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="groups")
    name = models.CharField(_("group"), max_length=80)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=["campaign", "name"], name="group_once"),)

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """A rating level from *minimum* points up (Nghị định 335/2025/NĐ-CP for civil servants; each campaign its own)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="levels")
    name = models.CharField(_("level"), max_length=80)
    minimum = models.DecimalField(_("from, points"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ("-minimum",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "minimum"], name="level_once"),
            models.CheckConstraint(condition=Q(minimum__range=(0, 100)), name="level_within_100"),
        )

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """A part of the score; the weights of a campaign sum to 100."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="criteria")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("criterion"), max_length=200)
    scoring = models.CharField(_("scored by"), max_length=10, choices=Scoring.choices)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "place"], name="criterion_place_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="criterion_weight_to_100"),
        )

    def __str__(self) -> str:
        return self.name


class Signatory(models.Model):
    """A unit that must sign, and with whom it is compared."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="signatories")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="signatories")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["campaign", "unit"], name="signatory_once"),)

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.unit_id}"
