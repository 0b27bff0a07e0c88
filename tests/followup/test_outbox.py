"""The outbox page: what was sent, what failed and why, and sending it again; never what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cchc.followup.domain.resend import outbox, resend
from cchc.followup.models import Delivery
from cchc.organization.models import Position
from cchc.workflow.models import Notice
from tests.dialogues.factories import conference_at, item_at
from tests.dialogues.pages import signed_in
from tests.factories import Force, person, unit
from tests.followup.outbox import delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(force: Force) -> dict[str, Delivery]:
    at = timezone.now()
    return {
        "queued": delivery(force.officer, made_at=at - timedelta(minutes=1)),
        "sent": delivery(force.officer, state="sent", ended_at=at, attempts=1, made_at=at - timedelta(minutes=2)),
        "failed": delivery(
            force.secretary, state="failed", ended_at=at, attempts=6, answer="550 no such user",
            made_at=at - timedelta(minutes=3),
        ),
        "dropped": delivery(force.officer, state="dropped", ended_at=at, made_at=at - timedelta(minutes=4)),
    }  # fmt: skip


def shown(force: Force, query: str = "") -> list[Delivery]:
    answer = signed_in(force.administrator).get(f"/outbox/{query}")
    assert answer.status_code == 200
    return [row for row, _notices in answer.context["rows"]]


def test_the_newest_first_and_each_pill_its_own(force: Force, four: dict[str, Delivery]) -> None:
    assert shown(force) == list(four.values())
    for pill, names in {"waiting": ["queued"], "sent": ["sent"], "failed": ["failed"], "dropped": ["dropped"]}.items():
        assert shown(force, f"?state={pill}") == [four[name] for name in names]


def test_pages_by_key_over_several_states(force: Force) -> None:
    at = timezone.now()
    made = [
        delivery(
            force.officer,
            made_at=at - timedelta(minutes=each),
            **({} if each % 2 else {"state": "sent", "ended_at": at}),
        )
        for each in range(30)
    ]
    client = signed_in(force.administrator)
    first = client.get("/outbox/")
    second = client.get("/outbox/", {"after": first.context["page"].next})
    rows = [row for answer in (first, second) for row, _notices in answer.context["rows"]]
    assert rows == made


def test_by_recipient(force: Force, four: dict[str, Delivery]) -> None:
    assert shown(force, f"?q={force.secretary.full_name}") == [four["failed"]]
    assert shown(force, "?q=khong+co+ai") == []


def test_the_answer_of_the_server_and_no_contents(force: Force) -> None:
    item = item_at(force, "assigned", conference=conference_at(force, "collecting"))
    notice = Notice.objects.filter(person=force.unit_chief).latest("pk")
    delivery(force.unit_chief, notice, state="failed", ended_at=timezone.now(), answer="550 no such user")
    answer = signed_in(force.administrator).get("/outbox/")
    page = answer.content.decode()
    assert "550 no such user" in page
    assert item.title not in page
    assert item.code not in page
    assert [notices for _row, notices in answer.context["rows"]] == [1]


@pytest.mark.parametrize("who", ["officer", "secretary", "leader", "provincial_secretary", "inspector"])
def test_it_is_the_administrators(force: Force, four: dict[str, Delivery], who: str) -> None:
    client = signed_in(getattr(force, who))
    assert client.get("/outbox/").status_code == 403
    assert client.post(f"/outbox/{four['failed'].pk}/resend/").status_code == 403
    assert client.post("/outbox/resend/").status_code == 403
    four["failed"].refresh_from_db()
    assert four["failed"].state == "failed"


def test_people_of_another_province_are_not_his(force: Force) -> None:
    elsewhere = person()
    Position.objects.create(
        person=elsewhere, unit=unit("CATB", kind="province_police"), role="officer", title="Cán bộ",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    foreign = delivery(elsewhere, state="failed", ended_at=timezone.now())
    assert shown(force) == []
    client = signed_in(force.administrator)
    assert client.post(f"/outbox/{foreign.pk}/resend/").status_code == 404
    client.post("/outbox/resend/")
    foreign.refresh_from_db()
    assert foreign.state == "failed"


def test_sending_one_again(force: Force, four: dict[str, Delivery]) -> None:
    client, failed = signed_in(force.administrator), four["failed"]
    before = failed.message_id
    assert client.get(f"/outbox/{failed.pk}/resend/").status_code == 405
    assert client.post(f"/outbox/{failed.pk}/resend/").status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.ended_at) == ("queued", 0, None)
    assert failed.not_before <= timezone.now()
    assert failed.message_id == before  # a copy can be told apart


@pytest.mark.parametrize("name", ["sent", "queued", "dropped"])
def test_only_what_failed_is_sent_again(force: Force, four: dict[str, Delivery], name: str) -> None:
    before = Delivery.objects.values().get(pk=four[name].pk)
    assert signed_in(force.administrator).post(f"/outbox/{four[name].pk}/resend/").status_code == 302
    assert Delivery.objects.values().get(pk=four[name].pk) == before


def test_all_that_failed_after_a_question(force: Force, four: dict[str, Delivery]) -> None:
    delivery(force.officer, state="failed", ended_at=timezone.now())
    client = signed_in(force.administrator)
    assert client.get("/outbox/resend/").context["count"] == 2
    assert Delivery.objects.filter(state="failed").count() == 2  # asking changes nothing
    assert client.post("/outbox/resend/").status_code == 302
    assert not Delivery.objects.filter(state="failed").exists()
    assert Delivery.objects.filter(state="queued").count() == 3


def test_twice_is_once(force: Force, four: dict[str, Delivery]) -> None:
    rows, at = outbox(force.administrator), timezone.now()
    assert resend(rows, by=force.administrator, at=at) == 1
    assert resend(rows, by=force.administrator, at=at) == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    item_at(force, "assigned", conference=conference_at(force, "collecting"))
    notices = list(Notice.objects.all()[:2])
    for _each in range(rows):
        delivery(force.officer, *notices, state="failed", ended_at=timezone.now())
    client = signed_in(force.administrator)
    client.get("/outbox/")
    with django_assert_num_queries(9):
        assert len(client.get("/outbox/").context["rows"]) == rows
