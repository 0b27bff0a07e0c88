"""Absences: who may record them, what the stand-in may then do, and what ends with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.organization.access import can, role_holders
from cchc.organization.domain import absence as absences
from cchc.organization.domain.position import take_back
from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Absence, Person, Position
from cchc.organization.roster import Roster
from cchc.workflow.models import Event
from dialogues import permissions
from tests.dialogues.factories import ANSWERED, item_at, move
from tests.factories import AT, Force, person, post

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2020, 1, 2), date(2020, 1, 8)
NOW = datetime(2020, 1, 2, 1, 0, tzinfo=UTC)  # 8:00 in Vietnam
KT = {"acting_kind": ActingKind.KT, "authority": "27/QĐ-CATX"}


def post_of(holder: Person) -> Position:
    return holder.positions.get()


def fresh(someone: Person) -> Person:
    """As the next request reads them: posts are read once per request."""
    return Person.objects.get(pk=someone.pk)


def away(force: Force, holder: Person, by: Person | None = None, at: datetime = AT, **more: Any) -> Absence:
    days = {"first": FIRST, "last": LAST, "reason": "Nghỉ phép", **more}
    return absences.record_absence(post_of(holder), **days, by=by or force.secretary, at=at)


# --- who may ----------------------------------------------------------------------------------------------------------
# Over the posts of the officer's own team, of the leader, and of the town next door; with a stand-in or without.
RECORDERS = {
    "officer": "",
    "unit_chief": "",
    "secretary": "team head ward",
    "leader": "team head ward",
    "deputy": "team head ward",
    "idle_deputy": "",
    "ward_chief": "",
    "provincial_secretary": "team head ward next province",
    "provincial_leader": "team head ward next province",
    "inspector": "",
    "administrator": "team head ward next province",
    "next_leader": "next",
}


@pytest.mark.parametrize("who", RECORDERS)
def test_who_may_say_who_stands_in(force: Force, who: str) -> None:
    posts = {
        "team": post_of(force.unit_chief),
        "head": post_of(force.leader),
        "ward": post_of(force.ward_chief),
        "next": post_of(force.next_leader),
        "province": post_of(force.provincial_leader),
    }
    found = {name for name, held in posts.items() if absences.may_name_stand_in(force.people[who], held)}
    assert found == set(RECORDERS[who].split())
    own = post_of(force.people[who])
    assert absences.may_record(force.people[who], own)


def test_a_post_over_accounts_or_over_everybodys_work_passes_only_by_who_manages_people(force: Force) -> None:
    for guarded in (force.administrator, force.inspector):
        allowed = [name for name, by in force.people.items() if absences.may_name_stand_in(by, post_of(guarded))]
        assert allowed == ["administrator"]


def test_everybody_records_his_own_absence_but_names_nobody(force: Force) -> None:
    own = away(force, force.officer, by=force.officer)
    assert own.stand_in is None
    with pytest.raises(PermissionDenied):
        away(force, force.unit_chief, by=force.unit_chief, stand_in=force.officer, **KT)
    with pytest.raises(PermissionDenied):
        away(force, force.unit_chief, by=force.officer)
    with pytest.raises(PermissionDenied):
        absences.name_stand_in(own, force.unit_chief, by=force.unit_chief, at=AT, **KT)


def test_the_head_names_his_own_stand_in(force: Force) -> None:
    absence = away(force, force.leader, by=force.leader, stand_in=force.idle_deputy, **KT)
    assert absence.stand_in is not None
    assert absence.stand_in.title == "Trưởng Công an thị xã"
    assert can(fresh(force.idle_deputy), permissions.ANSWER, force.town, FIRST)


# --- what follows from it ---------------------------------------------------------------------------------------------
def test_whoever_stands_in_has_the_post_for_these_days(force: Force) -> None:
    absence = away(force, force.leader, stand_in=force.idle_deputy, **KT)
    acting = absence.stand_in
    assert acting is not None
    assert (acting.unit, acting.role, acting.acting_kind, acting.authority) == (
        force.town, Role.LEADER, "kt", "27/QĐ-CATX",
    )  # fmt: skip
    assert (acting.valid_from, acting.valid_to) == (FIRST, LAST)
    deputy = fresh(force.idle_deputy)
    for day, may in ((FIRST - timedelta(1), False), (FIRST, True), (LAST, True), (LAST + timedelta(1), False)):
        assert can(deputy, permissions.ANSWER, force.town, day) is may
        assert (deputy in role_holders(Role.LEADER, force.town, day)) is may
        assert (force.leader in role_holders(Role.LEADER, force.town, day)) is not may


def test_what_the_stand_in_does_is_written_with_kt(force: Force) -> None:
    with_leader = item_at(force, "prepared")
    today = timezone.localdate()
    away(
        force, force.leader, stand_in=force.idle_deputy, first=today, last=today + timedelta(days=5), at=ANSWERED, **KT
    )
    force.leader.__dict__.pop("_posts", None)
    acting = fresh(force.idle_deputy)
    answered = move(with_leader, "answer", force.__class__(**{**vars(force), "leader": acting}), at=timezone.now())
    event = Event.objects.of(answered).newest_first().first()
    assert event is not None
    assert event.acting_as == "KT. Trưởng Công an thị xã"
    assert answered.answer is not None
    assert (answered.answer.acting_kind, answered.answer.answered_by) == ("kt", acting)


def test_a_notice_goes_to_the_stand_in_and_not_to_the_absent(force: Force) -> None:
    today = timezone.localdate()
    stand_in = person("thay.nv")
    post(stand_in, force.qlhc, Role.OFFICER)
    away(force, force.unit_chief, first=today, last=today, stand_in=stand_in, at=timezone.now(), **KT)
    item = move(item_at(force, "accepted"), "assign", force, at=timezone.now())
    event = Event.objects.of(item).newest_first().first()
    assert event is not None
    assert {notice.person for notice in event.notices.all()} == {stand_in}


def test_without_a_stand_in_the_seat_is_vacant_and_the_absent_is_told_all_the_same(force: Force) -> None:
    away(force, force.unit_chief)
    roster = Roster.load(FIRST, [force.qlhc.pk])
    assert roster.holders(Role.UNIT_CHIEF, force.qlhc.pk) == ()
    assert roster.away(Role.UNIT_CHIEF, force.qlhc.pk) == (force.unit_chief.pk,)
    assert force.secretary.pk in roster.stand_ins(Role.UNIT_CHIEF, force.qlhc.pk)
    assert role_holders(Role.UNIT_CHIEF, force.qlhc, FIRST) == [force.unit_chief]
    back = Roster.load(LAST + timedelta(days=1), [force.qlhc.pk])
    assert back.holders(Role.UNIT_CHIEF, force.qlhc.pk) == (force.unit_chief.pk,)
    assert back.away(Role.UNIT_CHIEF, force.qlhc.pk) == ()


def test_an_absent_deputy_leaves_the_head_alone_in_the_seat(force: Force) -> None:
    away(force, force.deputy)
    assert role_holders(Role.LEADER, force.town, FIRST) == [force.leader]
    assert Roster.load(FIRST, [force.town.pk]).away(Role.LEADER, force.town.pk) == ()


# --- what is refused --------------------------------------------------------------------------------------------------
def refused(field: str, act: Any, *arguments: Any, **options: Any) -> None:
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        act(*arguments, **options)
    found = set(refusal.value.error_dict) if hasattr(refusal.value, "error_dict") else {""}
    assert found == {field}


def test_who_may_not_stand_in(force: Force) -> None:
    both = {"stand_in": force.administrator, **KT}
    refused("stand_in", away, force, force.provincial_leader, by=force.provincial_secretary, **both)
    refused("stand_in", away, force, force.leader, **{**both, "stand_in": force.inspector})
    refused("stand_in", away, force, force.leader, **{**both, "stand_in": force.stranger})
    refused("stand_in", away, force, force.leader, **{**both, "stand_in": force.leader})
    refused("stand_in", away, force, force.leader, **{**both, "stand_in": force.secretary})  # nobody names himself
    refused("stand_in", away, force, force.idle_deputy, **{**both, "stand_in": force.officer})
    away(force, force.officer)
    refused("stand_in", away, force, force.unit_chief, **{**both, "stand_in": force.officer})  # away himself
    assert not Position.objects.exclude(acting_kind="").exclude(person=force.deputy).exists()


def test_who_holds_the_post_anyway_does_not_stand_in(force: Force) -> None:
    other = person("ca.nv")
    post(other, force.th, Role.SECRETARY)
    refused("stand_in", away, force, force.secretary, by=force.leader, stand_in=other, **KT)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"acting_kind": "", "authority": "1"}, "acting_kind"),
        ({"acting_kind": "tm", "authority": "1"}, "acting_kind"),
        ({"acting_kind": "kt", "authority": ""}, "authority"),
    ],
)
def test_acting_needs_kind_and_paper(force: Force, given: dict[str, str], field: str) -> None:
    refused(field, away, force, force.unit_chief, stand_in=force.officer, **given)
    assert Absence.objects.count() == 0


def test_one_absence_of_a_post_at_a_time(force: Force) -> None:
    away(force, force.officer)
    refused("first", away, force, force.officer, first=LAST, last=LAST + timedelta(days=3))
    away(force, force.officer, first=LAST + timedelta(days=1), last=LAST + timedelta(days=3))
    refused("first", away, force, force.ward_officer, first=date(2018, 12, 30), last=FIRST)


def test_nobody_stands_in_for_a_stand_in(force: Force) -> None:
    acting = away(force, force.unit_chief, stand_in=force.officer, **KT).stand_in
    assert acting is not None
    with pytest.raises(ValidationError):
        absences.record_absence(acting, first=FIRST, last=FIRST, reason="Đi học", by=force.secretary, at=AT)
    assert acting not in absences.posts_for(force.secretary, FIRST)


def test_the_database_refuses_what_goes_round_the_door(force: Force) -> None:
    held = post_of(force.officer)
    acting = post(force.officer, force.qlhc, Role.UNIT_CHIEF, acting_kind="tl", authority="1")
    days = {"valid_from": FIRST, "valid_to": LAST, "reason": "Nghỉ phép"}
    for wrong in (
        {**days, "valid_to": FIRST - timedelta(days=1)},
        {**days, "reason": ""},
        {**days, "stand_in": held},
        {**days, "stand_in": acting, "cancelled_at": AT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(post=held, **wrong)
    Absence.objects.create(post=held, **days, stand_in=acting)


# --- it ends ----------------------------------------------------------------------------------------------------------
def test_back_earlier_the_acting_post_ends_too(force: Force) -> None:
    absence = away(force, force.unit_chief, stand_in=force.officer, **KT)
    at = datetime(2020, 1, 6, 1, tzinfo=UTC)
    done = absences.shorten(absence, last=date(2020, 1, 5), by=force.unit_chief, at=at)
    assert done.stand_in is not None
    assert (done.valid_to, done.stand_in.valid_to) == (date(2020, 1, 5), date(2020, 1, 5))
    assert not can(fresh(force.officer), permissions.PREPARE, force.qlhc, date(2020, 1, 6))
    refused("", absences.shorten, done, last=date(2020, 1, 4), by=force.unit_chief, at=at)


def test_before_it_began_it_is_cancelled_and_the_acting_post_is_gone(force: Force) -> None:
    absence = away(force, force.unit_chief, stand_in=force.officer, **KT)
    done = absences.shorten(absence, last=FIRST - timedelta(days=1), by=force.secretary, at=NOW, note="Hoãn phép")
    assert done.cancelled_at == NOW
    assert done.stand_in is None
    assert not Position.objects.filter(role=Role.UNIT_CHIEF, person=force.officer).exists()
    assert not can(fresh(force.officer), permissions.PREPARE, force.qlhc, FIRST)
    event = Event.objects.filter(subject_type="organization.position", action="take_back").get()
    assert (event.note, event.data["person"]) == ("Hoãn phép", force.officer.pk)
    away(force, force.unit_chief)  # the days are free again


def test_what_has_passed_stays(force: Force) -> None:
    absence = away(force, force.unit_chief, stand_in=force.officer, **KT)
    later = datetime(2020, 1, 7, 1, tzinfo=UTC)
    for last in (date(2020, 1, 5), FIRST - timedelta(days=1), LAST):
        refused("last", absences.shorten, absence, last=last, by=force.secretary, at=later)
    with pytest.raises(ValidationError):
        take_back(absence.stand_in, by=force.secretary, at=later)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        absences.shorten(absence, last=date(2020, 1, 6), by=force.stranger, at=later)


def test_a_stand_in_named_later_begins_that_day_and_goes_with_a_shortening(force: Force) -> None:
    absence = away(force, force.unit_chief, by=force.unit_chief)
    at = datetime(2020, 1, 6, 1, tzinfo=UTC)
    named = absences.name_stand_in(absence, force.officer, by=force.secretary, at=at, **KT)
    assert named.stand_in is not None
    assert (named.stand_in.valid_from, named.stand_in.valid_to) == (date(2020, 1, 6), LAST)
    refused("", absences.name_stand_in, absence, force.ward_officer, by=force.secretary, at=at, **KT)
    done = absences.shorten(named, last=date(2020, 1, 5), by=force.secretary, at=at)
    assert done.stand_in is None
    assert not Position.objects.filter(role=Role.UNIT_CHIEF, person=force.officer).exists()


# --- pages ------------------------------------------------------------------------------------------------------------
def days_from_today(first: int = 0, last: int = 4) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "first": (today + timedelta(days=first)).isoformat(),
        "last": (today + timedelta(days=last)).isoformat(),
        "reason": "Nghỉ phép",
    }


def test_recorded_completed_and_cancelled_by_its_pages(client: Client, force: Force) -> None:
    held = post_of(force.unit_chief)
    client.force_login(force.unit_chief)
    assert reverse("absence_create", args=[held.pk]) in client.get(reverse("absence_choose")).content.decode()
    page = client.get(reverse("absence_create", args=[held.pk]))
    assert set(page.context["form"].fields) == {"first", "last", "reason"}
    assert client.post(reverse("absence_create", args=[held.pk]), days_from_today(1)).status_code == 302
    absence = Absence.objects.get()
    assert client.get(reverse("absence_stand_in", args=[absence.pk])).status_code == 404
    client.force_login(force.secretary)
    found = client.get(reverse("absence_choose"), {"q": "tran thi binh"}).content.decode()
    assert reverse("absence_create", args=[held.pk]) in found
    listed = client.get(reverse("absence_list")).content.decode()
    assert reverse("absence_stand_in", args=[absence.pk]) in listed
    options = client.get(reverse("absence_people", args=[held.pk]), {"stand_in": "an"}).content.decode()
    assert 'value="an.nv - Nguyễn Văn An"' in options
    typed = {"stand_in": "an.nv - Nguyễn Văn An", **KT}
    assert client.post(reverse("absence_stand_in", args=[absence.pk]), typed).status_code == 302
    absence.refresh_from_db()
    assert absence.stand_in is not None
    assert absence.stand_in.person == force.officer
    assert reverse("absence_stand_in", args=[absence.pk]) not in client.get(reverse("absence_list")).content.decode()
    last = {"last": timezone.localdate().isoformat(), "note": "Hoãn"}
    assert client.post(reverse("absence_end", args=[absence.pk]), last).status_code == 302
    absence.refresh_from_db()
    assert absence.cancelled_at is not None
    assert client.get(reverse("absence_end", args=[absence.pk])).status_code == 404


def test_a_refused_form_keeps_what_was_typed(client: Client, force: Force) -> None:
    client.force_login(force.secretary)
    address = reverse("absence_create", args=[post_of(force.unit_chief).pk])
    typed = {**days_from_today(), "stand_in": "khong ai", "acting_kind": "kt", "authority": "27/QĐ"}
    answer = client.post(address, typed)
    assert answer.status_code == 400
    assert 'value="27/QĐ"' in answer.content.decode()
    half = client.post(address, {**days_from_today(), "stand_in": "an.nv"})
    assert set(half.context["form"].errors) == {"acting_kind", "authority"}
    crossed = client.post(address, days_from_today(4, 1))
    assert set(crossed.context["form"].errors) == {"last"}
    assert Absence.objects.count() == 0


def test_foreign_posts_and_absences_are_not_there(client: Client, force: Force) -> None:
    absence = absences.record_absence(
        post_of(force.unit_chief), first=timezone.localdate(), last=timezone.localdate(), reason="Họp",
        by=force.secretary, at=timezone.now(),
    )  # fmt: skip
    for who in (force.stranger, force.next_leader, force.officer, force.inspector):
        client.force_login(who)
        for name, pk in (
            ("absence_create", absence.post_id), ("absence_people", absence.post_id),
            ("absence_stand_in", absence.pk), ("absence_end", absence.pk),
        ):  # fmt: skip
            assert client.get(reverse(name, args=[pk])).status_code == 404, (who, name)
        assert force.unit_chief.full_name not in client.get(reverse("absence_list")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_more_absences_cost_no_more_queries(
    client: Client, force: Force, rows: int, django_assert_num_queries: Any
) -> None:
    today = timezone.localdate()
    for held in [post_of(each) for each in (force.officer, force.unit_chief, force.ward_chief)][:rows]:
        absences.record_absence(
            held, first=today, last=today, reason="Họp", by=force.secretary, at=timezone.now(),
            stand_in=force.idle_deputy, **KT,
        )  # fmt: skip
    client.force_login(force.leader)
    client.get(reverse("absence_list"))
    with django_assert_num_queries(6):
        assert len(client.get(reverse("absence_list")).context["lines"]) == rows
