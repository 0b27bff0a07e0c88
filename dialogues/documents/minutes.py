"""Minutes of a conference (BB): built from the session, edited before they are issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence
from dialogues.documents.words import filed, post_of
from dialogues.enums import AnswerMode, ConferenceState, ItemState, Part
from dialogues.models import Conference, Item

NEVER_SPOKEN = (ItemState.DRAFT, ItemState.MERGED, ItemState.DECLINED, ItemState.WITHDRAWN)
NOT_MET = (ConferenceState.DRAFT, ConferenceState.COLLECTING, ConferenceState.CANCELLED)


@dataclass(frozen=True)
class Exchange:
    """A question and what was said to it. Whoever asked is not named unless the secretary does it."""

    code: str = typed(T("Code"))
    title: str = typed(T("Heading of the question"))
    asker: str = typed(T("Asker"))
    question: str = typed(T("Question"), rows=3)
    by: str = typed(T("Answered by"))
    answer: str = typed(T("Answer"), rows=4, default="")


@dataclass(frozen=True)
class Minutes:
    began: datetime | None = typed(T("Begun at"))
    ended: datetime | None = typed(T("Ended at"))
    venue: str = typed(T("Venue"))
    chair: str = typed(T("Chair, with post"))
    secretary: str = typed(T("Secretary, with post"))
    present: list[str] = typed(T("Those present"), rows=6, default=list)
    absent: list[str] = typed(T("Absent, with the reason"), rows=3, default=list)
    opening: str = typed(T("Opening and reports"), rows=5, default="")
    course: list[Exchange] = typed(T("Questions and answers"), default=list)
    conclusion: str = typed(T("Conclusion of the chair"), rows=6, default="")
    secretary_signs: str = typed(T("Name under the secretary's signature"), default="")
    chair_signs: str = typed(T("Name under the chair's signature"), default="")


def begin(conference: Conference, by: Person, at: datetime) -> Beginning:
    people = list(conference.participants.select_related("person").order_by("person__sort_key"))
    writer = next((each.person for each in people if each.part == Part.SECRETARY), by)
    content = Minutes(
        began=conference.starts_at, ended=conference.ends_at, venue=conference.venue,
        chair=post_of(conference.chair), secretary=post_of(writer), present=_present(conference, people),
        opening=_("The chair opened the conference and stated its purpose and its program."),
        course=[_exchange(item) for item in spoken(conference)],
        secretary_signs=writer.ranked_name, chair_signs=conference.chair.ranked_name,
    )  # fmt: skip
    return Beginning(content, conference.title, [_("File of the conference"), filed()])


def _present(conference: Conference, people: list[Any]) -> list[str]:
    named = [post_of(each.person) for each in people if each.part == Part.CO_CHAIR]
    units = [_("Representatives of %(unit)s") % {"unit": unit.name} for unit in conference.invited.in_order()]
    delegates = sum(1 for each in people if each.part == Part.DELEGATE)
    return [*named, *units, *([_("%(n)d delegates by name") % {"n": delegates}] if delegates else [])]


def spoken(conference: Conference) -> list[Item]:
    """What was raised and answered in the hall, in its order; of a conference that keeps no such record, everything."""
    rows = (
        Item.objects.filter(conference=conference).exclude(state__in=NEVER_SPOKEN).select_related("answer__answered_by")
    )
    rows = rows.order_by(F("answer__answered_at").asc(nulls_last=True), "kind", "number").defer("search")
    in_hall = rows.filter(Q(on_floor=True) | Q(answer__mode=AnswerMode.LIVE))
    return list(in_hall) or list(rows)


def _exchange(item: Item) -> Exchange:
    answer = item.answer if item.answer and item.answer.text else None
    in_hall = answer is not None and answer.mode == AnswerMode.LIVE
    said = answer.text if answer and in_hall else _("The chair took note; it is answered in writing.")
    by = answer.answered_by.ranked_name if answer and in_hall and answer.answered_by else ""
    return Exchange(item.code, item.title, str(item.get_audience_display()), item.text, by, said)


def objection(conference: Conference) -> Sentence:
    return T("The session has not begun yet.") if conference.state in NOT_MET else ""
