"""The tables of follow-up that may be long (settings.EXPORTS)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cchc.followup.domain.export import Sheet
from cchc.followup.domain.overview import Counted, Scope, counted
from cchc.followup.forms.overview import OverviewForm
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import OVERSEE
from cchc.web.panels import Row

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
    count = found.rows.order_by()
    return Sheet(title, file_name("chi-tiet", scope), columns, lambda most: count[:most].count(), lambda: _cells(found))


def file_name(what: str, scope: Scope) -> str:
    return f"{what}-{scope.unit.code}-{scope.since:%Y%m%d}-{scope.until:%Y%m%d}".lower()


def _cells(found: Counted) -> Iterator[list[Any]]:
    remaining = found.rows.order_by(*found.order).iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        yield from (_line(row) for row in found.lines(batch))


def _line(row: Row) -> list[Any]:
    about = " · ".join(str(part) for part in row.meta if part)
    return [row.code, str(row.title), str(row.state), about, row.due.due_on if row.due else None]
