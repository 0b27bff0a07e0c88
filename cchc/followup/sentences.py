"""The one catalogue of what people are told: a notice as a sentence, for the bell, for mails and for digests.

The verbs of events are those of their flows (cchc.workflow.flow), as in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.followup.bell import Link
from cchc.followup.domain.links import links
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.workflow.flow import FLOWS, duty
from cchc.workflow.history import who
from cchc.workflow.models import Capacity, Event, Notice, Obligation


@dataclass(frozen=True)
class Told:
    """One line: "actor verb", about *link*, which is None when the person may no longer see the thing.

    A reminder has no actor: its verb is the whole sentence.
    """

    notice: Notice
    actor: str
    verb: str
    link: Link | None
    note: str = ""
    icon: str = "bell"
    late: bool = False
    mine: bool = False

    @property
    def at(self) -> datetime:
        return self.notice.event.at if self.notice.event else self.notice.told_at

    @property
    def sentence(self) -> str:
        return f"{self.actor} {self.verb}" if self.actor else self.verb


def sentences(notices: Iterable[Notice], person: Person) -> list[Told]:
    """The lines of *notices* in their order; their subjects are looked up kind by kind."""
    listed = list(notices)
    known = links(person, [notice.event or notice.obligation for notice in listed])  # type: ignore[misc]
    return [told(notice, known) for notice in listed]


def told(notice: Notice, known: Mapping[tuple[str, str], Link]) -> Told:
    """One notice as a line, its subject among *known* by type and id."""
    if notice.event:
        return _of_event(notice, notice.event, known.get((notice.event.subject_type, notice.event.subject_id)))
    assert notice.obligation is not None
    subject = notice.obligation.subject_type, notice.obligation.subject_id
    return _of_due_date(notice, notice.obligation, known.get(subject))


def _of_event(notice: Notice, event: Event, link: Link | None) -> Told:
    flow = FLOWS.get(event.subject_type)
    verb = str(flow.done(event.action)) if flow else event.action
    verb = str(link.verbs.get(event.action, verb)) if link else verb
    mine = notice.capacity == Capacity.OWNER
    return Told(notice, who(event), verb, link, event.note if link else "", mine=mine)


def _of_due_date(notice: Notice, obligation: Obligation, link: Link | None) -> Told:
    stage = notice.stage or 0
    owner = notice.capacity == Capacity.OWNER and not notice.vacant
    words = {
        "duty": str(duty(obligation.subject_type, obligation.kind)),
        "day": _day(notice),
        "whose": _whose(obligation),
    }
    said = (_to_owner if owner else _to_others)(stage) % {**words, "days": abs(stage)}
    return Told(notice, "", said, link, _why(notice, obligation), "clock", late=stage > 0, mine=owner)


def _to_owner(stage: int) -> str:
    if stage > 0:
        return ngettext(
            "%(duty)s: overdue for %(days)d working day, it was due on %(day)s.",
            "%(duty)s: overdue for %(days)d working days, it was due on %(day)s.",
            stage,
        )
    if stage < 0:
        return ngettext(
            "%(duty)s: due on %(day)s, in %(days)d working day.",
            "%(duty)s: due on %(day)s, in %(days)d working days.",
            -stage,
        )
    return _("%(duty)s: due today, %(day)s.")


def _to_others(stage: int) -> str:
    if stage > 0:
        return ngettext(
            "%(whose)s – %(duty)s: overdue for %(days)d working day, it was due on %(day)s.",
            "%(whose)s – %(duty)s: overdue for %(days)d working days, it was due on %(day)s.",
            stage,
        )
    if stage < 0:
        return ngettext(
            "%(whose)s – %(duty)s: due on %(day)s, in %(days)d working day.",
            "%(whose)s – %(duty)s: due on %(day)s, in %(days)d working days.",
            -stage,
        )
    return _("%(whose)s – %(duty)s: due today, %(day)s.")


def _why(notice: Notice, obligation: Obligation) -> str:
    """Why this person is told at this moment, where it is not plainly the ladder."""
    by = _("Reminded by %(name)s.") % {"name": notice.reminded_by.full_name} if notice.reminded_by else ""
    return " ".join(part for part in (by, _instead(notice, obligation)) if part)


def _instead(notice: Notice, obligation: Obligation) -> str:
    if not notice.vacant or not obligation.role:
        return ""
    post = obligation.role if notice.capacity == Capacity.OWNER else CAPACITY_ROLES.get(notice.capacity, "")
    name = str(Role(post).label) if post else str(Capacity(notice.capacity).label)
    return _("Nobody is in the post of %(post)s there; you are told in its place.") % {"post": name.lower()}


CAPACITY_ROLES: Mapping[str, str] = {
    Capacity.CHIEF: Role.UNIT_CHIEF,
    Capacity.SECRETARY: Role.SECRETARY,
    Capacity.LEADER: Role.LEADER,
}


def _whose(obligation: Obligation) -> str:
    return obligation.unit.short_name if obligation.unit else _("The person concerned")


def _day(notice: Notice) -> str:
    assert notice.due_on is not None
    return date_format(notice.due_on, "SHORT_DATE_FORMAT")
