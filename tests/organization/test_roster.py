"""Who holds which post, and who is told when nobody does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cchc.organization.access import role_holders
from cchc.organization.domain.person import disable
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Unit
from cchc.organization.roster import Roster
from cchc.workflow.models.obligation import seats
from tests.factories import AT, Force

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 6)


def names(force: Force, found: tuple[int, ...]) -> list[str]:
    by_id = {person.pk: name for name, person in force.people.items()}
    return [by_id[pk] for pk in found]


def leave(person: Person) -> None:
    Position.objects.filter(person=person).delete()


HELD = [
    (Role.OFFICER, "QLHC", ["officer"]),
    (Role.UNIT_CHIEF, "QLHC", ["unit_chief"]),
    (Role.UNIT_CHIEF, "CATX", []),  # the chiefs of its teams owe for their teams
    (Role.SECRETARY, "CATX", ["secretary"]),
    (Role.SECRETARY, "TH", []),
    (Role.LEADER, "CATX", ["leader", "deputy"]),  # not the deputy without authority
    (Role.SECRETARY, "CAT", ["provincial_secretary"]),
    (Role.LEADER, "CAT", ["provincial_leader"]),
    (Role.LEADER, "BCA", []),
]


@pytest.mark.parametrize(("role", "unit", "expected"), HELD)
def test_the_holders_of_a_post(force: Force, role: str, unit: str, expected: list[str]) -> None:
    place = force.units[unit]
    whole = Roster.load(DAY)
    assert sorted(names(force, whole.holders(role, place.pk))) == sorted(expected)
    assert Roster.load(DAY, [place.pk]).holders(role, place.pk) == whole.holders(role, place.pk)
    assert [person.pk for person in role_holders(role, place, DAY)] == list(whole.holders(role, place.pk))


def test_whoever_holds_a_post_owes_for_it(force: Force) -> None:
    whole = Roster.load(DAY)
    for person in force.people.values():
        theirs = {seat for seat, people in whole.seats.items() if person.pk in people}
        assert theirs == {(str(role), unit) for role, unit in seats(person)}


def test_a_vacant_post_is_told_of_above(force: Force) -> None:
    qlhc, town, ward = force.qlhc.pk, force.town.pk, force.ward.pk

    def told(role: str, unit: int) -> list[str]:
        return sorted(names(force, Roster.load(DAY, [unit]).stand_ins(role, unit)))

    assert told(Role.UNIT_CHIEF, qlhc) == ["deputy", "leader", "secretary"]
    assert told(Role.SECRETARY, town) == ["deputy", "leader"]
    assert told(Role.LEADER, town) == ["provincial_secretary"]
    assert told(Role.LEADER, ward) == ["secretary"]  # of the command above, which is the town
    leave(force.secretary)
    assert told(Role.UNIT_CHIEF, qlhc) == ["deputy", "leader"]
    leave(force.leader)
    disable(force.deputy, by=None, at=AT)
    assert told(Role.UNIT_CHIEF, qlhc) == ["provincial_secretary"]
    leave(force.provincial_secretary)
    assert told(Role.SECRETARY, town) == ["provincial_leader"]
    leave(force.provincial_leader)
    assert told(Role.SECRETARY, town) == []


def test_nobody_holds_a_post_of_a_unit_that_is_no_more(force: Force) -> None:
    Unit.objects.filter(pk=force.qlhc.pk).update(valid_to=date(2019, 12, 31))
    roster = Roster.load(DAY, [force.qlhc.pk])
    assert roster.holders(Role.UNIT_CHIEF, force.qlhc.pk) == ()
    assert sorted(names(force, roster.stand_ins(Role.UNIT_CHIEF, force.qlhc.pk))) == ["deputy", "leader", "secretary"]


def test_a_whole_country_is_read_in_two_queries(force: Force, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        Roster.load(DAY)
    with django_assert_num_queries(3):
        Roster.load(DAY, [force.qlhc.pk])
    with django_assert_num_queries(1):
        Roster.load(DAY, [force.qlhc.pk], climbing=False)
