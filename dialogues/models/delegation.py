"""What an inspection has beside a conference: its scope, and the delegation that reads within it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from cchc.organization.models import Position


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


Narrow = Callable[["Position"], Q]


def shown_to_delegate(conference: str, moment: str = "", within: Narrow | None = None, unit: str = "") -> Narrow:
    """What a delegate's post shows: of his own inspection, in the field *conference*, all.

    Besides it matters of the period: by their *moment*, or as *within* tells; where they are those of one *unit*, only
    of the units that the inspection names.
    """

    def narrow(post: Position) -> Q:
        shown = Q(**{f"{conference}__in": Delegate.objects.filter(post=post).values("conference")})
        if moment:
            shown |= post.matters(moment) & of_named_units(post, unit)
        return shown | within(post) & of_named_units(post, unit) if within else shown

    return narrow


def of_named_units(post: Position, unit: str) -> Q:
    """Rows whose *unit* the inspection of *post* names; those of every unit if it names none, or the row has none."""
    if not unit:
        return Q()
    named = Delegate.objects.filter(post=post, conference__invited__isnull=False)
    inside = Q(**{f"{unit}__in": named.values("conference__invited")}) | Q(**{f"{unit}__isnull": True})
    return inside | Q(~Exists(named))
