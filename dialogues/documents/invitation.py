"""An invitation to a conference (GM)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person
from dialogues.documents.words import filed, post_of
from dialogues.models import Conference

MOST_BY_NAME = 12


@dataclass(frozen=True)
class Invitation:
    invited: list[str] = typed(T("Those invited"), rows=6, help=T("One on each line"))
    whom: str = typed(T("Who is asked to come"))
    occasion: str = typed(T("To what"))
    starts_at: datetime | None = typed(T("Begins"))
    venue: str = typed(T("Venue"))
    chair: str = typed(T("Chair, with post"))
    agenda: list[str] = typed(T("Program"), rows=8, default=list, help=T("One on each line"))
    requests: str = typed(T("What is asked of the invited"), rows=4, default="")
    units: list[str] = typed(T("Units that are too many to address"), rows=6, default=list, help=T("One on each line"))


def begin(conference: Conference, by: Person, at: datetime) -> Beginning:
    units = list(conference.invited.in_order())
    names, many = [unit.name for unit in units], len(units) > MOST_BY_NAME
    content = Invitation(
        invited=[_("The units named below")] if many else names, units=names if many else [],
        whom=_("the comrades of the leadership and the officers concerned"), occasion=conference.title,
        starts_at=conference.starts_at, venue=conference.venue, chair=post_of(conference.chair),
        agenda=[f"{entry.at:%H:%M}: {entry.text}" for entry in conference.agenda.all()],
        requests=_("Those invited come in time and prepare what they wish to raise."),
    )  # fmt: skip
    title = _("to the %(conference)s") % {"conference": conference.title[:1].lower() + conference.title[1:]}
    return Beginning(content, title, [_("As above"), _("Leadership (to report)"), filed()])
