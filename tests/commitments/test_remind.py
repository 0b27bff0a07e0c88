"""The board's buttons that remind: one unit, or everyone in the list; and who may know of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cchc.workflow.models import Event, Notice
from commitments.models import Campaign, Commitment
from tests.commitments.factories import campaign, commitment_at, sign
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(force: Force) -> Campaign:
    """Nobody has signed by the day set: all three are late."""
    return campaign(force)


def press(client: Client, opened: Campaign, **data: Any) -> Any:
    return client.post(reverse("campaign_remind", args=[opened.code]), data)


def told() -> set[str]:
    return set(Notice.objects.filter(reminded_by__isnull=False).values_list("person__username", flat=True))


def board(client: Client, opened: Campaign, pill: str = "all") -> Any:
    return client.get(reverse("campaign_show", args=[opened.code]), {"pill": pill})


def test_one_unit_by_its_button(force: Force, opened: Campaign) -> None:
    client, own = signed_in(force.secretary), opened.commitments.get(unit=force.ward)
    response = press(client, opened, commitment=own.pk, pill="late", q="phuong")
    assert response["Location"] == reverse("campaign_show", args=[opened.code]) + "?q=phuong&pill=late"
    assert told() == {force.ward_chief.username}
    event = Event.objects.get(subject_type="commitments.commitment", subject_id=str(own.pk), action="remind")
    assert (event.actor, event.data["people"]) == (force.secretary, [force.ward_chief.pk])


def test_everyone_in_the_list_and_nobody_twice(force: Force, opened: Campaign) -> None:
    client = signed_in(force.secretary)
    press(client, opened, pill="late", group=opened.groups.get(name="Phường, xã").pk)
    assert told() == {force.ward_chief.username}
    press(client, opened, pill="late")
    # Nobody holds the post of TH's chief: the host's leaders are told in its place, never who pressed.
    chiefs = {force.ward_chief.username, force.unit_chief.username}
    assert told() == chiefs | {force.leader.username, force.deputy.username}
    count = Notice.objects.count()
    press(client, opened, pill="idle")
    assert Notice.objects.count() == count
    assert Event.objects.filter(action="remind").count() == 3


def test_what_awaits_the_leader_is_not_reminded_by_himself(force: Force, opened: Campaign) -> None:
    sign(commitment_at(force, of=opened), force.unit_chief)
    press(signed_in(force.leader), opened, pill="signed")
    assert told() == set()
    press(signed_in(force.secretary), opened, pill="signed")
    assert force.leader.username in told()


def test_the_board_says_who_was_reminded_and_takes_the_button_away(force: Force, opened: Campaign) -> None:
    client = signed_in(force.leader)
    page = board(client, opened, "late")
    assert page.context["remind_all"] and not any(row.reminded_at for row in page.context["rows"])
    assert page.content.decode().count('name="commitment"') == 3
    press(client, opened, commitment=opened.commitments.get(unit=force.qlhc).pk)
    page = board(client, opened, "late")
    assert [row.commitment.unit for row in page.context["rows"] if row.reminded_today] == [force.qlhc]
    assert page.content.decode().count('name="commitment"') == 2
    press(client, opened, pill="late")
    assert not board(client, opened, "late").context["remind_all"]


def test_whoever_does_not_run_the_campaign_has_no_button(force: Force, opened: Campaign) -> None:
    own = opened.commitments.get(unit=force.ward)
    for who, status in ((force.unit_chief, 403), (force.inspector, 403), (force.stranger, 404), (force.officer, 403)):
        client = signed_in(who)
        assert press(client, opened, commitment=own.pk).status_code == status
        if status == 403:
            assert not board(client, opened).context["reminds"]
    assert client.get(reverse("campaign_remind", args=[opened.code])).status_code == 405
    assert told() == set()


def test_another_campaign_s_row_and_nonsense_remind_nobody(force: Force, opened: Campaign) -> None:
    other = campaign(force, code="CK-2021", year=2021)
    client = signed_in(force.secretary)
    for wrong in (other.commitments.get(unit=force.th).pk, "x", "0" * 32):
        assert press(client, opened, commitment=wrong).status_code == 302
    assert told() == set()


def test_a_campaign_in_preparation_reminds_of_nothing(force: Force) -> None:
    made = campaign(force, opened=False)
    assert press(signed_in(force.secretary), made).status_code == 403


def test_who_has_been_told_is_for_the_host_s_staff(force: Force, opened: Campaign) -> None:
    own = opened.commitments.get(unit=force.qlhc)
    press(signed_in(force.secretary), opened, commitment=own.pk)
    address = reverse("told_list", args=["commitments.commitment", own.pk])
    page = signed_in(force.leader).get(address)
    assert force.secretary.full_name in page.content.decode()
    assert [line.name for line in page.context["lines"]] == [force.unit_chief.full_name]
    for who in (force.unit_chief, force.officer, force.stranger):
        assert signed_in(who).get(address).status_code == 404


def test_the_unit_reads_in_its_history_that_it_was_reminded(force: Force, opened: Campaign) -> None:
    own = opened.commitments.get(unit=force.qlhc)
    press(signed_in(force.secretary), opened, commitment=own.pk)
    page = signed_in(force.unit_chief).get(reverse("commitment_show", args=[own.pk]))
    assert any(force.secretary.full_name in entry.actor for entry in page.context["entries"])
    assert Commitment.objects.get(pk=own.pk).moves == own.moves, "a form that is open stays good"


def test_reminding_three_costs_one_row_of_history_more_each(
    force: Force, opened: Campaign, django_assert_num_queries: Any
) -> None:
    client, own = signed_in(force.secretary), opened.commitments.get(unit=force.ward).pk
    press(client, opened, commitment=own)
    Notice.objects.all().delete()
    with django_assert_num_queries(17):
        press(client, opened, commitment=own)
    Notice.objects.all().delete()
    with django_assert_num_queries(19):
        press(client, opened)
