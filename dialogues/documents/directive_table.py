"""How far the directives of a conclusion are, across the sheet; an appendix, without a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person
from dialogues.documents.words import filed
from dialogues.enums import DirectiveState
from dialogues.models import Conclusion, Directive
from dialogues.models.directive import OPEN


@dataclass(frozen=True)
class DirectiveLine:
    code: str = typed(T("Number"))
    text: str = typed(T("What is to be done"), rows=3)
    lead: str = typed(T("Lead unit"), default="")
    helpers: str = typed(T("Coordinating units"), default="")
    product: str = typed(T("Expected product"), default="")
    due: date | None = typed(T("Deadline"), default=None)
    percent: int = typed(T("Percent done"), default=0)
    result: str = typed(T("Result, or why it is late"), rows=2, default="")


@dataclass(frozen=True)
class DirectiveTable:
    as_of: date | None = typed(T("As of"))
    done: int = typed(T("Done"))
    late: int = typed(T("Late"))
    attached: str = typed(
        T("Attached to"), default="", help=T("Number and day of the paper to which this list belongs")
    )
    opening: str = typed(T("Opening"), rows=3, default="")
    directives: list[DirectiveLine] = typed(T("Directives"), default=list)


def begin(conclusion: Conclusion, by: Person, at: datetime) -> Beginning:
    today = timezone.localdate(at)
    rows = conclusion.directives.exclude(state=DirectiveState.DRAFT).order_by("number")
    found = list(rows.select_related("lead").prefetch_related("coordinating", "updates"))
    content = DirectiveTable(
        as_of=today,
        done=sum(1 for each in found if each.state == DirectiveState.ACCEPTED),
        late=sum(1 for each in found if each.state in OPEN and each.due_on < today),
        directives=[_line(each) for each in found],
    )
    title = _("Carrying out the conclusion of the %(conference)s") % {"conference": conclusion.conference.title}
    return Beginning(content, title, [filed()])


def _line(each: Directive) -> DirectiveLine:
    helpers = ", ".join(unit.short_name for unit in each.coordinating.all())
    last = list(each.updates.all())[-1:]
    said = last[0].text if last else ""
    words = ". ".join(part for part in (str(each.get_state_display()), said) if part)
    return DirectiveLine(
        each.code, each.title, each.lead.short_name, helpers, each.product, each.due_on, each.percent, words
    )
