"""The administrator's pages: who gets in, what they do, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cchc.organization.domain.unit import change_unit
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Session, Succession, Unit
from cchc.web.navigation import collect
from tests.factories import AT, Force, person, post, unit

UNIT_PAGES = ["unit_list", "unit_create", "unit_show", "unit_edit", "unit_end", "unit_succession"]
PEOPLE_PAGES = [
    *("person_list", "person_create", "person_show", "person_edit", "person_code", "person_close", "person_open"),
    *("position_create", "position_edit", "position_end"),
]


def address(name: str, force: Force, unit: str = "QLHC", who: str = "officer") -> str:
    if name.startswith("unit_") and name not in ("unit_list", "unit_create"):
        return reverse(name, args=[unit])
    if name in ("position_edit", "position_end"):
        return reverse(name, args=[force.people[who].positions.get().pk])
    if name in ("unit_list", "unit_create", "person_list", "person_create"):
        return reverse(name)
    return reverse(name, args=[force.people[who].pk])


@pytest.fixture
def admin(client: Client, force: Force) -> Client:
    client.force_login(force.administrator)
    return client


@pytest.mark.parametrize("name", [*UNIT_PAGES, *PEOPLE_PAGES])
def test_who_gets_in(client: Client, force: Force, name: str) -> None:
    for who, member in force.people.items():
        client.force_login(member)
        allowed = who == "administrator" or (who == "provincial_secretary" and name in UNIT_PAGES)
        assert client.get(address(name, force)).status_code == (200 if allowed else 403), who


@pytest.mark.parametrize("name", [name for name in (*UNIT_PAGES, *PEOPLE_PAGES) if name[-4:] not in ("list", "eate")])
def test_what_lies_outside_is_not_there(admin: Client, force: Force, name: str) -> None:
    other = unit("CAT2", force.ministry, "province_police")
    far = person("xa.nv")
    post(far, other, Role.OFFICER)
    if name.startswith("unit_"):
        page = reverse(name, args=["CAT2"])
    elif name.startswith("position_") and name != "position_create":
        page = reverse(name, args=[far.positions.get().pk])
    else:
        page = reverse(name, args=[far.pk])
    assert admin.get(page).status_code == 404
    assert admin.post(page, {"note": "x", "on": "2026-01-01"}).status_code == (405 if "show" in name else 404)
    assert far.full_name not in admin.get(reverse("person_list"), {"state": "all"}).content.decode()


def test_browse_and_search(admin: Client, force: Force) -> None:
    page = admin.get(reverse("unit_list")).content.decode()
    assert "Công an thị xã An Thịnh" in page
    assert "Đội Tổng hợp" not in page
    below = admin.get(reverse("unit_list"), {"under": "CATX"}).content.decode()
    assert "Đội Tổng hợp" in below
    found = admin.get(reverse("unit_list"), {"q": "quan ly hanh chinh"}).content.decode()
    assert "QLHC" in found
    assert "PV01" not in found
    none = admin.get(reverse("unit_list"), {"q": "không đâu có"}).content.decode()
    assert 'class="empty"' in none
    assert "An Thịnh" not in admin.get(reverse("unit_list"), {"state": "past"}).content.decode()


def test_units_stand_in_vietnamese_order(admin: Client, force: Force) -> None:
    for number, name in enumerate(["Đội Đặc nhiệm", "Đội Dân vận", "Đội Ăn ninh", "Đội An ninh", "Đội Ấn phẩm"]):
        unit(f"D{number}", force.next_town, name=name)
    page = admin.get(reverse("unit_list"), {"under": "CATX2"}).content.decode()
    names = ["Đội An ninh", "Đội Ăn ninh", "Đội Ấn phẩm", "Đội Dân vận", "Đội Đặc nhiệm", "Đội Tổng hợp"]
    places = [page.index(name) for name in names]
    assert places == sorted(places)


UNIT = {"name": "Đội An ninh", "short_name": "Đội AN", "code": "AN", "kind": "team", "parent": "CATX"}


def test_enter_a_unit(admin: Client, force: Force) -> None:
    answer = admin.post(reverse("unit_create"), UNIT)
    assert answer["Location"] == reverse("unit_show", args=["AN"])
    made = Unit.objects.get(code="AN")
    assert (made.parent, made.command, made.path) == (force.town, force.town, f"{force.town.path}{made.pk}.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "TH"}, "code"),
        ({"code": "hai chữ"}, "code"),
        ({"name": ""}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"parent": ""}, "parent"),
        ({"parent": "KHONGCO"}, "parent"),
        ({"parent": "Đội Tổng hợp"}, "parent"),
        ({"parent": "BCA"}, "parent"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, ""),
        ({"valid_from": "31/02/2026"}, "valid_from"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_refused_unit_keeps_what_was_typed(admin: Client, force: Force, change: dict[str, str], field: str) -> None:
    before = Unit.objects.count()
    answer = admin.post(reverse("unit_create"), {**UNIT, "symbol": "AN-26", **change})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="AN-26"' in page
    assert "data-errors" in page
    if field:
        assert f'id="error_1_id_{field}"' in page or f'href="#id_{field}"' in page
    assert Unit.objects.count() == before


def test_parent_by_a_name_that_only_one_has(admin: Client, force: Force) -> None:
    admin.post(reverse("unit_create"), {**UNIT, "parent": "cong an thi xa an thinh"})
    assert Unit.objects.get(code="AN").parent == force.town


def test_rename_keeps_the_earlier_name(admin: Client, force: Force) -> None:
    form = {"name": "Đội Tham mưu", "short_name": "Đội TM", "code": "TH", "kind": "team", "parent": "CATX"}
    admin.post(reverse("unit_edit", args=["TH"]), {**form, "since": "2026-03-01"})
    renamed = Unit.objects.get(code="TH")
    assert renamed.name == "Đội Tham mưu"
    assert renamed.name_on(date(2026, 2, 28)) == "Đội Tổng hợp"
    assert renamed.name_on(date(2026, 3, 1)) == "Đội Tham mưu"
    assert "Đội Tổng hợp" in admin.get(reverse("unit_show", args=["TH"])).content.decode()


def test_move_takes_everything_along(admin: Client, force: Force) -> None:
    group = unit("TO1", force.qlhc, "group")
    form = {"name": force.qlhc.name, "short_name": "Đội QLHC", "code": "QLHC", "kind": "team", "parent": "CATX2"}
    admin.post(reverse("unit_edit", args=["QLHC"]), form)
    group.refresh_from_db()
    moved = Unit.objects.get(code="QLHC")
    assert group.path == f"{force.next_town.path}{moved.pk}.{group.pk}."
    assert moved.command == group.command == force.next_town


def test_no_circles(admin: Client, force: Force) -> None:
    form = {"name": "x", "short_name": "x", "code": "CATX", "kind": "district_police", "parent": "TH"}
    answer = admin.post(reverse("unit_edit", args=["CATX"]), form)
    assert answer.status_code == 400
    assert Unit.objects.get(code="CATX").parent == force.province


def test_end_and_succession(admin: Client, force: Force) -> None:
    refused = admin.post(reverse("unit_end", args=["CATX"]), {"on": "2026-06-30", "decision": "12/QĐ"})
    assert refused.status_code == 400
    admin.post(reverse("unit_end", args=["TH"]), {"on": "2026-06-30", "decision": "12/QĐ"})
    assert Unit.objects.get(code="TH").valid_to == date(2026, 6, 30)
    data = {"kind": "merged", "successor": "PHUONG", "on": "2026-07-01", "decision": "831/NQ-UBTVQH14", "scope": ""}
    admin.post(reverse("unit_succession", args=["QLHC"]), data)
    done = Succession.objects.get()
    assert (done.unit.code, done.successor and done.successor.code, done.unit.valid_to) == (
        "QLHC",
        "PHUONG",
        date(2026, 6, 30),
    )
    assert admin.post(reverse("unit_succession", args=["QLHC"]), {**data, "successor": ""}).status_code == 400


PERSON = {
    "full_name": "Lê Thị Ánh",
    "username": "Anh.LT",
    "rank": "7",
    "email": "anh.lt@example.vn",
    "phone": "0912 345 678",
}


def test_enter_a_person_give_a_post_and_a_code(admin: Client, force: Force) -> None:
    admin.post(reverse("person_create"), PERSON)
    made = Person.objects.get(username="anh.lt")
    assert (made.phone, made.rank, made.has_usable_password()) == ("0912345678", 7, False)
    data = {"unit": "QLHC", "role": "officer", "title": "Cán bộ", "valid_from": "2020-01-01"}
    admin.post(reverse("position_create", args=[made.pk]), data)
    assert made.positions.get().unit == force.qlhc
    assert 'class="track"' not in admin.get(reverse("person_code", args=[made.pk])).content.decode()
    page = admin.post(reverse("person_code", args=[made.pk])).content.decode()
    code = page.partition('translate="no">')[2].partition("<")[0]
    made.refresh_from_db()
    assert made.check_password(code)
    assert made.must_change_password
    assert code not in admin.get(reverse("person_show", args=[made.pk])).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "an.nv"}, "username"),
        ({"username": "có dấu"}, "username"),
        ({"full_name": " "}, "full_name"),
        ({"email": "x"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"rank": "99"}, "rank"),
    ],
)
def test_a_refused_person_keeps_what_was_typed(admin: Client, force: Force, change: dict[str, str], field: str) -> None:
    answer = admin.post(reverse("person_create"), {**PERSON, **change})
    assert answer.status_code == 400
    assert "data-errors" in answer.content.decode()
    kept = "email" if field == "full_name" else "full_name"
    assert f'value="{PERSON[kept]}"' in answer.content.decode()
    assert not Person.objects.filter(full_name="Lê Thị Ánh").exists()


@pytest.mark.parametrize(
    ("held", "given"),
    [("leader", "administrator"), ("deputy", "administrator"), ("inspector", "officer"), ("officer", "inspector")],
)
def test_pairs_that_exclude_each_other(admin: Client, force: Force, held: str, given: str) -> None:
    data = {"unit": "PV01", "role": given, "title": "x", "valid_from": "2020-01-01"}
    answer = admin.post(reverse("position_create", args=[force.people[held].pk]), data)
    assert answer.status_code == 400
    assert force.people[held].positions.count() == 1


def test_nobody_serves_himself(admin: Client, force: Force) -> None:
    own = force.administrator
    data = {"unit": "PV01", "role": "officer", "title": "x", "valid_from": "2020-01-01"}
    assert admin.post(reverse("position_create", args=[own.pk]), data).status_code == 400
    assert admin.post(reverse("position_end", args=[own.positions.get().pk]), {"on": "2020-01-01"}).status_code == 400
    assert admin.post(reverse("person_close", args=[own.pk]), {"note": "x"}).status_code == 400
    assert admin.post(reverse("person_code", args=[own.pk])).status_code == 400


def test_change_and_end_a_post(admin: Client, force: Force) -> None:
    deputy = force.idle_deputy.positions.get()
    data = {"title": "Phó Trưởng", "valid_from": "2019-01-01", "acting_kind": "kt", "authority": ""}
    assert admin.post(reverse("position_edit", args=[deputy.pk]), data).status_code == 400
    admin.post(reverse("position_edit", args=[deputy.pk]), {**data, "authority": "15/QĐ"})
    assert Position.objects.get(pk=deputy.pk).acts_as_head
    refused = admin.post(reverse("position_end", args=[deputy.pk]), {"on": "2018-01-01"})
    assert refused.status_code == 400
    admin.post(reverse("position_end", args=[deputy.pk]), {"on": "2020-01-01"})
    assert Position.objects.get(pk=deputy.pk).valid_to == date(2020, 1, 1)


def test_close_and_open_an_account(admin: Client, force: Force) -> None:
    theirs = Client()
    theirs.force_login(force.officer)
    assert admin.post(reverse("person_close", args=[force.officer.pk]), {"note": ""}).status_code == 400
    admin.post(reverse("person_close", args=[force.officer.pk]), {"note": "Chuyển công tác"})
    assert not Person.objects.get(pk=force.officer.pk).is_active
    assert theirs.get(reverse("profile")).status_code == 302
    admin.post(reverse("person_open", args=[force.officer.pk]), {"note": "Trở lại"})
    assert Person.objects.get(pk=force.officer.pk).is_active


def test_sign_somebody_out(admin: Client, force: Force) -> None:
    theirs = Client()
    theirs.force_login(force.officer)
    admin.post(reverse("person_sign_out", args=[force.officer.pk]))
    assert theirs.get(reverse("profile")).status_code == 302
    assert Session.objects.count() == 1


def test_find_people(admin: Client, force: Force) -> None:
    page = lambda **query: admin.get(reverse("person_list"), query).content.decode()  # noqa: E731
    assert "Nguyễn Văn An" in page(q="nguyen van an")
    assert "Nguyễn Văn An" in page(q="AN.NV")
    assert "Nguyễn Văn An" not in page(q="binh")
    assert "Nguyễn Văn An" not in page(role="leader")
    assert "Nguyễn Văn An" in page(unit="CATX")
    assert "Dương Văn Nam" not in page(unit="CATX")
    alone = person("moi.nv", "Mới Không Có")
    assert alone.full_name in page(state="no_post")
    assert "Nguyễn Văn An" not in page(state="no_post")
    assert 'class="empty"' in page(q="không ai tên thế")


@pytest.mark.parametrize("name", ["person_list", "unit_list"])
def test_lists_ask_a_fixed_number_of_questions(admin: Client, force: Force, name: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get(reverse(name))
        return len(asked)

    admin.get(reverse(name))
    few = questions()
    for number in range(30):
        post(person(f"them{number}"), unit(f"THEM{number}", force.province), Role.OFFICER)
    assert questions() == few <= 10


def test_options_while_typing(client: Client, force: Force) -> None:
    client.force_login(force.officer)
    page = client.get(reverse("unit_options"), {"parent": "an thinh"}).content.decode()
    assert '<option value="CATX - Công an thị xã An Thịnh">' in page
    assert client.get(reverse("unit_options")).content.decode().strip() == ""
    assert client.get(reverse("unit_options"), {"q": "\x00"}).status_code == 200


def test_changes_leave_events(admin: Client, force: Force) -> None:
    event = pytest.importorskip("cchc.workflow.models").Event
    change_unit(force.th, by=force.administrator, at=AT, symbol="TH")
    assert event.objects.filter(subject_type="organization.unit", subject_id=str(force.th.pk)).exists()


def test_a_phone_shows_an_administrator_his_places(force: Force) -> None:
    bar = [entry.url for entry in collect(force.administrator, "/").phone]
    assert bar == ["/", "/units/", "/people/", "/health/"]
