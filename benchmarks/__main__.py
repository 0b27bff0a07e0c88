"""`make bench`: a small and a national database, the real server on each, every page side by side with an empty one.

Writes all figures to var/bench/latest.json. `python -m benchmarks reminders` measures reminding and sending instead,
`python -m benchmarks papers` the making of papers, `python -m benchmarks commitments` the year of a campaign.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import commitments, meters, overview, papers, reminders, report
from benchmarks.measuring import Client, Figures, first_load, measure, probe
from benchmarks.pages import Page, pages
from benchmarks.running import ROOT, Site, create, look, postmaster, say

OTHERS = {"reminders": reminders, "papers": papers, "commitments": commitments, "overview": overview}
SMALL, LARGE = "cchc_small", "cchc_national"
SMALL_SIZE = (1_000, 12, 6)
UNITS_A_MILLION, CONFERENCES_A_MILLION = 3_300, 4_000


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] in OTHERS:
        return OTHERS[arguments[0]].main(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000, help="items of the national database")
    parser.add_argument("--quick", action="store_true", help="20,000 items and short rounds: while developing")
    parser.add_argument("--seconds", type=float, help="how long each page is asked for in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="pages whose names contain this")
    parser.add_argument("--reuse", action="store_true", help="measure the national database of the last run again")
    options = parser.parse_args(arguments)
    items = 20_000 if options.quick else options.items
    seconds = options.seconds or (0.5 if options.quick else 1.5)
    sizes = {SMALL: SMALL_SIZE, LARGE: _size(items)}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True)
    where, loading = {}, {}
    for name, size in sizes.items():
        began = time.monotonic()
        # Answers cannot be given twice: the small one, which soon has none left to give, is always new.
        if options.reuse and name == LARGE:
            where[name] = look(name)
            continue
        say("Filling {} with {:,} items in {:,} units and {:,} conferences …".format(name, *size))
        where[name] = create(name, size)
        loading[name] = round(time.monotonic() - began, 1)
        say(f"{name} took {loading[name]:.0f} s")
    found, more = run({name: pages(told) for name, told in where.items()}, options.rounds, seconds, options.only)
    more |= {"loading_seconds": loading, "sizes": sizes, "machine": _machine()}
    print(report.table(found, SMALL, LARGE))
    if not options.only:
        print(*report.verdicts(found, SMALL, LARGE, more), sep="\n")
    _problems(found)
    _write(found, more)
    return 0


def run(
    wanted: dict[str, list[Page]], rounds: int, seconds: float, only: str
) -> tuple[dict[tuple[str, str], Figures], dict[str, Any]]:
    """Both sites at once, page after page, round after round, so that what disturbs one disturbs the other."""
    sites = {name: Site(name) for name in wanted}
    client = Client()
    found: dict[tuple[str, str], Figures] = {}
    try:
        for name, site in sites.items():
            site.start(worker=name == LARGE)
        for name, site in sites.items():
            for page in wanted[name]:
                if only in page.name or page is wanted[name][0]:
                    found[name, page.name] = Figures(name, page.name)
                    probe(site, page, found[name, page.name])
        for number in range(rounds):
            say(f"Round {number + 1} of {rounds} …")
            for pair in zip(*wanted.values(), strict=True):
                for (name, site), page in zip(sites.items(), pair, strict=True):
                    if (name, page.name) in found:
                        measure(client, site, page, found[name, page.name], seconds, number)
        large, secretary = sites[LARGE], wanted[LARGE]
        home = next(page for page in secretary if page.name.startswith("home, secretary"))
        held = {service: meters.memory(large.processes(service)) for service in large.services}
        held["PostgreSQL"] = meters.memory(meters.family(postmaster()))
        return found, {"memory": held, "first_load": first_load(large, home)}
    finally:
        client.stop()
        for site in sites.values():
            site.stop()


def _size(items: int) -> tuple[int, int, int]:
    share = items / 1_000_000
    return items, max(12, round(UNITS_A_MILLION * share)), max(6, round(CONFERENCES_A_MILLION * share))


def _machine() -> dict[str, Any]:
    return {"processors": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}


def _problems(found: dict[tuple[str, str], Figures]) -> None:
    for figures in found.values():
        for problem in figures.problems[:2]:
            say(f"PROBLEM {figures.site} {figures.page}: {problem}")


def _write(found: dict[tuple[str, str], Figures], more: dict[str, Any]) -> None:
    target = ROOT / "var" / "bench" / "latest.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    slow = [{"site": f.site, "page": f.page, "statements": f.statements} for f in found.values() if f.statements]
    data = {"pages": [figures.summary() for figures in found.values()], **more, "slow_statements": slow}
    target.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    say(f"All figures: {target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
