"""The answer to one asker, as an official letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence
from dialogues.documents.words import filed
from dialogues.enums import Audience
from dialogues.models import Item
from dialogues.models.item import ANSWERED_STATES


@dataclass(frozen=True)
class AnswerLetter:
    addressee: str = typed(T("Addressee"))
    asker: str = typed(T("The asker, in the text"))
    kind: str = typed(T("What was raised"))
    occasion: str = typed(T("Where it was raised"))
    question: str = typed(T("Question"), rows=5)
    answer: str = typed(T("Answer"), rows=10)
    due: date | None = typed(T("To be done by"), default=None)


def objection(item: Item) -> Sentence:
    if item.state not in ANSWERED_STATES or item.answer is None:
        return T("The leader has not answered yet.")
    if not asker_of(item):
        return T("Whoever asked did so without a name, and reads the answer by the tracking code: no letter can reach.")
    return ""


def asker_of(item: Item) -> str:
    if item.is_anonymous:
        return ""
    if item.author:
        return _("comrade %(name)s") % {"name": item.author.full_name}
    return _("Mr/Ms %(name)s") % {"name": item.asker_name} if item.asker_name else ""


def begin(item: Item, by: Person, at: datetime) -> Beginning:
    assert item.answer is not None
    name = asker_of(item)
    where = f"{name[:1].upper()}{name[1:]}"
    if item.locality and item.audience != Audience.OFFICERS:
        where = f"{where}, {item.locality}"
    content = AnswerLetter(
        addressee=where, asker=name, kind=str(item.get_kind_display()).lower(), occasion=item.conference.title,
        question=item.text, answer=item.answer.text, due=item.answer.promised_on,
    )  # fmt: skip
    title = _("answering the %(kind)s %(code)s at the dialogue") % {"kind": content.kind, "code": item.code}
    return Beginning(content, title, [_("As above"), filed()])
