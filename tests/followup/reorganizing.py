"""Units of the small police force that end, for tests of what becomes of their work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cchc.organization.domain.unit import change_unit, end_unit, record_succession
from cchc.organization.enums import SuccessionKind
from cchc.organization.models import Person, Unit
from tests.factories import Force
from tests.followup.obligations import morning

LAST = date(2020, 2, 28)
ON = LAST + timedelta(days=1)
NOW = morning(date(2020, 3, 2), 8)
DECISION = "Quyết định số 15/QĐ-CAT ngày 20/02/2020"


def merge(unit: Unit, into: Unit | None, on: date = ON, at: datetime = NOW) -> Unit:
    """*unit* ends the day before *on*; *into* is its recorded successor, if there is one."""
    kind = SuccessionKind.MERGED if into else SuccessionKind.DISSOLVED
    record_succession(unit=unit, successor=into, kind=kind, decision=DECISION, on=on, at=at)
    return Unit.objects.get(pk=unit.pk)


def dissolve_town(force: Force, at: datetime = NOW) -> Unit:
    """The town's police and its teams end; its ward stands under the province from then on."""
    change_unit(force.ward, by=None, at=at, since=ON, parent=force.province)
    for team in (force.th, force.qlhc):
        end_unit(team, on=LAST, decision=DECISION, by=None, at=at)
    return merge(force.town, None, at=at)


def fresh(person: Person) -> Person:
    """As the next request reads them: posts are read once per request."""
    return Person.objects.get(pk=person.pk)
