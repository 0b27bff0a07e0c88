"""An inspection: a conference whose delegation reads within a scope, asks for documents and records what it found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization import access
from cchc.organization.access import role_holders
from cchc.organization.domain.position import appoint, change_position, end_position, take_back
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.organization.permissions import Permission
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, begin, record
from cchc.workflow.flow import Move, Owed, Transition, flow
from cchc.workflow.handing import VERB as HANDED_OVER
from dialogues import permissions
from dialogues.enums import ConclusionState, ConferenceKind, ConferenceState, RequestState
from dialogues.models import Conference, Delegate, Finding, Request, Scope

S = RequestState
ENDED = (ConferenceState.CLOSED, ConferenceState.CANCELLED)


# --- documents asked for ----------------------------------------------------------------------------------------------
def _hand_in(request: Request, move: Move) -> None:
    """Keep the `files`; without any, what was handed in on paper is said in the note."""
    files: Sequence[Checked] = move.data.get("files", ())
    if not files and not move.note:
        raise Refused(_("Add a file, or say how the document was handed in."))
    for checked in files:
        attach(subject_type="dialogues.request", subject_id=request.pk, checked=checked, by=move.by, at=move.at)
    request.handed_in_on = timezone.localdate(move.at)


def _not_enough(request: Request, move: Move) -> None:
    request.handed_in_on = None


def _chiefs(request: Request) -> Iterable[Person]:
    return role_holders(Role.UNIT_CHIEF, request.unit)


def _secretaries(request: Request) -> Iterable[Person]:
    return role_holders(Role.SECRETARY, request.host)


def _wanted(request: Request, start: date) -> date:
    return calendar().roll(max(request.due_on, start))


# fmt: off
REQUEST_FLOW = flow("dialogues.request", [
    Transition("hand_in", (S.ASKED,), S.HANDED_IN, permissions.HAND_IN, _("Hand in"), _("handed it in"), "send",
               effect=_hand_in, notify=_secretaries),
    Transition("ask_again", (S.HANDED_IN, S.WAIVED), S.ASKED, permissions.RECORD_FINDINGS, _("Ask again"),
               _("asked for it again"), "back", effect=_not_enough, notify=_chiefs, note_required=True, primary=False),
    Transition("waive", (S.ASKED,), S.WAIVED, permissions.RECORD_FINDINGS, _("No longer ask for it"),
               _("no longer asks for it"), "sx", notify=_chiefs, primary=False),
], owes={
    S.ASKED: Owed("hand_in", _("Hand in the document asked for"), Role.UNIT_CHIEF, unit=lambda r: r.unit, due=_wanted),
}, verbs={"create": _("asked for it"), "hand_over": HANDED_OVER})
# fmt: on


@transaction.atomic
def ask_for(conference: Conference, *, by: Person, at: datetime, **fields: Any) -> Request:
    """Ask a `unit` for the document `text` by the day `due_on`."""
    _running(conference, by, permissions.RECORD_FINDINGS)
    return begin(Request(conference=conference, host=conference.host, **fields), by=by, at=at)


# --- scope and delegation ---------------------------------------------------------------------------------------------
@transaction.atomic
def set_scope(conference: Conference, *, by: Person, at: datetime, **fields: Any) -> Scope:
    """Say what the delegation may look at and on which days; its inspectors' posts follow."""
    now = _running(conference, by, permissions.PREPARE_CONFERENCE)
    before = Scope.objects.filter(conference=now).first()
    scope = before or Scope(conference=now)
    for name, value in fields.items():
        setattr(scope, name, value)
    scope.full_clean()
    scope.save()
    for delegate in now.delegates.select_related("post", "person"):
        _give_access(delegate, scope, by, at)
    record(now, "scope", by=by, at=at, data={"scope": {name: str(value) for name, value in fields.items()}})
    return scope


