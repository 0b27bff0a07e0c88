"""Inspections: who reads what while it lasts, documents asked for, findings and their remedies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cchc.documents.domain.attachment import attachments_of, check
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position
from cchc.web.sought import panels
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, perform
from cchc.workflow.models import Event, Notice
from dialogues import inspections
from dialogues.domain.delegation import add_delegate, remove_delegate
from dialogues.domain.finding import change_finding, record_finding, remedy_of, remove_finding
from dialogues.domain.request import move
from dialogues.enums import FindingKind, RequestState
from dialogues.models import Conclusion, Conference, Directive, Finding, Item, Request
from tests.dialogues.factories import conference_at, item_at, taxonomy
from tests.dialogues.inspecting import (
    WEEK,
    concluded,
    finding_of,
    head_of,
    inspection_at,
    now,
    photo,
    request_of,
    scope_of,
    today,
)
from tests.dialogues.pages import signed_in, text_of, typed_conference
from tests.dialogues.test_item_offers import agrees_with, rows
from tests.factories import Force, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(force: Force) -> Conference:
    return inspection_at(force)


def tab(conference: Conference) -> str:
    return reverse("conference_inspection", args=[conference.code])


# --- who reads, and when ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("first", "last", "status"), [(-7, 7, 200), (1, 7, 404), (-7, -1, 404)])
def test_the_head_reads_on_the_days_of_the_scope(force: Force, first: int, last: int, status: int) -> None:
    days = {"reads_from": today() + timedelta(days=first), "reads_until": today() + timedelta(days=last)}
    inspection = inspection_at(force, **days)
    client = signed_in(head_of(inspection))
    assert client.get(tab(inspection)).status_code == status
    assert client.get(reverse("conference_show", args=[inspection.code])).status_code == status


def test_a_delegation_shows_matters_of_its_period_alone(force: Force) -> None:
    """The dialogue met on 2/1/2020, its question was asked on 18/12/2019."""
    dialogue = conference_at(force)
    inside = inspection_at(force, first_day=date(2019, 7, 1), last_day=date(2020, 6, 30))
    question = item_at(force, "published", conference=dialogue)
    head, address = head_of(inside), reverse("item_show", args=[question.pk])
    assert signed_in(head).get(address).status_code == 200
    assert set(Conference.objects.visible_to(head)) == {dialogue, inside}
    for first, last, items, conferences in (
        (date(2019, 12, 18), date(2019, 12, 18), 200, 404),
        (date(2020, 1, 2), date(2020, 1, 2), 404, 200),
        (date(2016, 7, 1), date(2019, 6, 30), 404, 404),
    ):
        scope_of(inside, force, first_day=first, last_day=last)
        client = signed_in(head_of(inside))
        assert client.get(address).status_code == items
        assert client.get(reverse("conference_show", args=[dialogue.code])).status_code == conferences
        assert client.get(tab(inside)).status_code == 200
        assert Item.objects.visible_to(head_of(inside)).exists() == (items == 200)


def test_directives_of_the_period_and_of_the_own_inspection(force: Force, inspection: Conference) -> None:
    other = inspection_at(force)
    own = concluded(inspection, force, [finding_of(inspection, force)], today() + WEEK)
    foreign = concluded(other, force, [finding_of(other, force)], today() + WEEK)
    assert set(Directive.objects.visible_to(head_of(inspection))) == {own}
    assert set(Conclusion.objects.visible_to(head_of(inspection))) == {own.conclusion}
    scope_of(inspection, force, last_day=today())
    assert set(Directive.objects.visible_to(head_of(inspection))) == {own, foreign}


def test_another_delegation_is_no_business_of_ones_own(force: Force, inspection: Conference) -> None:
    other = inspection_at(force)
    request, finding = request_of(other, force), finding_of(other, force)
    head = head_of(inspection)
    assert not Request.objects.visible_to(head).exists()
    assert not Finding.objects.visible_to(head).exists()
    assert signed_in(head).get(reverse("request_show", args=[request.pk])).status_code == 404
    assert signed_in(head).get(tab(other)).status_code == 404
    with pytest.raises(NotAllowed):
        record_finding(other, by=head, at=now(), kind=FindingKind.WEAKNESS, text="x")
    with pytest.raises(NotAllowed):
        change_finding(finding, by=head, at=now(), text="x")


@pytest.mark.parametrize(
    ("who", "page", "asked", "found", "after"),
    [
        ("officer", 200, 0, 0, 1), ("unit_chief", 200, 1, 0, 1), ("ward_chief", 200, 0, 0, 1),
        ("secretary", 200, 1, 1, 1),
        ("leader", 200, 1, 1, 1), ("inspector", 200, 1, 1, 1), ("provincial_secretary", 200, 1, 1, 1),
        ("stranger", 404, 0, 0, 0), ("administrator", 404, 0, 0, 0),
    ],
)  # fmt: skip
def test_who_sees_documents_and_findings(
    force: Force, inspection: Conference, who: str, page: int, asked: int, found: int, after: int
) -> None:
    request, finding = request_of(inspection, force), finding_of(inspection, force)
    reader: Person = getattr(force, who)
    client = signed_in(reader)
    assert client.get(tab(inspection)).status_code == page
    assert client.get(reverse("request_show", args=[request.pk])).status_code == (200 if asked else 404)
    assert bool(inspections.visible_request(reader, str(request.pk))) == bool(asked)
    assert Finding.objects.visible_to(reader).count() == found
    assert bool(inspections.visible_finding(reader, str(finding.pk))) == bool(found)
    concluded(inspection, force, [finding], today())
    assert Finding.objects.visible_to(reader).count() == after


def test_what_is_no_address_is_nothing(force: Force, inspection: Conference) -> None:
    assert inspections.visible_request(force.leader, "x") is None
    assert inspections.visible_finding(force.leader, "x") is None
    dialogue, client = conference_at(force), signed_in(force.secretary)
    assert client.get(tab(dialogue)).status_code == 404
    assert client.get(reverse("inspection_scope", args=[dialogue.code])).status_code == 404
    assert client.get(reverse("request_show", args=[uuid4()])).status_code == 404
    assert client.get(reverse("finding_edit", args=[inspection.code, 1])).status_code == 404


# --- preparing it -----------------------------------------------------------------------------------------------------
def test_prepared_with_the_words_of_an_inspection(force: Force) -> None:
    taxonomy()
    client = signed_in(force.secretary)
    address = f"{reverse('conference_create')}?kind=inspection"
    form = client.get(address).context["form"]
    assert not {"opens_at", "closes_at", "answer_term", "audiences", "reported_items"} & set(form.fields)
    typed = {**typed_conference(force), "kind": "inspection", "code": "KT-01"}
    response = client.post(address, typed)
    assert response.status_code == 302, response.context["form"].errors
    made = Conference.objects.get(code="KT-01")
    assert response.url == tab(made)
    assert made.is_inspection
    assert not made.takes_questions(made.starts_at)
    edit = reverse("conference_edit", args=["KT-01"])
    sent = {
        **typed,
        "seen": made.moves,
        "venue": "Phòng họp",
        "starts_at": "2026-12-03T08:00",
        "ends_at": "2026-12-03T11:00",
    }
    assert client.post(edit, sent).status_code == 302
    now_made = Conference.objects.get(pk=made.pk)
    assert (now_made.venue, now_made.closes_at) == ("Phòng họp", now_made.ends_at)


def test_it_opens_with_a_scope_and_a_head(force: Force) -> None:
    made = conference_at(force, "draft", kind="inspection", audiences=[])
    with pytest.raises(Refused):
        perform(made, "open", by=force.secretary, at=now())
    client = signed_in(force.secretary)
    scope = {
        "decision": "", "subject": "Ba năm", "first_day": "2016-07-01", "last_day": "2019-06-30",
        "reads_from": today().isoformat(), "reads_until": (today() + WEEK).isoformat(),
    }  # fmt: skip
    address = reverse("inspection_scope", args=[made.code])
    assert client.post(address, {**scope, "last_day": "2016-01-01"}).status_code == 400
    assert client.post(address, scope).url == tab(made)
    with pytest.raises(Refused):
        perform(made, "open", by=force.secretary, at=now())
    somebody = person()
    add = reverse("delegate_add", args=[made.code])
    assert list(client.get(f"{add}?q={somebody.username}").context["found"]) == [somebody]
    assert list(client.get(f"{add}?q={force.officer.username}").context["found"]) == []
    assert client.post(add, {"title": "Trưởng đoàn"}).status_code == 400
    assert client.post(add, {"person": somebody.pk, "title": "Trưởng đoàn", "head": "on"}).status_code == 302
    held = Position.objects.get(person=somebody)
    assert (held.role, held.unit, held.valid_from, held.valid_to) == (
        Role.INSPECTOR, force.town, today(), today() + WEEK
    )  # fmt: skip
    assert (held.matters_from, held.matters_until) == (date(2016, 7, 1), date(2019, 6, 30))
    assert client.post(add, {"name": "Ông Lê Văn Ngoài", "title": "Ban Nội chính", "head": "on"}).status_code == 409
    assert client.post(add, {"name": "Ông Lê Văn Ngoài", "title": "Ban Nội chính"}).status_code == 302
    assert perform(made, "open", by=force.secretary, at=now()).state == "collecting"
    assert made.delegates.count() == 2


def test_whoever_holds_another_post_is_no_inspector(force: Force, inspection: Conference) -> None:
    with pytest.raises(Refused):
        add_delegate(inspection, by=force.secretary, at=now(), person=force.officer)
    with pytest.raises(Refused):
        add_delegate(inspection, by=force.secretary, at=now(), person=head_of(inspection))
    with pytest.raises(NotAllowed):
        add_delegate(inspection, by=force.officer, at=now(), name="Ông Ngoài")


def test_out_of_the_delegation_reads_no_more(force: Force, inspection: Conference) -> None:
    head = inspection.delegates.get()
    address = reverse("delegate_remove", args=[inspection.code, head.pk])
    client = signed_in(force.secretary)
    assert client.get(address).status_code == 200
    assert inspection.delegates.exists()
    assert client.post(address).status_code == 302
    assert not inspection.delegates.exists()
    assert Position.objects.get(person=head.person).valid_to == today()
    add_delegate(inspection, by=force.secretary, at=now(), person=head.person, head=True)
    assert Position.objects.get(person=head.person).valid_to == today() + WEEK
    remove_delegate(inspection.delegates.get(), by=force.secretary, at=now())
    scope_of(inspection, force, reads_from=today())
    add_delegate(inspection, by=force.secretary, at=now(), person=(new := person()))
    remove_delegate(inspection.delegates.get(), by=force.secretary, at=now())
    assert not Position.objects.filter(person=new).exists()


def test_a_later_scope_moves_the_posts(force: Force, inspection: Conference) -> None:
    scope_of(inspection, force, reads_until=today() + 3 * WEEK)
    assert Position.objects.get(person=head_of(inspection)).valid_to == today() + 3 * WEEK
    assert Event.objects.of(inspection).filter(action="scope").count() == 2


# --- documents asked for ----------------------------------------------------------------------------------------------
def test_the_offers_of_a_document(force: Force, inspection: Conference) -> None:
    lines = [line for state in RequestState.values for line in rows(state, request_of(inspection, force, state), force)]
    agrees_with("request_offers.txt", lines)


def test_handed_in_by_the_chief_with_a_photograph(force: Force, inspection: Conference) -> None:
    head = head_of(inspection)
    add = reverse("request_add", args=[inspection.code])
    client = signed_in(head)
    assert client.post(add, {"text": "", "unit": force.qlhc.pk, "due_on": today()}).status_code == 400
    assert client.post(add, {"text": "Quy chế làm việc", "unit": force.qlhc.pk, "due_on": today()}).status_code == 302
    request = Request.objects.get()
    chief = signed_in(force.unit_chief)
    assert reverse("request_show", args=[request.pk]) in text_of(chief.get("/"))
    address = reverse("request_move", args=[request.pk, "hand_in"])
    assert chief.get(address).status_code == 200
    assert chief.post(address, {"seen": request.moves, "note": ""}).status_code == 409
    assert chief.post(address, {"seen": request.moves, "note": "", "files": [photo()]}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.handed_in_on) == (RequestState.HANDED_IN, today())
    (file,) = attachments_of("dialogues.request", [request.pk])[str(request.pk)]
    page = text_of(client.get(reverse("request_show", args=[request.pk])))
    assert file.get_absolute_url() in page
    opened = client.get(file.get_absolute_url())
    assert len(b"".join(opened.streaming_content)) == file.size
    assert signed_in(force.ward_chief).get(file.get_absolute_url()).status_code == 404
    assert Notice.objects.filter(person=force.secretary, event__subject_id=str(request.pk)).exists()


def test_asked_again_with_a_reason(force: Force, inspection: Conference) -> None:
    request = request_of(inspection, force, "handed_in")
    with pytest.raises(Refused):
        move(request, "ask_again", by=head_of(inspection), at=now())
    asked = move(request, "ask_again", by=head_of(inspection), at=now(), note="Thiếu trang 3")
    assert (asked.state, asked.handed_in_on) == (RequestState.ASKED, None)
    assert asked.turn is not None
    assert asked.turn.unit == force.qlhc
    with pytest.raises(MovedOn):
        move(asked, "hand_in", by=force.unit_chief, at=now(), note="Nộp", seen=1)


def test_one_hands_in_for_ones_own_unit(force: Force, inspection: Conference) -> None:
    request = request_of(inspection, force, unit=force.ward)
    with pytest.raises(NotAllowed):
        move(request, "hand_in", by=force.unit_chief, at=now(), note="Nộp")
    move(request, "hand_in", by=force.ward_chief, at=now(), note="Nộp")
    with pytest.raises(NotAllowed):
        move(request, "ask_again", by=force.ward_chief, at=now(), note="Lại")


# --- findings ---------------------------------------------------------------------------------------------------------
def test_a_finding_with_its_evidence(force: Force, inspection: Conference) -> None:
    client, add = signed_in(head_of(inspection)), reverse("finding_add", args=[inspection.code])
    typed = {"kind": "weakness", "text": "Chưa lưu đủ số phiếu", "topic": "", "unit": force.qlhc.pk, "remedy_by": ""}
    assert client.post(add, {**typed, "text": ""}).status_code == 400
    assert client.post(add, {**typed, "kind": "strength", "remedy_by": "2020-01-01"}).status_code == 400
    assert client.post(add, {**typed, "files": [photo()]}).status_code == 302
    finding = Finding.objects.get()
    assert (finding.code, finding.unit, finding.recorded_by) == ("PH01", force.qlhc, head_of(inspection))
    edit = reverse("finding_edit", args=[inspection.code, finding.pk])
    assert (
        client.post(edit, {**typed, "text": "Chưa lưu số phiếu thu về", "files": [photo("b.jpg")]}).status_code == 302
    )
    finding.refresh_from_db()
    assert finding.text == "Chưa lưu số phiếu thu về"
    files = attachments_of("dialogues.finding", [finding.pk])[str(finding.pk)]
    assert [file.name for file in files] == ["van-ban.jpg", "b.jpg"]
    told = Event.objects.of(inspection).filter(action="finding").newest_first().first()
    assert told is not None
    assert told.data["before"]["text"] == "Chưa lưu đủ số phiếu"
    remove = reverse("finding_remove", args=[inspection.code, finding.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).status_code == 302
    assert not Finding.objects.exists()
    assert client.get(files[0].get_absolute_url()).status_code == 404


def test_a_concluded_finding_stays(force: Force, inspection: Conference) -> None:
    finding = finding_of(inspection, force)
    directive = concluded(inspection, force, [finding], today() + WEEK)
    assert list(directive.findings.all()) == [finding]
    for change in (
        lambda: change_finding(finding, by=head_of(inspection), at=now(), text="Khác"),
        lambda: remove_finding(finding, by=head_of(inspection), at=now()),
        lambda: finding_of(inspection, force),
    ):
        with pytest.raises(Refused):
            change()
    add = reverse("finding_add", args=[inspection.code])
    assert signed_in(head_of(inspection)).get(add).status_code == 409
    page = text_of(signed_in(force.officer).get(tab(inspection)))
    assert finding.text in page
    assert reverse("directive_show", args=[directive.pk]) in page
    assert reverse("finding_add", args=[inspection.code]) not in page


def test_the_directive_form_offers_the_findings(force: Force, inspection: Conference) -> None:
    finding, foreign = finding_of(inspection, force), finding_of(inspection_at(force), force)
    client = signed_in(force.secretary)
    client.post(reverse("conclusion_edit", args=[inspection.code]), {"assessment": "Tốt", "closing_note": ""})
    address = reverse("directive_add", args=[inspection.code])
    form = client.get(address).context["form"]
    assert list(form.fields["findings"].queryset) == [finding]
    assert "items" not in form.fields
    typed = {"title": "Sửa", "lead": force.qlhc.pk, "due_on": "2030-01-04", "seen": Conclusion.objects.get().moves}
    assert client.post(address, {**typed, "findings": [foreign.pk]}).status_code == 400
    assert client.post(address, {**typed, "findings": [finding.pk]}).status_code == 302
    assert list(Directive.objects.get().findings.all()) == [finding]


def test_a_remedy_is_late_after_its_day(force: Force, inspection: Conference) -> None:
    finding = finding_of(inspection, force, remedy_by=today() - WEEK)
    strength = finding_of(inspection, force, kind=FindingKind.STRENGTH)
    assert remedy_of(strength, []) is None
    directive = concluded(inspection, force, [finding], today() + WEEK)

    def late(on: date) -> bool:
        remedy = remedy_of(finding, list(finding.directives.all()))
        assert remedy is not None
        return remedy.is_late(on)

    assert late(today())
    assert not late(today() - WEEK)
    finding.remedy_by = today()
    assert not late(today())
    for action, by, data in (
        ("take_up", force.unit_chief, {}), ("report", force.unit_chief, {"text": "Xong"}), ("accept", force.leader, {}),
    ):  # fmt: skip
        directive = perform(directive, action, by=by, at=now(), **data)
    assert not late(today() + WEEK)
    finding.remedy_by = today() - WEEK
    assert late(today())


# --- the frame --------------------------------------------------------------------------------------------------------
def test_found_by_its_words(force: Force, inspection: Conference) -> None:
    request_of(inspection, force)
    finding_of(inspection, force)

    def found(who: Person) -> list[Any]:
        kinds = inspections.sought(who, "quy che lam viec", today(), calendar())
        return [row.title for panel in panels(who, kinds) for row in panel.rows]

    assert found(force.secretary) == ["Quy chế làm việc của Đội", "Quy chế làm việc chưa được cập nhật"]
    assert len(found(force.unit_chief)) == 1
    assert found(force.stranger) == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    inspection = inspection_at(force)
    made = [request_of(inspection, force) for _each in range(number)]
    found = [finding_of(inspection, force, files=[check(photo())]) for _each in range(number)]
    concluded(inspection, force, found, today() + WEEK)
    client = signed_in(head_of(inspection))
    for address, most in ((tab(inspection), 12), (reverse("request_show", args=[made[0].pk]), 10)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
