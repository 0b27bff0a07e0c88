"""The page of one item, as each role sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from dialogues.enums import Identity, ItemState
from tests.dialogues.factories import conference_at, item_at
from tests.factories import Force

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ItemState.values)
@pytest.mark.parametrize("role", ["officer", "secretary", "leader", "unit_chief"])
def test_every_state_has_a_page_for_those_who_see_it(client: Client, force: Force, role: str, state: str) -> None:
    item = item_at(force, state, conference=conference_at(force, "in_session"))
    client.force_login(getattr(force, role))
    answer = client.get(f"/items/{item.pk}/")
    assert answer.status_code in (200, 404)
    if role == "officer" or (role == "secretary" and state != "draft"):
        assert answer.status_code == 200
