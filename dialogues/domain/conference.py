"""A conference from its preparation to its closing, with what changes on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cchc.organization import access
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, begin, record
from cchc.workflow.flow import Move, Owed, Transition, flow
from dialogues import permissions
from dialogues.enums import Audience, ConferenceState, Part
from dialogues.models import AgendaEntry, AudienceInvited, Conference, Item, Participant
from dialogues.models.conference import new_guest_key

S = ConferenceState
T = gettext_lazy


# --- guards -----------------------------------------------------------------------------------------------------------
def _ready(conference: Conference) -> str:
    return "" if conference.audiences.exists() else _("Choose at least one audience first.")


def owed_items(conference: Conference) -> Any:
    """What in the conference is still owed, as a queryset: closing waits for these."""
    return Item.objects.filter(conference=conference).still_open()


def _nothing_owed(conference: Conference) -> str:
    left = owed_items(conference).count()
    if not left:
        return ""
    return ngettext("%(n)s item is still owed an answer or a step.", "%(n)s items are still owed an answer or a step.", left) % {
        "n": left
    }


# --- effects ----------------------------------------------------------------------------------------------------------
def _reschedule(conference: Conference, move: Move) -> None:
    """Shift the meeting to `starts_at`/`ends_at`, and the end of the question window to `closes_at`."""
    starts, ends = move.data["starts_at"], move.data["ends_at"]
    if ends <= starts:
        raise Refused(_("The conference must end after it begins."))
    conference.starts_at, conference.ends_at = starts, ends
    conference.closes_at = min(move.data.get("closes_at") or conference.closes_at, ends)


def _new_chair(conference: Conference, move: Move) -> None:
    conference.chair = move.data["chair"]


def invited_people(conference: Conference) -> Iterable[Person]:
    """The chair, the participants and the chiefs of the invited units."""
    day = timezone.localdate()
    chiefs = [person for unit in conference.invited.all() for person in role_holders(Role.UNIT_CHIEF, unit, day)]
    named = Person.objects.filter(pk__in=conference.participants.values("person"))
    return [conference.chair, *named, *chiefs]


# --- due dates --------------------------------------------------------------------------------------------------------
def _opening(conference: Conference, start: date) -> date:
    return max(calendar().roll(timezone.localtime(conference.opens_at).date()), start)


def _meeting(conference: Conference, start: date) -> date:
    return max(calendar().roll(timezone.localtime(conference.starts_at).date()), start)


def _closing(conference: Conference, start: date) -> date:
    """Written answers are due within the term; the asker then has ten working days to confirm."""
    met = timezone.localtime(conference.starts_at).date()
    return max(calendar().due(met, conference.answer_term + 10), start)


# fmt: off
CONFERENCE_FLOW = flow("dialogues.conference", [
    Transition("open", (S.DRAFT,), S.COLLECTING, permissions.PREPARE_CONFERENCE, T("Open for questions"), T("opened it for questions"),
               "send", guard=_ready, notify=invited_people),
    Transition("start", (S.COLLECTING,), S.IN_SESSION, permissions.PREPARE_CONFERENCE, T("Begin the session"), T("began the session"), "mic"),
    Transition("conclude", (S.IN_SESSION,), S.CONCLUDED, permissions.DIRECT_CONFERENCE, T("Conclude the session"),
               T("concluded the session"), "flag", notify=invited_people),
    Transition("close", (S.CONCLUDED,), S.CLOSED, permissions.PREPARE_CONFERENCE, T("Close the conference"), T("closed the conference"),
               "check", guard=_nothing_owed, notify=invited_people),
    Transition("reschedule", (S.DRAFT, S.COLLECTING), None, permissions.PREPARE_CONFERENCE, T("Reschedule"), T("rescheduled it"), "calendar",
               effect=_reschedule, notify=invited_people, note_required=True, primary=False),
    Transition("new_chair", (S.DRAFT, S.COLLECTING, S.IN_SESSION, S.CONCLUDED), None, permissions.PREPARE_CONFERENCE, T("Change the chair"),
               T("changed the chair"), "user", effect=_new_chair, notify=invited_people, note_required=True, primary=False),
    Transition("cancel", (S.DRAFT, S.COLLECTING), S.CANCELLED, permissions.DIRECT_CONFERENCE, T("Cancel the conference"),
               T("cancelled the conference"), "sx", notify=invited_people, note_required=True, danger=True, primary=False),
    Transition("reopen", (S.CLOSED,), S.CONCLUDED, permissions.DIRECT_CONFERENCE, T("Reopen"), T("reopened it"), "undo",
               note_required=True, primary=False),
], owes={
    S.DRAFT: Owed("open", T("Open for questions"), Role.SECRETARY, due=_opening),
    S.COLLECTING: Owed("start", T("Begin the session"), Role.SECRETARY, due=_meeting),
    S.IN_SESSION: Owed("conclude", T("Conclude the session"), Role.LEADER, due=_meeting),
    S.CONCLUDED: Owed("close", T("Close the conference"), Role.SECRETARY, due=_closing),
}, verbs={"create": T("created it"), "edit": T("edited it"), "agenda": T("changed the agenda"), "attach": T("added a file"),
          "participants": T("changed the participants"), "new_link": T("made a new guest link")})
# fmt: on


def _may_prepare(by: Person, unit: Unit) -> None:
    if not access.can(by, permissions.PREPARE_CONFERENCE, unit):
        raise NotAllowed(_("This step is not among your rights here."))


@transaction.atomic
def create(*, by: Person, at: datetime, audiences: Iterable[Audience] = (), invited: Iterable[Unit] = (), **fields: Any) -> Conference:
    """Create a conference in preparation; *by* is its first secretary. Raises NotAllowed without the right for the host."""
    conference = Conference(**fields)
    _may_prepare(by, conference.host)
    begin(conference, by=by, at=at)
    conference.invited.set(invited)
    AudienceInvited.objects.bulk_create(AudienceInvited(conference=conference, audience=audience) for audience in audiences)
    Participant.objects.create(conference=conference, person=by, part=Part.SECRETARY)
    return conference


@transaction.atomic
def change(
    conference: Conference, *, by: Person, at: datetime, audiences: Iterable[Audience] | None = None,
    invited: Iterable[Unit] | None = None, **fields: Any,
) -> Conference:  # fmt: skip
    """Edit the particulars. What was there before stands in the history. Closed and cancelled ones stay as they are."""
    now = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    _may_prepare(by, now.host)
    if now.state in (S.CLOSED, S.CANCELLED):
        raise Refused(_("A conference that has ended can no longer be edited."))
    before = {name: str(getattr(now, name)) for name, value in fields.items() if getattr(now, name) != value}
    for name, value in fields.items():
        setattr(now, name, value)
    now.moves += 1
    now.save()
    if invited is not None:
        now.invited.set(invited)
    if audiences is not None:
        now.audiences.exclude(audience__in=(wanted := list(audiences))).delete()
        AudienceInvited.objects.bulk_create(
            (AudienceInvited(conference=now, audience=audience) for audience in wanted), ignore_conflicts=True
        )
    record(now, "edit", by=by, at=at, data={"before": before})
    return now


@transaction.atomic
def set_agenda(conference: Conference, entries: Sequence[AgendaEntry], *, by: Person, at: datetime) -> None:
    """Replace the agenda by *entries*, numbered in their order."""
    _may_prepare(by, conference.host)
    conference.agenda.all().delete()
    for order, entry in enumerate(entries, 1):
        entry.conference, entry.order = conference, order
    AgendaEntry.objects.bulk_create(entries)
    record(conference, "agenda", by=by, at=at, data={"entries": len(entries)})


@transaction.atomic
def set_participant(conference: Conference, person: Person, part: Part, *, by: Person, at: datetime) -> Participant:
    """Put somebody on the list, or give him another part."""
    _may_prepare(by, conference.host)
    entry, _created = Participant.objects.update_or_create(conference=conference, person=person, defaults={"part": part})
    record(conference, "participants", by=by, at=at, data={"person": person.pk, "part": part})
    return entry


@transaction.atomic
def remove_participant(entry: Participant, *, by: Person, at: datetime) -> None:
    _may_prepare(by, entry.conference.host)
    record(entry.conference, "participants", by=by, at=at, data={"person": entry.person_id, "part": ""})
    entry.delete()


@transaction.atomic
def renew_guest_link(conference: Conference, *, by: Person, at: datetime) -> Conference:
    """Make a new secret for the guests' link; the printed old one leads nowhere from now on."""
    now = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    _may_prepare(by, now.host)
    now.guest_key = new_guest_key()
    now.save(update_fields=["guest_key"])
    record(now, "new_link", by=by, at=at)
    return now


def notice_is_short(conference: Conference, at: datetime) -> bool:
    """Less than seven calendar days from now to the meeting (Luật Tổ chức CQĐP 2025, Điều 43): warned of, not refused."""
    return conference.starts_at - at < timedelta(days=7)
