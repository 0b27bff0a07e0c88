"""The calendar's pages: who reads, who changes, what the preview shows, and that nothing is saved before consent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cchc.followup.dashboard import home_panels
from cchc.followup.domain import moved
from cchc.organization.enums import Role
from cchc.organization.models import Person
from cchc.web.panels import Notice
from cchc.workdays.domain.calendar import fingerprint
from cchc.workdays.domain.day import seed
from cchc.workdays.models import Day
from cchc.workflow.models import Event, Extension, Obligation
from dialogues.models import Item
from tests.dialogues.factories import conference_at, item_at
from tests.factories import Force, post

pytestmark = pytest.mark.django_db
SOURCE = "Công văn số 5/UBND ngày 02/01/2020"
OFF = {"date": "2020-01-06", "kind": "off", "name": "Nghỉ tại địa phương", "source": SOURCE}


@pytest.fixture
def keeper(client: Client, force: Force) -> Client:
    client.force_login(force.administrator)
    return client


@pytest.fixture
def item(force: Force) -> Item:
    """Its answer is due on 23/01/2020, and whoever keeps the calendar may not read it."""
    return item_at(force, "assigned", conference=conference_at(force, "in_session"))


def consent(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Send the form, and agree to the preview."""
    shown = client.post(url, data)
    assert shown.status_code == 200, shown.context["form"].errors
    return client.post(url, {**data, "seen": shown.context["preview"].mark})


def entry(day: date, kind: str = "off", **fields: Any) -> Day:
    return Day.objects.create(date=day, kind=kind, **{"name": "Nghỉ", "source": SOURCE, **fields})


# --- reading
def test_everybody_who_signs_in_reads_the_year(client: Client, force: Force) -> None:
    seed([2026])
    assert client.get("/days/").status_code == 302
    for person in (force.officer, force.leader, force.inspector, force.administrator):
        client.force_login(person)
        page = client.get("/days/?year=2026")
        assert page.status_code == 200
        marks = {
            cell.date: cell.mark for month in page.context["months"] for week in month.weeks for cell in week if cell
        }
        assert len(marks) == 365
        assert (marks[date(2026, 1, 2)], marks[date(2026, 1, 10)]) == ("off", "work")
        assert (marks[date(2026, 1, 3)], marks[date(2026, 1, 5)]) == ("we", "")
        assert page.context["working_days"] == sum(mark in ("", "work") for mark in marks.values())
        changing = "/days/new/" in page.content.decode()
        assert changing == (person == force.administrator)


def test_days_are_told_by_words_and_not_by_color_alone(client: Client, force: Force) -> None:
    entry(date(2020, 1, 6), name="Nghỉ tại địa phương")
    entry(date(2020, 1, 11), "working", name="Làm bù")
    entry(date(2020, 1, 12), name="Ngày lễ")
    client.force_login(force.officer)
    page = client.get("/days/?year=2020").content.decode()
    for name in ("Nghỉ tại địa phương", "Làm bù", "Ngày lễ"):
        assert f", {name}</span></td>" in page
    assert page.count("<caption>") == 12
    assert page.count('scope="col"') == 12 * 7 + 4


@pytest.mark.parametrize("asked", ["", "abc", "1999", "99999", "2019'", "-2020"])
def test_another_year_than_the_kept_ones_is_this_year(client: Client, force: Force, asked: str) -> None:
    client.force_login(force.officer)
    assert client.get("/days/", {"year": asked}).context["year"] == str(timezone.localdate().year)


def test_the_list_says_who_entered_what_by_which_paper(keeper: Client, force: Force) -> None:
    seed([2020])
    consent(keeper, "/days/new/", OFF)
    listed = {line.day.date: line for line in keeper.get("/days/?year=2020").context["entries"]}
    entered, seeded = listed[date(2020, 1, 6)], listed[date(2020, 1, 23)]
    assert (entered.by, entered.day.source) == (force.administrator.full_name, SOURCE)
    assert (seeded.by, seeded.at) == ("", None)
    consent(keeper, f"/days/{entered.day.pk}/withdraw/", {"source": "Công văn số 6/UBND"})
    again = {line.day.date: line for line in keeper.get("/days/?year=2020").context["entries"]}[date(2020, 1, 6)]
    assert again.day.withdrawn and again.day.source == "Công văn số 6/UBND"
    assert keeper.get(f"/days/{entered.day.pk}/edit/").status_code == 404
    assert keeper.get(f"/days/{entered.day.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_more_entries_cost_no_more_queries(
    client: Client, force: Force, rows: int, django_assert_num_queries: Any
) -> None:
    client.force_login(force.administrator)
    for n in range(rows):
        consent(client, "/days/new/", {**OFF, "date": f"2020-01-{6 + n:02d}"})
    client.get("/days/?year=2020")
    client.get("/days/?year=2020")
    with django_assert_num_queries(9):
        client.get("/days/?year=2020")


