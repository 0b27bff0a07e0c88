"""What each kind of reach covers, for people known by heart."""

from __future__ import annotations

from datetime import date

import pytest

from cchc.organization import access, permissions
from cchc.organization.domain.person import disable
from cchc.organization.enums import Role
from cchc.organization.models import Unit
from cchc.organization.permissions import Permission, Reach
from tests.factories import AT, Force, person, post

ROLES = {
    "officer": Role.OFFICER,
    "secretary": Role.SECRETARY,
    "stranger": Role.OFFICER,
    "provincial_secretary": Role.PROVINCIAL_SECRETARY,
    "ward_officer": Role.OFFICER,
}
# person, reach -> the units covered
REACHES = [
    ("officer", Reach.UNIT, {"QLHC"}),
    ("officer", Reach.HOST, {"CATX"}),
    ("officer", Reach.BELOW, {"CATX", "TH", "QLHC", "PHUONG"}),
    ("officer", Reach.ABOVE, {"QLHC", "CATX", "CAT", "BCA"}),
    ("secretary", Reach.UNIT, {"TH"}),
    ("secretary", Reach.HOST, {"CATX"}),
    ("secretary", Reach.BELOW, {"CATX", "TH", "QLHC", "PHUONG"}),
    ("secretary", Reach.ABOVE, {"TH", "CATX", "CAT", "BCA"}),
    ("stranger", Reach.UNIT, {"TH2"}),
    ("stranger", Reach.HOST, {"CATX2"}),
    ("stranger", Reach.BELOW, {"CATX2", "TH2"}),
    ("stranger", Reach.ABOVE, {"TH2", "CATX2", "CAT", "BCA"}),
    ("provincial_secretary", Reach.HOST, {"CAT"}),
    ("provincial_secretary", Reach.BELOW, {"CAT", "PV01", "CATX", "TH", "QLHC", "PHUONG", "CATX2", "TH2"}),
    ("ward_officer", Reach.HOST, {"PHUONG"}),
    ("ward_officer", Reach.ABOVE, {"PHUONG", "CATX", "CAT", "BCA"}),
]


@pytest.mark.parametrize(("name", "reach", "expected"), REACHES)
def test_reach(force: Force, name: str, reach: Reach, expected: set[str]) -> None:
    who = force.people[name]
    right = Permission("tried", {ROLES[name]: reach})
    assert {unit.code for unit in access.units(who, right)} == expected
    assert {code for code, unit in force.units.items() if access.can(who, right, unit)} == expected
    # asked the other way round, from the unit, the same people come out
    assert {code for code, unit in force.units.items() if who in access.people(right, unit)} == expected


def test_a_deputy_acts_only_with_authority_but_reads_like_the_head(force: Force) -> None:
    acting = Permission("acting", {Role.DEPUTY_LEADER: Reach.HOST})
    reading = Permission("reading", {Role.DEPUTY_LEADER: Reach.HOST}, reading=True)
    assert access.can(force.deputy, acting, force.town)
    assert not access.can(force.idle_deputy, acting, force.town)
    assert access.can(force.idle_deputy, reading, force.town)
    assert access.people(acting, force.town) == [force.deputy]


def test_a_post_counts_only_within_its_days(force: Force) -> None:
    right = Permission("tried", {Role.SECRETARY: Reach.HOST})
    former = person("xua.nv")
    post(former, force.th, Role.SECRETARY, valid_from=date(2018, 1, 1), valid_to=date(2018, 12, 31))
    assert not access.can(former, right, force.town)
    assert access.can(former, right, force.town, date(2018, 12, 31))
    assert former not in access.people(right, force.town)


def test_a_dissolved_unit_gives_no_rights(force: Force) -> None:
    Unit.objects.filter(pk=force.qlhc.pk).update(valid_to=date(2019, 12, 31))
    right = Permission("tried", {Role.OFFICER: Reach.ABOVE})
    assert access.posts(force.officer) == []
    assert not access.can(force.officer, right, force.town)
    assert force.officer not in access.people(right, force.town)
    assert access.can(force.officer, right, force.town, date(2019, 12, 31))


def test_nobody_and_a_closed_account_hold_nothing(force: Force) -> None:
    disable(force.administrator, by=None, at=AT)
    assert not access.holds(None, permissions.MANAGE_UNITS)
    assert not access.holds(force.administrator, permissions.MANAGE_UNITS)
    assert not access.units(force.administrator, permissions.MANAGE_UNITS).exists()
    assert access.people(permissions.MANAGE_PEOPLE, force.town) == []


def test_permissions_are_read_in_one_query(force: Force, django_assert_num_queries: object) -> None:
    secretary = type(force.secretary).objects.get(pk=force.secretary.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for unit in (force.town, force.qlhc, force.next_town):
            for right in permissions.REGISTRY.values():
                access.can(secretary, right, unit)
