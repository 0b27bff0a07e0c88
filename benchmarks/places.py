"""The units of a country, with their people and posts: one town in full, all others with a handful of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.copying import Sink, Table, number_on
from benchmarks.words import Words
from cchc.organization.enums import COMMAND_KINDS, Rank, Role, UnitKind
from cchc.organization.models import Person, Position, Unit
from cchc.web.text import person_sort_key, sort_key

TEAMS = ("Tổng hợp", "Quản lý hành chính", "Phòng, chống tội phạm", "An ninh")
OFFICERS_OF_TOWN = 80
OFFICERS_ELSEWHERE = 6
UNITS_A_PROVINCE = 97


@dataclass
class Place:
    """A commune or ward that hosts conferences; *leads* are the units that prepare answers, with their chiefs."""

    unit: int
    province: int
    leader: int
    secretary: int
    leads: list[tuple[int, int]]
    officers: list[tuple[int, int]]  # person and his unit


@dataclass
class Country:
    """Who may host a conference; the first is the town that is measured."""

    hosts: list[Place] = field(default_factory=list)


class Settlers:
    """Makes units and people, and remembers the ids that items need."""

    def __init__(self, words: Words, today: date) -> None:
        self.words, self.today = words, today
        self.units, self.persons, self.posts = Table(Unit), Table(Person), Table(Position)
        self.paths: dict[int, tuple[str, int | None]] = {}

    def unit(self, code: str, kind: UnitKind, name: str, above: int | None = None) -> int:
        path, command = self.paths[above] if above else ("", None)
        pk = self.units.last + 1
        command = pk if kind in COMMAND_KINDS else command
        self.paths[pk] = (f"{path}{pk}.", command)
        return self.units.add(
            code=code,
            name=name,
            short_name=name[:60],
            kind=kind.value,
            parent_id=above,
            path=self.paths[pk][0],
            command_id=command,
            sort_key=sort_key(name),
        )

    def holder(self, username: str, unit: int, role: Role, title: str, rank: Rank = Rank.DAI_UY) -> int:
        name = self.words.person()
        pk = self.persons.add(
            username=username,
            full_name=name,
            password="!",
            rank=rank.value,
            sort_key=person_sort_key(name),
            is_active=True,
        )
        since = self.today - timedelta(days=800)
        self.posts.add(person_id=pk, unit_id=unit, role=role.value, title=title, valid_from=since)
        return pk

    def province(self, number: int, ministry: int) -> int:
        name = self.words.place()
        unit = self.unit(f"T{number}", UnitKind.PROVINCE_POLICE, f"Công an tỉnh {name}", ministry)
        staff = self.unit(f"T{number}-PV01", UnitKind.DIVISION, "Phòng Tham mưu", unit)
        self.holder(f"giamdoc.{number}", unit, Role.PROVINCIAL_LEADER, "Phó Giám đốc Công an tỉnh", Rank.DAI_TA)
        self.holder(f"thamtinh.{number}", staff, Role.PROVINCIAL_SECRETARY, "Phó Trưởng phòng", Rank.TRUNG_TA)
        return unit

    def town(self, province: int) -> Place:
        unit = self.unit("TX", UnitKind.WARD_POLICE, "Công an phường An Thịnh", province)
        teams = [self.unit(f"TX-{n}", UnitKind.TEAM, f"Tổ {name}", unit) for n, name in enumerate(TEAMS, 1)]
        leader = self.holder("truong", unit, Role.LEADER, "Trưởng Công an phường", Rank.TRUNG_TA)
        secretary = self.holder("thuky", teams[0], Role.SECRETARY, "Tổ trưởng Tổ thư ký")
        chiefs = [self.holder(f"to.{n}", team, Role.UNIT_CHIEF, "Tổ trưởng") for n, team in enumerate(teams, 1)]
        homes = [teams[n % len(teams)] for n in range(OFFICERS_OF_TOWN)]
        officers = [(self.holder(f"canbo.{n}", home, Role.OFFICER, "Cán bộ"), home) for n, home in enumerate(homes)]
        return Place(unit, province, leader, secretary, list(zip(teams, chiefs, strict=True)), officers)

    def commune(self, number: int, province: int) -> Place:
        unit = self.unit(f"X{number}", UnitKind.COMMUNE_POLICE, f"Công an xã {self.words.place()}", province)
        leader = self.holder(f"truong.{number}", unit, Role.LEADER, "Trưởng Công an xã", Rank.THIEU_TA)
        secretary = self.holder(f"thuky.{number}", unit, Role.SECRETARY, "Thư ký")
        chief = self.holder(f"chihuy.{number}", unit, Role.UNIT_CHIEF, "Phó Trưởng Công an xã")
        officers = [
            (self.holder(f"canbo.{number}.{n}", unit, Role.OFFICER, "Cán bộ"), unit) for n in range(OFFICERS_ELSEWHERE)
        ]
        return Place(unit, province, leader, secretary, [(unit, chief)], officers)


def settle(units: int, words: Words, today: date, sink: Sink) -> Country:
    """Found so many units (at least 9) and staff them. Only in a database that has none."""
    made = Settlers(words, today)
    ministry = made.unit("BCA", UnitKind.MINISTRY, "Bộ Công an")
    made.holder("thanhtra", ministry, Role.INSPECTOR, "Thành viên đoàn kiểm tra", Rank.THUONG_TA)
    provinces = [made.province(n, ministry) for n in range(1, max(1, units // UNITS_A_PROVINCE) + 1)]
    country = Country([made.town(provinces[0])])
    while made.units.last < units:
        number = len(country.hosts)
        country.hosts.append(made.commune(number, provinces[number % len(provinces)]))
    for table in (made.units, made.persons, made.posts):
        sink.write(table)
        sink.settle()
    number_on([made.units, made.persons, made.posts])
    return country