# --- changing
CHANGING = ["/days/new/", "/days/swap/", "/days/{pk}/edit/", "/days/{pk}/withdraw/", "/days/seed/2020/"]


@pytest.mark.parametrize("url", CHANGING)
def test_only_who_keeps_the_calendar_reaches_the_forms(client: Client, force: Force, url: str) -> None:
    day = entry(date(2020, 1, 6))
    address = url.format(pk=day.pk)
    data = {**OFF, "off": "2020-01-07", "working": "2020-01-11", "date": "2020-01-08", "seen": fingerprint()}
    for person in (force.officer, force.secretary, force.leader, force.provincial_leader, force.inspector):
        client.force_login(person)
        assert client.get(address).status_code == client.post(address, data).status_code == 403
    assert Day.objects.count() == 1 and not Event.objects.of(day).exists()
    for person in (force.provincial_secretary, force.administrator):
        client.force_login(person)
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("url", ["/days/999/edit/", "/days/999/withdraw/", "/days/seed/1999/", "/days/seed/2999/"])
def test_what_is_not_there_is_404(keeper: Client, url: str) -> None:
    assert keeper.get(url).status_code == keeper.post(url, OFF).status_code == 404


def test_the_preview_saves_nothing_and_consent_does_what_it_showed(keeper: Client, force: Force, item: Item) -> None:
    assert item.turn is not None
    shown = keeper.post("/days/new/", OFF)
    lines = shown.context["lines"]
    assert not Day.objects.exists() and not Extension.objects.exists()
    assert [(line.pk, line.before) for line in lines] == [(item.turn.pk, item.turn.due_on)]
    saved = keeper.post("/days/new/", {**OFF, "seen": shown.context["preview"].mark})
    assert (saved.status_code, saved.url) == (302, "/days/?year=2020")
    before = item.turn.due_on
    item.turn.refresh_from_db()
    assert (item.turn.first_due_on, item.turn.due_on) == (before, lines[0].after)
    assert Day.objects.get().source == SOURCE


def test_the_preview_names_a_question_to_its_readers_alone(keeper: Client, force: Force, item: Item) -> None:
    page = keeper.post("/days/new/", OFF)
    assert page.context["lines"][0].link is None
    assert item.title not in page.content.decode()
    assert force.qlhc.name in str(page.context["lines"][0].owner)
    post(force.administrator, force.town, Role.SECRETARY)
    page = keeper.post("/days/new/", OFF)
    assert page.context["lines"][0].link.url == f"/items/{item.pk}/"


def test_the_preview_hides_who_owes_by_name(keeper: Client, force: Force) -> None:
    item_at(force, "published", conference=conference_at(force, "in_session"))
    page = keeper.post("/days/new/", OFF)
    assert len(page.context["lines"]) == 1
    assert force.officer.full_name not in page.content.decode()


