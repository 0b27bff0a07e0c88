"""Papers of a conference for tests, made by the domain's own functions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cchc.documents.domain.document import begin_document, edit_document
from cchc.documents.models import Document
from cchc.documents.printing import issue
from dialogues.documents.kinds import PAPERS
from dialogues.models import Conference
from tests.dialogues.factories import MET, conference_at
from tests.factories import Force

KINDS = {kind.key: kind for kind in PAPERS}
DAY = MET.date()


def draft(force: Force, key: str = "invitation", conference: Conference | None = None, at: datetime = MET) -> Document:
    """A draft of the town's secretary, complete but for what the test wants to see missing."""
    conference = conference or conference_at(force, "concluded")
    made = begin_document(KINDS[key], conference, conference.host, conference.pk, by=force.secretary, at=at)
    fields: dict[str, Any] = {"place": "An Thịnh"} if KINDS[key].dated else {}
    return edit_document(made, by=force.secretary, at=at, **fields)


def issued(force: Force, key: str = "invitation", conference: Conference | None = None, **options: Any) -> Document:
    made = draft(force, key, conference, at=options.get("at", MET))
    return issue(made, **{"by": force.leader, "at": MET, "day": DAY, **options})
