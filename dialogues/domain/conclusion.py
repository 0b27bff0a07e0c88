"""The conclusion of a conference: written by the secretary, issued by the leader, and with it its directives.

A notice of conclusions is due ten days after the conference (Quy chế làm việc; domain.md §4).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, begin, moved_on, record
from cchc.workflow.flow import Move, Owed, Sentence, Transition, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.domain.conference import invited_people
from dialogues.domain.directive import issue_all
from dialogues.enums import ConclusionState, ConferenceState
from dialogues.models import Conclusion, Conference

S = ConclusionState
NOTICE_CALENDAR_DAYS = 10
CONCLUDING = (ConferenceState.IN_SESSION, ConferenceState.CONCLUDED)
TOO_EARLY = _("A conclusion is written when the conference is in session or has just met.")


def _complete(conclusion: Conclusion) -> Sentence:
    if not conclusion.assessment.strip():
        return _("Write the assessment first.")
    if not conclusion.directives.exists():
        return _("Write at least one directive first.")
    return ""


def _issue(conclusion: Conclusion, move: Move) -> None:
    """Sign it, and let its directives be the units' work. `document`: the number of the notice, if it has one."""
    assert move.by is not None
    post = access.post_for(move.by, permissions.ISSUE_CONCLUSION, conclusion.host, timezone.localdate(move.at))
    conclusion.issued_at, conclusion.issued_by, conclusion.capacity = move.at, move.by, move.capacity[:150]
    conclusion.acting_kind = post.acting_kind if post else ""
    if conclusion.document_on is None:
        conclusion.document = move.data.get("document") or conclusion.document
    issue_all(conclusion.directives, at=move.at)


def _ten_days_after(conclusion: Conclusion, start: date) -> date:
    met = timezone.localdate(conclusion.conference.starts_at)
    return calendar().roll(max(met + timedelta(days=NOTICE_CALENDAR_DAYS), start))


def _invited(conclusion: Conclusion) -> Iterable[Person]:
    return invited_people(conclusion.conference)


_WRITE, _ISSUE = RIGHTS = (permissions.WRITE_CONCLUSION, permissions.ISSUE_CONCLUSION)

# fmt: off
CONCLUSION_FLOW = flow("dialogues.conclusion", [
    Transition("present", (S.DRAFT,), S.PRESENTED, _WRITE, _("Present for signature"),
               _("presented it for signature"), "send", guard=_complete),
    Transition("issue", (S.DRAFT, S.PRESENTED), S.ISSUED, _ISSUE, _("Issue the conclusion"), _("issued the conclusion"),
               "flag", guard=_complete, effect=_issue, notify=_invited),
    Transition("send_back", (S.PRESENTED,), S.DRAFT, _ISSUE, _("Send back to the secretary"), _("sent it back"), "back",
               note_required=True, primary=False),
    Transition("cancel", (S.DRAFT,), S.CANCELLED, _WRITE, _("Discard the draft"), _("discarded the draft"), "sx",
               note_required=True, danger=True, primary=False),
], title=_("Conclusions"), owes={
    S.DRAFT: Owed("conclude", _("Write the conclusion"), Role.SECRETARY, due=_ten_days_after, reads=("conference",)),
    S.PRESENTED: Owed("issue", _("Sign and issue the conclusion"), Role.LEADER, due=_ten_days_after,
                      reads=("conference",)),
}, verbs={"create": _("began it"), "edit": _("edited it"), "directive": _("changed what is to be done"),
          "notice": _("issued its notice"),
          "hand_over": HANDED_OVER})
# fmt: on


def conclusion_of(conference: Conference) -> Conclusion | None:
    return conference.conclusions.exclude(state=S.CANCELLED).first()


@transaction.atomic
def begin_conclusion(conference: Conference, *, by: Person, at: datetime, **fields: Any) -> Conclusion:
    """Begin the conclusion of a conference that is, or was, in session.

    Raises NotAllowed without the right, Refused when there is one already or it is too early or too late for one.
    """
    _may_write(by, conference)
    if conference.state not in CONCLUDING:
        raise Refused(TOO_EARLY)
    try:
        with transaction.atomic():
            return begin(Conclusion(conference=conference, host=conference.host, **fields), by=by, at=at)
    except IntegrityError as error:
        raise Refused(_("This conference has a conclusion already.")) from error


@transaction.atomic
def edit_conclusion(
    conclusion: Conclusion, *, by: Person, at: datetime, seen: int | None = None, **fields: Any
) -> Conclusion:
    """Write on at the text; the leader may, too, while it is before him. Raises MovedOn when it has changed."""
    now = unissued(conclusion, by=by, seen=seen)
    before = {name: getattr(now, name) for name, value in fields.items() if getattr(now, name) != value}
    for name in before:
        setattr(now, name, fields[name])
    if before:
        now.moves += 1
        now.save()
        record(now, "edit", by=by, at=at, data={"before": before})
    return now


@transaction.atomic
def enter_notice(pk: UUID, document: str, day: date, *, by: Person, at: datetime) -> Conclusion:
    """Number and day of the paper that makes the conclusion known: the latest one's, whatever was typed before."""
    now = Conclusion.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    before = {"document": now.document, "document_on": now.document_on and now.document_on.isoformat()}
    now.document, now.document_on = document, day
    now.moves += 1
    now.save(update_fields=["document", "document_on", "moves"])
    record(now, "notice", by=by, at=at, note=document, data={"before": before})
    return now


def unissued(conclusion: Conclusion, *, by: Person, seen: int | None = None) -> Conclusion:
    """The row locked, for somebody who may write on it now. Raises NotAllowed, MovedOn, Refused."""
    now = Conclusion.objects.select_for_update(of=("self",)).get(pk=conclusion.pk)
    if not may_write(now, by):
        refuse_writing(now, by)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    return now


def refuse_writing(conclusion: Conclusion, by: Person) -> None:
    """Raise why *by* cannot write on *conclusion*: it has moved on, or it is not his to write."""
    if not any(access.can(by, right, conclusion.host) for right in RIGHTS):
        raise NotAllowed(_("This step is not among your rights here."))
    if conclusion.state == S.ISSUED:
        raise Refused(_("What was issued is not edited any more."))
    raise moved_on(conclusion)


def may_write(conclusion: Conclusion, by: Person) -> bool:
    """The secretary writes; before the leader it is his to change."""
    right = permissions.ISSUE_CONCLUSION if conclusion.state == S.PRESENTED else permissions.WRITE_CONCLUSION
    unwritten = conclusion.state in (S.DRAFT, S.PRESENTED)
    return unwritten and (access.can(by, right, conclusion.host) or access.can(by, _ISSUE, conclusion.host))


def _may_write(by: Person, conference: Conference) -> None:
    if not access.can(by, permissions.WRITE_CONCLUSION, conference.host):
        raise NotAllowed(_("This step is not among your rights here."))
