"""Who asks, and where."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dialogues.models import Conference
from tests.dialogues.asking import open_now
from tests.factories import Force


@pytest.fixture(autouse=True)
def _no_counts_left(db: None) -> None:
    cache.clear()


@pytest.fixture
def conference(force: Force) -> Conference:
    return open_now(force)


@pytest.fixture
def officer(client: Client, force: Force) -> Client:
    client.force_login(force.officer)
    return client


@pytest.fixture
def guest(client: Client, conference: Conference) -> Client:
    client.get(reverse("guest_enter", args=[conference.guest_key]))
    return client
