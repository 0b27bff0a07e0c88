"""The tables of follow-up that may be long (settings.EXPORTS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cchc.followup.domain import handover_post as posts
from cchc.followup.domain import overdue as late
from cchc.followup.domain.export import Sheet, counting
from cchc.followup.domain.overview import Counted, Scope, counted
from cchc.followup.forms.overdue import OverdueForm
from cchc.followup.forms.overview import OverviewForm
from cchc.organization import access
from cchc.organization.models import Person, Position
from cchc.organization.permissions import OVERSEE
from cchc.web.panels import Row
from cchc.workdays.domain.calendar import calendar

BATCH = 500


def overview_rows(person: Person, query: QueryDict, day: date) -> Sheet:
    """The rows behind the number whose key is in *query*. Raises KeyError when there is none, or not for *person*."""
    if not access.holds(person, OVERSEE):
        raise KeyError(OVERSEE.name)
    scope = OverviewForm(query, person=person, today=day).scope()
    try:
        found = counted(scope, query.get("key", ""))
    except ValueError as error:
        raise KeyError(query.get("key")) from error
    columns = [_("Code"), _("Title"), _("State"), _("About"), _("Due")]
    title = _("%(what)s: %(unit)s") % {"what": found.title, "unit": scope.unit.short_name}
    return Sheet(title, file_name("chi-tiet", scope), columns, counting(found.rows), lambda: _cells(found))


def file_name(what: str, scope: Scope) -> str:
    return f"{what}-{scope.unit.code}-{scope.since:%Y%m%d}-{scope.until:%Y%m%d}".lower()


def _cells(found: Counted) -> Iterator[list[Any]]:
    remaining = found.rows.order_by(*found.order).iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield from (_line(row) for row in found.lines(batch))


def _line(row: Row) -> list[Any]:
    about = " · ".join(str(part) for part in row.meta if part)
    return [row.code, str(row.title), str(row.state), about, row.due.due_on if row.due else None]


def overdue(person: Person, query: QueryDict, day: date) -> Sheet:
    """What the list of late work shows with the same filters. Raises KeyError when *person* oversees nothing."""
    if not access.holds(person, OVERSEE):
        raise KeyError(OVERSEE.name)
    rows = late.overdue(person, day, OverdueForm(query, person=person, today=day).wanted())
    columns = [
        _("What is owed"), _("About"), _("Unit"), _("Taken over from"), _("Role"), _("Due"), _("Working days late"),
        _("First due"),
    ]  # fmt: skip
    return Sheet(
        _("Late work"), f"viec-qua-han-{day:%Y%m%d}", columns, counting(rows),
        lambda: _late(late.every_line(rows, person, day, calendar())),
    )  # fmt: skip


def _late(listed: Iterable[late.Late]) -> Iterator[list[Any]]:
    for line in listed:
        owed = line.obligation
        yield [
            line.duty, line.link.title if line.link else "–", owed.unit and owed.unit.name,
            owed.handover.from_unit.name if owed.handover else "", owed.get_role_display(), owed.due_on, line.days,
            line.first_due_on,
        ]  # fmt: skip


def post_duties(person: Person, query: QueryDict, day: date) -> Sheet:
    """What the post in *query* owes. Raises KeyError when *person* does not see all of it."""
    wanted = query.get("post", "")
    known = Position.objects.select_related("person", "unit__command")
    post = known.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if post is None or posts.sight_of(person, post) is not posts.Sight.ALL:
        raise KeyError(wanted)
    rows = posts.owed_by_post(post)
    columns = [
        _("What is owed"), _("About"), _("Unit"), _("Taken over from"), _("Due"), _("Working days left"),
        _("First due"),
    ]  # fmt: skip
    return Sheet(
        _("Duties of the post: %(post)s") % {"post": f"{post.person} · {post.unit.short_name}"},
        f"ban-giao-{post.person.username}-{day:%Y%m%d}", columns, counting(rows),
        lambda: _duties(posts.every_line(rows, person, day, calendar())),
    )  # fmt: skip


def _duties(listed: Iterable[posts.Line]) -> Iterator[list[Any]]:
    for line in listed:
        owed = line.obligation
        yield [
            line.duty, line.link.title if line.link else "–", owed.unit and owed.unit.name,
            owed.handover.from_unit.name if owed.handover else "", owed.due_on, line.left, owed.first_due_on,
        ]  # fmt: skip
