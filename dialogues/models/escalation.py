"""What a host refers to the unit above: the report that is sent, and what the superior says to it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.enums import ActingKind
from cchc.workflow.models import Subject
from dialogues import permissions
from dialogues.enums import EscalationReason, EscalationState, ReplyKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

S = EscalationState
# The report is with its own unit, which may still change it.
AT_SENDER = (S.DRAFT, S.PROPOSED, S.RETURNED)
# The unit above has it before itself, and may decide.
AT_RECEIVER = (S.RECEIVED, S.ASSIGNED, S.PRESENTED)
REPLIED = (S.RULED, S.DELEGATED, S.REFUSED)
ENDED = (*REPLIED, S.WITHDRAWN)
OPEN = tuple(state for state in S if state not in ENDED)


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, person: Visitor) -> Self:
        """Its own unit sees it from the first word; the unit above, and whom it asks for advice, once it is sent."""
        seen = access.within(person, permissions.READ_ITEMS, "host")
        above = access.within(person, permissions.READ_RECEIVED, "receiver", lambda post: post.matters("sent_at"))
        above |= access.within(person, permissions.READ_ADVISED, "division")
        above |= access.within(person, permissions.READ_ADVISED, "lead__division")
        return self.filter(seen | Q(sent_at__isnull=False) & above)

    def sent_by(self, person: Visitor) -> Self:
        """Those of the hosts for whom *person* works."""
        return self.filter(access.within(person, permissions.READ_ITEMS, "host"))

    def received_by(self, person: Visitor) -> Self:
        """Those that lie before the unit above, for whom *person* works there."""
        above = access.within(person, permissions.READ_RECEIVED, "receiver")
        return self.filter(above | access.within(person, permissions.READ_ADVISED, "division"), sent_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def leading(self) -> Self:
        """One for each issue: those joined to another stand behind it."""
        return self.exclude(state=S.JOINED).exclude(lead__isnull=False, state__in=REPLIED)

    def for_list(self) -> Self:
        return self.select_related("host", "receiver", "division", "turn__unit")


class Escalation(Subject):
    State = EscalationState

    state = models.CharField(max_length=20, choices=EscalationState.choices, default=EscalationState.DRAFT)
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    receiver = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("sent to"))
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(editable=False)
    code = models.CharField(max_length=20, editable=False)

    # The report as it is being written. What was sent stands in its dispatches, and does not change any more.
    title = models.CharField(_("matter"), max_length=200)
    reason = models.CharField(_("reason"), max_length=20, choices=EscalationReason.choices)
    bodies = models.CharField(_("bodies concerned"), max_length=300, blank=True)
    report_number = models.CharField(_("report number"), max_length=60, blank=True)
    text = models.TextField(_("report"), max_length=8000, blank=True)
    proposal = models.TextField(_("proposal"), max_length=4000, blank=True)
    requested_on = models.DateField(_("opinion wished by"), null=True, blank=True)

    sent_at = models.DateTimeField(null=True, editable=False)
    answer_by = models.DateField(null=True, editable=False)
    first_answer_by = models.DateField(null=True, editable=False)
    # More time that the unit above asks for and the sender has yet to grant.
    asked_until = models.DateField(null=True, editable=False)
    asked_reason = models.CharField(max_length=500, blank=True, editable=False)

    division = models.ForeignKey(
        "organization.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("advising unit")
    )
    advise_by = models.DateField(null=True, editable=False)
    advice = models.TextField(_("advice"), max_length=8000, blank=True)
    advised_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    advised_at = models.DateTimeField(null=True)
    lead = models.ForeignKey("self", models.PROTECT, null=True, related_name="members")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    objects = EscalationQuerySet.as_manager()
    dispatches: RelatedManager[Dispatch]
    replies: RelatedManager[Reply]
    items: RelatedManager[Any]

    class Meta:
        indexes = (
            models.Index(fields=["host", "-sent_at"], name="escalation_of_host"),
            models.Index(fields=["receiver", "state"], name="escalation_of_receiver"),
            models.Index(fields=["division"], condition=Q(division__isnull=False), name="escalation_of_division"),
        )
        constraints = (
            models.UniqueConstraint(fields=["host", "year", "number"], name="escalation_number_once"),
            models.CheckConstraint(condition=~Q(host=F("receiver")), name="escalation_to_another_unit"),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(lead__isnull=False), name="escalation_joined_has_lead"
            ),
            models.CheckConstraint(condition=~Q(lead=F("id")), name="escalation_does_not_lead_itself"),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(division__isnull=False), name="escalation_assigned_has_division"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "proposed", "withdrawn")) | Q(sent_at__isnull=False),
                name="escalation_sent_when",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | Q(answer_by__isnull=False, first_answer_by__isnull=False) & ~Q(report_number="") & ~Q(text=""),
                name="escalation_sent_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(advice="", advised_by__isnull=True, advised_at__isnull=True)
                | ~Q(advice="") & Q(advised_by__isnull=False, advised_at__isnull=False),
                name="escalation_advice_who_when_what_together",
            ),
            models.CheckConstraint(
                condition=Q(asked_until__isnull=True, asked_reason="") | Q(asked_until__isnull=False),
                name="escalation_time_asked_together",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @cached_property
    def leader_of_issue(self) -> Escalation:
        """The one whose reply holds for this one too."""
        return self.lead or self

    @property
    def last_reply(self) -> Reply | None:
        return self.leader_of_issue.replies.order_by("-given_at", "-id").first()

    @property
    def was_returned(self) -> bool:
        return self.replies.filter(kind=ReplyKind.RETURNED_FOR_INFORMATION).exists()


class Dispatch(models.Model):
    """A report as it was sent: never changed, never removed (a trigger of the database sees to it).

    *content* is canonical JSON of the report, the items it is about and the digests of its files; *digest* its SHA-256.
    """

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="dispatches")
    round = models.PositiveSmallIntegerField()
    report_number = models.CharField(max_length=60)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    sent_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=150, blank=True)
    acting_kind = models.CharField(max_length=3, choices=ActingKind.choices, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("round",)
        constraints = (models.UniqueConstraint(fields=["escalation", "round"], name="dispatch_round_once"),)

    def __str__(self) -> str:
        return f"{self.report_number} ({self.round})"


class Reply(models.Model):
    """What the superior said: never changed, never removed. *outside*: recorded for one who works without the app."""

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="replies")
    kind = models.CharField(_("kind"), max_length=30, choices=ReplyKind.choices)
    document = models.CharField(_("document number"), max_length=60, blank=True)
    text = models.TextField(_("opinion"), max_length=8000)
    done_by = models.DateField(_("to be done by"), null=True)
    given_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=150, blank=True)
    acting_kind = models.CharField(max_length=3, choices=ActingKind.choices, blank=True)
    given_at = models.DateTimeField()
    outside = models.BooleanField(default=False)

    class Meta:
        ordering = ("given_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.document}".strip()
