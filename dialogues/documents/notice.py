"""What the leader concluded, with the directives (TB)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.models import Document
from cchc.documents.models.document import OUT
from cchc.documents.typed import typed
from cchc.organization.models import Person
from cchc.workflow.flow import Move, Sentence
from dialogues.documents.words import filed, post_of
from dialogues.domain.conclusion import enter_notice
from dialogues.models import Conclusion, Directive
from dialogues.models.conclusion import ConclusionQuerySet


@dataclass(frozen=True)
class NoticeDirective:
    title: str = typed(T("What is to be done"))
    text: str = typed(T("Content"), rows=3, default="")
    lead: str = typed(T("Lead unit"), default="")
    helpers: str = typed(T("Coordinating units"), default="")
    product: str = typed(T("Expected product"), default="")
    due: date | None = typed(T("Deadline"), default=None)


@dataclass(frozen=True)
class Notice:
    opening: str = typed(T("Opening"), rows=5)
    assessment: str = typed(T("Assessment"), rows=8)
    directives: list[NoticeDirective] = typed(T("Directives"), default=list)
    organization: str = typed(T("How it is carried out"), rows=5, default="")


def objection(conclusion: Conclusion) -> Sentence:
    return "" if conclusion.assessment.strip() else T("Write the assessment of the conclusion first.")


def follows(document: Document, move: Move) -> None:
    """The conclusion bears number and day of the notice that was issued of it."""
    assert move.by is not None and document.day is not None
    enter_notice(document.subject_id, document.mark, document.day, by=move.by, at=move.at)


def with_notice(rows: ConclusionQuerySet) -> ConclusionQuerySet:
    """*rows* with `notice`: the id of the issued paper whose number they bear.

    Whoever sees a conclusion reads it (subjects.of_conclusion), so that nobody is asked here.
    """
    about = Document.objects.about("dialogues.conclusion", OuterRef("pk")).filter(kind="notice", state__in=OUT)
    return rows.annotate(notice=Subquery(about.filter(mark=OuterRef("document")).values("pk")[:1]))


def begin(conclusion: Conclusion, by: Person, at: datetime) -> Beginning:
    conference = conclusion.conference
    chair = post_of(conference.chair)
    directives = conclusion.directives.select_related("lead").prefetch_related("coordinating").order_by("number")
    opening = _(
        "On %(day)s, at %(venue)s, %(chair)s chaired the %(conference)s. Having heard the delegates, the chair "
        "concluded as follows:"
    ) % {
        "day": f"{timezone.localtime(conference.starts_at):%d/%m/%Y}", "venue": conference.venue, "chair": chair,
        "conference": conference.title,
    }  # fmt: skip
    content = Notice(
        opening=opening,
        assessment=conclusion.assessment,
        directives=[_directive(each) for each in directives],
        organization=conclusion.closing_note
        or _("The heads of the units named above carry this notice out and report."),
    )
    title = _("Conclusion of %(chair)s at the %(conference)s") % {"chair": chair, "conference": conference.title}
    units = list(dict.fromkeys(each.lead.name for each in content_units(directives)))
    return Beginning(content, title, [_("Superior (to report)"), *units, filed()])


def content_units(directives: Any) -> list[Directive]:
    return list(directives)


def _directive(each: Directive) -> NoticeDirective:
    """As it was issued: more time that was granted later is no part of the notice."""
    helpers = ", ".join(unit.name for unit in each.coordinating.all())
    due = each.first_due_on or each.due_on
    return NoticeDirective(each.title, each.text, each.lead.name, helpers, each.product, due)
