"""What the leader concluded: the assessment, and the directives that are carried out (Thông báo kết luận)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.enums import ActingKind
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import ConclusionState
from dialogues.models.delegation import shown_to_delegate

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .directive import Directive

S = ConclusionState


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    def visible_to(self, person: Visitor) -> Self:
        """Issued ones for whoever sees the host's conferences; before that for those who write and sign them."""
        narrow = shown_to_delegate("conference", "conference__starts_at")
        seen = access.within(person, permissions.SEE_CONFERENCE, "host", narrow) & Q(state=S.ISSUED)
        seen |= access.within(person, permissions.WRITE_CONCLUSION, "host")
        return self.filter(seen | access.within(person, permissions.ISSUE_CONCLUSION, "host"))


class Conclusion(Subject):
    State = ConclusionState

    state = models.CharField(max_length=20, choices=ConclusionState.choices, default=ConclusionState.DRAFT)
    conference = models.ForeignKey("dialogues.Conference", models.PROTECT, related_name="conclusions")
    # The conference's host, repeated here because every question of rights asks for it.
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    assessment = models.TextField(_("assessment"), max_length=12000, blank=True)
    closing_note = models.TextField(_("organization of the work"), max_length=8000, blank=True)
    # Typed when it is issued, until the notice itself is issued here: then that paper's, with its day.
    document = models.CharField(_("number of the notice"), max_length=100, blank=True)
    document_on = models.DateField(_("day of the notice"), null=True, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+", editable=False)
    capacity = models.CharField(max_length=150, blank=True, editable=False)
    acting_kind = models.CharField(max_length=3, choices=ActingKind.choices, blank=True, editable=False)

    objects = ConclusionQuerySet.as_manager()
    directives: RelatedManager[Directive]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["conference"], condition=~Q(state="cancelled"), name="conclusion_once_per_conference"
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False, issued_by__isnull=False) & ~Q(assessment="")
                | ~Q(state="issued") & Q(issued_at__isnull=True, issued_by__isnull=True),
                name="conclusion_issued_who_when_what_together",
            ),
        )

    def __str__(self) -> str:
        return str(_("Conclusion of %(conference)s") % {"conference": self.conference.title})
