"""One step of `python -m benchmarks reminders` in a process of its own, so that its memory is its own.

`python -m benchmarks.reminding open DAY` opens and dispatches a morning, `deliver DAY SECONDS` sends what waits.
`home USERNAME` asks for "My work". Prints a line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

import django


def open_morning(day: date) -> dict[str, Any]:
    from cchc.followup.domain.dispatch import dispatch
    from cchc.followup.domain.reminder import open_reminders

    at = _morning(day)
    began, cpu = time.monotonic(), time.process_time()
    done = open_reminders(day, at)
    opened = time.monotonic() - began
    found = {"due": done.due, "opened": done.opened, "seconds": opened, "cpu": time.process_time() - cpu, "mb": _mb()}
    began = time.monotonic()
    return {**found, "dispatched": dispatch(at), "dispatch_seconds": time.monotonic() - began, "mb_after": _mb()}


def deliver(day: date, seconds: float) -> dict[str, Any]:
    from cchc.followup.domain import delivery

    begin, began = _morning(day) + timedelta(hours=1), time.monotonic()
    counts = delivery.deliver(lambda: begin + timedelta(seconds=time.monotonic() - began), seconds=seconds)
    return {"counts": counts, "seconds": time.monotonic() - began, "cpu": time.process_time(), "mb": _mb()}


def home(username: str) -> dict[str, Any]:
    """Processor time and statements of "My work", the middle of many times."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from cchc.organization.models import Person

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    spent = []
    for _each in range(40):
        began = time.process_time()
        assert client.get("/").status_code == 200
        spent.append(time.process_time() - began)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    return {"ms": round(statistics.median(spent[5:]) * 1000, 1), "queries": len(asked)}


def _morning(day: date) -> datetime:
    from cchc.followup.domain.window import opening

    return opening(day)


def _mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(what: str, of: str, *more: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    if what == "home":
        print(json.dumps(home(of)))
    else:
        when = date.fromisoformat(of)
        print(json.dumps(open_morning(when) if what == "open" else deliver(when, float(more[0]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
