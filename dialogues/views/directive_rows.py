"""Lines of directives, ready to print: on boards, on the page of their conclusion or plan, and of an item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar
from dialogues import presentation
from dialogues import presentation_directive as shown
from dialogues.models import Directive


@dataclass(frozen=True)
class DirectiveRow:
    directive: Directive
    badge: SafeString
    turn: SafeString
    due: SafeString
    meter: SafeString


def directive_rows(directives: Iterable[Directive], person: Person, today: date, days: Calendar) -> list[DirectiveRow]:
    """Wants `lead` and `turn__unit` loaded."""
    return [
        DirectiveRow(
            each,
            shown.badge(each),
            presentation.turn(each.turn, each.turn is not None and each.turn.is_owed_by(person), each.host_id),
            shown.deadline(each, today, days),
            shown.meter(each.percent),
        )
        for each in directives
    ]
