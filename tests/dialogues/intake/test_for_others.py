"""What the secretary enters for somebody else."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cchc.workflow.engine import perform
from cchc.workflow.models import Event
from dialogues.domain import intake
from dialogues.models import Conference, Item
from tests.dialogues.asking import code_holder, code_on, entered, for_others, open_now
from tests.factories import Force

# --- for somebody else ---


def test_only_the_secretary_enters_for_others(client: Client, force: Force, conference: Conference) -> None:
    for person in (
        force.officer,
        force.unit_chief,
        force.leader,
        force.stranger,
        force.next_leader,
        force.administrator,
    ):
        client.force_login(person)
        assert client.get(for_others(conference)).status_code == 404, person
        assert client.post(for_others(conference), entered()).status_code == 404, person
    assert not Item.objects.exists()


def test_a_slip_of_a_citizen(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    assert client.get(for_others(conference)).status_code == 200
    answer = client.post(
        for_others(conference), entered(received_on=f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}")
    )
    item = Item.objects.get()
    assert intake.track(code_on(answer)) == item
    assert (item.asker_name, item.channel, item.audience, item.author) == ("Lê Thị Hồng", "paper", "citizens", None)
    first = Event.objects.of(item).order_by("seq").first()
    assert first is not None
    assert first.actor == force.secretary
    assert first.data["received_on"] == f"{timezone.localdate() - timedelta(days=1)}"
    assert "channel=paper" in answer.content.decode()  # the next one
    told = client.get(reverse("item_show", args=[item.pk])).context["timeline"][-1]
    assert (told.actor, told.icon) == (force.secretary.full_name, "edit")  # entered, and not asked by the secretary


def test_a_slip_of_an_officer_is_among_his_own(client: Client, force: Force, conference: Conference) -> None:
    client.force_login(force.secretary)
    answer = client.post(
        for_others(conference), entered(audience="officers", author="nguyễn văn an", asker_name="", channel="live_oral")
    )
    item = Item.objects.get()
    assert answer.status_code == 200
    assert (item.author, item.unit, item.tracking_digest) == (force.officer, force.qlhc, None)
    assert 'id="code"' not in answer.content.decode()


def test_a_slip_without_a_name_says_who_entered_it_and_not_whose_it_is(
    client: Client, force: Force, conference: Conference
) -> None:
    client.force_login(force.secretary)
    client.post(
        for_others(conference), entered(identity="anonymous", author="an.nv", audience="officers", channel="box")
    )
    item = Item.objects.get()
    assert (item.author, item.asker_name, item.unit) == (None, "", None)
    assert {event.actor for event in Event.objects.of(item)} == {force.secretary}


def test_slips_may_come_after_the_window(client: Client, force: Force) -> None:
    now = timezone.now()
    conference = open_now(force, "concluded", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    client.force_login(force.secretary)
    assert client.post(for_others(conference), entered()).status_code == 200
    perform(Item.objects.get(), "withdraw", by=code_holder(Item.objects.get()), at=now)
    perform(Conference.objects.get(), "close", by=force.secretary, at=now)
    assert client.post(for_others(conference), entered()).status_code == 409


def test_officers_are_proposed_to_the_secretary(client: Client, force: Force, conference: Conference) -> None:
    address = reverse("ask_people", args=[conference.code])
    client.force_login(force.secretary)
    page = client.post(address, {"author": "van an"}).content.decode()
    assert "an.nv" in page
    assert "nam.dv" not in client.post(address, {"author": "nam"}).content.decode()  # next door
    client.force_login(force.officer)
    assert client.post(address, {"author": "van an"}).status_code == 404
