"""A paper from its draft to what replaces it: who may do what, and what can never be changed again."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cchc.documents.domain.document import begin_document, begin_replacement, comment, edit_document
from cchc.documents.domain.letterhead import set_letterhead
from cchc.documents.models import Document
from cchc.documents.printing import compose, issue, press, words_of
from cchc.organization.domain.position import end_position
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.flow import Unrecorded
from cchc.workflow.models import Event, Notice
from tests.dialogues.factories import MET, conference_at, item_at
from tests.documents.issuing import DAY, KINDS, draft, issued
from tests.documents.papers import words
from tests.factories import Force

pytestmark = pytest.mark.django_db


def test_a_draft_says_what_the_system_knows(force: Force) -> None:
    made = draft(force)
    assert made.title.endswith(made.typed.occasion[1:])
    assert made.typed.venue == "Hội trường tầng 3" and made.typed.chair.startswith("Trung tá Phạm Văn Dũng")
    assert made.signer is not None and made.signer.person == force.leader
    assert made.number is None and made.mark == ""


def test_issuing_numbers_freezes_and_tells(force: Force) -> None:
    made = issued(force)
    assert (made.state, made.number, made.year, made.mark, made.day) == ("issued", 1, 2020, "01/GM-CATX", DAY)
    assert made.paper is not None
    data = bytes(made.paper.data)
    assert made.paper.digest == hashlib.sha256(data).hexdigest()
    assert "Số: 01/GM-CATX" in words(data) and "An Thịnh, ngày" in words(data)
    assert list(Notice.objects.filter(event__action="issue").values_list("person", flat=True)) == [force.secretary.pk]
    assert Event.objects.of(made).newest_first().first().data.keys() == {"day", "number", "compose", "press"}


def test_the_frozen_bytes_can_be_made_again(force: Force) -> None:
    made = issued(force)
    assert made.paper is not None and made.issued_at is not None
    assert press(made, words_of(made), made.issued_at) == bytes(made.paper.data)


def test_a_new_letterhead_leaves_what_was_issued(force: Force) -> None:
    before = issued(force)
    set_letterhead(force.town, by=force.secretary, at=MET, issuer="Công an thị xã mới", extra="Tổ công tác 30", size=13)
    after = issued(force, conference=conference_at(force))
    assert before.paper is not None and after.paper is not None
    assert "CÔNG AN THỊ XÃ MỚI" not in words(bytes(before.paper.data))
    assert "CÔNG AN THỊ XÃ MỚI TỔ CÔNG TÁC 30" in words(bytes(after.paper.data))
    assert words_of(before)["issuer"] == force.town.name


def test_only_who_prepares_writes_and_only_who_issues_issues(force: Force) -> None:
    conference = conference_at(force)
    for stranger in (force.officer, force.unit_chief, force.leader, force.next_leader, force.provincial_secretary):
        with pytest.raises(NotAllowed):
            begin_document(KINDS["invitation"], conference, force.town, conference.pk, by=stranger, at=MET)
    made = draft(force, conference=conference)
    for stranger in (force.officer, force.idle_deputy, force.next_leader, force.provincial_leader):
        with pytest.raises(NotAllowed):
            issue(made, by=stranger, at=MET, day=DAY)
    with pytest.raises(NotAllowed):
        comment(made, "Xem lại", by=force.officer, at=MET)
    assert issue(made, by=force.secretary, at=MET, day=DAY).state == "issued"


def test_drafts_are_seen_by_those_who_write_and_sign(force: Force) -> None:
    made = draft(force)
    seen = {name for name, each in force.people.items() if Document.objects.visible_to(each).exists()}
    assert seen == {"secretary", "leader", "deputy", "idle_deputy"}
    issue(made, by=force.leader, at=MET, day=DAY)
    seen = {name for name, each in force.people.items() if Document.objects.visible_to(each).exists()}
    assert {"officer", "unit_chief", "provincial_secretary", "inspector"} < seen
    assert not seen & {"stranger", "next_leader", "administrator"}


def test_a_paper_without_place_or_signer_is_not_issued(force: Force) -> None:
    made = edit_document(draft(force), by=force.secretary, at=MET, place=" ")
    with pytest.raises(Refused):
        issue(made, by=force.leader, at=MET, day=DAY)
    made = edit_document(made, by=force.secretary, at=MET, place="An Thịnh", signer=None)
    with pytest.raises(Refused):
        issue(made, by=force.leader, at=MET, day=DAY)
    assert Document.objects.get(pk=made.pk).state == "draft"


def test_whoever_does_not_hold_the_post_that_day_does_not_sign(force: Force) -> None:
    made = draft(force)
    assert made.signer is not None
    end_position(made.signer, on=DAY - timedelta(days=1), by=force.administrator, at=MET)
    with pytest.raises(Refused):
        issue(made, by=force.secretary, at=MET, day=DAY)


def test_a_deputy_signs_for_the_head(force: Force) -> None:
    post = force.deputy.positions.get()
    made = edit_document(draft(force), by=force.secretary, at=MET, signer=post)
    made = issue(made, by=force.leader, at=MET, day=DAY)
    assert made.paper is not None
    text = words(bytes(made.paper.data))
    assert f"KT. TRƯỞNG CÔNG AN THỊ XÃ {post.title.upper()}" in text
    assert made.printed["signer"]["acting_for"] == "Trưởng Công an thị xã"


def test_a_day_to_come_is_refused(force: Force) -> None:
    with pytest.raises(Refused):
        issued(force, day=DAY + timedelta(days=1))


def test_edits_of_two_meet(force: Force) -> None:
    made = draft(force)
    edit_document(made, by=force.secretary, at=MET, seen=made.moves, title="Một")
    with pytest.raises(MovedOn):
        edit_document(made, by=force.secretary, at=MET, seen=made.moves, title="Hai")
    assert Document.objects.get(pk=made.pk).title == "Một"
    with pytest.raises(MovedOn):
        issue(made, by=force.leader, at=MET, day=DAY, seen=made.moves)


def test_an_issued_paper_is_only_replaced(force: Force) -> None:
    old = issued(force)
    with pytest.raises(MovedOn):
        edit_document(old, by=force.secretary, at=MET, title="Khác")
    with pytest.raises(MovedOn):
        comment(old, "Sai", by=force.secretary, at=MET)
    new = begin_replacement(old, by=force.secretary, at=MET)
    with pytest.raises(MovedOn):
        begin_replacement(old, by=force.secretary, at=MET)
    new = edit_document(new, by=force.secretary, at=MET, title="Đã sửa")
    assert Document.objects.get(pk=old.pk).state == "issued"
    new = issue(new, by=force.leader, at=MET, day=DAY)
    old = Document.objects.get(pk=old.pk)
    assert (old.state, new.state, new.number) == ("replaced", "issued", 2)
    assert old.replacement == new and new.replaces == old


def test_a_discarded_replacement_makes_room_for_another(force: Force) -> None:
    old = issued(force)
    first = begin_replacement(old, by=force.secretary, at=MET)
    perform(first, "discard", by=force.secretary, at=MET)
    assert old.replacement is None
    assert begin_replacement(old, by=force.secretary, at=MET).replaces == old


def test_the_database_keeps_what_was_issued(force: Force) -> None:
    made = issued(force)
    one = "UPDATE documents_document SET {} WHERE id=%s"
    for change in (
        "title='x'", "content='{}'", "number=77", "day='2020-03-03'", "state='draft'", "paper_id=NULL", "printed=NULL",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(one.format(change), [made.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_document WHERE id=%s", [made.pk])
    for change in ("moves=9", "state='replaced'"):
        with connection.cursor() as cursor:
            cursor.execute(one.format(change), [made.pk])


def test_the_database_refuses_a_half_issued_draft(force: Force) -> None:
    made = draft(force)
    changes: list[dict[str, Any]] = [{"mark": "01/TB"}, {"number": 3}, {"state": "issued"}, {"day": DAY}]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=made.pk).update(**change)


def test_a_fault_while_printing_takes_no_number(force: Force) -> None:
    made = draft(force)

    def broken(*_all: object) -> bytes:
        raise RuntimeError("out of paper")

    with pytest.raises(RuntimeError):
        perform(made, "issue", by=force.leader, at=MET, day=DAY, compose=Unrecorded(compose), press=Unrecorded(broken))
    assert issue(made, by=force.leader, at=MET, day=DAY).number == 1


def test_minutes_tell_the_course_without_the_askers_names(force: Force) -> None:
    conference = conference_at(force, "in_session")
    first = item_at(force, "published", conference=conference)
    item_at(force, "declined", conference=conference)
    perform(conference, "conclude", by=force.leader, at=MET)
    made = draft(force, "minutes", conference)
    assert [line.code for line in made.typed.course] == [first.code]
    out = issue(made, by=force.leader, at=MET, day=DAY)
    assert out.paper is not None and out.mark == "01/BB-CATX"
    text = words(bytes(out.paper.data))
    assert first.text in text and force.officer.full_name not in text
    assert "THƯ KÝ" in text and "CHỦ TỌA" in text


def test_minutes_wait_for_the_session(force: Force) -> None:
    with pytest.raises(Refused):
        draft(force, "minutes", conference_at(force, "collecting"))


def test_a_list_has_pages_across_and_no_number(force: Force) -> None:
    conference = conference_at(force)
    item_at(force, "published", conference=conference)
    item_at(force, "assigned", conference=conference)
    made = issued(force, "item_list", conference)
    assert (made.number, made.mark, made.series) == (None, "", "")
    assert made.paper is not None
    page = pypdf.PdfReader(io.BytesIO(bytes(made.paper.data))).pages[0]
    assert page.mediabox.width > page.mediabox.height
    # What is not published yet is not told by its list either.
    assert [bool(line.answer) for line in made.typed.items] == [True, False]
