"""Tables of units and people: what the preview says, and that it is all or nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cchc.documents.imports import people, units
from cchc.documents.imports.preview import Mark, Preview
from cchc.organization.models import Person, Position, Unit
from cchc.web.sheet import Sheet, SheetRow
from tests.factories import Force

EN_UNIT = ["Code", "Unit name", "Short name", "Kind", "Code of the unit above"]
EN_PERSON = ["Full name", "User name", "Rank", "Code of the unit", "Role", "Title", "Post from"]


def sheet(headers: list[str], *rows: list[str]) -> Sheet:
    return Sheet(headers, [SheetRow(number, row) for number, row in enumerate(rows, 2)])


def marks(preview: Preview) -> list[dict[str, Mark]]:
    return [{name: cell.mark for name, cell in line.cells.items()} for line in preview.lines]


def note(preview: Preview, row: int, column: str) -> str:
    return preview.lines[row].cells[column].note


def test_new_units_in_any_order(force: Force) -> None:
    found = units.preview(
        sheet(
            EN_UNIT, ["AT-TO1", "Tổ 1", "Tổ 1", "Group", "AT-AN"], ["AT-AN", "Đội An ninh", "Đội AN", "team", "catx"]
        ),
        force.administrator,
    )
    assert [line.mark for line in found.lines] == [Mark.NEW, Mark.NEW]
    assert found.may_go
    assert found.carry_out(timezone.now()) == 2
    group = Unit.objects.get(code="AT-TO1")
    assert (group.parent and group.parent.code, group.command) == ("AT-AN", force.town)


def test_what_stands_already_is_done_and_changes_are_shown(force: Force) -> None:
    table = sheet(
        EN_UNIT,
        ["TH", "Đội Tổng hợp", "Đội TH", "team", "CATX"],
        ["QLHC", "Đội Quản lý hành chính", "Đội QLHC", "team", "CATX"],
        ["CAT", "Công an tỉnh Sơn Nam", "Công an tỉnh", "province_police", "BCA"],
    )
    found = units.preview(table, force.administrator)
    assert [line.mark for line in found.lines] == [Mark.DONE, Mark.WARNING, Mark.DONE]
    assert force.qlhc.name in note(found, 1, "name")
    assert found.carry_out(timezone.now()) == 1
    changed = Unit.objects.get(code="QLHC")
    assert changed.name == "Đội Quản lý hành chính"
    assert changed.versions.get().name == force.qlhc.name


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "Đội A", "A", "team", "CATX"], "code"),
        (["A B", "Đội A", "A", "team", "CATX"], "code"),
        (["BCA", "Đội A", "A", "team", "CATX"], "code"),
        (["AN", "", "A", "team", "CATX"], "name"),
        (["AN", "x" * 201, "A", "team", "CATX"], "name"),
        (["AN", "Đội A", "A", "castle", "CATX"], "kind"),
        (["AN", "Đội A", "A", "team", ""], "parent"),
        (["AN", "Đội A", "A", "team", "KHONG"], "parent"),
        (["AN", "Đội A", "A", "team", "AN"], "parent"),
        (["CATX", "Công an thị xã An Thịnh", "CATX An Thịnh", "district_police", "TH"], "parent"),
    ],
)
def test_a_wrong_cell_stops_everything(force: Force, row: list[str], column: str) -> None:
    found = units.preview(sheet(EN_UNIT, ["MOI", "Đội Mới", "Mới", "team", "CATX"], row), force.administrator)
    wrong = {name for name, cell in found.lines[1].cells.items() if cell.mark == Mark.ERROR}
    assert wrong == {column}
    assert note(found, 1, column)
    assert not found.may_go


def test_twice_and_in_a_circle(force: Force) -> None:
    twice = units.preview(sheet(EN_UNIT, *[["AN", "Đội A", "A", "team", "CATX"]] * 2), force.administrator)
    assert twice.lines[1].cells["code"].mark == Mark.ERROR
    table = sheet(EN_UNIT, ["A1", "Đội A", "A", "team", "A2"], ["A2", "Đội B", "B", "team", "A1"])
    assert units.preview(table, force.administrator).count(Mark.ERROR) == 1


def test_days_and_yes(force: Force) -> None:
    headers = [*EN_UNIT, "Exists from", "Exists to", "Focal point"]
    table = sheet(
        headers,
        ["A1", "Đội A", "A", "team", "CATX", "01/07/2025", "", "x"],
        ["A2", "Đội B", "B", "team", "CATX", "31/02/2025", "", ""],
        ["A3", "Đội C", "C", "team", "CATX", "02/07/2025", "01/07/2025", "vâng"],
    )
    found = units.preview(table, force.administrator)
    assert found.lines[0].values["valid_from"] == date(2025, 7, 1)
    assert found.lines[0].values["is_focal_point"] is True
    assert found.lines[1].cells["valid_from"].mark == Mark.ERROR
    assert {n for n, c in found.lines[2].cells.items() if c.mark == Mark.ERROR} == {"valid_to", "is_focal_point"}


def test_headings_missing_unknown_and_in_the_other_language(force: Force) -> None:
    lacking = units.preview(sheet(["Code", "Colour"], ["AN", "xanh"]), force.administrator)
    assert len(lacking.problems) == 3
    assert lacking.ignored == ["Colour"]
    assert not lacking.may_go
    named = units.preview(
        sheet(["code", "name", "kind", "parent"], ["AN", "Đội A", "team", "CATX"]), force.administrator
    )
    assert named.may_go
    assert note(named, 0, "short_name")


def test_new_people_with_posts(force: Force) -> None:
    table = sheet(
        EN_PERSON,
        ["Lê Thị Ánh", "anh.lt", "Captain", "QLHC", "officer", "Cán bộ", "01/07/2020"],
        ["Lê Thị Ánh", "anh.lt", "", "TH", "secretary", "Thư ký", "01/07/2020"],
        ["Nguyễn Văn An", "", "", "TH", "Officer", "", ""],
    )
    found = people.preview(table, force.administrator)
    assert [line.mark for line in found.lines] == [Mark.NEW, Mark.NEW, Mark.WARNING]
    assert "an.nv2" in note(found, 2, "username")
    found.carry_out(timezone.now())
    anh = Person.objects.get(username="anh.lt")
    assert {post.role for post in anh.positions.all()} == {"officer", "secretary"}
    assert not anh.has_usable_password()
    assert Person.objects.get(username="an.nv2").positions.get().valid_from == timezone.localdate()


def test_the_same_table_again_changes_nothing(force: Force) -> None:
    table = sheet(EN_PERSON, ["Lê Thị Ánh", "", "Captain", "QLHC", "officer", "Cán bộ", "01/07/2020"])
    people.preview(table, force.administrator).carry_out(timezone.now())
    again = people.preview(table, force.administrator)
    assert [line.mark for line in again.lines] == [Mark.DONE]
    assert not again.may_go


def test_known_people_are_compared(force: Force) -> None:
    table = sheet(EN_PERSON, ["Nguyễn Văn Ân", "an.nv", "Captain", "QLHC", "officer", "Cán bộ", ""])
    found = people.preview(table, force.administrator)
    assert marks(found)[0] == {
        "full_name": Mark.WARNING,
        "username": Mark.DONE,
        "rank": Mark.WARNING,
        "unit": Mark.DONE,
        "role": Mark.DONE,
        "title": Mark.DONE,
        "valid_from": Mark.DONE,
    }
    found.carry_out(timezone.now())
    changed = Person.objects.get(username="an.nv")
    assert (changed.full_name, changed.rank) == ("Nguyễn Văn Ân", 7)
    assert changed.positions.count() == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "anh.lt", "", "", "", "", ""], "full_name"),
        (["Lê Ánh", "có dấu", "", "", "", "", ""], "username"),
        (["Lê Ánh", "anh.lt", "Tướng", "", "", "", ""], "rank"),
        (["Lê Ánh", "anh.lt", "", "BCA", "officer", "", "01/01/2020"], "unit"),
        (["Lê Ánh", "anh.lt", "", "QLHC", "", "Cán bộ", "01/01/2020"], "role"),
        (["Lê Ánh", "anh.lt", "", "QLHC", "vua", "Cán bộ", "01/01/2020"], "role"),
        (["Phạm Văn Dũng", "dung.pv", "", "PV01", "administrator", "x", "01/01/2020"], "role"),
        (["Hồ Văn Minh", "minh.hv", "", "PV01", "officer", "x", "01/01/2020"], "role"),
    ],
)
def test_a_wrong_person_stops_everything(force: Force, row: list[str], column: str) -> None:
    found = people.preview(sheet(EN_PERSON, row), force.administrator)
    assert {name for name, cell in found.lines[0].cells.items() if cell.mark == Mark.ERROR} == {column}
    assert not found.may_go


def test_two_rows_of_one_person_agree(force: Force) -> None:
    table = sheet(
        EN_PERSON,
        ["Lê Thị Ánh", "anh.lt", "Captain", "QLHC", "inspector", "", "01/07/2020"],
        ["Lê Thị Anh", "anh.lt", "Captain", "TH", "officer", "", "01/07/2020"],
    )
    found = people.preview(table, force.administrator)
    assert {name for name, cell in found.lines[1].cells.items() if cell.mark == Mark.ERROR} == {"full_name", "role"}


@pytest.fixture
def admin(client: Client, force: Force) -> Client:
    client.force_login(force.administrator)
    return client


def upload(client: Client, page: str, *rows: list[str]) -> Any:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return client.post(page, {"file": SimpleUploadedFile("bang.csv", text.getvalue().encode("utf-8-sig"))})


def test_upload_look_enter(admin: Client, force: Force) -> None:
    answer = upload(admin, "/units/import/", EN_UNIT, ["AN", "Đội An ninh", "Đội AN", "team", "CATX"])
    page = admin.get(answer["Location"]).content.decode()
    assert "Đội An ninh" in page
    assert not Unit.objects.filter(code="AN").exists()
    assert admin.post(answer["Location"])["Location"] == "/units/"
    assert Unit.objects.filter(code="AN").exists()
    assert admin.post(answer["Location"])["Location"] == "/units/import/", "once only"


def test_nothing_is_written_when_a_row_is_wrong(admin: Client, force: Force) -> None:
    rows = [["AN", "Đội An ninh", "Đội AN", "team", "CATX"], ["AN2", "", "", "team", "CATX"]]
    address = upload(admin, "/units/import/", EN_UNIT, *rows)["Location"]
    assert 'data-mark="error"' in admin.get(address).content.decode()
    assert admin.post(address).status_code == 409
    assert not Unit.objects.filter(code="AN").exists()


def test_nothing_is_written_when_the_last_row_fails(
    admin: Client, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.exceptions import ValidationError

    made = people.create_person

    def fails(**fields: Any) -> Person:
        if fields["username"] == "hai.nv":
            raise ValidationError("x")
        return made(**fields)

    monkeypatch.setattr(people, "create_person", fails)
    rows = [
        ["Một Người", "mot.n", "", "QLHC", "officer", "", ""],
        ["Hai Người", "hai.nv", "", "QLHC", "officer", "", ""],
    ]
    address = upload(admin, "/people/import/", EN_PERSON, *rows)["Location"]
    posts = Position.objects.count()
    assert admin.post(address).status_code == 409
    assert not Person.objects.filter(username="mot.n").exists()
    assert Position.objects.count() == posts


def test_a_table_belongs_to_whoever_chose_it(admin: Client, force: Force) -> None:
    address = upload(admin, "/units/import/", EN_UNIT, ["AN", "Đội An ninh", "Đội AN", "team", "CATX"])["Location"]
    other = Client()
    other.force_login(force.provincial_secretary)
    assert other.get(address)["Location"] == "/units/import/"
    other.force_login(force.officer)
    assert other.get(address).status_code == 403


@pytest.mark.parametrize("name", ["bang.txt", "bang.xlsx", "bang.csv"])
def test_what_is_no_table_is_refused_with_a_sentence(admin: Client, force: Force, name: str) -> None:
    answer = admin.post("/people/import/", {"file": SimpleUploadedFile(name, b"\x00\x01\xff" * 40)})
    assert answer.status_code == 400
    assert "data-errors" in answer.content.decode()
    assert admin.post("/people/import/").status_code == 400


def test_the_template_is_a_table_that_fits(admin: Client, force: Force) -> None:
    for kind, what in (("units", units), ("people", people)):
        content = b"".join(admin.get(f"/{kind}/import/template/").streaming_content)
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        found = what.preview(
            Sheet(
                [str(cell) for cell in rows[0]],
                [SheetRow(n, [str(c or "") for c in row]) for n, row in enumerate(rows[1:], 2)],
            ),
            force.administrator,
        )
        assert not found.problems
        assert not found.ignored


def test_the_log_is_held_only_at_the_end(force: Force) -> None:
    """Everybody who writes history waits for it: no question to the database may stand between its lines."""
    rows = [[f"Người {number}", f"nguoi.x{number}", "", "QLHC", "officer", "", "01/01/2020"] for number in range(3)]
    found = people.preview(sheet(EN_PERSON, *rows), force.administrator)
    with CaptureQueriesContext(connection) as asked:
        found.carry_out(timezone.now())
    lines = [query["sql"].lstrip().startswith("INSERT INTO workflow_event") for query in asked.captured_queries]
    assert sum(lines) == 6
    first = lines.index(True)
    assert all(lines[first : first + 6])
