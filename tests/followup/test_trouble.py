"""A failing part of the background: found twice in a row it is told to the administrators once, and so is its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cchc.followup.domain.dispatch import dispatch
from cchc.followup.domain.trouble import FAIL, RECOVER, Part, troubles, work_off
from cchc.followup.models import Delivery, Pulse
from cchc.followup.sentences import sentences
from cchc.workflow.models import Event, Notice
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 17, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
BINDING = Part("binding", "Binding of books", "Look for the glue.", lambda since: Notice.objects.none())

WAITING = Part("waiting", "Events", "Nothing.", lambda since: Event.objects.filter(at__lt=since))


class Sticky(Exception):
    pass


def fails(error: Exception) -> Callable[[Any], bool]:
    def act(key: Any) -> bool:
        raise error

    return act


def work(act: Callable[[Any], bool], *keys: Any) -> int:
    return work_off(BINDING, keys or (1, 2, 3), act, AT, stops=(Sticky,))


def told() -> list[tuple[str, str]]:
    return list(Event.objects.filter(subject_type="followup.pulse").order_by("seq").values_list("action", "subject_id"))


@pytest.fixture(autouse=True)
def _declared(settings: Any) -> None:
    settings.BACKGROUND_PARTS = [f"{__name__}.BINDING"]


def test_what_passes_by_itself_disturbs_nobody(force: Force) -> None:
    work(fails(Sticky("no glue")))
    assert work(lambda key: True) == 3
    work(fails(Sticky("no glue")))
    assert (told(), Notice.objects.count()) == ([], 0)


def test_a_second_time_in_a_row_is_told_once_and_its_end_too(force: Force, settings: Any) -> None:
    settings.SENDS_EMAIL = True
    force.administrator.email = "quan.tri@example.vn"
    force.administrator.save()
    for _tick in range(5):
        work(fails(Sticky("no glue")))
    assert told() == [(FAIL, "binding")]
    (line,) = sentences(force.administrator.notices.select_related("event"), force.administrator)
    assert line.link is not None and line.mine
    assert (line.link.title, line.link.url) == ("Binding of books", reverse("health_show"))
    assert Notice.objects.count() == 1, "nobody but the administrator"
    dispatch(AT)
    assert Delivery.objects.get().manner == "at_once"
    for _tick in range(3):
        work(lambda key: True)
    assert told() == [(FAIL, "binding"), (RECOVER, "binding")]
    work(fails(Sticky("no glue")))
    work(fails(Sticky("no glue")))
    assert [action for action, _name in told()] == [FAIL, RECOVER, FAIL]


def test_a_round_without_work_changes_nothing(force: Force) -> None:
    work(fails(Sticky("no glue")))
    work_off(BINDING, [], lambda key: True, AT)
    assert not Pulse.objects.get(name="binding").ok


def test_what_concerns_all_ends_the_round_and_what_concerns_one_stops_no_other(force: Force) -> None:
    tried: list[int] = []

    def act(error: Exception) -> Callable[[int], bool]:
        def made(key: int) -> bool:
            tried.append(key)
            if key == 1:
                raise error
            return True

        return made

    assert (work(act(Sticky("no glue"))), tried) == (0, [1])
    assert (work(act(ValueError("page 7"))), tried) == (2, [1, 1, 2, 3])
    assert (work(act(OperationalError("at 10.0.0.5"))), tried[4:]) == (0, [1])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Sticky("no glue"), "no glue"),
        (OSError(28, "No space left on device", "/srv/secret"), "No space left on device"),
        (OperationalError("connection to 10.0.0.5 failed"), "OperationalError"),
        (ValueError("the text of a commitment"), "ValueError"),
    ],
)
def test_the_page_says_why_without_contents(force: Force, error: Exception, words: str) -> None:
    work(fails(error))
    detail = Pulse.objects.get(name="binding").detail
    assert words in detail
    for secret in ("/srv/secret", "10.0.0.5", "text of a commitment"):
        assert secret not in detail
    page = signed_in(force.administrator).get("/health/").content.decode()
    assert detail in page and "Look for the glue." in page and 'id="trouble-binding"' in page


def test_what_waits_too_long_is_shown_though_nobody_failed(force: Force, settings: Any) -> None:
    settings.BACKGROUND_PARTS = ["commitments.tasks.SEALING", "commitments.tasks.PRINTING"]
    assert troubles({}, AT) == []
    settings.BACKGROUND_PARTS = [f"{__name__}.WAITING"]
    first = Event.objects.order_by("at")[0].at
    assert troubles({}, first + timedelta(minutes=14)) == []
    assert troubles({}, first + timedelta(minutes=16))[0].waiting > 0


def test_others_see_no_way_to_the_page(force: Force, client: Client) -> None:
    work(fails(Sticky("no glue")))
    work(fails(Sticky("no glue")))
    notice = Notice.objects.get()
    assert sentences([notice], force.leader)[0].link is None
