"""What an asker without an account is told and may do, by the tracking code; and the dates on his receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.models import Attachment
from cchc.workflow.actors import CodeHolder
from cchc.workflow.engine import perform
from cchc.workflow.history import Entry
from cchc.workflow.models import Event
from dialogues.domain.intake import edit, on_day
from dialogues.domain.item import answer_due
from dialogues.enums import AnswerKind, ConferenceState, ItemState
from dialogues.models import Answer, Item

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

S = ItemState
# What a guest is told of the history, in words of his own; every other step is the unit's inner work.
PUBLIC_STEPS: dict[str, tuple[StrOrPromise, str, str]] = {
    "submit": (_("Received"), "check", "is-done"),
    "edit": (_("You corrected the text"), "edit", ""),
    "withdraw": (_("You withdrew it"), "sx", ""),
    "accept": (_("Accepted"), "check", "is-done"),
    "assign": (_("Given to a unit, which prepares the answer"), "users", ""),
    "merge": (_("Joined with one that says the same; the answer reaches you here"), "merge", ""),
    "unmerge": (_("Treated on its own again"), "history", ""),
    "escalate": (_("Referred to the unit above for its opinion"), "up", "is-up"),
    "rule": (_("The unit above has given its opinion"), "up", "is-up"),
    "decline": (_("Not accepted; the reason stands above"), "sx", ""),
    "publish": (_("Answered"), "check", "is-done"),
    "confirm": (_("You confirmed the answer"), "check", "is-done"),
    "contest": (_("You said that this is not answered yet"), "history", "is-wait"),
    "expire": (_("Closed, for nobody objected within the term"), "check", ""),
    "extend": (_("The date was moved"), "clock", "is-wait"),
    "report": (_("Reported as done"), "flag", ""),
    "accept_report": (_("Checked: what was promised is done"), "check", "is-done"),
    "reopen": (_("Taken up again"), "history", "is-wait"),
}
# What comes next, with the day by which it does.
NEXT: dict[str, StrOrPromise] = {
    S.SUBMITTED: _("To be accepted by %(day)s at the latest"),
    S.ACCEPTED: _("To be given to a unit by %(day)s at the latest"),
    S.ASSIGNED: _("To be answered by %(day)s at the latest"),
    S.PREPARED: _("To be answered by %(day)s at the latest"),
    S.ESCALATED: _("The unit above is to give its opinion by %(day)s"),
    S.RULED: _("To be answered by %(day)s at the latest"),
    S.ANSWERED: _("The answer appears here by %(day)s at the latest"),
    S.PUBLISHED: _("Confirm or object by %(day)s; then it is closed"),
    S.PROMISED: _("What was promised is to be done by %(day)s"),
    S.REPORTED: _("To be checked by %(day)s at the latest"),
}


@dataclass(frozen=True)
class Dates:
    """What a receipt promises. *heard_at* is None when the meeting is over; *term* counts working days."""

    received_on: date
    accept_by: date | None
    heard_at: datetime | None
    answer_by: date
    term: int


def dates_of(item: Item, at: datetime) -> Dates:
    """The dated next steps of an item handed in."""
    today, conference = timezone.localtime(at).date(), item.conference
    to_come = conference.state == ConferenceState.IN_SESSION or conference.starts_at > at
    return Dates(
        received_on=timezone.localtime(item.submitted_at or at).date(),
        accept_by=item.turn.due_on if item.turn and item.state == S.SUBMITTED else None,
        heard_at=conference.starts_at if to_come else None,
        answer_by=answer_due(item, today),
        term=conference.answer_term,
    )


def answers_to(item: Item) -> list[Answer]:
    """What was published to this asker, newest first: on his item, or on the one it was joined with."""
    family = Q(item=item.pk) | Q(item=item.merged_into_id)
    published = Answer.objects.filter(family, published_at__isnull=False).select_related("answered_by")
    return list(published.defer("prepared_text").order_by("-published_at", "-number"))


def ratable(item: Item, answers: list[Answer]) -> Answer | None:
    """The answer that its asker may rate: the newest one that stands, unless it only put off or declined."""
    standing = item.merged_into if item.state == S.MERGED else item
    if standing is None or not standing.is_public or not answers:
        return None
    newest = answers[0]
    return newest if newest.kind not in (AnswerKind.ESCALATED, AnswerKind.DECLINED) else None


def public_history(item: Item, answers: list[Answer]) -> list[Entry]:
    """The timeline for the asker, newest first: what comes next, then what has been; days only, and of names only
    that of who answered."""
    given = {answer.published_at: answer for answer in answers}
    seen: list[Entry] = []
    last = ""
    for event in _events(item):
        if event.action in PUBLIC_STEPS and event.action != last:
            seen.append(_step(event, given))
            last = event.action
    return [*_next(item), *reversed(seen)]


def act(item: Item, action: str, *, at: datetime, note: str = "", seen: int | None = None) -> Item:
    """A move by the holder of the code: confirm, contest, withdraw. Of an anonymous one only the day is kept."""
    moment = on_day(at) if item.is_anonymous else at
    return perform(item, action, by=CodeHolder(subject_id=item.pk), at=moment, note=note, seen=seen)


def correct(item: Item, text: str, *, at: datetime, seen: int) -> Item:
    """The holder of the code corrects the text, until it is accepted."""
    return edit(item, by=CodeHolder(subject_id=item.pk), at=at, seen=seen, text=text)


def files_of(item: Item) -> QuerySet[Attachment]:
    """What the asker himself handed in; files that staff added later are the unit's."""
    own = Attachment.objects.of("dialogues.item", [item.pk])
    return own.filter(Q(uploaded_by__isnull=True) | Q(uploaded_at__lte=item.submitted_at))


def _events(item: Item) -> list[Event]:
    own = Event.objects.of(item)
    if item.merged_into is None:
        return list(own.order_by("seq"))
    shared = Event.objects.of(item.merged_into).filter(
        action__in=("escalate", "rule", "publish", "report", "accept_report")
    )
    return sorted([*own, *shared], key=lambda event: event.seq)


def _step(event: Event, given: dict[datetime | None, Answer]) -> Entry:
    text, icon, tone = PUBLIC_STEPS[event.action]
    answer = given.get(event.at) if event.action == "publish" else None
    who = f"{answer.answered_by.ranked_name}, {answer.capacity}" if answer and answer.answered_by else ""
    note = event.note if event.action == "contest" else who
    return Entry(text, icon=icon, tone=tone, note=note, at=event.at, day_only=True)


def _next(item: Item) -> list[Entry]:
    if item.turn is None or item.state not in NEXT:
        return []
    day = f"{item.turn.due_on:%d/%m/%Y}"
    return [Entry(str(NEXT[item.state]) % {"day": day}, icon="clock", next=True)]
