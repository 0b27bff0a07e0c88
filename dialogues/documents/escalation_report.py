"""The report that asks the unit above for its opinion (BC)."""

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
from dialogues.domain.escalation_report import contents
from dialogues.models import Escalation


@dataclass(frozen=True)
class MatterLine:
    """What was raised; who raised it is not told above."""

    code: str = typed(T("Code"))
    text: str = typed(T("Content"), rows=3)


@dataclass(frozen=True)
class EscalationReport:
    addressee: str = typed(T("Addressee"))
    opening: str = typed(T("Opening"), rows=4)
    matters: list[MatterLine] = typed(T("What was raised"), default=list)
    situation: str = typed(T("Situation and opinion of the unit"), rows=8, default="")
    proposal: str = typed(T("Proposal"), rows=6, default="")
    wished: date | None = typed(T("Opinion wished by"), default=None)


def objection(escalation: Escalation) -> Sentence:
    return "" if escalation.text.strip() else T("Write the report first.")


def begin(escalation: Escalation, by: Person, at: datetime) -> Beginning:
    items = contents(escalation)["items"]
    content = EscalationReport(
        addressee=_("Leadership of %(unit)s") % {"unit": escalation.receiver.name},
        opening=_("The unit received at its dialogue conferences what goes beyond its authority or concerns others:"),
        matters=[MatterLine(each["code"], each.get("text") or each["title"]) for each in items],
        situation=escalation.text, proposal=escalation.proposal, wished=escalation.requested_on,
    )  # fmt: skip
    title = _("asking for an opinion on: %(matter)s") % {"matter": escalation.title}
    return Beginning(content, title[:1].upper() + title[1:], [_("As above"), filed()])
