"""`python -m benchmarks overview`: the overview beside the list of items, and a province's yearly report.

On the national database of the last run (`python -m cchc.embedded.run --keep DIR -- python -m benchmarks`); counts
what is kept beforehand first, as the worker does. Prints processor time, the queries, and time and memory of the
report.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.measuring import Client, Figures, measure, probe
from benchmarks.pages import Page
from benchmarks.running import ROOT, Site, address, look, say

LARGE = "cchc_national"
MOST = 3  # times the list
# The list and the overview of the same person.
PAIRS = (
    ("province", "thamtinh.1", "/items/?pill=all"),
    ("unit", "truong", "/items/?pill=all"),
    ("team", "to.1", "/items/?pill=all"),
    ("country", "thanhtra", "/items/?pill=all"),
)


def main(arguments: list[str]) -> int:
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True)
    env = {**os.environ, "DATABASE_URL": address(LARGE, "DATABASE_URL"), "DJANGO_SETTINGS_MODULE": "cchc.settings"}
    if arguments[:1] == ["inside"]:
        print(json.dumps(_inside()))
        return 0
    inside = subprocess.run(
        [sys.executable, "-m", "benchmarks", "overview", "inside"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        check=True,
    )
    say(inside.stdout.decode().splitlines()[-1])
    told = look(LARGE)
    found = _measured(told)
    for name, _user, _path in PAIRS:
        item_list, overview = found[f"list, {name}"], found[f"overview, {name}"]
        times = overview.cpu_ms / item_list.cpu_ms
        print(f"{name:<10} list {item_list.cpu_ms:6.1f} ms ({item_list.queries} queries)   overview"
              f" {overview.cpu_ms:6.1f} ms ({overview.queries} queries, web {overview.summary()['web_ms']})"
              f"   {times:.1f} times{'' if times <= MOST else '  NOT REACHED'}")  # fmt: skip
    return 0


def _measured(told: dict[str, Any]) -> dict[str, Figures]:
    site, client, found = Site(LARGE), Client(), {}
    try:
        site.start(worker=False)
        pages = []
        for name, user, path in PAIRS:
            cookie = f"cchc_session={told['sessions'][user]}"
            pages.append(Page(f"list, {name}", [{"path": path, "cookie": cookie}]))
            pages.append(Page(f"overview, {name}", [{"path": "/overview/", "cookie": cookie}]))
        for page in pages:
            found[page.name] = Figures(LARGE, page.name)
            probe(site, page, found[page.name])
        for number in range(3):
            for page in pages:
                measure(client, site, page, found[page.name], 1.5, number)
        return found
    finally:
        client.stop()
        site.stop()


def _inside() -> dict[str, Any]:
    """Counting everything beforehand, and the yearly report of the first province with its pages."""
    import django

    django.setup()
    from datetime import date

    from django.utils import timezone

    from cchc.documents.typesetting import typeset
    from cchc.followup.domain.duty_count import count_duties
    from cchc.followup.domain.overview import scope_over
    from cchc.organization.models import Person
    from dialogues.documents.period_report import content_of
    from dialogues.tasks import count_conferences
    from tests.documents.paper_samples import AT, KINDS, envelope

    took = {}
    for name, count in (("conferences", count_conferences), ("duties", count_duties)):
        began, used = time.monotonic(), time.process_time()
        while count(timezone.now()):
            pass
        took[name] = f"{time.monotonic() - began:.1f} s, {time.process_time() - used:.1f} s of the worker's own"
    person = Person.objects.get(username="giamdoc.1")
    unit = person.positions.get().unit
    today = timezone.localdate()
    began = time.monotonic()
    content = content_of(scope_over(person, unit, date(today.year, 1, 1), date(today.year, 12, 31), today))
    gathered = time.monotonic() - began
    pages = typeset(KINDS["year_report"].template, envelope("year_report", content), at=AT)
    return {
        "counting": took, "units": len(content.units), "items": content.received,
        "gathering_seconds": round(gathered, 2),
        "report_seconds": round(time.monotonic() - began, 2), "pdf_kb": len(pages) // 1024,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