@transaction.atomic
def add_delegate(
    conference: Conference, *, by: Person, at: datetime, person: Person | None = None, **fields: Any
) -> Delegate:
    """Add one of the delegation: a *person* with an account, who may then read within the scope, or a `name`.

    Raises Refused when the person holds a post that no inspector may hold, or there is a head already.
    """
    now = _running(conference, by, permissions.PREPARE_CONFERENCE)
    if fields.get("head") and now.delegates.filter(head=True).exists():
        raise Refused(_("The delegation has a head already."))
    if person is not None and now.delegates.filter(person=person).exists():
        raise Refused(_("This person belongs to the delegation already."))
    name = fields.pop("name", "") or (person.full_name if person else "")
    delegate = Delegate.objects.create(conference=now, person=person, name=name, **fields)
    if scope := Scope.objects.filter(conference=now).first():
        _give_access(delegate, scope, by, at)
    record(now, "delegation", by=by, at=at, note=name)
    return delegate


@transaction.atomic
def remove_delegate(delegate: Delegate, *, by: Person, at: datetime) -> None:
    """Take one out of the delegation; what an inspector could read ends today."""
    now = _running(delegate.conference, by, permissions.PREPARE_CONFERENCE)
    post, name = delegate.post, delegate.name
    delegate.delete()
    today = timezone.localdate(at)
    if post is not None and post.valid_from >= today:
        take_back(post, by=by, at=at, note=str(now))
    elif post is not None and (post.valid_to is None or post.valid_to > today):
        end_position(post, on=today, by=by, at=at, note=str(now))
    record(now, "delegation", by=by, at=at, note=name)


def _give_access(delegate: Delegate, scope: Scope, by: Person, at: datetime) -> None:
    """Rights come from posts: an inspector's of the inspected command, on the days of the scope."""
    if delegate.person is None:
        return
    first, last = scope.reads_from, scope.reads_until
    try:
        if delegate.post is not None:
            change_position(delegate.post, by=by, at=at, valid_from=first, valid_to=last)
            return
        delegate.post = appoint(
            delegate.person, delegate.conference.host, Role.INSPECTOR, delegate.title,
            valid_from=first, valid_to=last, by=by, at=at,
        )  # fmt: skip
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    delegate.save(update_fields=["post"])


# --- findings ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_finding(
    conference: Conference, *, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any
) -> Finding:
    """Write down what was found, with its evidence. Refused once the conclusion has been issued."""
    now = _unconcluded(conference, by)
    number = (now.findings.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Finding.objects.create(conference=now, number=number, recorded_by=by, recorded_at=at, **fields)
    _evidence(made, files, by, at)
    record(now, "finding", by=by, at=at, note=str(made))
    return made


@transaction.atomic
def change_finding(
    finding: Finding, *, by: Person, at: datetime, files: Sequence[Checked] = (), **fields: Any
) -> Finding:
    """Correct a finding; what was there before stands in the history of the inspection."""
    conference = _unconcluded(finding.conference, by)
    now = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    before = {name: str(getattr(now, name) or "") for name, value in fields.items() if getattr(now, name) != value}
    for name in before:
        setattr(now, name, fields[name])
    now.save()
    _evidence(now, files, by, at)
    if before or files:
        record(conference, "finding", by=by, at=at, note=str(now), data={"before": before})
    return now


@transaction.atomic
def remove_finding(finding: Finding, *, by: Person, at: datetime) -> None:
    """Take a finding out that no directive is built on; the numbers of the others stay."""
    conference = _unconcluded(finding.conference, by)
    if finding.directives.exists():
        raise Refused(_("A directive is built on this finding; take it out there first."))
    record(conference, "finding", by=by, at=at, note=f"− {finding}", data={"text": finding.text})
    finding.delete()


def _evidence(finding: Finding, files: Sequence[Checked], by: Person, at: datetime) -> None:
    for checked in files:
        attach(subject_type="dialogues.finding", subject_id=finding.pk, checked=checked, by=by, at=at)


def _unconcluded(conference: Conference, by: Person) -> Conference:
    now = _running(conference, by, permissions.RECORD_FINDINGS)
    if now.conclusions.filter(state=ConclusionState.ISSUED).exists():
        raise Refused(_("The conclusion has been issued; findings are not changed any more."))
    return now


def _running(conference: Conference, by: Person, right: Permission) -> Conference:
    now = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if not access.can(by, right, now.host):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.kind != ConferenceKind.INSPECTION:
        raise Refused(_("This is no inspection."))
    if now.state in ENDED:
        raise Refused(_("A conference that has ended can no longer be edited."))
    return now
