"""Units, people and posts for tests, made by the domain's own functions; `force()` is a small police force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from cchc.organization.domain.person import create_person
from cchc.organization.domain.position import appoint
from cchc.organization.domain.unit import create_unit
from cchc.organization.enums import ActingKind, Rank, Role, UnitKind
from cchc.organization.models import Person, Position, Unit
from tests.kept import Kept

AT = datetime(2019, 12, 2, 1, 0, tzinfo=UTC)  # 8:00 in Vietnam
SINCE = date(2019, 1, 1)
_number = count(1)


def unit(code: str = "", parent: Unit | None = None, kind: str = UnitKind.TEAM, **fields: Any) -> Unit:
    code = code or f"U{next(_number)}"
    fields = {"name": f"Đơn vị {code}", "short_name": code, **fields}
    return create_unit(code=code, parent=parent, kind=kind, at=AT, **fields)


def person(username: str = "", full_name: str = "", password: str | None = None, **fields: Any) -> Person:
    """Without *password* nobody can sign in by password (client.force_login works), and no hash is computed."""
    username = username or f"nguoi{next(_number)}"
    return create_person(
        username=username, full_name=full_name or f"Nguyễn Văn {username}", password=password, at=AT, **fields
    )


def post(holder: Person, unit: Unit, role: str, title: str = "", valid_from: date = SINCE, **fields: Any) -> Position:
    held = appoint(holder, unit, role, title, valid_from=valid_from, at=AT, **fields)
    holder.__dict__.pop("_posts", None)
    return held


@dataclass(frozen=True)
class Force:
    """A province (CAT) with a division (PV01); a town (CATX) with teams TH and QLHC and a ward; the town next door.

    The three to know by heart are *officer*, *secretary* and *stranger*.
    """

    ministry: Unit
    province: Unit
    pv01: Unit
    town: Unit
    th: Unit
    qlhc: Unit
    ward: Unit
    next_town: Unit
    next_team: Unit
    officer: Person  # of QLHC
    unit_chief: Person  # of QLHC
    secretary: Person  # of the town, sits in TH
    leader: Person  # of the town
    deputy: Person  # of the town, with written authority (KT.)
    idle_deputy: Person  # of the town, without one
    ward_chief: Person
    ward_officer: Person
    provincial_secretary: Person
    provincial_leader: Person
    inspector: Person
    administrator: Person
    stranger: Person  # an officer of the town next door
    next_leader: Person
    units: dict[str, Unit] = field(default_factory=dict)

    @property
    def people(self) -> dict[str, Person]:
        """Everybody, by the name used here."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


@Kept
def force() -> Force:
    ministry = unit("BCA", kind=UnitKind.MINISTRY, name="Bộ Công an", short_name="Bộ Công an")
    province = unit("CAT", ministry, UnitKind.PROVINCE_POLICE, name="Công an tỉnh Sơn Nam", short_name="Công an tỉnh")
    pv01 = unit(
        "PV01",
        province,
        UnitKind.DIVISION,
        name="Phòng Tham mưu",
        short_name="PV01",
        symbol="PV01",
        is_focal_point=True,
    )
    town = unit("CATX", province, UnitKind.DISTRICT_POLICE, name="Công an thị xã An Thịnh", short_name="CATX An Thịnh")
    th = unit("TH", town, name="Đội Tổng hợp", short_name="Đội TH", is_focal_point=True)
    qlhc = unit("QLHC", town, name="Đội Cảnh sát quản lý hành chính về trật tự xã hội", short_name="Đội QLHC")
    ward = unit("PHUONG", town, UnitKind.WARD_POLICE, name="Công an phường Hòa Bình", short_name="CAP Hòa Bình")
    next_town = unit(
        "CATX2", province, UnitKind.DISTRICT_POLICE, name="Công an thị xã Bắc Sơn", short_name="CATX Bắc Sơn"
    )
    next_team = unit("TH2", next_town, name="Đội Tổng hợp", short_name="Đội TH")

    def holder(username: str, full_name: str, at: Unit, role: str, title: str, rank: int, **acting: Any) -> Person:
        made = person(username, full_name, rank=rank)
        post(made, at, role, title, **acting)
        return made

    return Force(
        ministry=ministry,
        province=province,
        pv01=pv01,
        town=town,
        th=th,
        qlhc=qlhc,
        ward=ward,
        next_town=next_town,
        next_team=next_team,
        units={each.code: each for each in (ministry, province, pv01, town, th, qlhc, ward, next_town, next_team)},
        officer=holder("an.nv", "Nguyễn Văn An", qlhc, Role.OFFICER, "Cán bộ", Rank.TRUNG_UY),
        unit_chief=holder("binh.tt", "Trần Thị Bình", qlhc, Role.UNIT_CHIEF, "Đội trưởng", Rank.THIEU_TA),
        secretary=holder("chi.ll", "Lê Lan Chi", th, Role.SECRETARY, "Tổ trưởng Tổ thư ký", Rank.DAI_UY),
        leader=holder("dung.pv", "Phạm Văn Dũng", town, Role.LEADER, "Trưởng Công an thị xã", Rank.TRUNG_TA),
        deputy=holder(
            "dong.hv",
            "Hoàng Văn Đông",
            town,
            Role.DEPUTY_LEADER,
            "Phó Trưởng Công an thị xã",
            Rank.THIEU_TA,
            acting_kind=ActingKind.KT,
            authority="12/QĐ-CATX",
        ),
        idle_deputy=holder("em.dt", "Đỗ Thị Em", town, Role.DEPUTY_LEADER, "Phó Trưởng Công an thị xã", Rank.THIEU_TA),
        ward_chief=holder("giang.vt", "Vũ Thị Giang", ward, Role.UNIT_CHIEF, "Trưởng Công an phường", Rank.DAI_UY),
        ward_officer=holder("ha.nt", "Ngô Thị Hà", ward, Role.OFFICER, "Cảnh sát khu vực", Rank.THIEU_UY),
        provincial_secretary=holder(
            "hai.dv", "Đặng Văn Hải", pv01, Role.PROVINCIAL_SECRETARY, "Phó Trưởng phòng Tham mưu", Rank.TRUNG_TA
        ),
        provincial_leader=holder(
            "khue.lq", "Lý Quốc Khuê", province, Role.PROVINCIAL_LEADER, "Phó Giám đốc Công an tỉnh", Rank.DAI_TA
        ),
        inspector=holder("lam.bt", "Bùi Thị Lam", pv01, Role.INSPECTOR, "Thành viên đoàn kiểm tra", Rank.THIEU_TA),
        administrator=holder("minh.hv", "Hồ Văn Minh", pv01, Role.ADMINISTRATOR, "Quản trị hệ thống", Rank.DAI_UY),
        stranger=holder("nam.dv", "Dương Văn Nam", next_team, Role.OFFICER, "Cán bộ", Rank.TRUNG_UY),
        next_leader=holder("oanh.tt", "Trịnh Thị Oanh", next_town, Role.LEADER, "Trưởng Công an thị xã", Rank.TRUNG_TA),
    )
