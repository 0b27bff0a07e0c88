"""A conference from its preparation to its closing, with what changes on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, begin, extend, moved_on, perform, record
from cchc.workflow.flow import Move, Owed, Sentence, Transition, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from cchc.workflow.models import Obligation
from dialogues import permissions
from dialogues.domain.delegation import lacking, last_day
from dialogues.enums import Audience, ConferenceKind, ConferenceState, Part
from dialogues.models import AgendaEntry, AudienceInvited, Conference, Directive, Item, Participant
from dialogues.models.conference import new_guest_key

S = ConferenceState
CHAIR_ROLES = (Role.LEADER, Role.DEPUTY_LEADER, Role.PROVINCIAL_LEADER)
# Days of the calendar (Luật Tổ chức chính quyền địa phương 2025, Điều 43): shorter notice is warned of, not refused.
NOTICE_CALENDAR_DAYS = 7

# What an edit may touch in each state. Date and chair of an announced conference change by moves of their own, which
# tell those who are invited. The host changes with a reorganization alone (dialogues.domain.handover): every right over
# the conference hangs on it.
_ALWAYS = ("title", "plan", "venue", "reported_items", "audiences", "invited")
EDITABLE: dict[str, tuple[str, ...]] = {
    S.DRAFT: (
        *(*_ALWAYS, "code", "kind", "chair", "starts_at", "ends_at", "opens_at", "closes_at", "answer_term", "topics"),
    ),
    S.COLLECTING: (*_ALWAYS, "opens_at", "closes_at", "answer_term", "topics"),
    S.IN_SESSION: (*_ALWAYS, "closes_at", "answer_term"),
    S.CONCLUDED: _ALWAYS,
    S.CLOSED: (),
    S.CANCELLED: (),
}


# --- guards -----------------------------------------------------------------------------------------------------------
def _ready(conference: Conference) -> Sentence:
    if conference.is_inspection:
        return lacking(conference)
    return "" if conference.audiences.exists() else _("Choose at least one audience first.")


def owed_items(conference: Conference) -> QuerySet[Item]:
    """What in the conference is still owed: closing waits for these."""
    return Item.objects.filter(conference=conference).still_open()


def _nothing_owed(conference: Conference) -> Sentence:
    if conference.conclusions.filter(state__in=("draft", "presented")).exists():
        return _("Its conclusion has not been issued yet.")
    left = Directive.objects.filter(conclusion__conference=conference).open().count()
    if left:
        words = ngettext("%(n)s directive is still open.", "%(n)s directives are still open.", left)
        return words % {"n": left}
    left = owed_items(conference).count()
    if not left:
        return ""
    words = ngettext(
        "%(n)s item is still owed an answer or a step.", "%(n)s items are still owed an answer or a step.", left
    )
    return words % {"n": left}


# --- effects ----------------------------------------------------------------------------------------------------------
def _reschedule(conference: Conference, move: Move) -> None:
    """Shift the meeting to `starts_at`/`ends_at`, and the end of the question window to `closes_at`."""
    starts, ends = move.data["starts_at"], move.data["ends_at"]
    closes = min(move.data.get("closes_at") or conference.closes_at, ends)
    if conference.is_inspection:
        conference.opens_at, closes = min(conference.opens_at, starts), ends
    if ends <= starts:
        raise Refused(_("The conference must end after it begins."))
    if closes <= conference.opens_at:
        raise Refused(_("The question window would end before it begins."))
    if (starts, ends) == (conference.starts_at, conference.ends_at):
        raise Refused(_("The new date is the same as the old one."))
    conference.starts_at, conference.ends_at, conference.closes_at = starts, ends, closes
    due = _meeting(conference, timezone.localtime(move.at).date())
    if conference.state == S.COLLECTING and conference.turn and move.by and conference.turn.due_on != due:
        extend(conference.turn, due, reason=move.note[:500], by=move.by, at=move.at)


def _new_chair(conference: Conference, move: Move) -> None:
    if move.data["chair"] == conference.chair:
        raise Refused(_("This person is the chair already."))
    conference.chair = move.data["chair"]


def invited_people(conference: Conference) -> QuerySet[Person]:
    """The chair, the participants and the chiefs of the invited units: who is told of what happens to it."""
    chiefs = Position.objects.valid_on(timezone.localdate()).filter(
        role=Role.UNIT_CHIEF, unit__in=conference.invited.values("pk")
    )
    told = (
        Q(pk=conference.chair_id)
        | Q(pk__in=conference.participants.values("person"))
        | Q(pk__in=chiefs.values("person"))
    )
    return Person.objects.filter(told, is_active=True).order_by("sort_key", "id")


# --- due dates --------------------------------------------------------------------------------------------------------
def _opening(conference: Conference, start: date) -> date:
    moment = conference.starts_at if conference.is_inspection else conference.opens_at
    return calendar().roll(max(timezone.localtime(moment).date(), start))


def _meeting(conference: Conference, start: date) -> date:
    return calendar().roll(max(timezone.localtime(conference.starts_at).date(), start))


def _closing(conference: Conference, start: date) -> date:
    """The term for written answers and ten working days to confirm them; an inspection as long as it is read."""
    if lasts := last_day(conference):
        return calendar().roll(max(lasts, start))
    met = timezone.localtime(conference.starts_at).date()
    return calendar().roll(max(calendar().due(met, conference.answer_term + 10), start))


_PREPARE, _DIRECT = permissions.PREPARE_CONFERENCE, permissions.DIRECT_CONFERENCE
_GOING_ON = (S.DRAFT, S.COLLECTING, S.IN_SESSION, S.CONCLUDED)

# fmt: off
CONFERENCE_FLOW = flow("dialogues.conference", [
    Transition("open", (S.DRAFT,), S.COLLECTING, _PREPARE, _("Open for questions"), _("opened it for questions"),
               "send", guard=_ready, notify=invited_people),
    Transition("start", (S.COLLECTING,), S.IN_SESSION, _PREPARE, _("Begin the session"), _("began the session"), "mic"),
    Transition("conclude", (S.IN_SESSION,), S.CONCLUDED, _DIRECT, _("Conclude the session"),
               _("concluded the session"), "flag", notify=invited_people),
    Transition("close", (S.CONCLUDED,), S.CLOSED, _PREPARE, _("Close the conference"), _("closed the conference"),
               "check", guard=_nothing_owed, notify=invited_people),
    Transition("reschedule", (S.DRAFT, S.COLLECTING), None, _PREPARE, _("Reschedule"), _("rescheduled it"), "cal",
               effect=_reschedule, notify=invited_people, note_required=True, primary=False),
    Transition("new_chair", _GOING_ON, None, _PREPARE, _("Change the chair"), _("changed the chair"), "user",
               effect=_new_chair, notify=invited_people, note_required=True, primary=False),
    Transition("cancel", (S.DRAFT, S.COLLECTING), S.CANCELLED, _DIRECT, _("Cancel the conference"),
               _("cancelled the conference"), "sx", notify=invited_people, note_required=True, danger=True,
               primary=False),
    Transition("reopen", (S.CLOSED,), S.CONCLUDED, _DIRECT, _("Reopen"), _("reopened it"), "back",
               note_required=True, primary=False),
], title=_("Conferences"), owes={
    S.DRAFT: Owed("open", _("Open for questions"), Role.SECRETARY, due=_opening),
    S.COLLECTING: Owed("start", _("Begin the session"), Role.SECRETARY, due=_meeting),
    S.IN_SESSION: Owed("conclude", _("Conclude the session"), Role.LEADER, due=_meeting),
    S.CONCLUDED: Owed("close", _("Close the conference"), Role.SECRETARY, due=_closing),
}, verbs={"create": _("created it"), "edit": _("edited it"), "agenda": _("changed the agenda"),
          "attach": _("added a file"), "participants": _("changed the participants"),
          "new_link": _("made a new guest link"), "scope": _("set the scope"),
          "delegation": _("changed the delegation"), "finding": _("changed the findings"), "hand_over": HANDED_OVER})
# fmt: on


# --- questions --------------------------------------------------------------------------------------------------------
def step_of(conference: Conference, at: datetime) -> int:
    """Which of the six steps it stands at: 1 plan, 2 questions, 3 preparation, 4 session, 5 answers, 6 closed.

    7 when all are done, 0 for a cancelled one. Preparation begins when the window has closed, or with the day itself.
    """
    if conference.state == S.COLLECTING:
        day = timezone.localtime(conference.starts_at).date()
        return 3 if at >= conference.closes_at or timezone.localtime(at).date() >= day else 2
    return {S.DRAFT: 1, S.IN_SESSION: 4, S.CONCLUDED: 5, S.CLOSED: 7}.get(S(conference.state), 0)


def notice_is_short(conference: Conference, at: datetime) -> bool:
    """Less than seven calendar days from *at* to the meeting."""
    return conference.starts_at - at < timedelta(days=NOTICE_CALENDAR_DAYS)


def warnings(conference: Conference, at: datetime) -> list[Sentence]:
    """What is unusual and nevertheless allowed, as sentences."""
    found: list[Sentence] = []
    if conference.state == S.DRAFT and conference.starts_at < at:
        found.append(_("The day of the conference has passed already."))
    elif conference.state == S.DRAFT and notice_is_short(conference, at):
        found.append(
            _("The conference is less than 7 days away; invitations and notices usually go out at least 7 days before.")
        )
    if conference.plan and conference.plan.precedes_its_basis:
        found.append(_("The plan is dated before what it implements."))
    return found


def chair_posts(hosts: Iterable[Unit], day: date) -> QuerySet[Position]:
    """The posts on *day* whose holders may chair a conference of *hosts*: the heads and their deputies."""
    return (
        Position.objects.valid_on(day)
        .filter(unit__command__in=hosts, role__in=CHAIR_ROLES, person__is_active=True)
        .select_related("person", "unit")
        .order_by("unit__sort_key", "person__sort_key", "person_id")
    )


def invitable(host: Unit, day: date) -> QuerySet[Unit]:
    """The teams and wards of *host*: its units of the next level, as of *day*."""
    return Unit.objects.filter(parent=host).valid_on(day).in_order()


def suggest_code(host: Unit, year: int, kind: str = ConferenceKind.DIALOGUE) -> str:
    """The next free code of *host* in *year*, for example HN-CATX-2020-01; KT- of an inspection."""
    letters = "KT" if kind == ConferenceKind.INSPECTION else "HN"
    begin_of_code = f"{letters}-{host.code[:25]}-{year}-"
    known = Conference.objects.filter(code__startswith=begin_of_code).values_list("code", flat=True)
    numbers = [int(code.removeprefix(begin_of_code)) for code in known if code.removeprefix(begin_of_code).isdecimal()]
    return f"{begin_of_code}{max(numbers, default=0) + 1:02d}"


# --- changes ----------------------------------------------------------------------------------------------------------
def locked(conference: Conference, by: Person, seen: int | None = None) -> Conference:
    """The row as it is now, for somebody who may prepare it and saw it at *seen*; what has ended is left alone."""
    now = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    _may_prepare(by, now.host)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    if now.state in (S.CLOSED, S.CANCELLED):
        raise Refused(_("A conference that has ended can no longer be edited."))
    return now


def _may_prepare(by: Person, unit: Unit) -> None:
    if not access.can(by, _PREPARE, unit):
        raise NotAllowed(_("This step is not among your rights here."))


@transaction.atomic
def create(
    *, by: Person, at: datetime, audiences: Iterable[Audience] = (), invited: Iterable[Unit] = (), **fields: Any
) -> Conference:
    """Create a conference in preparation; *by* is its first secretary. A blank code is filled in.

    Raises NotAllowed without the right for the host, Refused when the code has been taken.
    """
    conference = Conference(**fields)
    _may_prepare(by, conference.host)
    if not conference.code:
        conference.code = suggest_code(conference.host, timezone.localtime(conference.starts_at).year, conference.kind)
    try:
        with transaction.atomic():
            begin(conference, by=by, at=at)
    except IntegrityError as error:
        if Conference.objects.filter(code=conference.code).exists():
            raise Refused(_("The code %(code)s is taken.") % {"code": conference.code}) from error
        raise
    conference.invited.set(invited)
    AudienceInvited.objects.bulk_create(
        AudienceInvited(conference=conference, audience=audience) for audience in audiences
    )
    Participant.objects.create(conference=conference, person=by, part=Part.SECRETARY)
    return conference


@transaction.atomic
def change(
    conference: Conference, *, by: Person, at: datetime, seen: int | None = None,
    audiences: Iterable[Audience] | None = None, invited: Iterable[Unit] | None = None, **fields: Any,
) -> Conference:  # fmt: skip
    """Edit the particulars; what was there before stands in the history, and no change leaves none.

    Raises MovedOn when it has changed since *seen*, Refused for what this state no longer lets edit (EDITABLE).
    """
    now = locked(conference, by, seen)
    before = {name: _recorded(getattr(now, name)) for name, value in fields.items() if getattr(now, name) != value}
    if set(before) - set(EDITABLE[now.state]):
        raise Refused(_("Date, chair and code of an announced conference are changed by steps of their own."))
    for name in before:
        setattr(now, name, fields[name])
    if invited is not None:
        before |= _replace_invited(now, invited)
    if audiences is not None:
        before |= _replace_audiences(now, audiences)
    if not before:
        return now
    if "opens_at" in before and now.state == S.DRAFT and now.turn_id:
        # Nothing has been announced yet, so there is no first date to keep.
        due = _opening(now, timezone.localtime(at).date())
        Obligation.objects.filter(pk=now.turn_id).update(due_on=due, first_due_on=due)
    now.moves += 1
    now.save()
    record(now, "edit", by=by, at=at, data={"before": before})
    return now


def _replace_invited(conference: Conference, units: Iterable[Unit]) -> dict[str, str]:
    before = list(conference.invited.in_order())
    conference.invited.set(wanted := list(units))
    changed = {unit.pk for unit in before} != {unit.pk for unit in wanted}
    return {"invited": ", ".join(unit.short_name for unit in before)} if changed else {}


def _replace_audiences(conference: Conference, audiences: Iterable[Audience]) -> dict[str, str]:
    before = set(conference.audiences.values_list("audience", flat=True))
    wanted = {str(audience) for audience in audiences}
    conference.audiences.filter(audience__in=before - wanted).delete()
    AudienceInvited.objects.bulk_create(
        AudienceInvited(conference=conference, audience=audience) for audience in sorted(wanted - before)
    )
    return {"audiences": ", ".join(sorted(before))} if before != wanted else {}


def _recorded(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


@transaction.atomic
def reschedule(
    conference: Conference, *, starts_at: datetime, ends_at: datetime, closes_at: datetime | None = None,
    by: Person, at: datetime, note: str, seen: int | None = None,
) -> Conference:  # fmt: skip
    """The move `reschedule`, with the old dates beside the new ones in its event."""
    before = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    was = {"starts_at": before.starts_at, "ends_at": before.ends_at, "closes_at": before.closes_at}
    data = {"starts_at": starts_at, "ends_at": ends_at, "closes_at": closes_at, "was": was}
    return perform(conference, "reschedule", by=by, at=at, note=note, seen=seen, **data)


@transaction.atomic
def change_chair(
    conference: Conference, chair: Person, *, by: Person, at: datetime, note: str, seen: int | None = None
) -> Conference:
    """The move `new_chair`, with the former chair in its event."""
    before = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    return perform(conference, "new_chair", by=by, at=at, note=note, seen=seen, chair=chair, was=before.chair)


@transaction.atomic
def set_agenda(
    conference: Conference, entries: Sequence[AgendaEntry], *, by: Person, at: datetime, seen: int | None = None
) -> None:
    """Replace the agenda by *entries*, numbered in their order."""
    now = locked(conference, by, seen)
    now.agenda.all().delete()
    for order, entry in enumerate(entries, 1):
        entry.conference, entry.order = now, order
    AgendaEntry.objects.bulk_create(entries)
    now.moves += 1
    now.save(update_fields=["moves"])
    record(now, "agenda", by=by, at=at, data={"entries": len(entries)})


@transaction.atomic
def renew_guest_link(conference: Conference, *, by: Person, at: datetime) -> Conference:
    """Make a new secret for the guests' link; the printed old one leads nowhere from now on."""
    now = locked(conference, by)
    now.guest_key = new_guest_key()
    now.save(update_fields=["guest_key"])
    record(now, "new_link", by=by, at=at)
    return now
