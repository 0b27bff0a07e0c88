"""Changing the calendar of working days: what somebody enters, what it would move, and doing both at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import MANAGE_CALENDAR
from cchc.web.templatetags.ui import long_day
from cchc.workdays.domain.calendar import Calendar, calendar, marked
from cchc.workdays.domain.day import FIRST_SEEDED_YEAR, missing, seeded_years
from cchc.workdays.models import Day
from cchc.workflow.engine import NotAllowed, Refused, record

from . import recount
from .recount import Moved, Span

# Longer than a page takes from reading the calendar to its commit: due dates opened in between were counted by the old.
MEANWHILE = timedelta(minutes=5)
_LOCK = 7203170202
_REASON_LENGTH = 500


class CalendarChanged(Refused):
    """Somebody else has changed the calendar since the preview."""


@dataclass(frozen=True)
class Change:
    """What is to stand in the calendar on *date*; when *withdrawn*, nothing any more."""

    date: date
    kind: str
    name: str
    source: str
    withdrawn: bool = False

    @property
    def entry(self) -> tuple[bool, str] | None:
        return None if self.withdrawn else (self.kind == Day.Kind.WORKING, self.name)

    @property
    def sentence(self) -> str:
        facts = {"day": long_day(self.date), "name": self.name}
        if self.withdrawn:
            return _("%(day)s: withdrawn from the calendar (%(name)s)") % facts
        if self.kind == Day.Kind.WORKING:
            return _("%(day)s is a working day (%(name)s)") % facts
        return _("%(day)s is a day off (%(name)s)") % facts


Changes = tuple[Change, ...]


@dataclass(frozen=True)
class Preview:
    """What *changes* would do to a calendar that reads *mark* now."""

    changes: Changes
    mark: str
    moved: list[Moved]  # soonest first


# --- what is entered; each raises ValidationError by field ------------------------------------------------------------
def enter(*, date: date, kind: str, name: str, source: str, today: date) -> Changes:
    """One day off, or one worked Saturday or Sunday."""
    _check_free(date, "date", today)
    _check_kind(date, kind)
    return (Change(date, kind, name, source),)


def swap(*, off: date, working: date, source: str, today: date) -> Changes:
    """A weekday off that a Saturday or Sunday makes up for."""
    _check_free(off, "off", today)
    _check_free(working, "working", today)
    if off.weekday() >= 5:
        raise ValidationError({"off": _("%(day)s is off anyway; a weekday is swapped.") % {"day": long_day(off)}})
    if working.weekday() < 5:
        sentence = _("%(day)s is worked anyway; a Saturday or Sunday makes up for a weekday.")
        raise ValidationError({"working": sentence % {"day": long_day(working)}})
    with override("vi"):  # the names are stored, in the language of the papers
        taken = _("Day off, made up for on %(day)s") % {"day": f"{working:%d/%m/%Y}"}
        made_up = _("Makes up for %(day)s") % {"day": f"{off:%d/%m/%Y}"}
    days = Change(off, Day.Kind.OFF, taken, source), Change(working, Day.Kind.WORKING, made_up, source)
    return tuple(sorted(days, key=lambda change: change.date))


def correct(day: Day, *, date: date, kind: str, name: str, source: str, today: date) -> Changes:
    """Another kind, name, source or date for an entry; at another date the old one is withdrawn."""
    _check_kind(date, kind)
    changed = Change(date, kind, name, source)
    if date == day.date:
        if (day.kind, day.name, day.source) == (kind, name, source):
            raise ValidationError(_("Nothing is changed yet."))
        return (changed,)
    _check_free(date, "date", today)
    return *withdraw(day, source=source), changed


def withdraw(day: Day, *, source: str) -> Changes:
    return (Change(day.date, day.kind, day.name, source, withdrawn=True),)


def seeding(year: int) -> Changes:
    """The public holidays and swapped days of *year* that the calendar lacks."""
    return tuple(Change(day.date, day.kind, day.name, day.source) for day in missing([year]))


def _check_free(date: date, field: str, today: date) -> None:
    last = seeded_years(today)[-1] + 1
    if not FIRST_SEEDED_YEAR <= date.year <= last:
        sentence = _("The calendar is kept for the years %(first)d to %(last)d.")
        raise ValidationError({field: sentence % {"first": FIRST_SEEDED_YEAR, "last": last}})
    known = Day.objects.standing().filter(date=date).first()
    if known is not None:
        sentence = _("%(day)s stands in the calendar already (%(name)s); change that entry.")
        raise ValidationError({field: sentence % {"day": long_day(date), "name": known.name}})


def _check_kind(date: date, kind: str) -> None:
    if kind == Day.Kind.WORKING and date.weekday() < 5:
        sentence = _("%(day)s is worked anyway. To undo a day off, withdraw its entry.")
        raise ValidationError({"kind": sentence % {"day": long_day(date)}})


# --- what it would do, and doing it -----------------------------------------------------------------------------------
def preview(changes: Changes) -> Preview:
    mark, old = marked()
    moved = sorted(recount.moves(old, _changed(old, changes), _span(changes)), key=lambda each: (each.before, each.pk))
    return Preview(changes, mark, moved)


def change(changes: Changes, *, by: Person, at: datetime, seen: str) -> int:
    """Write *changes* into the calendar and move every open due date; returns how many moved.

    *seen* is the mark of the preview that was agreed to. Raises CalendarChanged when the calendar is another one now.
    """
    if not access.holds(by, MANAGE_CALENDAR):
        raise NotAllowed(_("This step is not among your rights here."))
    reason = reason_of(changes)
    old, moved = _change(changes, reason, by, at, seen)
    late = recount.moves(old, calendar(), _span(changes), opened_since=at - MEANWHILE)
    return moved + recount.move(list(late), reason=reason, by=by, at=at)


def reason_of(changes: Sequence[Change]) -> str:
    """Why dates move: each day with its paper, as it is stored beside them."""
    with override("vi"):
        lines = [f"{each.sentence}. {each.source}".strip(" .") for each in changes]
    text = "; ".join(lines)
    return text if len(text) <= _REASON_LENGTH else text[: _REASON_LENGTH - 1] + "…"


@transaction.atomic
def _change(changes: Changes, reason: str, by: Person, at: datetime, seen: str) -> tuple[Calendar, int]:
    _alone()
    mark, old = marked()
    if mark != seen:
        raise CalendarChanged(_("The calendar has changed in the meantime."))
    days = [_save(each) for each in changes]
    moved = recount.move(list(recount.moves(old, calendar(), _span(changes))), reason=reason, by=by, at=at)
    for day, each in zip(days, changes, strict=True):
        data = {"date": each.date, "kind": each.kind, "name": each.name, "moved": moved}
        record(day, "withdraw" if each.withdrawn else "enter", by=by, at=at, note=each.source, data=data)
    return old, moved


def _alone() -> None:
    """One change of the calendar at a time: a count must not miss what another has just entered."""
    with connection.cursor() as cursor:
        # Somebody's step on one of the many due dates may take longer than a page is willing to wait.
        cursor.execute("SELECT set_config('lock_timeout', '30s', true), pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[1]:
            raise CalendarChanged(_("Somebody else is changing the calendar at this moment. Try again in a minute."))


def _save(change: Change) -> Day:
    facts = {"kind": change.kind, "name": change.name, "source": change.source, "withdrawn": change.withdrawn}
    return Day.objects.update_or_create(date=change.date, defaults=facts)[0]


def _changed(old: Calendar, changes: Iterable[Change]) -> Calendar:
    return old.changed({each.date: each.entry for each in changes})


def _span(changes: Changes) -> Span:
    return Span(min(each.date for each in changes), max(each.date for each in changes))
