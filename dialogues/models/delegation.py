"""What an inspection has beside a conference: its scope, and the delegation that reads within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

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


def shown_to_delegate(conference: str, moment: str = "") -> Callable[[Position], Q]:
    """What a delegate's post shows: his own inspection in the field *conference*, and matters by their *moment*."""

    def narrow(post: Position) -> Q:
        own = Q(**{f"{conference}__in": Delegate.objects.filter(post=post).values("conference")})
        return own | post.matters(moment) if moment else own

    return narrow
