"""How people want to be told: by the page, with duties that are never off."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cchc.followup.domain.preference import DEFAULTS, choices_for, manner_for, prefer, preferences_of
from cchc.followup.enums import About, Channel, Manner
from cchc.followup.models import Preference
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db
TURNS, DUTIES, NEWS = ((Channel.EMAIL, about) for about in (About.TURNS, About.DUTIES, About.NEWS))
PAGE = "/account/notices/"


def test_until_somebody_chooses_the_defaults_hold(force: Force) -> None:
    assert preferences_of(force.officer) == DEFAULTS
    assert manner_for([force.officer.pk], *NEWS) == {force.officer.pk: DEFAULTS[NEWS]}
    assert set(DEFAULTS) == {(channel, about) for channel in Channel for about in About}
    assert DEFAULTS == {TURNS: Manner.AT_ONCE, DUTIES: Manner.DIGEST, NEWS: Manner.DIGEST}


def test_each_has_his_own_and_they_come_in_one_question(force: Force, django_assert_num_queries: Any) -> None:
    prefer(force.officer, {NEWS: Manner.OFF})
    prefer(force.leader, {NEWS: Manner.AT_ONCE})
    ids = [force.officer.pk, force.leader.pk, force.secretary.pk]
    with django_assert_num_queries(1):
        assert manner_for(ids, *NEWS) == dict(zip(ids, (Manner.OFF, Manner.AT_ONCE, DEFAULTS[NEWS]), strict=True))


@pytest.mark.parametrize("own", [TURNS, DUTIES], ids=["turns", "duties"])
def test_duties_are_never_off(force: Force, own: tuple[Channel, About]) -> None:
    assert Manner.OFF not in choices_for(own[1])
    with pytest.raises(ValueError, match=own[1]):
        prefer(force.officer, {NEWS: Manner.OFF, own: Manner.OFF})
    assert preferences_of(force.officer) == DEFAULTS  # all or nothing
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(person=force.officer, channel=own[0], about=own[1], manner=Manner.OFF)


def test_by_the_page(force: Force) -> None:
    client = signed_in(force.officer)
    assert client.get(PAGE).context["form"]["email-news"].initial == DEFAULTS[NEWS]
    assert (
        client.post(PAGE, {"email-turns": "digest", "email-duties": "at_once", "email-news": "off"}).status_code == 302
    )
    assert preferences_of(force.officer) == {TURNS: Manner.DIGEST, DUTIES: Manner.AT_ONCE, NEWS: Manner.OFF}
    page = client.get(PAGE).content.decode()
    assert 'value="at_once" id="id_email-duties_0" checked' in page
    typed = {"email-turns": "digest", "email-duties": "digest", "email-news": "digest"}
    assert client.post(PAGE, typed).status_code == 302
    assert set(preferences_of(force.officer).values()) == {Manner.DIGEST}


@pytest.mark.parametrize(
    "typed",
    [
        {"email-turns": "at_once", "email-duties": "off", "email-news": "off"},
        {"email-turns": "off", "email-duties": "digest", "email-news": "off"},
        {"email-duties": "x"},
        {},
    ],
)
def test_what_cannot_be_chosen_is_refused(force: Force, typed: dict[str, str]) -> None:
    answer = signed_in(force.officer).post(PAGE, typed)
    assert (answer.status_code, Preference.objects.count()) == (400, 0)


def test_whoever_has_no_address_is_told_so(force: Force) -> None:
    client = signed_in(force.officer)
    assert 'id="no-address"' in client.get(PAGE).content.decode()
    force.officer.email = "an.nv@example.vn"
    force.officer.save(update_fields=["email"])
    page = client.get(PAGE).content.decode()
    assert 'id="no-address"' not in page
    assert "an.nv@example.vn" in page
