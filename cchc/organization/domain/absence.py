"""Absences: who is away from a post, and who acts meanwhile.

Everybody records his own absence, and ends it when he is back. Naming who stands in is for the secretary and the head
of the command, over its posts and those of the units below it, and for administrators; a post of an administrator or
an inspector passes only through whoever manages people. Nobody names himself.

Whoever stands in gets a post of the same role and unit for these days, so that every right, button and notice follows
from it; the paper behind it stands on it (Nghị định 30/2020/NĐ-CP, Điều 13: KT., TL., TUQ.; who signs by authorization
may not authorize others, so nobody stands in for a stand-in).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.organization import access
from cchc.organization.audit import record
from cchc.organization.domain.position import appoint, end_position, take_back
from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Absence, Person, Position
from cchc.organization.permissions import MANAGE_PEOPLE, RECORD_ABSENCE

STAND_IN_KINDS = (ActingKind.KT, ActingKind.TL, ActingKind.TUQ)
# Their posts give rights over accounts, or over everybody's work.
GUARDED_ROLES = frozenset({Role.ADMINISTRATOR, Role.INSPECTOR})


def may_name_stand_in(by: Person, post: Position) -> bool:
    """Whether *by* may say who acts in *post*."""
    right = MANAGE_PEOPLE if post.role in GUARDED_ROLES else RECORD_ABSENCE
    return access.can(by, right, post.unit)


def may_record(by: Person, post: Position) -> bool:
    """Whether *by* may enter, shorten and cancel absences from *post*."""
    return post.person_id == by.pk or access.can(by, RECORD_ABSENCE, post.unit)


def absences_for(person: Person) -> QuerySet[Absence]:
    """The absences that *person* may see: his own, those in which he acts, and those that he may record."""
    own = Q(post__person=person) | Q(stand_in__person=person)
    return Absence.objects.filter(own | access.within(person, RECORD_ABSENCE, "post__unit"))


def posts_for(person: Person, day: date) -> QuerySet[Position]:
    """The posts on *day* from which *person* may record an absence; posts of stand-ins are none."""
    reach = Q(person=person) | access.within(person, RECORD_ABSENCE, "unit")
    held = Position.objects.valid_on(day).filter(reach, stands_in=None, person__is_active=True)
    return held.select_related("person", "unit").order_by("person__sort_key", "valid_from", "id")


def candidates(post: Position, day: date) -> QuerySet[Person]:
    """Who may stand in: whoever serves the same command or the one above it on *day*, but the holder himself."""
    command = post.unit.command or post.unit
    above = command.parent.command_id if command.parent else None
    near = Position.objects.valid_on(day).filter(unit__command__in={command.pk, above} - {None})
    return Person.objects.filter(is_active=True, pk__in=near.values("person")).exclude(pk=post.person_id)


@transaction.atomic
def record_absence(
    post: Position,
    *,
    first: date,
    last: date,
    reason: str,
    stand_in: Person | None = None,
    acting_kind: str = "",
    authority: str = "",
    by: Person,
    at: datetime,
) -> Absence:
    """Enter that the holder of *post* is away from *first* to *last*, both included; perhaps who acts meanwhile.

    Raises ValidationError, by field, and PermissionDenied without the right (may_record, may_name_stand_in).
    """
    if not may_record(by, post):
        raise PermissionDenied
    Person.objects.select_for_update(no_key=True).get(pk=post.person_id)
    post = Position.objects.select_related("unit__command__parent", "person").get(pk=post.pk)
    if Absence.objects.filter(stand_in=post).exists():
        raise ValidationError(_("This post is that of a stand-in: shorten the absence in which he acts."))
    if not (post.is_valid_on(first) and post.is_valid_on(last)):
        raise ValidationError({"first": _("The post is not held through all of these days.")})
    if Absence.objects.filter(post=post).overlapping(first, last).exists():
        raise ValidationError({"first": _("An absence of these days is entered already.")})
    absence = Absence(post=post, valid_from=first, valid_to=last, reason=reason)
    absence.full_clean()
    absence.save()
    if stand_in is not None:
        _appoint(absence, stand_in, acting_kind, authority, by, at)
    _write(absence, "record", by, at)
    return absence


@transaction.atomic
def name_stand_in(
    absence: Absence, person: Person, *, acting_kind: str, authority: str, by: Person, at: datetime
) -> Absence:
    """Say who acts in an absence that has nobody yet: from its first day, or from the day of *at* if it has begun."""
    now = _locked(absence)
    if now.cancelled_at or now.valid_to < timezone.localdate(at):
        raise ValidationError(_("This absence is over."))
    if now.stand_in_id:
        raise ValidationError(_("Somebody else was named in the meantime."))
    _appoint(now, person, acting_kind, authority, by, at)
    _write(now, "stand_in", by, at)
    return now


@transaction.atomic
def shorten(absence: Absence, *, last: date, by: Person, at: datetime, note: str = "") -> Absence:
    """Let an absence end after the day *last*, and with it the acting post; before its first day it is cancelled.

    What has passed stays: *last* lies yesterday at the earliest, unless nothing had begun before today.
    """
    now, today = _locked(absence), timezone.localdate(at)
    if not may_record(by, now.post):
        raise PermissionDenied
    if now.cancelled_at or now.valid_to < today:
        raise ValidationError(_("This absence is over."))
    if last >= now.valid_to:
        raise ValidationError({"last": _("Choose a day before %(day)s.") % {"day": now.valid_to.strftime("%d/%m/%Y")}})
    if last < now.valid_from:
        if now.valid_from < today:
            raise ValidationError({"last": _("The absence has begun: yesterday is the earliest last day.")})
        return _cancel(now, by, at, note)
    if last < today - timedelta(days=1):
        raise ValidationError({"last": _("The absence has begun: yesterday is the earliest last day.")})
    now.valid_to = last
    acting = now.stand_in
    if acting is not None and acting.valid_from > last:
        now.stand_in = None
        now.save()
        take_back(acting, by=by, at=at, note=note)
    elif acting is not None:
        now.stand_in = end_position(acting, on=last, by=by, at=at, note=note)
    now.save()
    _write(now, "shorten", by, at, note)
    return now


def _cancel(absence: Absence, by: Person, at: datetime, note: str) -> Absence:
    acting, absence.stand_in = absence.stand_in, None
    absence.cancelled_at = at
    absence.save()
    if acting is not None:
        take_back(acting, by=by, at=at, note=note)
    _write(absence, "cancel", by, at, note)
    return absence


def _locked(absence: Absence) -> Absence:
    rows = Absence.objects.select_related("post__unit__command__parent", "post__person", "stand_in__person")
    return rows.select_for_update(of=("self",)).get(pk=absence.pk)


def _appoint(absence: Absence, person: Person, kind: str, authority: str, by: Person, at: datetime) -> None:
    post, first = absence.post, max(absence.valid_from, timezone.localdate(at))
    if not may_name_stand_in(by, post):
        raise PermissionDenied
    if kind not in STAND_IN_KINDS:
        raise ValidationError({"acting_kind": _("Choose how the stand-in signs: KT., TL. or TUQ.")})
    if not authority:
        raise ValidationError({"authority": _("Acting for the head needs the number of the authority document.")})
    if not post.acts_as_head:
        raise ValidationError({"stand_in": _("This deputy acts for nobody himself, so nobody stands in for him.")})
    if not candidates(post, first).filter(pk=person.pk).exists():
        raise ValidationError({"stand_in": _("Choose somebody who serves this command or the one above it.")})
    if Absence.objects.filter(post__person=person).overlapping(first, absence.valid_to).exists():
        raise ValidationError({"stand_in": _("%(person)s is away himself in these days.") % {"person": person}})
    same = Position.objects.valid_on(first).filter(person=person, unit=post.unit_id, role=post.role)
    if same.exists():
        raise ValidationError({"stand_in": _("%(person)s holds this post anyway.") % {"person": person}})
    try:
        absence.stand_in = appoint(
            person,
            post.unit,
            post.role,
            post.title,
            valid_from=first,
            valid_to=absence.valid_to,
            acting_kind=kind,
            authority=authority,
            by=by,
            at=at,
        )
    except ValidationError as refused:
        # The form has no field for the role: what stands against it stands against the person.
        raise ValidationError({"stand_in": refused.messages}) from refused
    absence.save(update_fields=["stand_in"])


def _write(absence: Absence, action: str, by: Person, at: datetime, note: str = "") -> None:
    data = {
        "person": absence.post.person_id,
        "post": absence.post_id,
        "from": absence.valid_from.isoformat(),
        "to": absence.valid_to.isoformat(),
        "stand_in": absence.stand_in.person_id if absence.stand_in else None,
    }
    record(absence, action, by=by, at=at, note=note, data=data)
