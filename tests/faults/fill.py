"""The database of these tests, made once: a province, a town, and chiefs of teams who all owe something.

`python -m tests.faults.fill CHIEFS`. Every chief owes one answer due on DUE; every tenth one that was due five working
days before it, of which the leader is to be told.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import Any
from uuid import uuid4

import django

DUE = date(2026, 3, 18)  # a Wednesday with no holiday near
LATE = date(2026, 3, 11)


def fill(chiefs: int) -> None:
    from cchc.organization.enums import Role, UnitKind
    from cchc.organization.models import Person, Position, Unit
    from cchc.workflow.models import Obligation
    from tests import factories

    province = factories.unit("CAT", None, UnitKind.PROVINCE_POLICE)
    town = factories.unit("CATX", province, UnitKind.DISTRICT_POLICE)
    for name, role in (("thu.ky", Role.SECRETARY), ("lanh.dao", Role.LEADER)):
        factories.post(factories.person(name, email=f"{name}@example.vn"), town, role)
    teams = [
        Unit(code=f"D{number}", name=f"Đội {number}", short_name=f"Đội {number}", kind=UnitKind.TEAM, parent=town)
        for number in range(chiefs)
    ]
    for team in teams:
        team.command = town
    Unit.objects.bulk_create(teams)
    for team in teams:
        team.path = f"{town.path}{team.pk}."
    Unit.objects.bulk_update(teams, ["path"])
    people = [
        Person(username=f"chi.huy.{number}", full_name=f"Chỉ huy {number}", email=f"chief{number:03d}@example.vn")
        for number in range(chiefs)
    ]
    Person.objects.bulk_create(people)
    Position.objects.bulk_create(
        Position(person=person, unit=team, role=Role.UNIT_CHIEF, title="Đội trưởng", valid_from=factories.SINCE)
        for person, team in zip(people, teams, strict=True)
    )
    duties = [_owed(team, DUE) for team in teams] + [_owed(team, LATE) for team in teams[::10]]
    Obligation.objects.bulk_create(duties)


def _owed(team: Any, due: date) -> Any:
    from cchc.workflow.models import Obligation
    from tests import factories

    return Obligation(
        subject_type="dialogues.item", subject_id=str(uuid4()), kind="prepare", role="unit_chief", unit=team,
        started_on=date(2026, 2, 2), due_on=due, first_due_on=due, opened_at=factories.AT,
    )  # fmt: skip


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    fill(int(sys.argv[1]))
    call_command("grant_web_role", verbosity=0)


if __name__ == "__main__":
    main()
