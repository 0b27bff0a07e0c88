"""An inspection: a conference whose delegation may read within a scope, on certain days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.domain.position import appoint, change_position, end_position, take_back
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Unit
from cchc.organization.models.unit import UnitQuerySet
from cchc.organization.permissions import Permission
from cchc.workflow.engine import NotAllowed, Refused, record
from cchc.workflow.flow import Sentence
from dialogues import permissions
from dialogues.enums import ConferenceState
from dialogues.models import Conference, Delegate, Scope

ENDED = (ConferenceState.CLOSED, ConferenceState.CANCELLED)


@transaction.atomic
def set_scope(conference: Conference, *, by: Person, at: datetime, **fields: Any) -> Scope:
    """Say what the delegation may look at and on which days; its inspectors' posts follow."""
    now = running(conference, by, permissions.PREPARE_CONFERENCE, at)
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
    now = running(conference, by, permissions.PREPARE_CONFERENCE, at)
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
    now = running(delegate.conference, by, permissions.PREPARE_CONFERENCE, at)
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
    days: dict[str, Any] = {
        "valid_from": scope.reads_from, "valid_to": scope.reads_until,
        "matters_from": scope.first_day, "matters_until": scope.last_day,
    }  # fmt: skip
    host = delegate.conference.host
    try:
        if held := delegate.post or _left_behind(delegate.person, host, scope.reads_from):
            delegate.post = change_position(held, by=by, at=at, **days)
            delegate.save(update_fields=["post"])
            return
        delegate.post = appoint(delegate.person, host, Role.INSPECTOR, delegate.title, by=by, at=at, **days)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    delegate.save(update_fields=["post"])


def lacking(conference: Conference) -> Sentence:
    """What an inspection still wants before it is announced, or ""."""
    if not Scope.objects.filter(conference=conference).exists():
        return _("Set the scope of the inspection first.")
    return "" if conference.delegates.filter(head=True).exists() else _("Name the head of the delegation first.")


def last_day(conference: Conference) -> date | None:
    """Until when its inspectors read; None of a dialogue."""
    return Scope.objects.filter(conference=conference).values_list("reads_until", flat=True).first()


def _left_behind(person: Person, host: Unit, first: date) -> Position | None:
    """The post of somebody who had been taken out of a delegation and is of it again."""
    of_delegates = Delegate.objects.exclude(post=None).values("post")
    held = Position.objects.filter(person=person, unit=host, role=Role.INSPECTOR, valid_from=first)
    return held.filter(matters_from__isnull=False).exclude(pk__in=of_delegates).first()


def inspected_units(conference: Conference) -> UnitQuerySet:
    """The units that were named; all that serve the host or stand right below it when none was."""
    host, named = conference.host_id, conference.invited.values("pk")
    if conference.invited.exists():
        return Unit.objects.filter(pk__in=named).in_order()
    return Unit.objects.filter(Q(command=host) | Q(parent=host), valid_to=None).exclude(pk=host).in_order()


def eligible(conference: Conference, day: date) -> QuerySet[Person]:
    """Who may still be added by account: nobody who holds another post on *day*, and nobody twice."""
    busy = Position.objects.valid_on(day).exclude(role=Role.INSPECTOR).values("person")
    there = conference.delegates.exclude(person=None).values("person")
    return Person.objects.filter(is_active=True).exclude(pk__in=busy).exclude(pk__in=there)


def is_at_work(conference: Conference, person: Person, right: Permission, day: date | None = None) -> bool:
    """Whether *person* holds *right* here; an inspector whose post is limited only where he is of the delegation."""
    posts = access.posts_for(person, right, conference.host, day)
    if not posts or any(not post.is_limited for post in posts):
        return bool(posts)
    # The delegates may have been loaded with it.
    return bool({each.post_id for each in conference.delegates.all()} & {post.pk for post in posts})


def running(conference: Conference, by: Person, right: Permission, at: datetime) -> Conference:
    """The inspection as it is now, locked, for somebody at work on it. Raises NotAllowed, Refused when it has ended."""
    now = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if not is_at_work(now, by, right, timezone.localdate(at)):
        raise NotAllowed(_("This step is not among your rights here."))
    if not now.is_inspection:
        raise Refused(_("This is no inspection."))
    if why_not := over(now):
        raise Refused(why_not)
    return now


def over(conference: Conference) -> Sentence:
    """Why nothing of an inspection is changed any more, or ""."""
    return _("A conference that has ended can no longer be edited.") if conference.state in ENDED else ""
