"""The tree of units, its history, and moves at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cchc.organization.domain.unit import change_unit, end_unit, record_succession
from cchc.organization.enums import SuccessionKind, UnitKind
from cchc.organization.models import Unit, UnitVersion
from tests.factories import AT, Force, unit


def test_commands(force: Force) -> None:
    assert {code: each.command.code if each.command else None for code, each in force.units.items()} == {
        "BCA": "BCA",
        "CAT": "CAT",
        "PV01": "CAT",
        "CATX": "CATX",
        "TH": "CATX",
        "QLHC": "CATX",
        "PHUONG": "PHUONG",
        "CATX2": "CATX2",
        "TH2": "CATX2",
    }
    assert unit("EX", kind=UnitKind.EXTERNAL_BODY).command is None


def test_a_unit_that_becomes_a_command_takes_those_below(force: Force) -> None:
    group = unit("TO1", force.qlhc, UnitKind.GROUP)
    change_unit(force.qlhc, by=None, at=AT, kind=UnitKind.WARD_POLICE)
    group.refresh_from_db()
    assert group.command == force.qlhc
    change_unit(force.qlhc, by=None, at=AT, kind=UnitKind.TEAM)
    group.refresh_from_db()
    assert group.command == force.town


def test_names_of_their_day(force: Force) -> None:
    day = AT.date()
    change_unit(force.th, by=None, at=AT, name="Đội A", since=day - timedelta(days=100))
    change_unit(force.th, by=None, at=AT, name="Đội B", since=day)
    now = Unit.objects.get(pk=force.th.pk)
    assert [now.name_on(day - timedelta(days=back)) for back in (200, 101, 100, 1, 0)] == [
        "Đội Tổng hợp",
        "Đội Tổng hợp",
        "Đội A",
        "Đội A",
        "Đội B",
    ]
    with pytest.raises(ValidationError):
        change_unit(now, by=None, at=AT, name="Đội C", since=day - timedelta(days=50))
    with pytest.raises(ValidationError):
        change_unit(now, by=None, at=AT, name="Đội C", since=day + timedelta(days=1))


def test_two_changes_on_one_day_keep_what_was_there_in_the_morning(force: Force) -> None:
    change_unit(force.th, by=None, at=AT, name="Đội A")
    change_unit(force.th, by=None, at=AT, name="Đội B")
    assert [version.name for version in UnitVersion.objects.all()] == ["Đội Tổng hợp"]


def test_a_correction_leaves_no_earlier_name(force: Force) -> None:
    change_unit(force.th, by=None, at=AT, name="Đội Tổng Hợp", correction=True)
    assert not UnitVersion.objects.exists()
    change_unit(force.th, by=None, at=AT, symbol="TH")
    assert not UnitVersion.objects.exists()


def test_nothing_changed_is_nothing_written(force: Force, django_assert_num_queries: Any) -> None:
    change_unit(force.th, by=None, at=AT, name=force.th.name)
    assert not UnitVersion.objects.exists()


def test_succession(force: Force) -> None:
    on = date(2025, 3, 1)
    record_succession(unit=force.th, successor=force.pv01, kind="merged", decision="12/QĐ", on=on, at=AT)
    assert force.th.valid_to == date(2025, 2, 28)
    record_succession(unit=force.qlhc, successor=force.pv01, kind="function_transfer", decision="12/QĐ", on=on, at=AT)
    assert force.qlhc.valid_to is None
    record_succession(unit=force.ward, successor=None, kind="dissolved", decision="12/QĐ", on=on, at=AT)
    with pytest.raises(ValidationError):
        record_succession(unit=force.qlhc, successor=None, kind="merged", decision="12/QĐ", on=on, at=AT)
    with pytest.raises(ValidationError, match="tồn tại|does not exist"):
        record_succession(unit=force.qlhc, successor=force.th, kind="merged", decision="12/QĐ", on=on, at=AT)
    with pytest.raises(ValidationError):
        record_succession(unit=force.qlhc, successor=force.qlhc, kind="merged", decision="12/QĐ", on=on, at=AT)
    assert force.th.successions.get().kind == SuccessionKind.MERGED


def test_an_earlier_end_stays(force: Force) -> None:
    end_unit(force.th, on=date(2024, 12, 31), decision="1/QĐ", by=None, at=AT)
    th = Unit.objects.get(pk=force.th.pk)
    record_succession(unit=th, successor=force.pv01, kind="merged", decision="2/QĐ", on=date(2025, 3, 1), at=AT)
    assert th.valid_to == date(2024, 12, 31)


@pytest.mark.django_db
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=12))
def test_any_moves_leave_a_tree(db: None, moves: list[tuple[int, int]]) -> None:
    kinds = [UnitKind.PROVINCE_POLICE, UnitKind.DIVISION, UnitKind.DISTRICT_POLICE, *[UnitKind.TEAM] * 5]
    made = [unit(kind=kind) for kind in kinds]
    for which, under in moves:
        try:
            change_unit(made[which], by=None, at=AT, parent=Unit.objects.get(pk=made[under].pk))
        except ValidationError:
            continue
    for each in Unit.objects.filter(pk__in=[one.pk for one in made]).select_related("parent__command"):
        above = each.parent
        assert each.path == f"{above.path if above else ''}{each.pk}."
        assert each.command_id == (each.pk if each.is_command else above.command_id if above else None)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_close_no_circle() -> None:
    """A under a unit of B, and B under a unit of A, at the same moment: one of the two is refused."""
    a, b = unit("A"), unit("B")
    below_a, below_b = unit("A1", a), unit("B1", b)

    def move(pair: tuple[Unit, Unit]) -> str:
        try:
            change_unit(pair[0], by=None, at=AT, parent=Unit.objects.get(pk=pair[1].pk))
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "moved"

    for _round in range(5):
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(move, [(a, below_b), (b, below_a)])) == ["moved", "refused"]
        for each in (a, b):
            change_unit(each, by=None, at=AT, parent=None)
