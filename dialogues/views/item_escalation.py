"""What became of an item that was referred upward, on the item's own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from cchc.web import markup
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar
from dialogues import presentation
from dialogues.domain.escalation_reader import EscalationReader, replies_to
from dialogues.domain.escalation_reader import reader_of as standing_of
from dialogues.domain.reader import Reader
from dialogues.enums import EscalationState
from dialogues.models import Escalation, Item, Reply
from dialogues.models.escalation import OPEN, REPLIED

S = EscalationState


@dataclass(frozen=True)
class Referral:
    """*page*: the reader may open the report itself. *reply* is told to those at work on the item alone."""

    escalation: Escalation
    badge: SafeString
    turn: SafeString
    due: SafeString
    page: bool
    number: str  # of the report, as its sender has it
    reply: Reply | None


def referral_of(item: Item, reader: Reader, days: Calendar) -> Referral | None:
    """The referral that stands, or the last one; one that was withdrawn is told to those at work on the item."""
    rows = Escalation.objects.select_related("host", "receiver", "division", "turn__unit", "lead__division")
    escalation = rows.get(pk=item.escalation_id)
    if not reader.inside and escalation.state == S.WITHDRAWN:
        return None
    standing = standing_of(escalation, reader.person)
    replied = reader.inside and escalation.state in REPLIED
    return Referral(
        escalation,
        presentation.escalation_badge(escalation.state, sender=not standing.reads_advice),
        presentation.turn(escalation.turn, host=item.host_id),
        _due(escalation, standing, days),
        page=standing.sender or standing.reads_advice,
        number=escalation.report_number if standing.sender else "",
        reply=next(iter(replies_to(escalation)), None) if replied else None,
    )


def _due(escalation: Escalation, standing: EscalationReader, days: Calendar) -> SafeString:
    """By when the opinion is due; to those above, by when their present step is."""
    turn = escalation.turn
    if turn is None or escalation.state not in OPEN:
        return markup.NOTHING
    below = escalation.answer_by and not standing.reads_advice and escalation.state not in (S.RETURNED, S.PROPOSED)
    day = escalation.answer_by if below and escalation.answer_by else turn.due_on
    return markup.due(Due(day, days.between(timezone.localdate(), day)))
