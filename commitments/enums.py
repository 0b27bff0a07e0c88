"""The fixed vocabularies of commitments. Terms follow the regulations; see the glossary in the README."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignState(TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "In preparation")
    OPEN = "open", pgettext_lazy("campaign", "Open for signing")
    EVALUATING = "evaluating", pgettext_lazy("campaign", "Being evaluated")
    PUBLISHED = "published", pgettext_lazy("campaign", "Ranking published")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")


class CommitmentState(TextChoices):
    DRAFT = "draft", pgettext_lazy("commitment", "Being drafted")
    SIGNED = "signed_by_chief", pgettext_lazy("commitment", "Signed by the chief")
    RETURNED = "returned", pgettext_lazy("commitment", "Returned")
    IN_FORCE = "in_force", pgettext_lazy("commitment", "In force")
    SELF_DUE = "self_due", pgettext_lazy("commitment", "Self-assessment due")
    SELF_SCORED = "self_scored", pgettext_lazy("commitment", "Self-scored")
    CHECKED = "checked", pgettext_lazy("commitment", "Checked")
    SCORED = "scored", pgettext_lazy("commitment", "Scored")
    OBJECTED = "objected", pgettext_lazy("commitment", "Objected to")
    FINAL = "final", pgettext_lazy("commitment", "Final")
    SUPERSEDED = "superseded", pgettext_lazy("commitment", "Superseded")
    TERMINATED = "terminated", pgettext_lazy("commitment", "Ended by reorganization")
    LAPSED = "lapsed", pgettext_lazy("commitment", "Never signed")


class Seat(TextChoices):
    """Who signs a commitment, in this order."""

    CHIEF = "chief", _("Unit that commits itself")
    LEADER = "leader", _("Leader who confirms")


class Root(TextChoices):
    """Under whose root the certificate of a digital signature stands."""

    KNOWN = "known", _("a certificate of a known provider")
    ORGANIZATION = "organization", _("a certificate under the organization's root")


class Direction(TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


class Scoring(TextChoices):
    """How a criterion gets its points."""

    TASKS = "tasks", _("Registered tasks")
    ANSWERS = "answers", _("On-time share of answers")
    PROMISES = "promises", _("On-time share of promises")
    JUDGED = "judged", _("Judged")


class ReportState(TextChoices):
    DUE = "due", pgettext_lazy("report", "To be reported")
    SUBMITTED = "submitted", pgettext_lazy("report", "To be checked")
    RETURNED = "returned", pgettext_lazy("report", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")
    CLOSED = "closed", pgettext_lazy("report", "No longer owed")


class Stage(TextChoices):
    """Whose score it is; each later one stands in for those before."""

    AUTOMATIC = "automatic", _("Computed")
    SELF = "self", _("Self-assessment")
    CHECK = "check", _("Check by the secretary")
    LEADER = "leader", _("Score of the leader")
    OBJECTION = "objection", _("Decision on the objection")


class Unranked(TextChoices):
    UNSIGNED = "unsigned", _("Not signed")
    TERMINATED = "terminated", _("Ended by reorganization")
    FEW_TASKS = "few_tasks", _("Too few tasks")
