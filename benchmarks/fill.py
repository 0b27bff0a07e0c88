"""Bring the empty database of DATABASE_URL to where a benchmark starts; a process of its own, as settings hold one.

`python -m benchmarks.fill ITEMS UNITS CONFERENCES` prints a line of JSON: session keys by user name, and where to look.
Without numbers it fills nothing and only looks.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from io import StringIO
from typing import Any

import django


def prepare() -> None:
    """Tables, the web role's grants, taxonomy and calendar."""
    from django.core.management import call_command

    for command in ("migrate", "createcachetable", "grant_web_role", "seed_taxonomy", "seed_workdays"):
        call_command(command, stdout=StringIO())


def signed_in(usernames: list[str], at: datetime) -> dict[str, str]:
    """A session for each of these people, as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from cchc.organization.models import Person
    from cchc.organization.sessions import SessionStore

    keys = {}
    for person in Person.objects.filter(username__in=usernames):
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        keys[person.username] = session.session_key
    return keys


def where() -> dict[str, Any]:
    """What the pages that are measured need: an open conference, items in the states that are acted on."""
    from dialogues.enums import ItemState
    from dialogues.models import Conference, Item, Topic

    town = Conference.objects.filter(host__code="TX")
    items = Item.objects.filter(host__code="TX").order_by("id")
    closed = items.filter(state=ItemState.CLOSED, answer__isnull=False)
    return {
        "open": town.get(state="collecting").code,
        "concluded": town.get(state="concluded").code,
        "prepared": [str(pk) for pk in items.filter(state=ItemState.PREPARED).values_list("pk", flat=True)[:120]],
        "topic": Topic.objects.get(set__valid_to=None, code="tthc").pk,
        "closed": [str(pk) for pk in closed.values_list("pk", flat=True)[:20]],
    }


def main(*sizes: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    from django.utils import timezone

    from benchmarks.national import load
    from benchmarks.places import OFFICERS_OF_TOWN

    if sizes:
        prepare()
        load(*sizes, now=timezone.now())
    names = ["truong", "thuky", "to.1", "thamtinh.1", "thanhtra", *(f"canbo.{n}" for n in range(OFFICERS_OF_TOWN))]
    print(json.dumps({"sessions": signed_in(names, timezone.now()), **where()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
