"""The pages of conclusions and directives: what is asked for, what is made of it, and that nothing typed is lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cchc.documents.models import Attachment
from cchc.workflow.models import Event, Notice
from dialogues.domain.directive_list import Pill, Stage
from dialogues.domain.item_page import directives_of
from dialogues.models import Conclusion, Directive, Plan
from tests.dialogues.directing import ASSESSED, add, conclusion_at, directive_at, step
from tests.dialogues.factories import conference_at, item_at, plan
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def tab(conclusion: Conclusion) -> str:
    return reverse("conference_conclusion", args=[conclusion.conference.code])


def do(made: Directive, action: str) -> str:
    return reverse("directive_move", args=[made.pk, action])


def typed(force: Force, seen: int, **changes: Any) -> dict[str, Any]:
    return {
        "seen": seen, "title": "Niêm yết thủ tục", "text": "Niêm yết đủ 12 điểm.", "lead": force.qlhc.pk,
        "due_on": "2020-02-14", "product": "Danh mục", "topic": "", "coordinating": [force.ward.pk], **changes,
    }  # fmt: skip


# --- The conclusion ---------------------------------------------------------------------------------------------------
def test_from_the_empty_tab_to_the_issued_notice(force: Force) -> None:
    conference = conference_at(force, "concluded")
    address = reverse("conference_conclusion", args=[conference.code])
    edit, add_one = (reverse(name, args=[conference.code]) for name in ("conclusion_edit", "directive_add"))
    secretary, leader = signed_in(force.secretary), signed_in(force.leader)
    assert f'href="{edit}"' in text_of(secretary.get(address))
    assert edit not in text_of(signed_in(force.officer).get(address))
    assert secretary.post(edit, {"assessment": ASSESSED, "closing_note": ""}).url == address
    made = Conclusion.objects.get()
    assert [offer.action for offer in secretary.get(address).context["offers"] if offer.reason] == ["present"]
    assert secretary.post(add_one, typed(force, made.moves)).url == address
    made.refresh_from_db()
    assert secretary.post(f"{address}do/present/", {"seen": made.moves}).url == address
    made.refresh_from_db()
    page = leader.get(f"{address}do/issue/")
    assert "document" in page.context["form"].fields
    assert leader.post(f"{address}do/issue/", {"seen": made.moves, "document": "03/TB-CATX-TH"}).url == address
    made.refresh_from_db()
    assert (made.state, made.document, made.issued_by) == ("issued", "03/TB-CATX-TH", force.leader)
    shown = signed_in(force.officer).get(address)
    assert [row.directive.code for row, _warned in shown.context["lines"]] == ["KL01"]
    assert shown.context["offers"] == []


def test_sent_back_and_discarded(force: Force) -> None:
    made = conclusion_at(force, "presented")
    back = f"{tab(made)}do/send_back/"
    assert signed_in(force.leader).post(back, {"seen": made.moves, "note": ""}).status_code == 400
    assert signed_in(force.leader).post(back, {"seen": made.moves, "note": "Nêu số liệu."}).status_code == 302
    made.refresh_from_db()
    client = signed_in(force.secretary)
    assert client.post(f"{tab(made)}do/cancel/", {"seen": made.moves, "note": "Làm lại."}).status_code == 302
    assert client.get(tab(made)).context["may_begin"]


def test_what_is_typed_is_kept_and_stands_after_another(force: Force) -> None:
    made = conclusion_at(force)
    client, edit = signed_in(force.secretary), reverse("conclusion_edit", args=[made.conference.code])
    key = client.get(edit).context["draft_url"]
    client.post(key, {"assessment": "Đang soạn dở", "seen": "1"})
    assert "Đang soạn dở" in text_of(client.get(edit))
    add(made, force)
    late = client.post(edit, {"assessment": "Lời của tôi", "closing_note": "", "seen": made.moves})
    assert (late.status_code, "Lời của tôi" in text_of(late)) == (409, True)
    again = {"assessment": "Lời của tôi", "closing_note": "", "seen": late.context["form"]["seen"].value()}
    assert client.post(edit, again).status_code == 302
    assert "Đang soạn dở" not in text_of(client.get(edit))


def test_too_early_or_not_ones_own(force: Force) -> None:
    early = conference_at(force, "collecting")
    edit = reverse("conclusion_edit", args=[early.code])
    assert signed_in(force.secretary).get(edit).status_code == 409
    assert signed_in(force.officer).get(edit).status_code == 404
    draft = conclusion_at(force)
    assert signed_in(force.officer).get(tab(draft)).context["conclusion"] is None
    assert signed_in(force.stranger).get(tab(draft)).status_code == 404
    issued = conclusion_at(force, "issued")
    edit = reverse("conclusion_edit", args=[issued.conference.code])
    assert signed_in(force.secretary).get(edit).status_code == 409
    assert signed_in(force.officer).get(edit).status_code == 403


# --- Writing directives -----------------------------------------------------------------------------------------------
def test_both_ways_between_an_item_and_its_directive(force: Force) -> None:
    conference = conference_at(force, "in_session")
    item = item_at(force, "accepted", conference=conference)
    made = conclusion_at(force, conference=conference, number=0)
    client = signed_in(force.secretary)
    data = typed(force, made.moves, items=[item.pk])
    assert client.post(reverse("directive_add", args=[conference.code]), data).status_code == 302
    (written,) = made.directives.all()
    page = client.get(reverse("directive_show", args=[written.pk]))
    assert page.context["items"] == [item]
    address = reverse("item_show", args=[item.pk])
    assert directives_of(client.get(address).context["item"]) == []  # not issued yet
    made.refresh_from_db()
    signed_in(force.leader).post(f"{tab(made)}do/issue/", {"seen": made.moves, "document": ""})
    assert reverse("directive_show", args=[written.pk]) in text_of(client.get(address))


def test_edited_moved_and_taken_out(force: Force) -> None:
    made = conclusion_at(force, number=2)
    first, second = made.directives.order_by("number")
    client = signed_in(force.secretary)
    edit = reverse("directive_edit", args=[second.pk])
    assert client.get(edit).context["form"]["lead"].value() == force.qlhc.pk
    data = typed(force, second.moves, title="Việc khác", due_on="2019-12-02", coordinating=[])
    page = client.post(edit, data, follow=True)
    assert page.redirect_chain == [(tab(made), 302)]
    assert [len(warned) for _row, warned in page.context["lines"]] == [1, 1]  # both days have passed by now
    assert client.post(edit, typed(force, second.moves)).status_code == 409
    assert client.post(edit, typed(force, second.moves + 1, title="")).status_code == 400
    assert client.post(reverse("directive_up", args=[second.pk])).status_code == 302
    assert [each.title for each in made.directives.order_by("number")] == ["Việc khác", first.title]
    remove = reverse("directive_remove", args=[first.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove, {"seen": first.moves}).status_code == 302
    assert made.directives.count() == 1
    assert signed_in(force.officer).get(edit).status_code == 404


def test_a_task_of_a_plan(force: Force) -> None:
    made = plan(force)
    client, address = signed_in(force.secretary), reverse("plan_task_add", args=[made.pk])
    assert "items" not in client.get(address).context["form"].fields
    assert client.post(address, typed(force, made.moves)).url == reverse("plan_show", args=[made.pk])
    (task,) = made.directives.all()
    assert (task.code, task.state) == ("NV01", "issued")
    assert reverse("directive_show", args=[task.pk]) in text_of(client.get(reverse("plan_show", args=[made.pk])))
    assert signed_in(force.officer).get(address).status_code == 403
    assert signed_in(force.stranger).get(address).status_code == 404


def test_a_plan_of_somebody_outside_with_its_period(force: Force) -> None:
    client = signed_in(force.secretary)
    data = {
        "kind": "resolution", "number": "30c/NQ-CP", "issued_on": "2011-11-08", "issuer": "", "first_year": "2011",
        "issuer_name": "Chính phủ", "last_year": "2020", "abstract": "Chương trình tổng thể", "implements": "",
    }  # fmt: skip
    assert client.post(reverse("plan_create"), {**data, "issuer": force.town.pk}).status_code == 400
    assert client.post(reverse("plan_create"), {**data, "last_year": "2010"}).status_code == 400
    assert client.post(reverse("plan_create"), data).status_code == 302
    made = Plan.objects.get()
    assert (made.host, made.issuer, made.issued_by, made.first_year, made.last_year) == (
        force.town, None, "Chính phủ", 2011, 2020
    )  # fmt: skip
    page = text_of(client.get(reverse("plan_show", args=[made.pk])))
    assert "2011–2020" in page
    assert "Chính phủ" in page


# --- Carrying out -----------------------------------------------------------------------------------------------------
def test_the_chief_reports_with_evidence_that_stays_private(force: Force) -> None:
    made = directive_at(force, "in_progress")
    chief = signed_in(force.unit_chief)
    file = SimpleUploadedFile("danh-muc.txt", "Danh mục niêm yết".encode())
    data = {"seen": made.moves, "percent": 45, "text": "Rà soát xong 61 thủ tục.", "files": file}
    assert chief.post(do(made, "update"), data).status_code == 302
    evidence = Attachment.objects.get()
    address = reverse("attachment_open", args=[evidence.pk])
    page = chief.get(reverse("directive_show", args=[made.pk]))
    assert [[each.name for each in told.files] for told in page.context["reports"]] == [["danh-muc.txt"]]
    for name in ("leader", "ward_chief"):
        opened = signed_in(getattr(force, name)).get(address)
        assert (opened.status_code, b"".join(opened.streaming_content)) == (200, "Danh mục niêm yết".encode()), name
    assert signed_in(force.officer).get(address).status_code == 404
    seen = signed_in(force.officer).get(reverse("directive_show", args=[made.pk]))
    assert (seen.context["reports"], "Rà soát xong 61 thủ tục." in text_of(seen)) == ([], False)


@pytest.mark.parametrize(
    ("state", "action", "who", "data", "target"),
    [
        ("issued", "take_up", "unit_chief", {}, "in_progress"),
        ("in_progress", "report", "unit_chief", {"text": "Đã xong."}, "reported"),
        ("reported", "accept", "deputy", {"note": ""}, "accepted"),
        ("reported", "return", "leader", {"note": "Chưa đủ."}, "returned"),
        ("in_progress", "ask_time", "unit_chief", {"until": "2020-03-16", "note": "Vì dịch."}, "in_progress"),
        ("in_progress", "extend", "leader", {"until": "2020-03-16", "note": "Chờ."}, "in_progress"),
        ("in_progress", "close", "leader", {"note": "Thôi."}, "closed"),
        ("accepted", "reopen", "leader", {"note": "Chưa bền."}, "in_progress"),
    ],
)
def test_every_move_asks_and_is_made(
    force: Force, state: str, action: str, who: str, data: dict[str, Any], target: str
) -> None:
    made = directive_at(force, state)
    client = signed_in(getattr(force, who))
    page = client.get(do(made, action))
    assert (page.status_code, page.context["possible"]) == (200, True)
    if data and "note" not in data or data.get("note"):
        assert client.post(do(made, action), {"seen": made.moves}).status_code == 400
    assert client.post(do(made, action), {"seen": made.moves, **data}).status_code == 302
    made.refresh_from_db()
    assert made.state == target


def test_time_asked_for_is_granted_on_the_page_or_given_to_another(force: Force) -> None:
    asked = step(directive_at(force, "in_progress"), "ask_time", force)
    leader, address = signed_in(force.leader), reverse("directive_show", args=[asked.pk])
    page = leader.get(address)
    assert [offer.action for offer in page.context["time_offers"]] == ["grant_time", "deny_time"]
    assert not {"grant_time", "return"} & {offer.action for offer in page.context["offers"]}
    refused = next(
        each for each in signed_in(force.unit_chief).get(address).context["offers"] if each.action == "ask_time"
    )
    assert refused.reason
    assert leader.post(do(asked, "grant_time"), {"seen": asked.moves, "note": ""}).status_code == 302
    asked.refresh_from_db()
    data = {"seen": asked.moves, "lead": force.ward.pk, "note": "Đúng chức năng."}
    assert leader.post(do(asked, "assign"), data).status_code == 302
    asked.refresh_from_db()
    assert (asked.lead, asked.state) == (force.ward, "issued")


def test_two_at_once_nothing_typed_is_lost(force: Force) -> None:
    made = directive_at(force, "in_progress")
    step(made, "update", force)
    chief = signed_in(force.unit_chief)
    late = chief.post(do(made, "report"), {"seen": made.moves, "text": "Lời của tôi"})
    assert (late.status_code, "Lời của tôi" in text_of(late), late.context["possible"]) == (409, True, True)
    again = {"seen": late.context["form"]["seen"].value(), "text": "Lời của tôi"}
    assert chief.post(do(made, "report"), again).status_code == 302
    assert chief.post(do(made, "update"), {"seen": 0, "text": "Nữa", "percent": 50}).status_code == 409
    assert signed_in(force.officer).post(do(made, "accept"), {"seen": 0}).status_code == 403
    assert chief.get(f"/directives/{made.pk}/do/issue/").status_code == 404


# --- Lists ------------------------------------------------------------------------------------------------------------
def test_pills_filters_and_boards_open_what_they_count(force: Force) -> None:
    for state in ("issued", "in_progress", "reported", "accepted"):
        directive_at(force, state)
    task = add(plan(force), force, lead=force.ward, title="Nhiệm vụ của phường")
    client = signed_in(force.leader)
    page = client.get(reverse("directive_list"))
    for seg in page.context["segs"]:
        rows = client.get(reverse("directive_list") + seg["url"]).context["lines"]
        assert str(len(rows)) == seg["count"], seg
    for by in ("unit", "conference", "plan"):
        for line in client.get(reverse("directive_list"), {"by": by}).context["lines"]:
            for number in (line.total, *line.numbers):
                assert len(client.get(number.url).context["lines"]) == number.count
    found = client.get(reverse("directive_list"), {"q": "nhiem vu cua phuong"}).context["lines"]
    assert [row.directive for row, _remindable in found] == [task]
    assert signed_in(force.administrator).get(reverse("directive_list")).status_code == 404
    strange = {"pill": "?", "unit": "x", "plan": "y", "by": "z"}
    assert len(client.get(reverse("directive_list"), strange).context["lines"]) == 5


def test_the_file_has_the_rows_of_the_list(force: Force) -> None:
    directive_at(force, "in_progress")
    directive_at(force, "accepted")
    client = signed_in(force.leader)
    response = client.get(reverse("directive_export", args=["xlsx"]), {"pill": Pill.ON_TIME})
    body = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["KL01"]
    everything = b"".join(client.get(reverse("directive_export", args=["csv"])).streaming_content).decode()
    assert len(everything.splitlines()) == 3
    assert signed_in(force.officer).get(reverse("directive_export", args=["csv"])).status_code == 404


def test_units_are_reminded_once_a_day(force: Force) -> None:
    made = directive_at(force, "in_progress")
    directive_at(force, "reported")  # the leader's own turn
    secretary, address = signed_in(force.secretary), reverse("directive_remind")
    assert secretary.post(address, {"directive": made.pk, "pill": "late"}).url.endswith("pill=late")
    by_hand = Notice.objects.filter(reminded_by=force.secretary)
    assert [each.person for each in by_hand] == [force.unit_chief]
    secretary.post(address, {"pill": "all"})
    assert by_hand.count() == 1
    assert Event.objects.of(made).filter(action="remind").count() == 1
    assert signed_in(force.officer).post(address).status_code == 403


def test_my_work_search_and_the_side_bar(force: Force) -> None:
    made = directive_at(force, "issued", title="Niêm yết thủ tục tại 12 điểm")
    chief = signed_in(force.unit_chief)
    address = reverse("directive_show", args=[made.pk])
    assert address in text_of(chief.get(reverse("home")))
    assert address in text_of(chief.get(reverse("search"), {"q": "niem yet 12 diem"}))
    draft = conclusion_at(force)
    assert tab(draft) in text_of(signed_in(force.secretary).get(reverse("home")))
    assert reverse("directive_list") in text_of(signed_in(force.officer).get(reverse("home")))
    notice = Notice.objects.filter(person=force.unit_chief, event__subject_id=str(made.pk)).first()
    assert notice is not None
    assert chief.post(reverse("notice_open", args=[notice.pk])).url == address


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_max_num_queries: Any) -> None:
    made = conclusion_at(force, number=number)
    add(made, force, coordinating=[force.ward])
    signed_in(force.leader).post(
        f"{tab(made)}do/issue/", {"seen": Conclusion.objects.get(pk=made.pk).moves, "document": ""}
    )
    first = Directive.objects.filter(conclusion=made).order_by("number")[0]
    first = step(first, "take_up", force)
    for _each in range(number):
        first = step(first, "update", force)
    client = signed_in(force.leader)
    draft = conclusion_at(force, number=number)
    add(draft, force, coordinating=[force.ward])
    pages = (
        tab(made), tab(draft), reverse("directive_show", args=[first.pk]), reverse("directive_list"),
        reverse("directive_list") + "?by=unit", do(first, "extend"),
    )  # fmt: skip
    for address in pages:
        client.get(address)
        with django_assert_max_num_queries(MOST_QUERIES, info=address):
            assert client.get(address).status_code == 200


def test_empty_lists_teach(force: Force) -> None:
    page = signed_in(force.leader).get(reverse("directive_list"))
    assert [seg["count"] for seg in page.context["segs"]] == ["0"] * len(Pill)
    board = signed_in(force.leader).get(reverse("directive_list"), {"by": "unit"})
    assert (board.context["lines"], len(board.context["stages"])) == ([], len(Stage))
    assert timezone.localdate() == board.context["today"]


def test_a_conference_that_has_met_says_that_its_conclusion_is_to_be_begun(force: Force) -> None:
    conference = conference_at(force, "concluded")
    page, link = (reverse(name, args=[conference.code]) for name in ("conference_show", "conclusion_edit"))
    assert link in text_of(signed_in(force.secretary).get(page))
    assert link not in text_of(signed_in(force.officer).get(page))
    begun = conclusion_at(force, "draft")
    page, link = (reverse(name, args=[begun.conference.code]) for name in ("conference_show", "conclusion_edit"))
    assert link not in text_of(signed_in(force.secretary).get(page))
