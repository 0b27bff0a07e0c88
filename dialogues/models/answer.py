"""An answer: what the unit prepared and what the leader said, both kept; and what the asker thought of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import ActingKind
from dialogues.enums import AnswerKind, AnswerMode


class Answer(models.Model):
    """One round: sent back, contested or reopened, an item gets the next one and this one stays.

    "As soon as possible" cannot be stored: an answer in progress carries a date (design.md §3).
    """

    item = models.ForeignKey("dialogues.Item", models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()

    prepared_text = models.TextField(_("prepared answer"), max_length=8000, blank=True)
    prepared_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    prepared_unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)

    text = models.TextField(_("answer"), max_length=8000, blank=True)
    kind = models.CharField(_("result"), max_length=20, choices=AnswerKind.choices, blank=True)
    mode = models.CharField(_("given"), max_length=10, choices=AnswerMode.choices, blank=True)
    document = models.CharField(_("document number"), max_length=60, blank=True)
    answered_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    acting_kind = models.CharField(max_length=3, choices=ActingKind.choices, blank=True)
    capacity = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField(null=True)

    promised_on = models.DateField(_("to be done by"), null=True)
    first_promised_on = models.DateField(null=True)
    done_on = models.DateField(_("done on"), null=True)
    done_text = models.TextField(_("what was done"), max_length=4000, blank=True)
    done_document = models.CharField(_("document number"), max_length=60, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="answer_number_once"),
            models.CheckConstraint(
                condition=Q(kind="", mode="", text="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(kind="") & ~Q(mode="") & ~Q(text="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="answer_who_when_what_together",
            ),
            models.CheckConstraint(
                condition=Q(prepared_at__isnull=True, prepared_by__isnull=True, prepared_text="")
                | Q(prepared_at__isnull=False, prepared_by__isnull=False) & ~Q(prepared_text=""),
                name="answer_prepared_who_when_what_together",
            ),
            models.CheckConstraint(
                condition=Q(kind="in_progress", promised_on__isnull=False, first_promised_on__isnull=False)
                | ~Q(kind="in_progress") & Q(promised_on__isnull=True, first_promised_on__isnull=True),
                name="answer_in_progress_has_date",
                violation_error_message=_("An answer in progress needs the date by which it will be done."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(answered_at__isnull=False), name="answer_published_was_given"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_text="") | Q(done_on__isnull=False) & ~Q(done_text=""),
                name="answer_done_when_what_together",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} #{self.number}"

    @property
    def leader_changed_it(self) -> bool:
        return bool(self.prepared_text and self.text and self.prepared_text != self.text)


class Feedback(models.Model):
    """The asker's word on an answer: stars, and whether it was to the point."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("stars"))
    on_topic = models.BooleanField(_("answers the question"), default=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    # A day, not a time: a minute could tell who among those present it was.
    on = models.DateField()
    # A digest of answer and item: one word from each asker, who may change his mind.
    mark = models.CharField(max_length=64, null=True, unique=True, editable=False)

    class Meta:
        ordering = ("on", "id")
        constraints = (models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="feedback_one_to_five"),)

    def __str__(self) -> str:
        return f"{self.stars}/5"
