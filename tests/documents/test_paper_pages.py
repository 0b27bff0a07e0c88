"""The pages of papers: from the subject's list to the issued file, with what goes wrong on the way."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cchc.documents.domain.document import begin_replacement, edit_document
from cchc.documents.models import Document, Letterhead
from cchc.documents.typed import dump
from dialogues.documents import period_report
from dialogues.documents.kinds import PERIOD_REPORT, YEAR_REPORT
from dialogues.documents.minutes import Exchange
from tests.dialogues.factories import MET, conference_at, escalation_at, item_at
from tests.documents.issuing import draft, issued
from tests.documents.papers import words
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client: Client) -> Any:
    """A page as somebody gets it."""

    def get(person: Any, name: str, *arguments: Any, **query: Any) -> Any:
        client.force_login(person)
        return client.get(reverse(name, args=arguments), query)

    return get


@pytest.fixture
def send(client: Client) -> Any:
    def post(person: Any, name: str, *arguments: Any, query: str = "", **data: Any) -> Any:
        client.force_login(person)
        return client.post(reverse(name, args=arguments) + query, data)

    return post


def text_of(response: Any) -> str:
    return response.content.decode()


def test_from_the_conference_to_the_issued_file(force: Force, visit: Any, send: Any) -> None:
    conference = conference_at(force, "concluded")
    about = ("dialogues.conference", conference.pk)
    assert reverse("document_subject", args=about) in text_of(
        visit(force.secretary, "conference_show", conference.code)
    )
    page = text_of(visit(force.secretary, "document_subject", *about))
    assert 'data-kind="invitation"' in page and 'data-kind="minutes"' in page
    assert 'data-kind="invitation"' not in text_of(visit(force.leader, "document_subject", *about))
    response = send(force.secretary, "document_create", "invitation", conference.pk)
    made = Document.objects.get()
    assert response.url == reverse("document_show", args=[made.pk])
    typed = {"seen": made.moves, "title": "Dự hội nghị", "place": "An Thịnh", "signer": made.signer_id,
             "recipients": "Như trên;\nLưu: VT, TH.", "invited": "Đội TH\nĐội QLHC", "whom": "các đồng chí",
             "occasion": "hội nghị", "venue": "Hội trường", "chair": "", "starts_at": "2020-01-02T08:00", "agenda": "",
             "requests": ""}  # fmt: skip
    assert send(force.secretary, "document_edit", made.pk, **typed).status_code == 302
    made.refresh_from_db()
    assert made.typed.invited == ["Đội TH", "Đội QLHC"] and f"{made.typed.starts_at:%H:%M}" == "08:00"
    assert send(force.leader, "document_comment", made.pk, text="Thêm giờ đón tiếp").status_code == 302
    page = text_of(visit(force.secretary, "document_show", made.pk))
    assert "Thêm giờ đón tiếp" in page and f"/papers/{made.pk}/do/issue/" in page
    assert "…/GM-CATX" in page
    response = send(
        force.leader, "document_move", made.pk, "issue", seen=Document.objects.get().moves, day="2020-01-02"
    )
    assert response.status_code == 302
    pdf = visit(force.officer, "document_pdf", made.pk)
    assert pdf["Content-Disposition"] == 'attachment; filename="01-GM-CATX.pdf"'
    assert "Số: 01/GM-CATX" in words(pdf.content) and "- Lưu: VT, TH." in words(pdf.content)
    page = text_of(visit(force.officer, "document_show", made.pk))
    assert Document.objects.get().paper.digest in page
    # What was said to the draft, and who moved it, is not for everybody.
    assert "Thêm giờ đón tiếp" not in page and 'id="comments"' not in page
    opened = docx.Document(io.BytesIO(visit(force.officer, "document_docx", made.pk).content))
    assert "Số: 01/GM-CATX" in opened.tables[0].cell(1, 0).text


def test_what_one_may_not_see_is_not_there(force: Force, visit: Any, send: Any) -> None:
    made = draft(force)
    for name in ("document_show", "document_pages", "document_pdf", "document_docx", "document_edit"):
        for person in (force.officer, force.stranger, force.next_leader, force.administrator):
            assert visit(person, name, made.pk).status_code == 404
    assert send(force.stranger, "document_create", "invitation", made.subject_id).status_code == 404
    assert send(force.officer, "document_create", "invitation", made.subject_id).status_code == 403
    assert send(force.secretary, "document_create", "letter", made.subject_id).status_code == 404
    assert visit(force.secretary, "document_subject", "dialogues.nothing", uuid4()).status_code == 404
    assert visit(force.stranger, "document_subject", "dialogues.conference", made.subject_id).status_code == 404
    assert visit(force.secretary, "document_lines", made.pk, "agenda").status_code == 404
    assert visit(force.leader, "document_edit", made.pk).status_code == 403


def test_pages_are_pictures(force: Force, visit: Any) -> None:
    made = draft(force)
    assert text_of(visit(force.leader, "document_pages", made.pk)).count("data:image/png;base64,") == 1


def test_of_a_long_paper_the_beginning_is_shown(force: Force, visit: Any) -> None:
    made = draft(force, "minutes")
    course = [Exchange(f"CH-{n}", "Tiêu đề", "Công dân", "Hỏi", "", "Đáp") for n in range(120)]
    edit_document(made, by=force.secretary, at=MET, content={**made.content, "course": dump(course)})
    page = text_of(visit(force.secretary, "document_pages", made.pk))
    assert 2 <= page.count("data:image/png;base64,") <= 6
    assert "note info" in page


def test_lines_are_edited_moved_taken_out_and_added(force: Force, send: Any, visit: Any) -> None:
    made = draft(force, "minutes")
    course = [Exchange(f"CH-{n:02d}", f"Tiêu đề {n}", "", "Hỏi", "", "Đáp") for n in range(1, 24)]
    made = edit_document(made, by=force.secretary, at=MET, content={**made.content, "course": dump(course)})
    page = text_of(visit(force.secretary, "document_lines", made.pk, "course"))
    assert page.count("id_line-") > 20 and "?page=2" in page
    last = {"line-24-code": "CH-24", "line-24-title": "Mới", "line-24-question": "Hỏi thêm", "line-24-place": "24"}
    for n in (21, 22, 23):
        last |= {f"line-{n}-code": f"CH-{n}", f"line-{n}-title": "Sửa", f"line-{n}-place": str(n)}
    last["line-22-drop"] = "on"
    last["line-23-place"] = "1"
    response = send(force.secretary, "document_lines", made.pk, "course", query="?page=2", seen=made.moves, **last)
    assert response.status_code == 302
    codes = [line.code for line in Document.objects.get(pk=made.pk).typed.course]
    assert codes == ["CH-23", *(f"CH-{n:02d}" for n in range(1, 22)), "CH-24"]
    again = send(force.secretary, "document_lines", made.pk, "course", query="?page=2", seen=made.moves, **last)
    assert again.status_code == 409 and "CH-24" in text_of(again)
    assert len(Document.objects.get(pk=made.pk).typed.course) == 23


def test_an_edit_on_top_of_another_s_is_refused_once_and_loses_nothing(force: Force, send: Any) -> None:
    made = draft(force)
    typed = {"seen": made.moves, "title": "Của tôi", "recipients": "", "place": "An Thịnh"}
    edit_document(made, by=force.secretary, at=MET, title="Của người khác")
    response = send(force.secretary, "document_edit", made.pk, **typed)
    assert response.status_code == 409 and "Của tôi" in text_of(response)
    assert send(force.secretary, "document_edit", made.pk, **{**typed, "seen": made.moves + 1}).status_code == 302
    assert Document.objects.get().title == "Của tôi"


def test_letters_that_no_paper_shows_are_refused_where_they_are_typed(force: Force, send: Any) -> None:
    made = draft(force)
    response = send(force.secretary, "document_edit", made.pk, seen=made.moves, title="Dự 𓀀", recipients="")
    assert response.status_code == 400 and "𓀀" in text_of(response)


def test_a_number_that_was_given_is_refused_and_the_next_is_told(force: Force, send: Any, visit: Any) -> None:
    conference = conference_at(force, "concluded")
    issued(force, conference=conference, number=7)
    made = draft(force, conference=conference)
    response = send(force.leader, "document_move", made.pk, "issue", seen=made.moves, day="2020-01-02", number="7")
    assert response.status_code == 409 and "08" in text_of(response)
    assert Document.objects.get(pk=made.pk).state == "draft"


def test_both_papers_name_each_other(force: Force, visit: Any, send: Any) -> None:
    old = issued(force)
    assert send(force.secretary, "document_replace", old.pk).status_code == 302
    new = Document.objects.get(replaces=old)
    assert reverse("document_show", args=[new.pk]) in text_of(visit(force.secretary, "document_show", old.pk))
    assert reverse("document_show", args=[new.pk]) not in text_of(visit(force.officer, "document_show", old.pk))
    assert send(force.leader, "document_move", new.pk, "issue", seen=new.moves, day="2020-01-02").status_code == 302
    assert reverse("document_show", args=[new.pk]) in text_of(visit(force.officer, "document_show", old.pk))
    assert reverse("document_show", args=[old.pk]) in text_of(visit(force.officer, "document_show", new.pk))
    assert send(force.secretary, "document_replace", old.pk).status_code == 409


def test_a_draft_is_discarded(force: Force, send: Any, visit: Any) -> None:
    made = draft(force)
    assert visit(force.secretary, "document_move", made.pk, "discard").status_code == 200
    assert send(force.secretary, "document_move", made.pk, "discard", seen=made.moves).status_code == 302
    about = ("dialogues.conference", made.subject_id)
    assert reverse("document_show", args=[made.pk]) not in text_of(visit(force.secretary, "document_subject", *about))


def test_a_letter_is_for_a_named_asker_after_the_answer(force: Force, send: Any, visit: Any) -> None:
    answered, waiting = item_at(force, "published"), item_at(force, "assigned")
    nobody = item_at(force, "published", author=None, unit=None, identity="anonymous")
    for item, made in ((answered, 1), (waiting, 0), (nobody, 0)):
        page = text_of(visit(force.secretary, "document_subject", "dialogues.item", item.pk))
        assert page.count('data-kind="answer_letter"') == made
        send(force.secretary, "document_create", "answer_letter", item.pk)
        assert Document.objects.filter(subject_id=item.pk).count() == made
    assert visit(force.unit_chief, "document_subject", "dialogues.item", answered.pk).status_code == 404


def test_the_report_upward_is_written_from_the_escalation(force: Force, send: Any) -> None:
    escalation = escalation_at(force, "sent")
    send(force.secretary, "document_create", "escalation_report", escalation.pk)
    made = Document.objects.get()
    assert made.typed.situation == escalation.text and made.typed.matters[0].code
    assert force.province.name in made.typed.addressee


def test_reports_of_a_unit_are_its_secretary_s(force: Force, client: Client, send: Any, visit: Any) -> None:
    page = text_of(visit(force.secretary, "document_list"))
    addresses = [
        YEAR_REPORT.page(force.town, timezone.localdate()),
        PERIOD_REPORT.page(force.town, timezone.localdate()),
    ]
    for address in addresses:
        assert f'href="{escape(address)}"' in page
        shown = client.get(address)
        assert shown.context["scope"].unit == force.town and "until=" in address
        assert reverse("overview_paper") in text_of(shown), "the period stands there, to be changed before it is made"
    assert send(force.secretary, "document_create", "year_report", UUID(int=force.town.pk)).status_code == 302
    made = Document.objects.get().typed
    assert made.received == sum(each.number for each in made.outcomes)
    assert send(force.secretary, "document_create", "year_report", UUID(int=force.next_town.pk)).status_code == 404


def test_a_letterhead_is_set_by_the_unit_s_secretary(force: Force, send: Any, visit: Any) -> None:
    typed = {"superior": "Bộ Công an", "issuer": "", "extra": "", "symbol": "CATX-AT", "drafter": "TH",
             "place": "An Thịnh",
             "family": "", "size": "13"}  # fmt: skip
    assert send(force.secretary, "letterhead_edit", "CATX", **typed).status_code == 302
    assert Letterhead.objects.get().symbol == "CATX-AT"
    assert issued(force).mark == "01/GM-CATX-AT-TH"
    assert send(force.secretary, "letterhead_edit", "CATX", **{**typed, "family": "Comic Sans"}).status_code == 400
    assert "CATX" in text_of(visit(force.administrator, "letterhead_list"))
    for person in (force.officer, force.next_leader, force.leader):
        assert send(person, "letterhead_edit", "CATX", **typed).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow_with_the_papers(
    force: Force, client: Client, django_assert_num_queries: Any, more: int
) -> None:
    conference = conference_at(force, "concluded")
    made = [issued(force, conference=conference) for _each in range(1 + more)][0]
    begin_replacement(made, by=force.secretary, at=MET)
    client.force_login(force.secretary)
    for address, count in (
        (reverse("document_list"), 7),
        (reverse("document_subject", args=["dialogues.conference", conference.pk]), 7),
        (reverse("document_show", args=[made.pk]), 11),
    ):
        client.get(address)
        with django_assert_num_queries(count):
            client.get(address)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2020, 9, 30), date(2019, 1, 1), date(2019, 12, 31)),
        (date(2020, 10, 1), date(2020, 1, 1), date(2020, 12, 31)),
        (date(2020, 12, 31), date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_the_year_that_is_proposed(today: date, first: date, last: date) -> None:
    assert period_report.year(today) == (first, last)
    assert period_report.quarter(date(2020, 10, 1)) == (date(2020, 7, 1), date(2020, 9, 30))
    assert period_report.quarter(date(2020, 3, 31)) == (date(2019, 10, 1), date(2019, 12, 31))