def test_the_preview_counts_all_and_shows_some(
    keeper: Client, force: Force, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        item_at(force, "assigned", conference=item.conference)
    monkeypatch.setattr(moved, "SHOWN", 2)
    page = keeper.post("/days/new/", OFF)
    assert (len(page.context["lines"]), len(page.context["preview"].moved)) == (2, 4)


@pytest.mark.parametrize("rows", [1, 3])
def test_more_dates_cost_the_preview_no_more_queries(
    keeper: Client, force: Force, item: Item, rows: int, django_assert_num_queries: Any
) -> None:
    for _each in range(rows - 1):
        item_at(force, "assigned", conference=item.conference)
    keeper.post("/days/new/", OFF)
    with django_assert_num_queries(12):
        keeper.post("/days/new/", OFF)


def test_who_consents_to_an_old_preview_is_shown_the_new_one(keeper: Client, item: Item) -> None:
    mark = keeper.post("/days/new/", OFF).context["preview"].mark
    entry(date(2020, 1, 7))
    again = keeper.post("/days/new/", {**OFF, "seen": mark})
    assert again.status_code == 409 and again.context["refusal"]
    assert not Day.objects.filter(date=date(2020, 1, 6)).exists()
    assert keeper.post("/days/new/", {**OFF, "seen": again.context["preview"].mark}).status_code == 302


def test_back_from_the_preview_keeps_what_was_typed(keeper: Client) -> None:
    page = keeper.post("/days/new/", {**OFF, "back": "1", "seen": fingerprint()})
    assert page.status_code == 200 and page.context["form"]["name"].value() == OFF["name"]
    assert not Day.objects.exists()


def test_a_swap_is_two_days_with_one_paper(keeper: Client) -> None:
    saved = consent(keeper, "/days/swap/", {"off": "2026-01-02", "working": "2026-01-10", "source": SOURCE})
    assert saved.url == "/days/?year=2026"
    off, worked = Day.objects.order_by("date")
    assert (off.date, off.kind, worked.date, worked.kind) == (date(2026, 1, 2), "off", date(2026, 1, 10), "working")
    assert "10/01/2026" in off.name and "02/01/2026" in worked.name
    assert off.source == worked.source == SOURCE


def test_a_correction_at_another_date_withdraws_the_old_one(keeper: Client, force: Force) -> None:
    seed([2026])
    day = Day.objects.get(date=date(2026, 11, 24))
    consent(keeper, f"/days/{day.pk}/edit/", {**OFF, "date": "2026-11-25", "name": day.name})
    day.refresh_from_db()
    assert day.withdrawn and Day.objects.get(date=date(2026, 11, 25)).name == day.name
    assert seed([2026]) == 0


def test_a_correction_of_the_name_moves_nothing_and_is_recorded(keeper: Client, item: Item) -> None:
    day = entry(date(2020, 1, 6))
    consent(keeper, f"/days/{day.pk}/edit/", OFF)
    day.refresh_from_db()
    assert day.name == OFF["name"]
    assert Event.objects.of(day).get().data["moved"] == 0


@pytest.mark.parametrize(
    ("url", "data", "field"),
    [
        ("/days/new/", {**OFF, "source": " "}, "source"),
        ("/days/new/", {**OFF, "name": ""}, "name"),
        ("/days/new/", {**OFF, "kind": "half"}, "kind"),
        ("/days/new/", {**OFF, "date": "31/02/2020"}, "date"),
        ("/days/new/", {**OFF, "date": "2020-01-07"}, "date"),  # stands there already
        ("/days/new/", {**OFF, "date": "1999-01-07"}, "date"),
        ("/days/new/", {**OFF, "date": "2099-01-07"}, "date"),
        ("/days/new/", {**OFF, "kind": "working"}, "kind"),  # a weekday
        ("/days/swap/", {"off": "2020-01-11", "working": "2020-01-18", "source": "x"}, "off"),
        ("/days/swap/", {"off": "2020-01-06", "working": "2020-01-13", "source": "x"}, "working"),
        ("/days/swap/", {"off": "2020-01-07", "working": "2020-01-11", "source": "x"}, "off"),
        ("/days/swap/", {"off": "2020-01-06", "working": "2020-01-11"}, "source"),
        ("/days/{pk}/edit/", {**OFF, "date": "2020-01-07", "name": "Nghỉ"}, "__all__"),  # nothing is changed
        ("/days/{pk}/edit/", {**OFF, "date": "2020-01-08"}, "date"),
        ("/days/{pk}/edit/", {**OFF, "date": "2020-01-07", "kind": "working"}, "kind"),
        ("/days/{pk}/withdraw/", {"source": ""}, "source"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    keeper: Client, url: str, data: dict[str, str], field: str
) -> None:
    day = entry(date(2020, 1, 7))
    entry(date(2020, 1, 8))
    answer = keeper.post(url.format(pk=day.pk), {**data, "seen": fingerprint()})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert Day.objects.count() == 2


# --- the next year
def test_an_empty_next_year_is_told_to_who_keeps_the_calendar(client: Client, force: Force) -> None:
    def told(person: Person, at: datetime) -> list[Notice]:
        return [piece for piece in home_panels(person, at, 8) if isinstance(piece, Notice)]

    november = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    for person in (force.administrator, force.provincial_secretary):
        assert [notice.button and notice.button.url for notice in told(person, november)] == ["/days/seed/2027/"]
    assert told(force.administrator, datetime(2026, 10, 31, 16, 59, tzinfo=UTC)) == []
    assert told(force.secretary, november) == told(force.officer, november) == []
    seed([2027])
    assert told(force.administrator, november) == []


def test_the_calendar_warns_and_seeds_through_the_preview(keeper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)
    keeper.force_login(Person.objects.get(username="minh.hv"))
    assert "/days/seed/2027/" in keeper.get("/days/").content.decode()
    shown = keeper.get("/days/seed/2027/")
    assert len(shown.context["preview"].changes) > 9 and not Day.objects.exists()
    assert keeper.post("/days/seed/2027/", {"seen": shown.context["preview"].mark}).status_code == 302
    assert {day.date.year for day in Day.objects.all()} == {2027}
    assert keeper.get("/days/?year=2026").context["empty_year"] == ""
    assert keeper.get("/days/seed/2027/").context["preview"] is None
    assert Event.objects.filter(subject_type="workdays.day").count() == Day.objects.count()


def test_the_place_is_under_administration_for_who_keeps_it(client: Client, force: Force) -> None:
    for person, shown in ((force.administrator, True), (force.provincial_secretary, True), (force.leader, False)):
        client.force_login(person)
        assert ('href="/days/"' in client.get("/menu/").content.decode()) == shown


def test_obligations_of_the_whole_register_stay_untouched_by_reading(keeper: Client, item: Item) -> None:
    before = list(Obligation.objects.order_by("pk").values_list("pk", "due_on"))
    for url in ("/days/", "/days/new/", "/days/swap/", "/days/seed/2020/"):
        keeper.get(url)
    assert list(Obligation.objects.order_by("pk").values_list("pk", "due_on")) == before
    assert not Day.objects.exists()
