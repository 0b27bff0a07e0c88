"""What a unit is told to do by a day, by a conclusion or by a plan: one engine for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import DirectiveState
from dialogues.models.delegation import shown_to_delegate

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

S = DirectiveState
# With the unit that carries it out.
UNDER_WAY = (S.ISSUED, S.IN_PROGRESS, S.RETURNED)
OPEN = (*UNDER_WAY, S.REPORTED)
ENDED = (S.ACCEPTED, S.CLOSED)


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, person: Visitor) -> Self:
        """Once issued, for whoever sees what its issuer does and for the units at work on it; before, for writers."""
        narrow = shown_to_delegate("conclusion__conference", "issued_at", unit="lead")
        seen = access.within(person, permissions.SEE_DIRECTIVES, "host", narrow)
        seen |= Q(pk__in=self._of_units(person))
        write = access.within(person, permissions.WRITE_CONCLUSION, "host")
        sign = access.within(person, permissions.ISSUE_CONCLUSION, "host")
        return self.filter(seen & ~Q(state=S.DRAFT) | write | sign)

    def followed_by(self, person: Visitor) -> Self:
        """Those whose reports and evidence *person* may read: the issuer, the units at work on it, inspectors."""
        inside = access.within(person, permissions.FOLLOW_DIRECTIVES, "host")
        return self.visible_to(person).filter(inside | Q(pk__in=self._of_units(person)))

    @staticmethod
    def _of_units(person: Visitor) -> models.QuerySet[Any]:
        """The ids of those that units within one's reach lead or help with."""
        lead = access.within(person, permissions.READ_ASSIGNED, "lead")
        helped = Directive.coordinating.through.objects.filter(
            access.within(person, permissions.READ_ASSIGNED, "unit") if isinstance(person, Person) else access.NOTHING
        )
        return Directive.objects.filter(lead | Q(pk__in=helped.values("directive"))).values("pk")

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def for_list(self) -> Self:
        return self.select_related("lead", "turn__unit", "conclusion__conference", "plan")

    def with_names(self) -> Self:
        """With the short names of the units that help (`helpers`), and what they come from: `codes` of items, `found`,
        the numbers of findings.
        """
        units = Directive.coordinating.through.objects.filter(directive=OuterRef("pk")).order_by("pk")
        items = Directive.items.through.objects.filter(directive=OuterRef("pk")).order_by("pk")
        findings = Directive.findings.through.objects.filter(directive=OuterRef("pk")).order_by("finding__number")
        return self.annotate(
            helpers=ArraySubquery(units.values("unit__short_name")),
            codes=ArraySubquery(items.values("item__code")),
            found=ArraySubquery(findings.values("finding__number")),
        )


class Directive(Subject):
    State = DirectiveState

    state = models.CharField(max_length=20, choices=DirectiveState.choices, default=DirectiveState.DRAFT)
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("issued by"))
    conclusion = models.ForeignKey("dialogues.Conclusion", models.PROTECT, null=True, related_name="directives")
    plan = models.ForeignKey("dialogues.Plan", models.PROTECT, null=True, related_name="directives")
    number = models.PositiveSmallIntegerField(editable=False)

    title = models.CharField(_("what is to be done"), max_length=200)
    text = models.TextField(_("content"), max_length=4000, blank=True)
    topic = models.ForeignKey(
        "dialogues.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("CCHC content")
    )
    lead = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("lead unit"))
    coordinating = models.ManyToManyField(
        "organization.Unit", related_name="+", blank=True, verbose_name=_("coordinating units")
    )
    product = models.CharField(_("expected product"), max_length=500, blank=True)
    items = models.ManyToManyField(
        "dialogues.Item", related_name="directives", blank=True, verbose_name=_("source items")
    )
    findings = models.ManyToManyField(
        "dialogues.Finding", related_name="directives", blank=True, verbose_name=_("source findings")
    )

    due_on = models.DateField(_("deadline"))
    first_due_on = models.DateField(null=True, editable=False)
    # More time that the unit asks for and the issuer has yet to grant.
    asked_until = models.DateField(null=True, editable=False)
    asked_reason = models.CharField(max_length=500, blank=True, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)
    done_on = models.DateField(null=True, editable=False)

    objects = DirectiveQuerySet.as_manager()
    updates: RelatedManager[Update]

    class Meta:
        indexes = (
            models.Index(fields=["host", "state", "due_on"], name="directive_of_host"),
            models.Index(fields=["lead", "state", "due_on"], name="directive_of_lead"),
        )
        constraints = (
            models.UniqueConstraint(fields=["conclusion", "number"], name="directive_number_once_in_conclusion"),
            models.UniqueConstraint(fields=["plan", "number"], name="directive_number_once_in_plan"),
            models.CheckConstraint(
                condition=Q(conclusion__isnull=False, plan__isnull=True)
                | Q(conclusion__isnull=True, plan__isnull=False),
                name="directive_of_a_conclusion_or_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True, first_due_on__isnull=True)
                | ~Q(state="draft") & Q(issued_at__isnull=False, first_due_on__isnull=False),
                name="directive_issued_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("reported", "accepted"), done_on__isnull=False, percent=100)
                | ~Q(state__in=("reported", "accepted")) & Q(done_on__isnull=True),
                name="directive_done_when",
            ),
            models.CheckConstraint(
                condition=Q(asked_until__isnull=True, asked_reason="") | Q(asked_until__isnull=False),
                name="directive_time_asked_together",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="directive_percent_within_100"),
            models.CheckConstraint(
                condition=Q(asked_until__isnull=True) | Q(asked_until__gt=F("due_on")),
                name="directive_asks_for_a_later_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """KL01 of a conclusion, NV01 (nhiệm vụ) of a plan."""
        return f"{'KL' if self.conclusion_id else 'NV'}{self.number:02d}"

    @property
    def basis(self) -> Any:
        """The conclusion or the plan that orders it."""
        return self.conclusion or self.plan

    def late_days(self, days: Calendar) -> int:
        """Working days by which it was done too late; 0 when on time or not done yet."""
        return max(0, days.between(self.due_on, self.done_on)) if self.done_on else 0


class Update(models.Model):
    """A report of the unit on its way to the result: never changed; its files are the evidence."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="updates")
    percent = models.PositiveSmallIntegerField(_("percent done"))
    text = models.TextField(_("what was done"), max_length=4000)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    # Reports the work as done, for the issuer to accept.
    final = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(percent__lte=100) & ~Q(text=""), name="update_says_how_far"),
            models.CheckConstraint(condition=Q(final=False) | Q(percent=100), name="update_final_is_complete"),
        )

    def __str__(self) -> str:
        return f"{self.directive_id}: {self.percent} %"
