"""Surveys: moves, sheets without a name, figures that hide small groups on the page and in the workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cchc.workflow.engine import NotAllowed, Refused, perform
from cchc.workflow.models import Event, Obligation
from dialogues.domain import survey as surveys
from dialogues.domain.survey_figures import FEWEST, hidden, lines, share_of, tally
from dialogues.enums import Audience, SurveySource, SurveyState
from dialogues.models import Feedback, Response, Survey
from tests.dialogues.factories import PROMISE, conference_at, item_at
from tests.dialogues.pages import signed_in, text_of
from tests.dialogues.results import AT, fill_in, survey_at
from tests.dialogues.test_item_offers import agrees_with, rows
from tests.factories import Force

MANY = {"officers": [5, 4, 4, 3, 5, 2, 4, 5, 4, 4, 4, 5], "citizens": [4, 3, 5, 4, 4, 4, 1, 2, 4, 4]}


def show(survey: Survey) -> str:
    return reverse("survey_show", args=[survey.pk])


# --- Buttons and moves ------------------------------------------------------------------------------------------------
def test_buttons_of_a_survey(force: Force) -> None:
    agrees_with("survey_offers.txt", [line for s in SurveyState.values for line in rows(s, survey_at(force, s), force)])


@pytest.mark.parametrize(("state", "action"), [("draft", "open"), ("open", "close"), ("closed", "reopen")])
def test_every_move_by_its_page(force: Force, state: str, action: str) -> None:
    survey, client = survey_at(force, state), signed_in(force.secretary)
    address = reverse("survey_move", args=[survey.pk, action])
    assert f'href="{address}"' in text_of(client.get(show(survey)))
    assert client.get(address).status_code == 200
    assert client.post(address, {"seen": survey.moves, "note": "Thêm phiếu giấy"}).status_code == 302
    survey.refresh_from_db()
    assert survey.state == {"open": "open", "close": "closed", "reopen": "open"}[action]


def test_moves_are_refused(force: Force) -> None:
    survey = survey_at(force, "closed")
    address = reverse("survey_move", args=[survey.pk, "reopen"])
    assert signed_in(force.officer).post(address, {"seen": survey.moves, "note": "x"}).status_code == 403
    client = signed_in(force.secretary)
    assert client.post(address, {"seen": survey.moves, "note": " "}).status_code == 400
    assert client.post(address, {"seen": 0, "note": "x"}).status_code == 409
    assert client.get(reverse("survey_move", args=[survey.pk, "close"])).status_code == 409
    assert client.get(reverse("survey_move", args=[survey.pk, "delete"])).status_code == 404


def test_what_is_open_is_somebodys_turn_until_its_last_day(force: Force) -> None:
    survey = survey_at(force, "open", first_on=AT.date(), last_on=date(2020, 1, 18))
    owed = Obligation.objects.open().get(subject_id=str(survey.pk))
    assert (owed.kind, owed.unit, owed.due_on) == ("close_survey", force.town, date(2020, 1, 20))  # after a Saturday
    perform(survey, "close", by=force.secretary, at=AT)
    assert not Obligation.objects.open().filter(subject_id=str(survey.pk)).exists()


def test_only_those_who_run_them_write(force: Force) -> None:
    with pytest.raises(NotAllowed):
        surveys.create(by=force.officer, at=AT, host=force.town, title="x", year=2020, source=SurveySource.LINK)
    with pytest.raises(Refused):
        survey_at(force, "draft", host=force.province, conference=conference_at(force), by=force.provincial_secretary)
    client = signed_in(force.officer)
    assert client.get(reverse("survey_create")).status_code == 404
    assert client.get(show(survey_at(force, "open"))).status_code == 404
    assert client.get(show(survey_at(force, "closed"))).status_code == 200
    assert signed_in(force.stranger).get(show(Survey.objects.get(state="closed"))).status_code == 404


# --- Preparing --------------------------------------------------------------------------------------------------------
def typed(force: Force, **changes: Any) -> dict[str, Any]:
    return {
        "host": force.town.pk, "title": "Hài lòng năm 2020", "source": "link", "year": "2020",
        "criteria": "Thời hạn\nKết quả", "first_on": "2020-01-01", "last_on": "2020-02-01", **changes,
    }  # fmt: skip


def test_prepared_with_the_usual_questions_and_kept_as_a_draft(force: Force) -> None:
    client = signed_in(force.secretary)
    first = client.get(reverse("survey_create")).context["form"]
    assert len(first.initial["criteria"].splitlines()) == len(surveys.default_criteria()) == 7
    assert client.post(reverse("survey_create"), typed(force)).status_code == 302
    made = Survey.objects.get()
    assert [each.text for each in made.criteria.all()] == ["Thời hạn", "Kết quả"]
    again = client.post(reverse("survey_edit", args=[made.pk]), typed(force, title="Khác", seen=made.moves))
    assert again.status_code == 302
    stale = client.post(reverse("survey_edit", args=[made.pk]), typed(force, title="Cũ", seen=made.moves))
    assert stale.status_code == 409
    assert "Cũ" in text_of(stale)


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "1812"}, {"first_on": ""}, {"last_on": "2019-12-01"}, {"criteria": "A\nA"}, {"criteria": "x" * 301},
        {"criteria": "\n".join(f"Câu {n}" for n in range(21))}, {"source": "reported", "returned": 5, "satisfied": 6},
        {"source": "reported", "returned": 50, "satisfied": 6, "reported_percent": "12"},
        {"source": "reported", "reported_percent": "101"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_nothing_lost(force: Force, wrong: dict[str, Any]) -> None:
    page = signed_in(force.secretary).post(reverse("survey_create"), typed(force, **wrong))
    assert page.status_code == 400
    assert "Hài lòng năm 2020" in text_of(page)
    assert not Survey.objects.exists()


def test_while_answers_come_in_the_questions_stay(force: Force) -> None:
    survey = survey_at(force, "open")
    with pytest.raises(Refused):
        surveys.change(survey, by=force.secretary, at=AT, title="Khác")
    with pytest.raises(Refused):
        surveys.change(survey, by=force.secretary, at=AT, criteria=["Khác"])
    client = signed_in(force.secretary)
    fields = client.get(reverse("survey_edit", args=[survey.pk])).context["form"].fields
    assert set(fields) == {"seen", "last_on", "method", "document", "sent"}
    assert client.post(reverse("survey_edit", args=[survey.pk]), {"sent": 80, "seen": survey.moves}).status_code == 302
    survey.refresh_from_db()
    assert survey.sent == 80


# --- Answering --------------------------------------------------------------------------------------------------------
def sheet(survey: Survey, **changes: Any) -> dict[str, Any]:
    return {"group": "citizens", "overall": "4", "c1": "5", "comment": "Nhanh hơn trước", **changes}


def test_a_sheet_without_login_and_without_a_name(force: Force) -> None:
    survey, guest = survey_at(force, "open"), Client()
    address, events = reverse("survey_answer", args=[survey.key]), Event.objects.count()
    assert guest.get(address).status_code == 200
    assert not Response.objects.exists()
    assert guest.post(address, sheet(survey, overall="")).status_code == 400
    thanks = guest.post(address, sheet(survey), follow=True)
    assert thanks.templates[0].name == "dialogues/survey_thanks.html"
    made = Response.objects.get()
    assert (made.group, made.overall, made.comment) == ("citizens", 4, "Nhanh hơn trước")
    assert [(each.criterion.order, each.value) for each in made.scores.all()] == [(1, 5)]
    assert Event.objects.count() == events  # an event would tell when
    cookie = guest.cookies["cchc_survey"].value
    assert cookie not in str(vars(made))


def test_one_sheet_from_each_browser(force: Force) -> None:
    survey, guest = survey_at(force, "open"), Client()
    address = reverse("survey_answer", args=[survey.key])
    assert guest.post(address, sheet(survey)).status_code == 400  # not known yet: the page gives the word first
    assert guest.post(address, sheet(survey)).status_code == 302
    assert guest.post(address, sheet(survey)).status_code == 409
    other = Client()
    other.get(address)
    assert other.post(address, sheet(survey)).status_code == 302
    assert Response.objects.count() == 2
    # The same browser is somebody else to another survey.
    second = reverse("survey_answer", args=[survey_at(force, "open").key])
    assert guest.post(second, sheet(survey)).status_code == 302


def test_much_at_once_is_put_off_with_nothing_lost(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogues.views.survey_answer.PLACE_AN_HOUR", 1)
    survey = survey_at(force, "open")
    address = reverse("survey_answer", args=[survey.key])
    answers = []
    for _each in range(2):
        guest = Client()
        guest.get(address)
        answers.append(guest.post(address, sheet(survey)))
    assert [answer.status_code for answer in answers] == [302, 429]
    assert "Nhanh hơn trước" in text_of(answers[1])


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_without_an_open_survey_nothing_is_taken(force: Force, state: str) -> None:
    survey, guest = survey_at(force, state), Client()
    address = reverse("survey_answer", args=[survey.key])
    assert guest.get(address).status_code == (404 if state == "draft" else 200)
    assert guest.post(address, sheet(survey)).status_code == (404 if state == "draft" else 409)
    assert guest.get(reverse("survey_answer", args=["x" * 22])).status_code == 404
    assert not Response.objects.exists()


def test_outside_of_its_days_nothing_is_taken(force: Force) -> None:
    survey = survey_at(force, "open", first_on=AT.date(), last_on=AT.date() + timedelta(days=2))
    with pytest.raises(Refused):
        surveys.answer(survey, browser="b", at=AT + timedelta(days=3), group="citizens", overall=4, scores={})
    surveys.answer(survey, browser="b", at=AT + timedelta(days=2), group="citizens", overall=4, scores={})


def test_a_new_link_ends_the_old_one(force: Force) -> None:
    survey = survey_at(force, "open")
    client = signed_in(force.secretary)
    assert survey.key in text_of(client.get(reverse("survey_poster", args=[survey.pk])))
    assert client.post(reverse("survey_link", args=[survey.pk])).status_code == 302
    assert Client().get(reverse("survey_answer", args=[survey.key])).status_code == 404
    assert signed_in(force.leader).post(reverse("survey_link", args=[survey.pk])).status_code == 404


# --- Which groups are shown -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sizes", "away"),
    [
        ({"a": 30, "b": 12}, set()), ({"a": 30, "b": 9}, {"a", "b"}), ({"a": 30, "b": 0}, set()),
        ({"a": 3, "b": 4}, {"a", "b"}), ({"a": 50, "b": 20, "c": 3}, {"b", "c"}),
        ({"a": 50, "b": 6, "c": 7}, {"b", "c"}),
        ({"a": 50, "b": 2, "c": 3}, {"a", "b", "c"}), ({}, set()),
    ],
)  # fmt: skip
def test_small_groups_and_what_would_tell_them(sizes: dict[str, int], away: set[str]) -> None:
    assert hidden(sizes) == away


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60)))
def test_subtraction_tells_of_ten_at_least(sizes: dict[str, int]) -> None:
    away = hidden(sizes)
    left = sum(sizes.values()) - sum(size for group, size in sizes.items() if group not in away)
    assert all(size == 0 or size >= FEWEST for group, size in sizes.items() if group not in away)
    assert len(away) != 1 or sum(sizes.values()) < FEWEST
    assert left == 0 or left >= FEWEST or sum(sizes.values()) < FEWEST


def test_figures_are_those_of_the_sheets(force: Force) -> None:
    survey = survey_at(force, "closed", sheets=MANY)
    assert survey.figures == tally(survey)
    overall, first, second = lines(survey.figures)
    assert (overall.total.n, overall.total.counts) == (22, (1, 2, 2, 12, 5))
    assert overall.total.satisfied == Decimal("77.3")
    assert overall.groups["officers"].n == 12
    assert overall.groups["businesses"].n == 0
    assert first.total.counts == overall.total.counts
    assert second.total.n == 0
    page = signed_in(force.officer).get(show(survey))
    assert (page.context["share"].value, page.context["share"].satisfied) == (Decimal("77.3"), 17)
    assert "<svg" in text_of(page)


def exported(client: Client, survey: Survey) -> list[tuple[Any, ...]]:
    answer = client.get(reverse("survey_export", args=[survey.pk]))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_a_small_group_takes_another_with_it_on_the_page_and_in_the_workbook(force: Force) -> None:
    survey = survey_at(force, "closed", sheets={**MANY, "businesses": [5, 5, 5]})
    cells = lines(survey.figures)[0].groups
    assert {group for group, cell in cells.items() if not cell.shown} == {"citizens", "businesses"}
    assert (cells["businesses"].few, cells["citizens"].few) == (True, False)
    client = signed_in(force.secretary)
    groups = dict(client.get(show(survey)).context["groups"])
    assert sorted(cell.n or 0 for cell in groups.values()) == [0, 0, 12]
    numbers = {row[1]: row[2:] for row in exported(client, survey)[1:5]}
    assert numbers[str(Audience.OFFICERS.label)][0] == 12
    for group in (Audience.CITIZENS, Audience.BUSINESSES):
        assert not any(isinstance(value, int | float) for value in numbers[str(group.label)])


def test_fewer_than_ten_in_all_shows_nothing(force: Force) -> None:
    survey = survey_at(force, "closed", sheets={"officers": [5] * 9})
    client = signed_in(force.secretary)
    page = client.get(show(survey))
    assert page.context["share"].few
    assert page.context["share"].answered is None
    assert not any(isinstance(value, int | float) for row in exported(client, survey)[1:3] for value in row[2:])
    listed = client.get(reverse("survey_list")).context["lines"][0]
    assert (listed.share.few, listed.answered) == (True, None)


def test_no_results_before_it_is_closed(force: Force) -> None:
    survey = survey_at(force, "open", sheets=MANY)
    client = signed_in(force.secretary)
    page = client.get(show(survey))
    assert (page.context["handed_in"], page.context["lines"], page.context["groups"]) == (22, [], [])
    assert client.get(reverse("survey_export", args=[survey.pk])).status_code == 404


def test_one_more_answer_after_reopening_waits(force: Force) -> None:
    survey = survey_at(force, "closed", sheets=MANY)
    before = survey.figures
    survey = perform(survey, "reopen", by=force.secretary, at=AT, note="Bổ sung phiếu")
    fill_in(survey, {"officers": [1]})
    survey = perform(survey, "close", by=force.secretary, at=AT)
    assert survey.figures == before
    assert signed_in(force.secretary).get(show(survey)).context["waiting"]
    survey = perform(survey, "reopen", by=force.secretary, at=AT, note="Bổ sung phiếu")
    fill_in(survey, {"officers": [1] * 9})
    survey = perform(survey, "close", by=force.secretary, at=AT)
    assert lines(survey.figures)[0].total.n == 32


def test_comments_are_for_the_hosts_own(force: Force) -> None:
    survey = survey_at(force, "open", sheets=MANY)
    words = "Cán bộ hướng dẫn tận tình"
    surveys.answer(survey, browser="c", at=AT, group="citizens", overall=5, scores={}, comment=words)
    perform(survey, "close", by=force.secretary, at=AT)
    for name, reads in (("secretary", True), ("leader", True), ("officer", False), ("inspector", False)):
        page = signed_in(getattr(force, name)).get(show(survey))
        assert (words in text_of(page)) is reads, name


# --- Counted elsewhere, and ratings -----------------------------------------------------------------------------------
def reported(force: Force, **fields: Any) -> Survey:
    made = survey_at(force, "draft", source=SurveySource.REPORTED, criteria=[], **fields)
    return perform(made, "record", by=force.secretary, at=AT)


def test_a_share_without_counts_is_marked_as_reported(force: Force) -> None:
    survey = reported(force, reported_percent=Decimal("87.20"))
    share = share_of(survey)
    assert (str(share.value), share.reported, share.answered) == ("87.2", True, None)
    assert "87,2%" in text_of(signed_in(force.officer).get(show(survey)))


def test_with_counts_the_share_is_computed(force: Force) -> None:
    share = share_of(reported(force, sent=25000, returned=22250, satisfied=21460))
    assert (share.value, share.reported) == (Decimal("96.4"), False)
    with pytest.raises(Refused):
        reported(force, returned=12)
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(state="closed").update(reported_percent=96)


def test_ratings_of_the_answers_are_counted_not_asked_again(force: Force) -> None:
    conference = conference_at(force, "collecting")
    for stars in (5, 4, 2):
        item = item_at(force, "published", conference=conference)
        Feedback.objects.create(answer=item.answer, stars=stars, on=PROMISE)
    item_at(force, "published")  # of another conference
    made = survey_at(force, "draft", source=SurveySource.RATINGS, conference=conference, criteria=[])
    made = perform(made, "record", by=force.secretary, at=AT)
    assert made.figures["overall"] == {"officers": {"5": 1, "4": 1, "2": 1}}
    assert made.sent == 3
    assert share_of(made).few


def test_only_a_closed_one_has_its_way_out(force: Force) -> None:
    made = survey_at(force, "draft", source=SurveySource.REPORTED, criteria=[])
    assert [offer.action for offer in surveys.offered(made, force.secretary)] == ["record"]
    with pytest.raises(Refused):
        perform(made, "open", by=force.secretary, at=AT)


# --- The list ---------------------------------------------------------------------------------------------------------
def test_the_list_is_filtered(force: Force) -> None:
    conference = conference_at(force, "collecting")
    one = survey_at(force, "closed", title="Hài lòng tại một cửa")
    other = survey_at(force, "draft", conference=conference, year=2019)
    client = signed_in(force.secretary)

    def found(**chosen: Any) -> list[Survey]:
        return [line.survey for line in client.get(reverse("survey_list"), chosen).context["lines"]]

    assert found() == [one, other]
    assert found(q="mot cua") == [one]
    assert found(year=2019) == found(conference=conference.code) == [other]
    assert found(source="ratings") == []
    assert len(found(year="x", source="?")) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    made = [survey_at(force, "closed", sheets=MANY) for _each in range(number)]
    client = signed_in(force.secretary)
    for address, most in ((reverse("survey_list"), 6), (show(made[0]), 10)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
