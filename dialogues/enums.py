"""The fixed vocabularies of the dialogue. Terms follow the regulations; see the glossary in the README."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    ASSIGNED = "assigned", _("Assigned")
    PREPARED = "prepared", _("Awaiting the leader")
    ESCALATED = "escalated", _("Referred upward")
    RULED = "ruled", _("Ruling received")
    ANSWERED = "answered", _("Answered, not yet published")
    PUBLISHED = "published", _("Answered")
    PROMISED = "promised", _("Answered, promise pending")
    REPORTED = "reported", _("Promise reported done")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ItemKind(TextChoices):
    QUESTION = "question", _("Question")
    OPINION = "opinion", _("Opinion")
    PROPOSAL = "proposal", _("Proposal")


# The letters of an item's code: CH-05, YK-12, KN-03.
CODE_PREFIX = {ItemKind.QUESTION: "CH", ItemKind.OPINION: "YK", ItemKind.PROPOSAL: "KN"}


class Audience(TextChoices):
    OFFICERS = "officers", _("Officers")
    CITIZENS = "citizens", _("Citizens")
    BUSINESSES = "businesses", _("Businesses")


class Channel(TextChoices):
    WEB_ADVANCE = "web_advance", _("Online, in advance")
    PAPER = "paper", _("Paper slip")
    BOX = "box", _("Suggestion box")
    COLLECTED = "collected", _("Collected by a unit")
    QR_LIVE = "qr_live", _("By QR code in the hall")
    LIVE_ORAL = "live_oral", _("Spoken in the hall")


# What somebody else enters for the asker.
ENTERED_CHANNELS = frozenset({Channel.PAPER, Channel.BOX, Channel.COLLECTED, Channel.LIVE_ORAL})


class Identity(TextChoices):
    NAMED = "named", _("With my name")
    ANONYMOUS = "anonymous", _("Anonymous")


class AnswerKind(TextChoices):
    RESOLVED = "resolved", _("Resolved")
    IN_PROGRESS = "in_progress", _("In progress, with a date")
    EXPLAINED = "explained", _("Explained")
    ESCALATED = "escalated", _("Referred upward")
    DECLINED = "declined", _("Declined")


class AnswerMode(TextChoices):
    LIVE = "live", _("In the hall")
    WRITTEN = "written", _("In writing")


class EscalationReason(TextChoices):
    BEYOND_AUTHORITY = "beyond_authority", _("Beyond the leader's authority")
    NEEDS_COORDINATION = "needs_coordination", _("Needs other bodies")


class EscalationState(TextChoices):
    DRAFT = "draft", pgettext_lazy("escalation", "Report in preparation")
    PROPOSED = "proposed", pgettext_lazy("escalation", "Report before the leader")
    SENT = "sent", pgettext_lazy("escalation", "Sent, not yet received")
    OUTSIDE = "outside", pgettext_lazy("escalation", "Sent outside, reply to be recorded")
    RECEIVED = "received", pgettext_lazy("escalation", "Received")
    ASSIGNED = "assigned", pgettext_lazy("escalation", "Advice being prepared")
    PRESENTED = "presented", pgettext_lazy("escalation", "Awaiting the leader's decision")
    JOINED = "joined", pgettext_lazy("escalation", "Joined with another")
    RETURNED = "returned", pgettext_lazy("escalation", "Information asked for")
    FORWARDED = "forwarded", pgettext_lazy("escalation", "Referred further up")
    RULED = "ruled", pgettext_lazy("escalation", "Ruled")
    DELEGATED = "delegated", pgettext_lazy("escalation", "Left to the unit")
    REFUSED = "refused", pgettext_lazy("escalation", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("escalation", "Withdrawn")


class ReplyKind(TextChoices):
    """What a superior says to what was referred to him."""

    RULED = "ruled", _("Ruling")
    DELEGATED_BACK = "delegated_back", _("Left to the unit's own decision")
    RETURNED_FOR_INFORMATION = "returned_for_information", _("More information asked for")
    FORWARDED_UP = "forwarded_up", _("Referred to the next level")
    REFUSED = "refused", _("Not taken up, with the basis")


class ProperChannel(TextChoices):
    """Where a declined item belongs instead."""

    COMPLAINT = "complaint", _("Complaint (khiếu nại)")
    DENUNCIATION = "denunciation", _("Denunciation (tố cáo)")
    CRIME_REPORT = "crime_report", _("Crime report")
    OTHER_AUTHORITY = "other_authority", _("Another authority")
    NOT_SUITABLE = "not_suitable", _("Not a matter for dialogue")


class Outcome(TextChoices):
    """Where an item counts in the reconciliation line: exactly one for each received item."""

    ANSWERED_LIVE = "live", pgettext_lazy("outcome", "Answered in the hall")
    ANSWERED_WRITTEN = "written", pgettext_lazy("outcome", "Answered in writing")
    ESCALATED = "up", pgettext_lazy("outcome", "Referred upward")
    MERGED = "merged", pgettext_lazy("outcome", "Merged")
    DECLINED = "declined", pgettext_lazy("outcome", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("outcome", "Withdrawn")
    OPEN = "open", pgettext_lazy("outcome", "Still open")


class ConferenceState(TextChoices):
    DRAFT = "draft", pgettext_lazy("conference", "In preparation")
    COLLECTING = "collecting", pgettext_lazy("conference", "Collecting questions")
    IN_SESSION = "in_session", pgettext_lazy("conference", "In session")
    CONCLUDED = "concluded", pgettext_lazy("conference", "Answering and concluding")
    CLOSED = "closed", pgettext_lazy("conference", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("conference", "Cancelled")


class ConferenceKind(TextChoices):
    DIALOGUE = "dialogue", _("Dialogue conference")
    INSPECTION = "inspection", _("Inspection")


class Part(TextChoices):
    CO_CHAIR = "co_chair", _("Co-chair")
    SECRETARY = "secretary", _("Conference secretary")
    DELEGATE = "delegate", _("Delegate")


class PlanState(TextChoices):
    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("plan", "In force")
    COMPLETED = "completed", pgettext_lazy("plan", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("plan", "Cancelled")


class PlanKind(TextChoices):
    RESOLUTION = "resolution", _("Resolution")
    PLAN = "plan", _("Plan")
    DECISION = "decision", _("Decision")
    LETTER = "letter", _("Official letter")


class ConclusionState(TextChoices):
    DRAFT = "draft", pgettext_lazy("conclusion", "Draft")
    PRESENTED = "presented", pgettext_lazy("conclusion", "Before the leader")
    ISSUED = "issued", pgettext_lazy("conclusion", "Issued")
    CANCELLED = "cancelled", pgettext_lazy("conclusion", "Cancelled")


class DirectiveState(TextChoices):
    DRAFT = "draft", pgettext_lazy("directive", "Not yet issued")
    ISSUED = "issued", pgettext_lazy("directive", "Issued, not yet taken up")
    IN_PROGRESS = "in_progress", pgettext_lazy("directive", "In progress")
    REPORTED = "reported", pgettext_lazy("directive", "Reported done")
    RETURNED = "returned", pgettext_lazy("directive", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("directive", "Accepted")
    CLOSED = "closed", pgettext_lazy("directive", "Ended without result")


class FindingKind(TextChoices):
    STRENGTH = "strength", _("Strength")
    WEAKNESS = "weakness", _("Weakness")


class SurveyState(TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "In preparation")
    OPEN = "open", pgettext_lazy("survey", "Taking answers")
    CLOSED = "closed", pgettext_lazy("survey", "Results are out")


class SurveySource(TextChoices):
    LINK = "link", _("Asked here, by link and QR code")
    RATINGS = "ratings", _("The askers' ratings of their answers")
    REPORTED = "reported", _("Counted elsewhere")


class PracticeState(TextChoices):
    DRAFT = "draft", pgettext_lazy("practice", "Being written")
    PROPOSED = "proposed", pgettext_lazy("practice", "Under review")
    RETURNED = "returned", pgettext_lazy("practice", "To be completed")
    PUBLISHED = "published", pgettext_lazy("practice", "Published")
    REJECTED = "rejected", pgettext_lazy("practice", "Not recognized")
    RETIRED = "retired", pgettext_lazy("practice", "No longer recommended")


class RequestState(TextChoices):
    """Of a document that a delegation asked for."""

    ASKED = "asked", pgettext_lazy("request", "Asked for")
    HANDED_IN = "handed_in", pgettext_lazy("request", "Handed in")
    WAIVED = "waived", pgettext_lazy("request", "No longer asked for")
