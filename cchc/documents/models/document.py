"""A paper of an office: written from what the system knows, edited, issued once and then never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from cchc.documents.enums import DocumentState
from cchc.documents.kinds import PaperKind, kinds, readable
from cchc.documents.permissions import READ_DRAFT_PAPERS
from cchc.documents.typed import load
from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.workflow.models import Subject

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

S = DocumentState
OUT = (S.ISSUED, S.REPLACED)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, person: Visitor) -> Self:
        """Once issued, for whoever may read papers about their subject; before, for those who write and sign them."""
        write = access.within(person, READ_DRAFT_PAPERS, "host")
        return self.filter(write | Q(state__in=OUT) & readable(person))

    def about(self, subject_type: str, subject_id: object) -> Self:
        return self.filter(subject_type=subject_type, subject_id=subject_id).exclude(state=S.DISCARDED)

    def for_list(self) -> Self:
        """What a line shows: nothing of what is written in it."""
        return self.select_related("host", "written_by").defer("content", "printed")

    def newest_first(self) -> Self:
        return self.order_by("-begun_at", "-id")


class Document(Subject):
    """*subject_type* and *subject_id* name what it is about. *printed* is all that the issued pages were made of.

    *series*: the register in which it is numbered: the symbol of its kind.
    """

    State = DocumentState

    state = models.CharField(max_length=20, choices=DocumentState.choices, default=DocumentState.DRAFT)
    kind = models.CharField(max_length=40)
    host = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+", verbose_name=_("issuing body"))
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()

    title = models.CharField(_("abstract"), max_length=500)
    place = models.CharField(_("place"), max_length=80, blank=True)
    drafter = models.CharField(_("symbol of the drafting unit"), max_length=30, blank=True)
    recipients = models.TextField(_("recipients"), max_length=4000, blank=True)
    signer = models.ForeignKey(
        "organization.Position", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signer")
    )
    content = models.JSONField()
    written_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    series = models.CharField(max_length=20, blank=True)
    number = models.PositiveIntegerField(null=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    mark = models.CharField(max_length=100, blank=True, editable=False)
    day = models.DateField(null=True, editable=False)
    printed = models.JSONField(null=True, editable=False)
    paper = models.OneToOneField("documents.Paper", models.PROTECT, null=True, related_name="+", editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+", editable=False)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements", editable=False)

    objects = DocumentQuerySet.as_manager()
    comments: RelatedManager[Comment]

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "-begun_at"], name="document_of_subject"),
            models.Index(fields=["host", "-day", "-id"], name="document_of_host"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["host", "year", "series", "number"],
                name="document_number_once",
                violation_error_message=_("This number has been given to another paper of this year."),
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(state="discarded"), name="document_replaced_by_one"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("issued", "replaced"),
                    paper__isnull=False, printed__isnull=False, day__isnull=False,
                    issued_at__isnull=False, issued_by__isnull=False,
                )
                | Q(
                    state__in=("draft", "discarded"),
                    paper__isnull=True, printed__isnull=True, day__isnull=True,
                    issued_at__isnull=True, issued_by__isnull=True, number__isnull=True, year__isnull=True, mark="",
                ),
                name="document_issued_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "discarded"))
                | Q(series="", number__isnull=True, year__isnull=True)
                | ~Q(series="") & Q(number__gte=1, year=ExtractYear("day")),
                name="document_issued_has_number",
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="document_not_its_own_replacement"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind_label} {self.name}".strip()

    @property
    def name(self) -> str:
        """Its number, or as long as it has none what it is about: in Vietnamese, whatever language the page has."""
        return self.mark or self.title

    @property
    def of_kind(self) -> PaperKind:
        return kinds()[self.kind]

    @property
    def kind_label(self) -> str:
        return str(self.of_kind.label)

    @property
    def typed(self) -> Any:
        """The content as the dataclass of its kind."""
        return load(self.of_kind.content, self.content)

    @property
    def replacement(self) -> Document | None:
        return self.replacements.exclude(state=S.DISCARDED).defer("content", "printed").first()

    @property
    def is_draft(self) -> bool:
        return self.state == S.DRAFT

    @property
    def is_out(self) -> bool:
        return self.state in OUT


class Comment(models.Model):
    """What somebody says to a draft; it is no part of the paper."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"), max_length=2000)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),)

    def __str__(self) -> str:
        return self.text[:60]


class Register(models.Model):
    """The numbers of one unit, year and series: *last* is the highest that was given, here or before on paper."""

    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "year", "series"], name="register_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.series}: {self.last}"
