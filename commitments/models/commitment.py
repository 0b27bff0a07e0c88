"""A unit's commitment for a year: registered tasks, signed by its chief and confirmed by the leader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.web.search import FoldedVector, matching
from cchc.workflow.models import Subject
from commitments import permissions
from commitments.enums import CommitmentState, Direction
from commitments.models.campaign import shown_to_delegate

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .signature import Signature

S = CommitmentState
# One of these stands for a unit; a new version may be drafted beside it.
STANDING = (S.IN_FORCE, S.SELF_DUE, S.SELF_SCORED, S.CHECKED, S.SCORED, S.OBJECTED, S.FINAL)
BEING_SIGNED = (S.DRAFT, S.SIGNED)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, person: Visitor) -> Self:
        """Its own unit and the one that took over its tasks, the host's staff and those above."""
        seen = access.within(person, permissions.READ_COMMITMENTS, "host", shown_to_delegate("campaign__", "unit"))
        taken = access.within(person, permissions.READ_OWN_COMMITMENT, "taken_over_by__unit")
        return self.filter(seen | access.within(person, permissions.READ_OWN_COMMITMENT, "unit") | taken)

    def standing(self) -> Self:
        return self.filter(state__in=STANDING)

    def unsealed(self) -> Self:
        """Confirmed by both and not sealed yet: what the sweep has to finish."""
        return self.filter(in_force_at__isnull=False, sealed_at__isnull=True)

    def for_board(self) -> Self:
        return self.select_related("unit", "turn").order_by("unit__sort_key", "-version")


class Commitment(Subject):
    """One version. Signed, it never changes: *content* is the canonical JSON that was signed, *digest* its SHA-256.

    A change is the next version, signed anew by both; the earlier one stays readable as superseded. *paper* is the
    rendered PDF that froze with the first signature; *sealed* the same bytes with the organization's signature added.
    """

    State = CommitmentState

    state = models.CharField(max_length=20, choices=CommitmentState.choices, default=CommitmentState.DRAFT)
    campaign = models.ForeignKey("commitments.Campaign", models.PROTECT, related_name="commitments")
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    group = models.ForeignKey("commitments.Group", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    # 80 random bits: whoever holds a paper may look it up, nobody finds one by trying.
    check_code = models.CharField(max_length=16, unique=True, editable=False)
    # By whom its open tasks were taken over when the unit was reorganized.
    taken_over_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="takes_over")
    return_reason = models.CharField(max_length=1000, blank=True, editable=False)

    content = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    paper = models.ForeignKey("documents.Paper", models.PROTECT, null=True, editable=False, related_name="+")
    sealed = models.ForeignKey("documents.Paper", models.PROTECT, null=True, editable=False, related_name="+")
    sealed_at = models.DateTimeField(null=True, editable=False)
    seal_problem = models.CharField(max_length=300, blank=True, editable=False)
    in_force_at = models.DateTimeField(null=True, editable=False)

    objects = CommitmentQuerySet.as_manager()
    tasks: RelatedManager[Task]
    signatures: RelatedManager[Signature]

    class Meta:
        indexes = (
            models.Index(fields=["campaign", "unit"], name="commitment_of_campaign"),
            models.Index(fields=["unit", "-version"], name="commitment_of_unit"),
            models.Index(
                fields=["in_force_at"], condition=Q(in_force_at__isnull=False, sealed_at__isnull=True),
                name="commitment_unsealed",
            ),
        )  # fmt: skip
        constraints = (
            models.UniqueConstraint(fields=["campaign", "unit", "version"], name="commitment_version_once"),
            models.UniqueConstraint(
                fields=["campaign", "unit"], condition=Q(state__in=STANDING), name="commitment_one_stands"
            ),
            models.UniqueConstraint(
                fields=["campaign", "unit"], condition=Q(state__in=BEING_SIGNED), name="commitment_one_being_signed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "terminated", "lapsed"))
                | ~Q(content="") & ~Q(digest="") & Q(paper__isnull=False),
                name="commitment_signed_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sealed__isnull=True)
                | Q(sealed_at__isnull=False, sealed__isnull=False),
                name="commitment_sealed_when_what_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=STANDING) | Q(in_force_at__isnull=False), name="commitment_in_force_when"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} ({self.version})" if self.version > 1 else self.code


SEARCHED = FoldedVector("text", "measure")


class TaskQuerySet(models.QuerySet["Task"]):
    def search(self, text: str) -> Self:
        """Tasks with all words of *text*, accents and case ignored; all of them for a blank text."""
        return matching(self.alias(search=SEARCHED), text)


class Task(models.Model):
    """A registered task: what, measured how, how much, by when; the weights of a commitment sum to 100.

    A trigger of the database refuses tasks that change after the first signature, and a signature under tasks whose
    weights do not sum to 100.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="tasks")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(_("task"), max_length=300)
    measure = models.CharField(_("measured by"), max_length=200)
    measure_unit = models.CharField(_("unit of measure"), max_length=30)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.AT_LEAST)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("due"))
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    # Where it comes from: an item that was promised, a directive of the leader, or last year's task.
    item = models.ForeignKey("dialogues.Item", models.PROTECT, null=True, blank=True, related_name="tasks")
    directive = models.ForeignKey("dialogues.Directive", models.PROTECT, null=True, blank=True, related_name="tasks")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    # Which unit had promised it before it was reorganized.
    from_unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, editable=False, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("place",)
        indexes = (GinIndex(SEARCHED, name="task_search"),)
        constraints = (
            models.UniqueConstraint(fields=["commitment", "place"], name="task_place_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="task_weight_to_100"),
            models.CheckConstraint(condition=Q(target__gte=0), name="task_target_not_negative"),
            models.CheckConstraint(
                condition=~Q(direction="at_most") | Q(target__gt=0),
                name="task_at_most_above_zero",
                violation_error_message=_("A target of at most zero cannot be scored."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}. {self.text}"
